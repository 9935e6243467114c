"""Whether this process can do its work, and how things stand in the database, asked so that nobody waits for long.

Probes ask often, and strangers may: what they are told names what is wrong and nothing of how it is made.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

from callcoach.app.workspace import VOICES, Workspace
from callcoach.domain.people import VisibleReps
from callcoach.domain.queue import Asked, QueueState
from callcoach.errors import CallcoachError
from callcoach.marks import Stage
from callcoach.storage.failures import Failures
from callcoach.storage.health import schema_of
from callcoach.storage.queue import ReviewQueue
from callcoach.storage.runs import Runs
from callcoach.storage.schema import HEAD
from callcoach.weights.presence import are_there

PATIENCE = 3.0
"""Seconds that the database has to answer a probe; those who probe commonly give up after five or ten."""
HOLDS_FOR = 1.0
"""Seconds that an answer is given again: who asks a thousand times makes one question."""

Value = TypeVar("Value")


class Reason(StrEnum):
    """What stands in the way."""

    DATABASE = "database"
    SCHEMA = "schema"
    WEIGHTS = "weights"


class Figures(NamedTuple):
    """What the database tells of calls: failed and quarantined by stage, 0 where nothing is; last_run: None where none ended."""

    failed: Mapping[str, int]
    quarantined: Mapping[str, int]
    to_review: int
    last_run: datetime | None


class Standing(NamedTuple):
    """How things stand; figures: None where the database does not answer. head: the schema that this program writes."""

    head: str
    figures: Figures | None


class TooSlow(Exception):
    """The answer is not there in time."""


class Asker:
    """Asks one question at a time, each by a thread of its own, so that a database that hangs holds up one thread and no more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._going: threading.Thread | None = None

    def ask(self, question: Callable[[], Value], seconds: float = PATIENCE) -> Value:
        """Its answer, or what it raises. Raises TooSlow where that takes longer, or an earlier question hangs still."""
        came: list[Value] = []
        raised: list[BaseException] = []

        def run() -> None:
            try:
                came.append(question())
            except BaseException as error:
                raised.append(error)

        with self._lock:
            if self._going is not None and self._going.is_alive():
                raise TooSlow
            self._going = threading.Thread(target=run, daemon=True, name="probe")
            self._going.start()
            self._going.join(seconds)
        if raised:
            raise raised[0]
        if not came:
            raise TooSlow
        return came[0]


class Readiness:
    """Whether the work can be done, for as many as ask."""

    def __init__(self, workspace: Workspace, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._workspace, self._clock, self._asker = workspace, clock, Asker()
        self._lock = threading.Lock()
        self._answer: tuple[float, tuple[Reason, ...]] | None = None

    def reasons(self) -> tuple[Reason, ...]:
        """Why it is not ready; none where it is. No error comes out."""
        with self._lock:
            if self._answer is None or self._clock() - self._answer[0] > HOLDS_FOR:
                found = (*self._database(), *(() if weights_are_there(self._workspace) else (Reason.WEIGHTS,)))
                self._answer = (self._clock(), found)
            return self._answer[1]

    def _database(self) -> tuple[Reason, ...]:
        try:
            version = self._asker.ask(lambda: schema_of(self._workspace.store))
        except Exception:  # whatever it is, a probe has one word for it
            return (Reason.DATABASE,)
        return () if version == HEAD else (Reason.SCHEMA,)


def weights_are_there(workspace: Workspace) -> bool:
    """Whether every file that the models in use are made of is there; what is in them is verified when they are loaded."""
    settings = workspace.settings
    names = [settings.speech_model, settings.encoder, settings.sentence_model, VOICES, str(settings.judge or "judge"), "roles"]
    try:
        return are_there(names)
    except (CallcoachError, OSError):
        return False


def standing(workspace: Workspace, asker: Asker) -> Standing:
    """As of now."""
    try:
        return Standing(HEAD, asker.ask(lambda: _figures(workspace)))
    except (CallcoachError, TooSlow):
        return Standing(HEAD, None)


def _figures(workspace: Workspace) -> Figures:
    store = workspace.store
    failures = Failures(store).all()
    stages = [stage.value for stage in (Stage.HEAR, Stage.MEASURE, Stage.JUDGE)]
    ended = [run.ended_at for run in Runs(store).all() if run.ended_at is not None]
    waiting = ReviewQueue(store).counted(VisibleReps(everybody=True), Asked()).states[QueueState.WAITING]
    return Figures(
        failed={stage: sum(each.stage == stage for each in failures) for stage in stages},
        quarantined={stage: sum(each.stage == stage and each.quarantined for each in failures) for stage in stages},
        to_review=waiting,
        last_run=max(ended, default=None),
    )
