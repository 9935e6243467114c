"""Why an initiative stands where it stands: what was asked in which order, what was found, and whose move it is.

Knows nothing of how any of it is measured.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from callcoach.domain.behaviour import Behaviour, Estimate


class Cause(StrEnum):
    """What holds an initiative back, in the order in which it is asked. A later one is named only where no earlier one is."""

    TOO_FEW_CALLS = "too_few_calls"
    MEASUREMENT = "measurement"
    DEFINITION = "definition"
    READINESS = "readiness"
    TOO_EARLY = "too_early"
    LEADERS = "leaders"
    TRAINING = "training"
    REPS = "reps"
    STRATEGY = "strategy"
    NOTHING = "nothing"


LEADERS_MOVE = (Cause.DEFINITION, Cause.READINESS, Cause.TOO_EARLY, Cause.LEADERS, Cause.TRAINING, Cause.MEASUREMENT)
"""Causes for which no rep is coached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Calls that people labelled blind and the judge judged: of `n`, those on which it gave the verdict they gave."""

    agreed: int
    n: int


class Question(StrEnum):
    """The steps of the chain."""

    MEASURED = "is the measurement sound"
    DEFINED = "is the story defined"
    READY = "was the field ready"
    LEADERS = "do the leaders tell the same story"
    SHARED = "do many reps fail at the same point"
    REPS = "do single reps need coaching"
    STRATEGY = "does explaining pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question of the chain. sound: True nothing wrong, False here it breaks, None nothing to tell from."""

    question: Question
    sound: bool | None
    sentence: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The chain up to where it breaks, ending in one next action with its owner (a person id, None where nobody is named).

    point: the behaviour many reps fail at; reps: those to coach, where the cause is the reps.
    """

    initiative_id: str
    cause: Cause
    steps: tuple[Step, ...]
    next_action: str
    owner: str | None
    point: Behaviour | None = None
    reps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """How far an initiative is really told, beside how often it is mentioned.

    consistent: reps whose share explained surely exceeds `threshold` (the lower bound of the interval), of `reps` with at least
    `least_calls` calls in which it came up; reps with fewer are in `too_few`. mentioned: share of all judged calls.
    """

    consistent: int
    reps: int
    too_few: int
    threshold: float
    least_calls: int
    mentioned: Estimate
    explained: Estimate


class Direction(StrEnum):
    """Where a share is going, as far as the calls can tell."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Momentum:
    """The share explained in the later calls beside the earlier ones. sure: the probability that it changed that way.

    streak: calls in a row, the latest last, that explain (positive) or do not (negative). since: where the later calls begin.
    """

    direction: Direction
    before: Estimate
    now: Estimate
    sure: float | None
    streak: int
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The share explained from one day to another, both included."""

    first: date
    last: date
    explained: Estimate


class AlarmKind(StrEnum):
    """What figures can say that no single call shows."""

    GAMING = "scores up, wins flat"
    SCATTERED = "effort up, outcomes scattered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Two figures that should move together and do not. about: a rep or initiative id; a question, never a verdict.

    initiative_id: in whose calls, where that is told.
    """

    kind: AlarmKind
    about: str
    sentence: str
    leading_before: Estimate
    leading_now: Estimate
    lagging_before: Estimate
    lagging_now: Estimate
    initiative_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Wins among calls that explain beside wins among those that do not, with the difference, its interval and its caveat."""

    explained: Estimate
    other: Estimate
    difference: float | None
    low: float | None
    high: float | None
    sentence: str
    caveat: str
