"""A Whisper model: sound of up to 30 s in, words with times out. Knows nothing of channels, calls or what stands between windows.

Decoding leaves nothing to chance: greedy first, with a beam where greedy text is doubtful. Whisper's own next step, sampling at a
rising temperature, is left out: it would write another transcript each time the same recording is heard.
"""

import math
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.events import loading
from callcoach.marks import Model
from callcoach.processor import bfloat16_is_fast
from callcoach.speech.acoustic import Bfloat16Encoder
from callcoach.speech.ctranslate2_weights import UnknownLayout

SAMPLE_RATE = 16_000
BEAM = 5
# OpenAI's thresholds for text that is heard again (openai/whisper, transcribe.py)
DOUBTFUL_LOG_PROBABILITY = -1.0
DOUBTFUL_COMPRESSION_RATIO = 2.4

_OPENING = "\"'“¿([{-"
_CLOSING = "\"'.。,，!！?？:：”)]}、"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A word of one window, as the model spaces it: `text` begins with a space where a new word does; times in seconds."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowText:
    """What was heard in one window; no_speech (0..1): how much it sounds like silence."""

    words: tuple[Spoken, ...]
    no_speech: float


class Whisper:
    """A model from a folder of CTranslate2 weights or by its hub name; int8 on a CPU, float16 on a GPU.

    On a CPU each of `threads` callers at a time is served by one core: for models of this size two windows side by side are done
    sooner than one after the other with both cores, and the result does not depend on how many cores there are.
    """

    def __init__(self, folder: Path, *, threads: int = 2, device: str = "auto") -> None:
        """`device` is auto, cpu or cuda; loading waits for the first use."""
        self._folder, self._threads, self._device = folder, threads, device

    @cached_property
    def on_gpu(self) -> bool:
        """Whether a GPU does the work: the one asked for, or any that is there."""
        import ctranslate2

        return self._device == "cuda" or (self._device == "auto" and ctranslate2.get_cuda_device_count() > 0)

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel

        with loading(Model.SPEECH):
            if self.on_gpu:
                return WhisperModel(str(self._folder), device="cuda", compute_type="float16")
            return WhisperModel(str(self._folder), device="cpu", compute_type="int8", cpu_threads=1, num_workers=self._threads)

    @cached_property
    def _encoder(self) -> Bfloat16Encoder | None:
        if self.on_gpu or not self._folder.is_dir() or not bfloat16_is_fast():
            return None
        try:
            return Bfloat16Encoder(self._folder)
        except UnknownLayout:
            return None

    @contextmanager
    def one_core_each(self) -> Iterator[None]:
        """Weights loaded, and each thread that uses the model kept to one core, as long as it lasts."""
        _ = self._model
        if self._encoder is None:
            yield
            return
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def encode(self, sounds: Sequence[NDArray[np.float32]]) -> Any:
        """The acoustic state of each window of sound (16 kHz, at most 30 s), for `detect` and `decode`."""
        from faster_whisper.audio import pad_or_trim

        features = np.stack([pad_or_trim(self._model.feature_extractor(sound)[..., :-1]) for sound in sounds])
        if self._encoder is None:
            encoded = self._model.encode(features)
            return encoded if self.on_gpu else np.array(encoded)
        return self._encoder.encode(features.astype(np.float32))

    def detect(self, encoded: Any) -> str:
        """The language that the windows together most sound like, an ISO 639-1 code; English where the model knows no other."""
        if not self._model.model.is_multilingual:
            return "en"
        likelihood: defaultdict[str, float] = defaultdict(float)
        for window in self._model.model.detect_language(_stored(encoded)):
            for token, probability in window:
                likelihood[token.strip("<|>")] += probability
        return max(sorted(likelihood), key=likelihood.__getitem__)

    def decode(self, encoded: Any, seconds: Sequence[float], *, language: str) -> tuple[WindowText, ...]:
        """What was said in each window, of which the first `seconds` hold sound."""
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import merge_punctuations

        model = self._model
        multilingual = model.model.is_multilingual
        tokenizer = Tokenizer(model.hf_tokenizer, multilingual, task="transcribe", language=language if multilingual else "en")
        stored = _stored(encoded)
        results = self._generated(tokenizer, stored, len(seconds), beam=1)
        doubtful = [number for number, result in enumerate(results) if _is_doubtful(tokenizer, result)]
        if doubtful:
            chosen = _stored(np.array(encoded)[doubtful]) if not self.on_gpu else stored
            again = self._generated(tokenizer, chosen, len(seconds) if self.on_gpu else len(doubtful), beam=BEAM)
            for place, number in enumerate(doubtful):
                better = again[number if self.on_gpu else place]
                if better.scores[0] > results[number].scores[0]:
                    results[number] = better
        tokens = [[token for token in result.sequences_ids[0] if token < tokenizer.eot] for result in results]
        frames = [math.ceil(length * model.frames_per_second) for length in seconds]
        aligned = model.find_alignment(tokenizer, tokens, stored, frames)
        texts = []
        for result, words in zip(results, aligned, strict=True):
            merge_punctuations(words, _OPENING, _CLOSING)
            texts.append(WindowText(words=tuple(map(_spoken, words)), no_speech=float(result.no_speech_prob)))
        return tuple(texts)

    def _generated(self, tokenizer: Any, stored: Any, windows: int, *, beam: int) -> list[Any]:
        from faster_whisper.transcribe import get_suppressed_tokens

        model = self._model
        # no prompt and no text of earlier windows: both invent words that nobody said
        prompt = model.get_prompt(tokenizer, previous_tokens=[], without_timestamps=True)
        generated: list[Any] = model.model.generate(
            stored,
            [prompt] * windows,
            beam_size=beam,
            sampling_temperature=0,
            max_length=model.max_length,
            suppress_blank=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return generated


def _spoken(word: dict[str, Any]) -> Spoken:
    start, end, probability = (float(word[name]) for name in ("start", "end", "probability"))
    return Spoken(text=word["word"], start=start, end=end, probability=probability)


def _stored(encoded: Any) -> Any:
    import ctranslate2

    return ctranslate2.StorageView.from_array(encoded) if isinstance(encoded, np.ndarray) else encoded


def _is_doubtful(tokenizer: Any, result: Any) -> bool:
    tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
    text = tokenizer.decode(tokens).strip().encode()
    repeats = bool(text) and len(text) / len(zlib.compress(text)) > DOUBTFUL_COMPRESSION_RATIO
    return repeats or result.scores[0] < DOUBTFUL_LOG_PROBABILITY
