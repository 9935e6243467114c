"""The pulse: the same few questions about an initiative, answered by reps of themselves and by managers of their reps.

Knows nothing of what the answers add up to, nor of where they are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callcoach.domain.behaviour import Estimate
from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.people import PersonRole

LOWEST, HIGHEST = 1, 5
AGREES_FROM = 4
"""Of the five grades the upper two agree; the middle one does not."""


class PulseQuestion(StrEnum):
    """What everybody is asked, in this order."""

    WHY = "why"
    WHO = "who"
    MEANS = "means"
    GIVEN = "given"
    COACHED = "coached"
    HEARD = "heard"


PULSE_ROLES = (PersonRole.REP, PersonRole.MANAGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseSheet:
    """One person's answers to all questions on one day: grades from 1 (not at all) to 5 (fully), None for "don't know".

    Raises ValueError where a question is left out, a grade is none, or the person is neither rep nor manager.
    """

    initiative_id: str
    person_id: str
    role: PersonRole
    at: datetime
    grades: Mapping[PulseQuestion, int | None]

    def __post_init__(self) -> None:
        if self.role not in PULSE_ROLES:
            raise ValueError(f"{self.person_id}: the pulse is for reps and managers.")
        if set(self.grades) != set(PulseQuestion):
            raise ValueError(f"{self.person_id}: every question has a grade or None.")
        if any(grade is not None and not LOWEST <= grade <= HIGHEST for grade in self.grades.values()):
            raise ValueError(f"{self.person_id}: grades go from {LOWEST} to {HIGHEST}.")

    @property
    def sheet_id(self) -> str:
        """Names this sheet for good: taking in the same file twice adds nothing."""
        return fingerprint(self.initiative_id, self.person_id, self.at.isoformat())


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseAnswer:
    """What one group says to one question: the share that agrees, of those who gave a grade, and how many don't know.

    agrees is None, and unsure too, where too few answered to be shown.
    """

    agrees: Estimate | None
    unsure: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseGap:
    """One question as managers expect it and as reps have it. gap: managers' share less the reps', with its interval.

    gap, low and high are None where either side cannot be shown. sentence: what that comes to, in words.
    """

    question: PulseQuestion
    managers: PulseAnswer
    reps: PulseAnswer
    gap: float | None
    low: float | None
    high: float | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """An initiative's pulse of one quarter of a year (`2026-Q4`). Never of a team or of a person.

    reps and managers: people whose sheets are counted; waiting: reps' sheets that wait until `least` are together.
    """

    initiative_id: str
    quarter: str
    reps: int
    managers: int
    waiting: int
    least: int
    gaps: tuple[PulseGap, ...]
    notes: tuple[str, ...]
