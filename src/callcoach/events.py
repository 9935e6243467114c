"""What callcoach tells of its own work, for logs and metrics: every event with its fields, and no other can be told.

Knows nothing of calls, people or who listens. A field holds a number, a word of a fixed list or a mark, and never a text: no word
of a call, no name and no name of a file has a way into a log.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Self

from callcoach.marks import (
    WITHHELD,
    AccountMark,
    CallMark,
    Channel,
    ErrorName,
    Level,
    Mark,
    Method,
    Model,
    Place,
    Refusal,
    RequestMark,
    Route,
    Scheme,
    Stage,
    Told,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. A new one is a class below, its fields of the kinds above; None: not known, and not told."""

    name: ClassVar[str] = ""
    level: ClassVar[Level] = Level.INFO


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """A run begins. waiting: calls that have no words yet."""

    name: ClassVar[str] = "run.started"
    calls: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    """A run has ended. judged: pairs of call and initiative; problems: of files and calls, old ones too."""

    name: ClassVar[str] = "run.finished"
    calls: int
    recognised: int
    judged: int
    problems: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NightFailed(Event):
    """A nightly run did not come to its end."""

    name: ClassVar[str] = "night.failed"
    level: ClassVar[Level] = Level.ERROR
    error: ErrorName
    seconds: float

    @classmethod
    def by(cls, error: BaseException, seconds: float) -> Self:
        """Broken off by this error."""
        return cls(error=ErrorName.of(error), seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStarted(Event):
    """A stage begins. work: calls, or pairs of call and initiative, that are stale."""

    name: ClassVar[str] = "stage.started"
    stage: Stage
    work: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFinished(Event):
    """A stage has ended. done: calls, or pairs of call and initiative; failed: calls, or pairs, that did not come through."""

    name: ClassVar[str] = "stage.finished"
    stage: Stage
    done: int
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDone(Event):
    """A call came through a stage. seconds: that a worker took, where that is known; audio_seconds: how long it was."""

    name: ClassVar[str] = "call.done"
    level: ClassVar[Level] = Level.DEBUG
    call: CallMark
    stage: Stage
    seconds: float | None = None
    audio_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFailed(Event):
    """A call failed in a stage, and is tried again by the next run. error: None where the worker died with it."""

    name: ClassVar[str] = "call.failed"
    level: ClassVar[Level] = Level.WARNING
    call: CallMark
    stage: Stage
    error: ErrorName | None
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuarantined(Event):
    """A call failed once too often and is left alone from now on."""

    name: ClassVar[str] = "call.quarantined"
    level: ClassVar[Level] = Level.ERROR
    call: CallMark
    stage: Stage
    error: ErrorName | None
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotReached(Event):
    """A place from which calls are fetched does not answer; the run goes on with what is here."""

    name: ClassVar[str] = "source.unreachable"
    level: ClassVar[Level] = Level.WARNING
    scheme: Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLoaded(Event):
    """A model was loaded."""

    name: ClassVar[str] = "model.loaded"
    level: ClassVar[Level] = Level.DEBUG
    model: Model
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySent(Event):
    """The brief went out."""

    name: ClassVar[str] = "delivery.sent"
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Event):
    """The brief did not go out; the next night tries again."""

    name: ClassVar[str] = "delivery.failed"
    level: ClassVar[Level] = Level.WARNING
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseRetried(Event):
    """The database, or the disk, did not do what was asked; it is asked again after a pause."""

    name: ClassVar[str] = "database.retried"
    level: ClassVar[Level] = Level.WARNING
    error: ErrorName
    pause: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained(Event):
    """What was past its date went: sound, words or all of so many calls."""

    name: ClassVar[str] = "retention.done"
    recordings: int
    transcripts: int
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(Event):
    """Somebody or something was erased. traces: what was found afterwards."""

    name: ClassVar[str] = "erasure.done"
    level: ClassVar[Level] = Level.WARNING
    calls: int
    people: int
    files: int
    traces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    """Somebody signed in."""

    name: ClassVar[str] = "sign_in.ok"
    account: AccountMark


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused(Event):
    """Somebody was not let in."""

    name: ClassVar[str] = "sign_in.refused"
    level: ClassVar[Level] = Level.WARNING
    why: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested(Event):
    """A request was answered."""

    name: ClassVar[str] = "web.request"
    method: Method
    route: Route
    status: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed(Requested):
    """A probe, or a file of the program itself, was answered: too often to be told unasked."""

    level: ClassVar[Level] = Level.DEBUG


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFailed(Event):
    """A request met an error that nobody foresaw."""

    name: ClassVar[str] = "web.failed"
    level: ClassVar[Level] = Level.ERROR
    method: Method
    route: Route
    error: ErrorName
    place: Place | None


Listener = Callable[[Event, Mapping[str, Told]], None]
"""Hears each event, and its fields with those of what it happened within."""

_listeners: list[Listener] = []
_kept: ContextVar[list[Event] | None] = ContextVar("kept", default=None)
_within: ContextVar[Mapping[str, Told]] = ContextVar("within", default=MappingProxyType({}))


def listen(listener: Listener) -> Callable[[], None]:
    """From now on the listener hears every event of this process; the function that ends it. Nobody listens at first."""
    _listeners.append(listener)

    def stop() -> None:
        if listener in _listeners:
            _listeners.remove(listener)

    return stop


def say(event: Event) -> None:
    """Tell whoever listens."""
    kept = _kept.get()
    if kept is not None:
        kept.append(event)
    elif _listeners:
        told = {**_within.get(), **{field.name: _plain(getattr(event, field.name)) for field in fields(event)}}
        for listener in tuple(_listeners):
            listener(event, {name: value for name, value in told.items() if value is not None})


@contextmanager
def within(*, run: int | None = None, request: RequestMark | None = None) -> Iterator[None]:
    """What is told in the block is told with the run or the request it happened in."""
    around = {name: value for name, value in (("run", run), ("request", request)) if value is not None}
    token = _within.set({**_within.get(), **around})
    try:
        yield
    finally:
        _within.reset(token)


@contextmanager
def gathered() -> Iterator[list[Event]]:
    """What is told in the block, kept instead of heard: a worker process hands it to its parent, which tells it."""
    kept: list[Event] = []
    token = _kept.set(kept)  # of this thread alone: what a server tells meanwhile is heard
    try:
        yield kept
    finally:
        _kept.reset(token)


@contextmanager
def loading(model: Model) -> Iterator[None]:
    """The block loads a model."""
    begun = time.perf_counter()
    yield
    say(ModelLoaded(model=model, seconds=time.perf_counter() - begun))


def _plain(value: object) -> Told:
    """The value where it is of a kind that is told; a plain text never is."""
    if isinstance(value, float):
        return round(value, 3)
    return value if isinstance(value, int | StrEnum | Mark | None) else Mark(WITHHELD)
