"""From a recording to a Transcript: decode, sort out the channels, hear, clean, give the words to speakers. Knows no stories."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, RoleFinding, RoleSource, Transcript, Word
from callcoach.domain.fingerprint import fingerprint
from callcoach.errors import BadAudio
from callcoach.speech.audio import decode, shown
from callcoach.speech.channels import Channels, sort_out
from callcoach.speech.clean import clean
from callcoach.speech.diarize import Diarizer, give
from callcoach.speech.memory import let_go
from callcoach.speech.recognise import Recogniser
from callcoach.speech.timing import settled
from callcoach.speech.turns import build_turns, paragraphs

# raise it whenever a change in this package can change a transcript
SPEECH_VERSION = "2"
MAX_SECONDS = 4 * 3600.0
MAX_BYTES = 2_000_000_000


class Listened(NamedTuple):
    """What a recording gives: its words, and the outline of its sound for a player (see `speech.peaks`)."""

    transcript: Transcript
    peaks: bytes


class Transcriber:
    """The speech side behind one door.

    `fingerprint` names all that a transcript depends on apart from the recording and the arguments of `transcribe`.
    """

    def __init__(
        self,
        model_folder: Path,
        diarizer: Diarizer,
        *,
        threads: int = 2,
        device: str = "auto",
        max_seconds: float = MAX_SECONDS,
        max_bytes: int = MAX_BYTES,
        model_fingerprint: str | None = None,
    ) -> None:
        """`model_fingerprint` saves reading the weights where their hash is known already; loading waits for the first call."""
        self._folder, self._diarizer = model_folder, diarizer
        self._max_seconds, self._max_bytes = max_seconds, max_bytes
        self._model_fingerprint = model_fingerprint
        self._recogniser = Recogniser(model_folder, threads=threads, device=device)

    @cached_property
    def fingerprint(self) -> str:
        """Weights, library versions and our own code's version; no model is loaded for it."""
        libraries = {name: version(name) for name in ("av", "ctranslate2", "faster-whisper", "torch")}
        model = self._model_fingerprint or _folder_fingerprint(self._folder)
        return fingerprint("speech", SPEECH_VERSION, model, libraries, self._diarizer.fingerprint)

    def transcribe(
        self,
        audio: Path,
        *,
        call_id: str,
        rep_channel: int | None = None,
        leader: bool = False,
        language: str | None = None,
    ) -> Listened:
        """The words of one recording with speakers and times; the same recording gives the same transcript.

        A channel each: the rep's is `rep_channel`, the others are customers'; where it is None all are unknown, numbered by
        channel. One channel for all: voices are told apart, unknown and numbered as they come. A leader's talk has one speaker.
        `language` None: detected. Raises BadAudio.
        """
        sound = decode(audio, max_seconds=self._max_seconds, max_bytes=self._max_bytes)
        if rep_channel is not None and not 0 <= rep_channel < max(2, sound.channels):
            raise BadAudio(
                f"{shown(audio)}: rep_channel is {rep_channel}, but the recording has {sound.channels} channels. "
                "Channels count from 0: write 0 for left or 1 for right."
            )
        channels = sort_out(sound.samples)
        let_go(sound.samples)
        if leader and len(channels.numbers) > 1:
            channels = Channels(samples=channels.samples.mean(axis=0, keepdims=True), numbers=channels.numbers[:1])
        recognition = self._recogniser.recognise(channels.samples, language=language)
        phrases = clean(recognition.phrases, channels.samples)
        spoken: list[list[Word]] = [[] for _ in channels.numbers]
        for phrase in phrases:
            spoken[phrase.channel] += phrase.words
        heard = [settled(words, samples) for words, samples in zip(spoken, channels.samples, strict=True)]
        words: Mapping[str, Sequence[Word]]
        if leader:
            words = {Role.LEADER.value: heard[0]}
        elif len(heard) == 1:
            words = self._by_voice(heard[0], channels.samples[0])
        else:
            words = _by_channel(heard, channels.numbers, rep_channel)
        turns = build_turns(words)
        if leader:
            turns = tuple(paragraph for turn in turns for paragraph in paragraphs(turn))
        transcript = Transcript(
            call_id=call_id,
            turns=turns,
            # a language was heard only where words were: music passes for Khmer
            language=recognition.language if phrases else language,
            duration=round(sound.duration, 3),
            roles=RoleFinding(source=RoleSource.GIVEN) if any(turn.role is Role.REP for turn in turns) else None,
        )
        return Listened(transcript, sound.peaks)

    def _by_voice(self, words: Sequence[Word], sound: NDArray[np.float32]) -> Mapping[str, Sequence[Word]]:
        if not words:
            return {}
        by_voice = tuple(give(words, self._diarizer.spans(sound)).values())
        return _labelled(by_voice, [Role.UNKNOWN] * len(by_voice))


def _by_channel(words: Sequence[Sequence[Word]], numbers: Sequence[int], rep_channel: int | None) -> Mapping[str, Sequence[Word]]:
    if rep_channel not in numbers:
        return _labelled(words, [Role.UNKNOWN] * len(words))
    return _labelled(words, [Role.REP if number == rep_channel else Role.CUSTOMER for number in numbers])


def _labelled(words: Sequence[Sequence[Word]], roles: Sequence[Role]) -> Mapping[str, Sequence[Word]]:
    """Each party's words under its label: customer, customer2 as they come."""
    labelled: dict[str, Sequence[Word]] = {}
    for number, (party, role) in enumerate(zip(words, roles, strict=True)):
        before = roles[:number].count(role)
        labelled[f"{role.value}{before + 1 if before else ''}"] = party
    return labelled


def _folder_fingerprint(folder: Path) -> str:
    """The bytes of every file of the model; a name that is no folder (a hub's) stands for itself."""
    if not folder.is_dir():
        return str(folder)
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return fingerprint([[path.name, _sha256(path)] for path in files])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
