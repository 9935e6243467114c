"""Measure short calls several at a time, so that their sentences are encoded together; a bad one is found by trying each alone.

Knows no model and stores nothing.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from callcoach.app.workspace import MeasuredCall, Measuring
from callcoach.batch.executors import Executor, failure_sentence
from callcoach.batch.timed import Timed, timed, told
from callcoach.marks import ErrorName

MOST_CALLS = 4
"""Enough to fill most of the encoder's batches, and little is done again when a worker dies."""
MOST_WORDS = 4000
"""A long call fills the encoder's batches by itself."""
LEAST_PIECES = 16
"""With fewer pieces of work than this, workers would wait for the last one."""

Sheaf = tuple[Measuring, ...]
MakeWorker = Callable[[], Callable[[Measuring], MeasuredCall]]


class _Part(NamedTuple):
    """What became of one call of a sheaf, as batch/timed.py says it."""

    value: MeasuredCall | None
    failure: str | None
    error: str | None
    seconds: float


def measured(
    executor: Executor, make_worker: MakeWorker, calls: Iterable[Measuring], n_calls: int
) -> Iterator[Timed[Measuring, MeasuredCall]]:
    """One outcome per call, in the order of completion; calls are asked for as they are needed. n_calls: about how many."""
    alone: deque[Sheaf] = deque()
    make_many = timed(partial(_many, make_worker))
    waiting: Iterable[Sheaf] = _first_those(alone, _sheaves(calls, n_calls))
    while True:
        for outcome in told(executor.outcomes(make_many, waiting)):
            if outcome.value is not None:
                for item, part in zip(outcome.item, outcome.value, strict=True):
                    error = None if part.error is None else ErrorName(part.error)
                    yield Timed(item, part.value, part.failure, error, part.seconds)
            elif len(outcome.item) == 1:
                yield Timed(outcome.item[0], None, outcome.failure, outcome.error, outcome.seconds)
            else:
                # a worker was stopped or died: over which of the calls nobody can say
                alone.extend((item,) for item in outcome.item)
        if not alone:
            return
        waiting, alone = alone, deque()


def _sheaves(calls: Iterable[Measuring], n_calls: int) -> Iterator[Sheaf]:
    most = max(1, min(MOST_CALLS, n_calls // LEAST_PIECES))
    sheaf: list[Measuring] = []
    words = 0
    for item in calls:
        length = sum(len(turn.text.split()) for turn in item.transcript.turns)
        if sheaf and (len(sheaf) == most or words + length > MOST_WORDS):
            yield tuple(sheaf)
            sheaf, words = [], 0
        sheaf.append(item)
        words += length
    if sheaf:
        yield tuple(sheaf)


def _first_those(alone: deque[Sheaf], others: Iterator[Sheaf]) -> Iterator[Sheaf]:
    while (sheaf := alone.popleft() if alone else next(others, None)) is not None:
        yield sheaf


def _many(make_worker: MakeWorker) -> Callable[[Sheaf], tuple[_Part, ...]]:
    work = make_worker()

    def measure(sheaf: Sheaf) -> tuple[_Part, ...]:
        begun = time.perf_counter()
        if len(sheaf) > 1:
            _foresee(work, sheaf)
        shared = (time.perf_counter() - begun) / len(sheaf)
        return tuple(_one(work, item, shared) for item in sheaf)

    return measure


def _foresee(work: Callable[[Measuring], MeasuredCall], sheaf: Sequence[Measuring]) -> None:
    foresee: Callable[[Sequence[Measuring]], None] | None = getattr(work, "foresee", None)
    if foresee is None:
        return
    try:
        foresee(sheaf)
    except Exception:  # whichever call it is says so itself when its turn comes
        return


def _one(work: Callable[[Measuring], MeasuredCall], item: Measuring, shared: float) -> _Part:
    begun = time.perf_counter()
    try:
        value = work(item)
    except Exception as trouble:  # a single bad call must never end the night
        return _Part(None, failure_sentence(trouble), type(trouble).__name__, shared + time.perf_counter() - begun)
    return _Part(value, None, None, shared + time.perf_counter() - begun)
