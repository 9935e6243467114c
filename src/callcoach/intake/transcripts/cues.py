"""Read the cues of WebVTT and SRT with the line of whatever is wrong, and take the names off them. Knows no headers or tags.

Written here because webvtt-py and pysubs2 leave out a cue whose time they cannot read, and its words are lost without a sound.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from callcoach.intake.transcripts.asked import WrongPlace
from callcoach.intake.transcripts.joining import Said
from callcoach.intake.transcripts.speakers import is_like_a_name, named, role_label

TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,9})?"
TIMES = re.compile(rf"\s*({TIME})\s*-->\s*({TIME})(?:\s.*)?")
LIKE_TIMES = re.compile(r"\s*\S*\d\S*\s*-->")
PREFIX = re.compile(r"([^:<>]{1,60}):\s+(?=\S)")
NOBODY = "unknown"


class Cue(NamedTuple):
    """The lines of a cue; start and end in seconds, `line` (from 1) where its times stand."""

    line: int
    start: float
    end: float
    lines: tuple[str, ...]


class Piece(NamedTuple):
    """The words of a cue under one name, None where the cue names nobody."""

    name: str | None
    text: str
    start: float
    end: float


def lines_of(text: str) -> list[str]:
    """The lines as an editor counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_cues(lines: Sequence[str], what: str, *, first: int = 0, skipped: tuple[str, ...] = ()) -> Iterator[Cue]:
    """The cues from line number `first` (from 0) on. Blocks that begin with a word of `skipped` are left out.

    A cue ends at an empty line or where the next one's times stand. Raises WrongPlace for times that cannot be read or run
    backwards, and for words without a time.
    """
    here = first
    while here < len(lines):
        opening = lines[here].strip()
        if not opening:
            here += 1
            continue
        if opening.split()[0] in skipped and "-->" not in opening:
            here = _after(lines, here)
            continue
        if not LIKE_TIMES.match(lines[here]):
            following = lines[here + 1].strip() if here + 1 < len(lines) else ""
            if not LIKE_TIMES.match(following):
                if following or not opening.isdigit():
                    raise WrongPlace(f"these {what} words have no time. Export it anew.", line=here + 1)
                here += 1  # the number of a cue that has neither time nor words
                continue
            here += 1
        start, end = _times(lines[here], here + 1, what)
        upto = here + 1
        while upto < len(lines) and lines[upto].strip() and not LIKE_TIMES.match(lines[upto]):
            upto += 1
        said = tuple(lines[here + 1 : upto])
        if upto < len(lines) and lines[upto].strip() and said and said[-1].strip().isdigit():
            said = said[:-1]  # no empty line between: the last line is the next cue's number
        yield Cue(here + 1, start, end, said)
        here = upto


def said_in(pieces: Sequence[Piece], what: str) -> Iterator[Said]:
    """Pieces under their names; without any, names are looked for in front of the words. Who has none goes on from before."""
    if not pieces:
        raise WrongPlace(f"this {what} file has no cue with words. Export it anew.")
    if not any(piece.name for piece in pieces):
        pieces = list(_names_in_front(pieces))
    name = NOBODY
    for piece in pieces:
        name = piece.name or name
        yield Said(named(name), piece.text, piece.start, piece.end)


def _names_in_front(pieces: Sequence[Piece]) -> Iterable[Piece]:
    """Take `Name: ` off the words. Once-seen words before a colon are a name only if they can be one and open a file's talk."""
    prefixes = [match[1].strip() if (match := PREFIX.match(piece.text)) else None for piece in pieces]
    seen = Counter(prefix for prefix in prefixes if prefix and (is_like_a_name(prefix) or role_label(prefix)))
    first = list(seen)[:2]
    for piece, prefix in zip(pieces, prefixes, strict=True):
        if prefix is not None and prefix in seen and (seen[prefix] > 1 or prefix in first or " " in prefix or role_label(prefix)):
            yield piece._replace(name=prefix, text=piece.text[len(prefix) :].lstrip()[1:].strip())
        else:
            yield piece


def _after(lines: Sequence[str], here: int) -> int:
    while here < len(lines) and lines[here].strip():
        here += 1
    return here


def _times(line: str, number: int, what: str) -> tuple[float, float]:
    match = TIMES.fullmatch(line)
    start, end = (_seconds(match[1]), _seconds(match[2])) if match else (None, None)
    if start is None or end is None:
        raise WrongPlace(f"this {what} time cannot be read: {line.strip()[:60]!r}. Export it anew.", line=number)
    if end < start:
        raise WrongPlace(f"this {what} cue ends at {end:g} s before it starts at {start:g} s. Export it anew.", line=number)
    return start, end


def _seconds(clock: str) -> float | None:
    """Hours may be missing; minutes and seconds stay under 60."""
    *hours, minutes, seconds = clock.replace(",", ".").split(":")
    if int(minutes) >= 60 or float(seconds) >= 60:
        return None
    return round(int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds), 3)
