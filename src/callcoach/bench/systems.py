"""What is measured: a system that puts recordings into words, ours and those that people use instead. Knows no reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from callcoach.bench.word_errors import Streams
from callcoach.domain.call import Transcript, Word

BEAM = 5
BATCH = 8


class System(StrEnum):
    """Ours, faster-whisper's batched pipeline, and plain faster-whisper."""

    OURS = "ours"
    BATCHED = "batched"
    SEQUENTIAL = "sequential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """A file to put into words; `name`: of the call; two_party: a party on each channel; language None: to be detected."""

    name: str
    audio: Path
    two_party: bool
    language: str | None


class Ours(Protocol):
    """The product's own way from recordings to transcripts, on all cores."""

    def ready(self, hearings: Sequence[Hearing]) -> None:
        """Load everything by hearing these, wherever it will be heard."""
        ...

    def hear(self, hearings: Sequence[Hearing]) -> Sequence[Transcript | str]:
        """A transcript each, in the order given, or the sentence that says why there is none."""
        ...


class Other(Protocol):
    """A system that people use instead, loaded."""

    def hear(self, hearing: Hearing) -> Streams:
        """The words of each channel of one file, or of all channels in one. Raises whatever its library raises."""
        ...


class FasterWhisper:
    """faster-whisper as its own documentation calls it, with beam 5 and word times; each channel of a two-party call by itself.

    batched: `BatchedInferencePipeline` with batch 8, which leaves out silence (its default); else the sequential
    `WhisperModel.transcribe`, which hears everything (its default). All else is the library's default, the language is given.
    """

    def __init__(self, folder: Path, *, threads: int, device: str = "auto", batched: bool) -> None:
        """Loads the model: int8 on a CPU, float16 on a GPU, as ours."""
        import ctranslate2
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"
        kind = "float16" if device == "cuda" else "int8"
        model = WhisperModel(str(folder), device=device, compute_type=kind, cpu_threads=threads)
        self._model: Any = BatchedInferencePipeline(model) if batched else model
        self._options = {"batch_size": BATCH} if batched else {}

    def hear(self, hearing: Hearing) -> Streams:
        """Decode and recognise one file: the words of each channel, or of all channels in one."""
        from faster_whisper.audio import decode_audio

        sound = decode_audio(str(hearing.audio), split_stereo=hearing.two_party)
        channels = sound if hearing.two_party else (sound,)
        return tuple(self._words(channel, hearing.language) for channel in channels)

    def _words(self, channel: Any, language: str | None) -> tuple[Word, ...]:
        segments, _ = self._model.transcribe(channel, language=language, beam_size=BEAM, word_timestamps=True, **self._options)
        return tuple(
            Word(text=word.word.strip(), start=float(word.start), end=float(word.end))
            for segment in segments
            for word in segment.words or ()
        )
