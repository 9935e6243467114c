"""Measure what redaction takes out and what it takes out wrongly, on turns in which people marked what tells a person.

The items held back are by somebody who had never seen the rules, and no rule was written with an eye on them. Knows no model:
whoever asks brings what redacts.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

from callcoach.domain.call import Transcript, Turn
from callcoach.redaction.kinds import Kind

NAMES = ("Dana Whitlock", "Mark Osei", "Ray Delgado", "Otto Brandt", "Blue Heron Cafe")
"""Whom the invented company's lists know."""
KEEP = ("CatchBack", "catch back", "missed-call list", "SafeSeat", "Known by Name", "Wrenfield Business")
"""The names of its products."""
DIRECT = tuple(kind for kind in Kind if kind not in (Kind.PLACE, Kind.WEB, Kind.NUMBER))
"""What alone tells somebody, or leads to them or their money."""
OURS = "callcoach"
BUILT_ON, HELD_BACK = "that rules were built on", "held back"
PARTS = (HELD_BACK, BUILT_ON)
_LAST = "# Held back:"
SHARE_RIGHT = 0.5
"""Of what a placeholder took out, so much has to be marked for it to count as right."""
_MARKED = re.compile(r"\{([A-Z]+):([^}]*)\}")


class Mark(NamedTuple):
    """Characters `begin`..`end` of a turn tell somebody by a `kind`."""

    turn: int
    begin: int
    end: int
    kind: Kind


class Item(NamedTuple):
    """Some turns and what is marked in them."""

    transcript: Transcript
    marks: tuple[Mark, ...]
    part: str


class Taken(NamedTuple):
    """Characters that were taken out."""

    turn: int
    begin: int
    end: int
    kind: str


Redact = Callable[[Transcript], Sequence[Taken]]
"""What is taken out of a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """Of one kind: how many are marked, found whole, taken out under this name, and of those rightly."""

    marked: int
    found: int
    taken: int
    right: int

    @property
    def recall(self) -> float | None:
        """None where nothing is marked."""
        return self.found / self.marked if self.marked else None

    @property
    def precision(self) -> float | None:
        """None where nothing was taken out."""
        return self.right / self.taken if self.taken else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacting:
    """What one way of redacting did. kinds: by name, and `all` and `direct` for all of them and the direct ones."""

    kinds: Mapping[str, KindFigures]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Processor seconds for one call of this many words, and spaCy's own pass in the same run."""

    words: int
    redacting: float
    spacy: float

    @property
    def ratio(self) -> float:
        """How many times spaCy's own pass."""
        return self.redacting / self.spacy


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionBench:
    """All figures: by part of the items, by the name of what redacts."""

    parts: Mapping[str, Mapping[str, Redacting]]
    n: Mapping[str, int]
    speed: Speed


def items() -> tuple[Item, ...]:
    """All items, in the order of the file."""
    text = files("callcoach.bench").joinpath("redaction_said.txt").read_text(encoding="utf-8")
    first, _, last = text.partition(_LAST)
    said = [(line, part) for part, lines in ((BUILT_ON, _said(first)), (HELD_BACK, _said(last)[1:])) for line in lines]
    return tuple(_item(line, part, number) for number, (line, part) in enumerate(said))


def measure(some: Iterable[Item], redact: Redact) -> Redacting:
    """How a way of redacting does on these items."""
    counted: dict[str, Counter[str]] = {}
    missed, wrong = [], []

    def count(kind: str, what: str) -> None:
        groups = [kind, "all", *(["direct"] if kind in DIRECT else [])]
        for group in groups:
            counted.setdefault(group, Counter())[what] += 1

    for item in some:
        taken = redact(item.transcript)
        texts = [turn.text for turn in item.transcript.turns]
        for mark in item.marks:
            out = {place for each in taken if each.turn == mark.turn for place in range(each.begin, each.end)}
            whole = all(place in out for place in _telling(texts[mark.turn], mark.begin, mark.end))
            count(mark.kind, "marked")
            if whole:
                count(mark.kind, "found")
            else:
                missed.append(f"{mark.kind.value}: {texts[mark.turn][mark.begin : mark.end]} | {' / '.join(texts)}")
        for each in taken:
            marked = {place for mark in item.marks if mark.turn == each.turn for place in range(mark.begin, mark.end)}
            telling = list(_telling(texts[each.turn], each.begin, each.end))
            count(each.kind, "taken")
            if telling and sum(place in marked for place in telling) >= SHARE_RIGHT * len(telling):
                count(each.kind, "right")
            else:
                wrong.append(f"{each.kind}: {texts[each.turn][each.begin : each.end]} | {' / '.join(texts)}")
    return Redacting(
        kinds={
            kind: KindFigures(**{what: said[what] for what in ("marked", "found", "taken", "right")})
            for kind, said in sorted(counted.items())
        },
        missed=tuple(missed),
        wrong=tuple(wrong),
    )


def long_call(words: int) -> Transcript:
    """A call of about so many words, made of the items' turns one after the other."""
    turns: list[Turn] = []
    length = 0
    while length < words:
        for item in items():
            turns += item.transcript.turns
            length += sum(len(turn.text.split()) for turn in item.transcript.turns)
            if length >= words:
                break
    return Transcript(call_id="long", turns=tuple(turns))


def speed(
    call: Transcript, redact: Callable[[Transcript], object], spacy: Callable[[Sequence[str]], object], times: int
) -> Speed:
    """The shortest of several passes of each, in turns; both have to be warm."""
    texts = [turn.text for turn in call.turns]
    ours, theirs = [], []
    for _ in range(times):
        ours.append(_seconds(lambda: redact(call)))
        theirs.append(_seconds(lambda: spacy(texts)))
    return Speed(words=sum(len(text.split()) for text in texts), redacting=min(ours), spacy=min(theirs))


def bench_lines(found: RedactionBench) -> Iterator[str]:
    """The figures for a person to read."""
    for part, ways in found.parts.items():
        yield f"{found.n[part]} items {part}: found of those marked (recall), right of those taken out (precision)"
        for name, redacting in ways.items():
            yield f"  {name}"
            yield from (f"    {kind:<9} {_share(each)}" for kind, each in redacting.kinds.items())
    for part, ways in found.parts.items():
        yield from (f"missed ({part}): {sentence}" for sentence in ways[OURS].missed)
        yield from (f"wrong ({part}): {sentence}" for sentence in ways[OURS].wrong)
    speed = found.speed
    yield (
        f"A call of {speed.words:,} words: {speed.redacting:.2f} s of processor time, {speed.ratio:.2f} times spaCy's own pass "
        f"({speed.spacy:.2f} s) in the same run."
    )


def _share(figures: KindFigures) -> str:
    recall = "-" if figures.recall is None else f"{figures.recall:.2f}"
    precision = "-" if figures.precision is None else f"{figures.precision:.2f}"
    return f"recall {recall:>4} ({figures.found}/{figures.marked})   precision {precision:>4} ({figures.right}/{figures.taken})"


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _said(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _item(line: str, part: str, number: int) -> Item:
    turns, marks = [], []
    for place, turn in enumerate(line.split(" / ")):
        speaker, _, said = turn.partition(" ")
        text = ""
        behind = 0
        for match in _MARKED.finditer(said):
            text += said[behind : match.start()]
            marks.append(Mark(place, len(text), len(text) + len(match[2]), Kind(match[1])))
            text += match[2]
            behind = match.end()
        turns.append(Turn(speaker=speaker, text=text + said[behind:]))
    return Item(Transcript(call_id=f"item-{number}", turns=tuple(turns)), tuple(marks), part)


def _telling(text: str, begin: int, end: int) -> Iterator[int]:
    return (place for place in range(begin, end) if text[place].isalnum())
