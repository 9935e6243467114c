"""Find the recordings to measure with, each beside what was said in it. One bad file spoils no folder. Knows no model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TypeVar

from callcoach.bench.speakers import Span
from callcoach.domain.call import Role, Transcript
from callcoach.errors import BadInput, CallcoachError

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording; `reference`, what was said in it, and `spans`, who speaks when, as far as they are known."""

    name: str
    audio: Path
    reference: Transcript | None = None
    spans: tuple[Span, ...] = ()

    @property
    def language(self) -> str | None:
        """The language to tell every system: the reference's, English where it names none, None without a reference."""
        return (self.reference.language or "en") if self.reference else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Recordings by name, and a sentence for each thing that cannot be used."""

    recordings: tuple[Recording, ...]
    problems: tuple[str, ...] = ()


def gather(
    folder: Path,
    read: Callable[[Path], Transcript],
    *,
    endings: Sequence[str],
    references: Path | None = None,
    reference_ending: str = ".json",
) -> Material:
    """The recordings in `folder`: with `<name>.json` beside it one has a reference, with `<name>.rttm` known speakers.

    `references` is another folder to look for them in. A recording without either counts for speed only. A reference that
    cannot be read is named, and its recording counts for speed only. Leaders' recordings are left out: nobody answers in them.
    Raises BadInput where there is no such folder or no recording in it.
    """
    if not folder.is_dir():
        raise BadInput(
            f"{folder}: there is no such folder. Give a folder of recordings, with <name>.json for what was said in each."
        )
    beside = references or folder
    recordings: dict[str, Recording] = {}
    problems: list[str] = []
    for audio in sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in endings):
        name = audio.stem
        if name in recordings:
            problems.append(f"{audio}: left out, {recordings[name].audio.name} has the same name. Rename one of the two.")
            continue
        reference = _known(beside / f"{name}{reference_ending}", read, problems)
        if reference is not None and {turn.role for turn in reference.turns} == {Role.LEADER}:
            continue
        spans = _known(beside / f"{name}.rttm", read_rttm, problems)
        recordings[name] = Recording(name=name, audio=audio, reference=reference, spans=spans or ())
    if not recordings:
        raise BadInput(f"{folder}: holds no recording of a call. Put recordings there ({', '.join(endings)}).")
    return Material(recordings=tuple(recordings.values()), problems=tuple(problems))


def read_rttm(path: Path) -> tuple[Span, ...]:
    """Who speaks when, from the SPEAKER lines of an RTTM file. Raises BadInput with the line."""
    spans = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        fields = line.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        try:
            start, seconds, speaker = float(fields[3]), float(fields[4]), fields[7]
        except (IndexError, ValueError):
            raise BadInput(
                f"{path}: line {number} is no RTTM. It looks like SPEAKER call 1 0.40 5.40 <NA> <NA> agent <NA> <NA>."
            ) from None
        spans.append(Span(speaker=speaker, start=start, end=start + seconds))
    return tuple(spans)


def spread(recordings: Sequence[tuple[Recording, float]], most_seconds: float) -> tuple[Recording, ...]:
    """Recordings, given with their seconds, thinned evenly by name (each second one, each third, ...) to about `most_seconds`."""
    total = sum(seconds for _, seconds in recordings)
    step = max(1, ceil(total / most_seconds))
    return tuple(recording for recording, _ in recordings[::step])


def _known(path: Path, read: Callable[[Path], Known], problems: list[str]) -> Known | None:
    if not path.is_file():
        return None
    try:
        return read(path)
    except (CallcoachError, OSError) as trouble:
        problems.append(str(trouble))
        return None
