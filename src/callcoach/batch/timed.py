"""How long each item of work took and what was told meanwhile, brought back from whichever process did it. Knows no executor.

A worker process has no log: what it tells comes back with its result, and the parent tells it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from callcoach.batch.executors import Outcome, failure_sentence
from callcoach.events import Event, gathered, say
from callcoach.marks import ErrorName

Item = TypeVar("Item")
Value = TypeVar("Value")


class Done(NamedTuple, Generic[Value]):
    """What a worker brings back: a value, or why there is none."""

    value: Value | None
    failure: str | None
    error: str | None
    seconds: float
    said: tuple[Event, ...]


class Timed(NamedTuple, Generic[Item, Value]):
    """What became of an item, as an Outcome says it. error and seconds: None where the worker was stopped or died with it."""

    item: Item
    value: Value | None
    failure: str | None
    error: ErrorName | None
    seconds: float | None
    late: bool = False


def timed(make_worker: Callable[[], Callable[[Item], Value]]) -> Callable[[], Callable[[Item], Done[Value]]]:
    """Makes workers that bring back how long they took; `told` takes it from there."""
    return partial(_make, make_worker)


def told(outcomes: Iterable[Outcome[Item, Done[Value]]]) -> Iterator[Timed[Item, Value]]:
    """The outcomes of such workers; what they told is told here and now."""
    for outcome in outcomes:
        done = outcome.value
        if done is None:
            yield Timed(outcome.item, None, outcome.failure, None, None, outcome.late)
            continue
        for event in done.said:
            say(event)
        error = None if done.error is None else ErrorName(done.error)
        yield Timed(outcome.item, done.value, done.failure, error, done.seconds)


def _make(make_worker: Callable[[], Callable[[Item], Value]]) -> Callable[[Item], Done[Value]]:
    work = make_worker()

    def timed_work(item: Item) -> Done[Value]:
        begun = time.perf_counter()
        value, failure, error = None, None, None
        with gathered() as said:
            try:
                value = work(item)
            except Exception as trouble:  # as an executor does; but a class that is told does not come through a sentence
                failure, error = failure_sentence(trouble), type(trouble).__name__
        return Done(value, failure, error, time.perf_counter() - begun, tuple(said))

    return timed_work
