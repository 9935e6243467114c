"""Measure what redaction takes out and what it takes out wrongly, on turns in which people marked what tells a person.

The items of two parts are by people who had never seen the rules; no rule was written and nothing was learnt with an eye on them.
Knows no model: whoever asks brings what redacts.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from callcoach.domain.call import Transcript, Turn
from callcoach.redaction.kinds import Kind
from callcoach.redaction.marked import MarkedTurns, read_marked

NAMES = ("Dana Whitlock", "Mark Osei", "Ray Delgado", "Otto Brandt", "Blue Heron Cafe")
"""Whom the invented company's lists know."""
KEEP = ("CatchBack", "catch back", "missed-call list", "SafeSeat", "Known by Name", "Wrenfield Business")
"""The names of its products."""
DIRECT = tuple(kind for kind in Kind if kind not in (Kind.PLACE, Kind.WEB, Kind.NUMBER))
"""What alone tells somebody, or leads to them or their money."""
OURS = "callcoach"
UNSEEN, HELD_BACK, BUILT_ON = "never looked at", "held back", "that the rules were built on"
_FILES = {UNSEEN: "redaction_unseen.txt", HELD_BACK: "redaction_held_back.txt"}
SHARE_RIGHT = 0.5
"""Of what a placeholder took out, so much has to be marked for it to count as right."""


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
    """Processor seconds for one call of this many words, and spaCy's own pass in the same run.

    again: once the models have read the call, and what they found is kept.
    """

    words: int
    redacting: float
    again: float
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


def items(built_on: Path) -> dict[str, list[MarkedTurns]]:
    """All items by part, in the order of their files. built_on: the file of those that the rules were built on."""
    folder = files("callcoach.bench")
    said = {part: folder.joinpath(name).read_text(encoding="utf-8") for part, name in _FILES.items()}
    return {part: read_marked(text, part) for part, text in (said | {BUILT_ON: built_on.read_text(encoding="utf-8")}).items()}


def measure(some: Iterable[MarkedTurns], redact: Redact) -> Redacting:
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


def long_call(some: Sequence[MarkedTurns], words: int) -> Transcript:
    """A call of about so many words, made of the items' turns one after the other."""
    turns: list[Turn] = []
    length = 0
    while length < words:
        for item in some:
            turns += item.transcript.turns
            length += sum(len(turn.text.split()) for turn in item.transcript.turns)
            if length >= words:
                break
    return Transcript(call_id="long", turns=tuple(turns))


def speed(call: Transcript, redact: Redact, again: Redact, spacy: Callable[[Sequence[str]], object], times: int) -> Speed:
    """The shortest of several passes of each, in turns; all have to be warm. again: redacts without reading."""
    texts = [turn.text for turn in call.turns]
    first, later, theirs = [], [], []
    for _ in range(times):
        first.append(_seconds(lambda: redact(call)))
        later.append(_seconds(lambda: again(call)))
        theirs.append(_seconds(lambda: spacy(texts)))
    words = sum(len(text.split()) for text in texts)
    return Speed(words=words, redacting=min(first), again=min(later), spacy=min(theirs))


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
        f"({speed.spacy:.2f} s) in the same run; {speed.again:.2f} s once what the models found in it is kept."
    )


def _share(figures: KindFigures) -> str:
    recall = "-" if figures.recall is None else f"{figures.recall:.2f}"
    precision = "-" if figures.precision is None else f"{figures.precision:.2f}"
    return f"recall {recall:>4} ({figures.found}/{figures.marked})   precision {precision:>4} ({figures.right}/{figures.taken})"


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _telling(text: str, begin: int, end: int) -> Iterator[int]:
    return (place for place in range(begin, end) if text[place].isalnum())
