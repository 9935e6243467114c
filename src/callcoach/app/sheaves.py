"""Measure short calls several at a time, so that their sentences are encoded together; one that ends its worker is found.

A worker notes which call of the sheaf it is at, in a file of this machine: that call has failed, the others are tried again.
Without a note (a worker elsewhere, an end before the first call) each is tried alone. Knows no model and stores nothing.
"""

import shutil
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from callcoach.app.workspace import MeasuredCall, Measuring
from callcoach.batch.executors import Executor, failure_sentence
from callcoach.batch.timed import Timed, timed, told
from callcoach.domain.fingerprint import fingerprint
from callcoach.marks import ErrorName

MOST_CALLS = 4
"""Enough to fill most of the encoder's batches, and little is done again when a worker dies."""
MOST_WORDS = 4000
"""A long call fills the encoder's batches by itself."""
LEAST_PIECES = 16
"""With fewer pieces of work than this, workers would wait for the last one."""
MOST_OF_THE_TIME = 0.9
"""A call that took so much of its sheaf's time is the one for which the sheaf was stopped."""

Sheaf = tuple[Measuring, ...]
MakeWorker = Callable[[], Callable[[Measuring], MeasuredCall]]


class _Part(NamedTuple):
    """What became of one call of a sheaf, as batch/timed.py says it."""

    value: MeasuredCall | None
    failure: str | None
    error: str | None
    seconds: float


class _At(NamedTuple):
    """Which call of its sheaf a worker is at; when it came to the sheaf and to the call, in seconds of the machine's clock."""

    place: int
    begun: float
    since: float


def measured(
    executor: Executor, make_worker: MakeWorker, calls: Iterable[Measuring], n_calls: int, *, room: Path
) -> Iterator[Timed[Measuring, MeasuredCall]]:
    """One outcome per call, in the order of completion; calls are asked for as they are needed. n_calls: about how many.

    room: a folder for the notes that no other run uses meanwhile; what a killed run left there goes.
    """
    again: deque[Sheaf] = deque()
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=room.resolve()) as folder:
        notes = Path(folder)
        make_many = timed(partial(_many, make_worker, notes))
        waiting: Iterable[Sheaf] = _first_those(again, _sheaves(calls, n_calls))
        while True:
            for outcome in told(executor.outcomes(make_many, waiting)):
                sheaf = outcome.item
                if outcome.value is not None:
                    for item, part in zip(sheaf, outcome.value, strict=True):
                        error = None if part.error is None else ErrorName(part.error)
                        yield Timed(item, part.value, part.failure, error, part.seconds)
                    continue
                guilty = 0 if len(sheaf) == 1 else _guilty(notes, sheaf, late=outcome.late)
                if guilty is None:
                    again.extend((item,) for item in sheaf)
                    continue
                others = sheaf[:guilty] + sheaf[guilty + 1 :]
                again.extend([others] if others else [])
                yield Timed(sheaf[guilty], None, outcome.failure, outcome.error, outcome.seconds, outcome.late)
            if not again:
                return
            waiting, again = again, deque()


def _guilty(notes: Path, sheaf: Sheaf, *, late: bool) -> int | None:
    """The place of the call with which the worker of a sheaf ended; None where that cannot be said."""
    try:
        at = msgspec.json.decode(_note_of(notes, sheaf).read_bytes(), type=_At)
    except (OSError, msgspec.DecodeError):
        return None
    now = time.time()
    if late and now - at.since < MOST_OF_THE_TIME * (now - at.begun):
        return None
    return at.place


def _note_of(notes: Path, sheaf: Sheaf) -> Path:
    return notes / fingerprint(*(item.transcript.call_id for item in sheaf))


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


def _first_those(again: deque[Sheaf], others: Iterator[Sheaf]) -> Iterator[Sheaf]:
    while (sheaf := again.popleft() if again else next(others, None)) is not None:
        yield sheaf


def _many(make_worker: MakeWorker, notes: Path) -> Callable[[Sheaf], tuple[_Part, ...]]:
    work = make_worker()

    def measure(sheaf: Sheaf) -> tuple[_Part, ...]:
        if len(sheaf) == 1:
            return (_one(work, sheaf[0], 0.0),)
        begun, note = time.time(), _note_of(notes, sheaf)
        started = time.perf_counter()
        _foresee(work, sheaf)
        shared = (time.perf_counter() - started) / len(sheaf)
        parts = []
        for place, item in enumerate(sheaf):
            with suppress(OSError):  # on another machine
                note.write_bytes(msgspec.json.encode(_At(place, begun, time.time())))
            parts.append(_one(work, item, shared))
        with suppress(OSError):
            note.unlink()
        return tuple(parts)

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
