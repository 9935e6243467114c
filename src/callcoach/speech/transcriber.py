"""From a recording to a Transcript: decode, hear, clean, give the words to speakers. Knows nothing of stories or scores."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, Transcript, Word
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.story import GlossaryTerm
from callcoach.errors import BadAudio
from callcoach.speech.audio import Audio, decode
from callcoach.speech.clean import clean
from callcoach.speech.glossary import repair
from callcoach.speech.recognise import Recogniser
from callcoach.speech.timing import settled
from callcoach.speech.turns import build_turns, paragraphs

# raise it whenever a change in this package can change a transcript
SPEECH_VERSION = "1"
MAX_SECONDS = 4 * 3600.0
MAX_BYTES = 2_000_000_000
# one microphone stored in both channels; two parties with strong cross-talk (-6 dB) reach 0.8
SAME_SOUND_CORRELATION = 0.98


class Transcriber:
    """The speech side behind one door.

    `fingerprint` names all that a transcript depends on apart from the recording and the arguments of `transcribe`.
    """

    def __init__(
        self,
        model_folder: Path,
        *,
        threads: int = 2,
        device: str = "auto",
        beam_size: int = 1,
        max_seconds: float = MAX_SECONDS,
        max_bytes: int = MAX_BYTES,
        model_fingerprint: str | None = None,
    ) -> None:
        """`model_fingerprint` saves reading the weights where their hash is known already; loading waits for the first call."""
        self._folder, self._beam_size = model_folder, beam_size
        self._max_seconds, self._max_bytes = max_seconds, max_bytes
        self._model_fingerprint = model_fingerprint
        self._recogniser = Recogniser(model_folder, threads=threads, device=device, beam_size=beam_size)

    @cached_property
    def fingerprint(self) -> str:
        """Weights, library versions, parameters and our own code's version; the model is not loaded for it."""
        libraries = {name: version(name) for name in ("av", "ctranslate2", "faster-whisper", "onnxruntime")}
        model = self._model_fingerprint or _folder_fingerprint(self._folder)
        return fingerprint("speech", SPEECH_VERSION, model, libraries, self._beam_size)

    def transcribe(
        self,
        audio: Path,
        *,
        call_id: str,
        rep_channel: int | None = None,
        leader: bool = False,
        language: str | None = None,
        glossary: Sequence[GlossaryTerm] = (),
    ) -> Transcript:
        """The words of one recording with speakers and times; the same recording gives the same transcript.

        Two channels carry one party each, the rep on `rep_channel` (0 where None). One channel is a leader's talk where `leader`,
        else its speaker is unknown. `language` None: detected. Raises BadAudio.
        """
        sound = decode(audio, max_seconds=self._max_seconds, max_bytes=self._max_bytes)
        speakers = _speakers(audio, sound, rep_channel, leader)
        samples = sound.samples if len(speakers) == 2 else _one_channel(sound.samples)
        recognition = self._recogniser.recognise(samples, language=language)
        spoken: list[list[Word]] = [[] for _ in speakers]
        phrases = clean(recognition.phrases)
        for phrase in phrases:
            spoken[phrase.channel] += phrase.words
        words = {speaker: settled(spoken[channel], samples[channel]) for channel, speaker in enumerate(speakers)}
        # a language was heard only where words were: music passes for Khmer
        spoken_language = recognition.language if phrases else language
        turns = build_turns(words)
        if leader:
            turns = tuple(paragraph for turn in turns for paragraph in paragraphs(turn))
        heard = Transcript(call_id=call_id, turns=turns, language=spoken_language, duration=round(sound.duration, 3))
        return repair(heard, glossary)


def _speakers(audio: Path, sound: Audio, rep_channel: int | None, leader: bool) -> tuple[str, ...]:
    """Who speaks on each channel; one entry where the channels hold the same sound, or one person's."""
    if rep_channel not in (None, 0, 1):
        raise BadAudio(f"{audio}: rep_channel is {rep_channel}. Channels count from 0: write 0 for left or 1 for right.")
    if leader:
        return (Role.LEADER.value,)
    if sound.channels == 1 or _hold_the_same(sound.samples):
        return (Role.UNKNOWN.value,)
    return (Role.REP.value, Role.CUSTOMER.value) if rep_channel != 1 else (Role.CUSTOMER.value, Role.REP.value)


def _one_channel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Channels that hold the same: one of them (they may be of opposite sign, and their mean silence); else their mean."""
    if len(samples) == 1 or _hold_the_same(samples):
        return samples[:1]
    mean: NDArray[np.float32] = samples.mean(axis=0, keepdims=True)
    return mean


def _hold_the_same(samples: NDArray[np.float32]) -> bool:
    left, right = samples
    loudest = float(np.sqrt(np.dot(left, left) * np.dot(right, right)))
    return abs(float(np.dot(left, right))) >= SAME_SOUND_CORRELATION * loudest > 0


def _folder_fingerprint(folder: Path) -> str:
    """The bytes of every file of the model; a name that is no folder (a hub's) stands for itself."""
    if not folder.is_dir():
        return str(folder)
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return fingerprint([[path.name, _sha256(path)] for path in files])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
