"""A goal that a rep and a manager agree on, and how it ended. Knows nothing of how it is tracked."""

from dataclasses import dataclass
from datetime import date
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
