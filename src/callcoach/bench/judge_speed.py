"""How long judging takes, as figures beside a target and a peer of the same run. Knows nothing of how judging is done."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from callcoach.bench.memory import family_processor_seconds
from callcoach.domain.call import Transcript, Turn

BUSY = 0.5
"""Load per core before a measurement from which on its figures are said to be of a busy machine."""


class Took(NamedTuple):
    """Seconds on the clock, and seconds of processor time, worker processes that ended included."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Something measured over `n` calls. target: seconds that `of_target` calls may take; None where none is set.

    load: how many programs wanted a core when it began, per core.
    """

    name: str
    n: int
    took: Took
    target: float | None = None
    of_target: int = 1
    load: float | None = None
    peer: "Figure | None" = None

    @property
    def per_call(self) -> float:
        """Seconds on the clock for one call."""
        return self.took.wall / max(self.n, 1)

    @property
    def for_target(self) -> float:
        """Seconds on the clock for as many calls as the target is about."""
        return self.per_call * self.of_target

    @property
    def meets(self) -> bool | None:
        """Whether the target is met; None where none is set."""
        return None if self.target is None else self.for_target < self.target

    @property
    def busy(self) -> bool:
        """Whether something else was using the machine."""
        return self.load is not None and self.load > BUSY


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeBench:
    """All figures of one run; same: whether judging many at once gave the bytes of judging one by one."""

    figures: tuple[Figure, ...]
    cores: int
    workers: int
    words: int
    turns: int
    same: bool


def measured(name: str, n: int, work: Callable[[], object], **about: object) -> Figure:
    """Do the work once and say how long it took."""
    load = os.getloadavg()[0] / max(os.cpu_count() or 1, 1) if hasattr(os, "getloadavg") else None
    wall, cpu = time.perf_counter(), _processor_seconds()
    work()
    took = Took(time.perf_counter() - wall, _processor_seconds() - cpu)
    return replace(Figure(name=name, n=n, took=took, load=load), **about)  # type: ignore[arg-type]


def _processor_seconds() -> float:
    """With all worker processes, those of a server of processes too; where there is no /proc, with those that have ended."""
    spent = os.times()
    return family_processor_seconds(os.getpid()) or spent.user + spent.system + spent.children_user + spent.children_system


def joined(transcripts: Sequence[Transcript], *, words: int, call_id: str) -> Transcript:
    """The calls' turns one behind the other until there are `words` words. Raises ValueError where they are too few."""
    turns: list[Turn] = []
    for turn in chain.from_iterable(transcript.turns for transcript in transcripts):
        turns.append(turn)
        words -= len(turn.text.split())
        if words <= 0:
            return Transcript(call_id=call_id, turns=tuple(turns), language="en")
    raise ValueError(f"There are {words} words too few.")


def varied(transcript: Transcript, number: int) -> Transcript:
    """The call under another id, every turn with a word of its own at its end: nothing remembered of another call helps."""
    turns = tuple(replace(turn, text=f"{turn.text} x{number}") for turn in transcript.turns)
    return replace(transcript, call_id=f"{transcript.call_id}-{number}", turns=turns)


def bench_lines(bench: JudgeBench) -> list[str]:
    """The figures as sentences, the peer behind each."""
    lines = [f"{bench.cores} cores, {bench.workers} worker processes; the long call: {bench.words} words, {bench.turns} turns."]
    for figure in bench.figures:
        line = f"{figure.name}: {_seconds(figure.for_target)}"
        line += (
            f" for {figure.of_target:,} (from {figure.n:,} measured)" if figure.of_target != figure.n else f" for {figure.n:,}"
        )
        if figure.target is not None:
            line += f"; target {_seconds(figure.target)}, {'met' if figure.meets else 'not met'}"
        line += f"; {figure.took.cpu / max(figure.n, 1) * 1000:.1f} ms of processor time each"
        line += f"; the machine was busy (load {figure.load:.1f} a core)" if figure.busy else ""
        lines.append(f"{line}.")
        if figure.peer is not None:
            at_once = figure.peer.per_call * figure.of_target
            lines.append(
                f"  {figure.peer.name}: {_seconds(at_once)}, {at_once / max(figure.for_target, 1e-9):.1f} times as long."
            )
    lines.append(f"Many at once gave {'the same bytes as' if bench.same else 'OTHER BYTES THAN'} one by one.")
    return lines


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 100 else f"{seconds / 60:.1f} min"
