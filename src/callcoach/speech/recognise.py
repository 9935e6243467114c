"""Hear the words of a recording: the speech of all channels packed into windows, batched, batches side by side on the cores.

Knows nothing of who speaks on a channel, of product names, or of what was invented: it reports how sure the model was.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Word
from callcoach.speech.activity import PAD_SECONDS, talk
from callcoach.speech.memory import let_go
from callcoach.speech.packing import SAMPLE_RATE, WINDOW_SAMPLES, Piece, Window, pack
from callcoach.speech.speaking import without_a_voice
from callcoach.speech.whisper import Whisper, WindowText

BATCH = 10
# the first minute of talk
WINDOWS_FOR_LANGUAGE = 2
# people say two to four words a second between two breaths
FEWEST_WORDS_A_SECOND = 0.75
SECONDS_WORTH_A_WORD = 1.0


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
    """The words of recordings, by a Whisper model."""

    def __init__(self, folder: Path, *, threads: int = 2, device: str = "auto") -> None:
        """`device` is auto, cpu or cuda; loading waits for the first recording."""
        self._whisper, self._threads = Whisper(folder, threads=threads, device=device), threads

    def recognise(self, samples: NDArray[np.float32], *, language: str | None = None) -> Recognition:
        """Words of every channel of `samples` (shape (channels, n), 16 kHz); the language is detected where it is None."""
        pieces = [
            Piece(channel=channel, start=stretch.start, end=stretch.end)
            for channel, sound in enumerate(samples)
            for stretch in talk(sound)
            if not without_a_voice(sound[stretch.start : stretch.end])
        ]
        let_go(samples)
        if not pieces:
            return Recognition(phrases=(), language=language)
        with self._whisper.one_core_each():
            return self._recognise(samples, pieces, language)

    def _recognise(self, samples: NDArray[np.float32], pieces: Sequence[Piece], language: str | None) -> Recognition:
        windows = pack(pieces)
        first: dict[Window, Any] = {}
        if language is None:
            opening = windows[:WINDOWS_FOR_LANGUAGE]
            encoded = self._whisper.encode([_sound(samples, window) for window in opening])
            language = self._whisper.detect(encoded)
            # encoding is half of the work: not done twice where the windows lie in memory one by one
            first = {} if self._whisper.on_gpu else dict(zip(opening, encoded, strict=True))
        heard = self._hear(samples, windows, language, first)
        missed = [piece for piece in pieces if hardly_heard(piece, heard.get(piece))]
        again = self._hear(samples, pack(missed, limit=WINDOW_SAMPLES // 2), language, {})
        for piece, phrase in again.items():
            if piece not in heard or len(phrase.words) > len(heard[piece].words):
                heard[piece] = phrase
        return Recognition(
            phrases=tuple(sorted(heard.values(), key=lambda phrase: (phrase.channel, phrase.words[0].start))), language=language
        )

    def _hear(
        self, samples: NDArray[np.float32], windows: Sequence[Window], language: str, encoded: dict[Window, Any]
    ) -> dict[Piece, Phrase]:
        def hear(batch: Sequence[Window]) -> list[tuple[Piece, Phrase]]:
            unheard = [window for window in batch if window not in encoded]
            states = self._whisper.encode([_sound(samples, window) for window in unheard]) if unheard else []
            if len(unheard) < len(batch):
                known = dict(zip(unheard, states, strict=True)) | encoded
                states = np.stack([known[window] for window in batch])
            texts = self._whisper.decode(states, [window.samples / SAMPLE_RATE for window in batch], language=language)
            let_go(samples)
            return [found for window, text in zip(batch, texts, strict=True) for found in _phrases(window, text)]

        streams = 1 if self._whisper.on_gpu else self._threads
        with ThreadPoolExecutor(streams) as pool:
            return {piece: phrase for found in pool.map(hear, _batches(windows, streams)) for piece, phrase in found}


def _sound(samples: NDArray[np.float32], window: Window) -> NDArray[np.float32]:
    return np.concatenate([samples[piece.channel, piece.start : piece.end] for piece in window.pieces])


def _batches(windows: Sequence[Window], streams: int) -> Iterable[Sequence[Window]]:
    """Batches of nearly the same size, as many for each stream: a step of decoding costs little more for ten than for one."""
    count = min(len(windows), streams * math.ceil(len(windows) / BATCH / streams))
    for number in range(count):
        yield windows[number * len(windows) // count : (number + 1) * len(windows) // count]


def _phrases(window: Window, heard: WindowText) -> Iterable[tuple[Piece, Phrase]]:
    by_piece: defaultdict[int, list[Word]] = defaultdict(list)
    for word in heard.words:
        number = window.piece_at(word.start, word.end)
        start, end = window.true_time(word.start, number), window.true_time(word.end, number)
        probability = round(word.probability, 4)
        # tokens may hold a space inside or none before a hyphen; a word of ours is what stands between spaces
        for place, text in enumerate(word.text.split()):
            if place == 0 and by_piece[number] and not word.text.startswith(" "):
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
            no_speech=round(heard.no_speech, 4),
            log_probability=sum(math.log(max(word.probability or 0.0, 1e-6)) for word in spoken) / len(spoken),
        )
        yield window.pieces[number], phrase
