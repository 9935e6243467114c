"""A goal that a rep and a manager agree on, how it came to read so, and how it ended. Knows nothing of how it is tracked."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from callcoach.domain.behaviour import Behaviour, Estimate


class GoalVerdict(StrEnum):
    """How a goal ended."""

    REACHED = "reached"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    TOO_FEW_CALLS = "too_few_calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a rep will do on an initiative, until when, and how it will be heard. Both may edit it; both must agree.

    behaviour and target (a share of calls in 0..1) say how it is measured, calls how many are to be counted; why: what it is
    worth to this rep's customers; agreed_by: ids of those who agreed to this very text.
    """

    goal_id: str
    rep_id: str
    manager_id: str | None
    initiative_id: str
    text: str
    set_on: date
    behaviour: Behaviour | None = None
    target: float | None = None
    calls: int | None = None
    why: str = ""
    due: date | None = None
    agreed_by: tuple[str, ...] = ()
    closed_on: date | None = None
    verdict: GoalVerdict | None = None

    @property
    def agreed(self) -> bool:
        """Whether both have agreed to it as it stands."""
        return self.manager_id is not None and {self.rep_id, self.manager_id} <= set(self.agreed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalProgress:
    """The calls before the goal was set beside those since, and what can be said of the difference. sure: how sure that is."""

    before: Estimate
    since: Estimate
    sure: float | None
    verdict: GoalVerdict
    sentence: str


class GoalAct(StrEnum):
    """What was done with a goal."""

    SET = "set"
    EDITED = "edited"
    AGREED = "agreed"
    COACHED = "coached"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalChange:
    """One entry of a goal's history, none of which is ever changed: what was done, by whom and when, and how the goal then read.

    revision: 1 for the first. by: a person id, or BY_A_RUN. progress: what a goal that was closed was closed on.
    """

    revision: int
    act: GoalAct
    by: str
    at: datetime
    goal: Goal
    note: str = ""
    progress: GoalProgress | None = None


BY_A_RUN = "callcoach"
"""Who closed a goal that was due: nobody but a run."""


class GoalState(StrEnum):
    """How far a goal is: something is missing, somebody has to agree, it runs, or it is closed."""

    DRAFT = "draft"
    WAITING = "waiting"
    RUNNING = "running"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalStanding:
    """Where a goal stands, for every screen. revision: what an edit or an agreement has to name.

    missing: what keeps it from being a goal, a sentence each. waiting_for: person ids who have to agree to it as it reads.
    now: the rep's share of its behaviour in all calls, where that may be said; progress: before and since it was set, once
    agreed; sentence: what is said of it in one line. coached_on: the days on which a coaching on it was noted.
    """

    goal: Goal
    revision: int
    state: GoalState
    sentence: str
    missing: tuple[str, ...] = ()
    waiting_for: tuple[str, ...] = ()
    now: Estimate | None = None
    progress: GoalProgress | None = None
    coached_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What changed after coaching, beyond what changes without: `about` a person id or a behaviour, from `n` coachings.

    change: in the share of calls (0.1: one call in ten more), with its interval; None with too few. likely: the probability
    that it is more than what coaching brings on average here.
    """

    about: str
    n: int
    change: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float = 0.9
    likely: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatWorked:
    """What coaching brought, all of it together, by behaviour and by manager (in the order of ids).

    held: coachings that there were. Those counted in `n` are fewer: some have not enough calls before or since.
    """

    overall: Worked
    held: int = 0
    behaviours: tuple[Worked, ...] = ()
    managers: tuple[Worked, ...] = ()
