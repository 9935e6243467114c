"""Hear the words of a recording with Whisper: speech of all channels packed, batched, decoded without chance.

Knows nothing of who speaks on a channel, of product names, or of what was invented: it reports how sure the model was.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Word
from callcoach.speech.activity import PAD_SECONDS, talk
from callcoach.speech.packing import SAMPLE_RATE, WINDOW_SAMPLES, Piece, Window, pack

BATCH = 10
# the first minute of talk
WINDOWS_FOR_LANGUAGE = 2
# people say two to four words a second between two breaths
FEWEST_WORDS_A_SECOND = 0.75
SECONDS_WORTH_A_WORD = 1.0

_OPENING = "\"'“¿([{-"
_CLOSING = "\"'.。,，!！?？:：”)]}、"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What was heard in one stretch of speech of one channel, and how sure the model was.

    no_speech: 0..1, how much the surrounding window sounds like silence; log_probability: mean over the words, 0 is certain.
    """

    channel: int
    words: tuple[Word, ...]
    no_speech: float
    log_probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """All phrases, by channel and time; language an ISO 639-1 code, None where nobody spoke and none was given."""

    phrases: tuple[Phrase, ...]
    language: str | None


def hardly_heard(piece: Piece, phrase: Phrase | None) -> bool:
    """Whether a piece of talk got far fewer words than anybody says in its time: Whisper now and then ends a window early."""
    seconds = (piece.end - piece.start) / SAMPLE_RATE - 2 * PAD_SECONDS
    words = len(phrase.words) if phrase else 0
    return seconds >= SECONDS_WORTH_A_WORD and words < seconds * FEWEST_WORDS_A_SECOND


class Recogniser:
    """A Whisper model from a folder of CTranslate2 weights; int8 on a CPU, float16 on a GPU."""

    def __init__(self, folder: Path, *, threads: int = 2, device: str = "auto", beam_size: int = 1) -> None:
        """`device` is auto, cpu or cuda; loading waits for the first recording."""
        self._folder, self._threads, self._device, self._beam_size = folder, threads, device, beam_size

    @cached_property
    def _whisper(self) -> Any:
        import ctranslate2
        from faster_whisper import WhisperModel

        device = self._device
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"
        return WhisperModel(
            str(self._folder),
            device=device,
            compute_type="float16" if device == "cuda" else "int8",
            cpu_threads=self._threads,
        )

    def recognise(self, samples: NDArray[np.float32], *, language: str | None = None) -> Recognition:
        """Words of every channel of `samples` (shape (channels, n), 16 kHz); the language is detected where it is None."""
        pieces = self._speech(samples)
        if not pieces:
            return Recognition(phrases=(), language=language)
        if not self._whisper.model.is_multilingual:
            language = "en"
        heard, language = self._hear(samples, pack(pieces), language)
        missed = [piece for piece in pieces if hardly_heard(piece, heard.get(piece))]
        again, language = self._hear(samples, pack(missed, limit=WINDOW_SAMPLES // 2), language)
        for piece, phrase in again.items():
            if piece not in heard or len(phrase.words) > len(heard[piece].words):
                heard[piece] = phrase
        return Recognition(
            phrases=tuple(sorted(heard.values(), key=lambda phrase: (phrase.channel, phrase.words[0].start))), language=language
        )

    def _hear(
        self, samples: NDArray[np.float32], windows: Sequence[Window], language: str | None
    ) -> tuple[dict[Piece, Phrase], str | None]:
        heard: dict[Piece, Phrase] = {}
        for batch in _batches(windows):
            encoded = self._encode(samples, batch)
            language = language or self._detect(encoded)
            heard.update(self._decode(encoded, batch, language))
        return heard, language

    def _speech(self, samples: NDArray[np.float32]) -> list[Piece]:
        return [
            Piece(channel=channel, start=stretch.start, end=stretch.end)
            for channel, sound in enumerate(samples)
            for stretch in talk(sound)
        ]

    def _encode(self, samples: NDArray[np.float32], windows: Sequence[Window]) -> Any:
        from faster_whisper.audio import pad_or_trim

        def features(window: Window) -> Any:
            sound = np.concatenate([samples[piece.channel, piece.start : piece.end] for piece in window.pieces])
            return pad_or_trim(self._whisper.feature_extractor(sound)[..., :-1])

        with ThreadPoolExecutor(self._threads) as pool:
            return self._whisper.encode(np.stack(list(pool.map(features, windows))))

    def _detect(self, encoded: Any) -> str:
        """The language that the windows of the first batch together most sound like."""
        likelihood: defaultdict[str, float] = defaultdict(float)
        first = encoded if encoded.device == "cuda" else _first_windows(encoded)
        for window in self._whisper.model.detect_language(first):
            for token, probability in window:
                likelihood[token.strip("<|>")] += probability
        return max(sorted(likelihood), key=likelihood.__getitem__)

    def _decode(self, encoded: Any, windows: Sequence[Window], language: str) -> Iterable[tuple[Piece, Phrase]]:
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens, merge_punctuations

        whisper = self._whisper
        tokenizer = Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=language)
        # no prompt and no text of earlier windows: both invent words that nobody said
        prompt = whisper.get_prompt(tokenizer, previous_tokens=[], without_timestamps=True)
        heard = whisper.model.generate(
            encoded,
            [prompt] * len(windows),
            beam_size=self._beam_size,
            sampling_temperature=0,
            max_length=whisper.max_length,
            suppress_blank=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [[token for token in result.sequences_ids[0] if token < tokenizer.eot] for result in heard]
        frames = [math.ceil(window.samples / SAMPLE_RATE * whisper.frames_per_second) for window in windows]
        aligned = whisper.find_alignment(tokenizer, tokens, encoded, frames)
        for window, result, words in zip(windows, heard, aligned, strict=True):
            merge_punctuations(words, _OPENING, _CLOSING)
            yield from _phrases(window, words, result.no_speech_prob)


def _first_windows(encoded: Any) -> Any:
    import ctranslate2

    return ctranslate2.StorageView.from_array(np.array(encoded)[:WINDOWS_FOR_LANGUAGE])


def _batches(windows: Sequence[Window]) -> Iterable[Sequence[Window]]:
    """Batches of nearly the same size: a last one of one window costs as much time as a full one."""
    count = math.ceil(len(windows) / BATCH)
    for number in range(count):
        yield windows[number * len(windows) // count : (number + 1) * len(windows) // count]


def _phrases(window: Window, words: Sequence[dict[str, Any]], no_speech: float) -> Iterable[tuple[Piece, Phrase]]:
    by_piece: defaultdict[int, list[Word]] = defaultdict(list)
    for word in words:
        number = window.piece_at(word["start"], word["end"])
        start, end = window.true_time(word["start"], number), window.true_time(word["end"], number)
        probability = round(float(word["probability"]), 4)
        # tokens may hold a space inside or none before a hyphen; a word of ours is what stands between spaces
        for place, text in enumerate(word["word"].split()):
            if place == 0 and by_piece[number] and not word["word"].startswith(" "):
                before = by_piece[number].pop()
                text, start, probability = before.text + text, before.start, min(before.probability or 0.0, probability)
            by_piece[number].append(
                Word(text=text, start=round(float(start), 2), end=round(float(end), 2), probability=probability)
            )
    for number in sorted(by_piece):
        spoken = tuple(by_piece[number])
        phrase = Phrase(
            channel=window.pieces[number].channel,
            words=spoken,
            no_speech=round(float(no_speech), 4),
            log_probability=sum(math.log(max(word.probability or 0.0, 1e-6)) for word in spoken) / len(spoken),
        )
        yield window.pieces[number], phrase
