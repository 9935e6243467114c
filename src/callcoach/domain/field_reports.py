"""What comes back from the field about a story: reps' reports that a part does not land, and what became of them.

Knows nothing of where any of it is kept.
"""

from dataclasses import dataclass
from datetime import date, datetime

from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.story import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """One person's report that a part of the story does not land, in their own words.

    version: of the story they had before them. call_id, turn (from 0), quote and start: the place in a call that shows it; the
    quote is word for word in that call. heard_on: the day of that call, None where no call is named or it has no day.
    """

    initiative_id: str
    component: Component
    by: str
    at: datetime
    words: str
    version: str
    call_id: str | None = None
    turn: int | None = None
    quote: str | None = None
    start: float | None = None
    heard_on: date | None = None

    @property
    def report_id(self) -> str:
        """Names this report for good, short enough to be typed."""
        return fingerprint(self.initiative_id, self.by, self.at.isoformat(), self.component.value, self.words)[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAnswer:
    """How a report was closed: the version of the story that changed for it, or None, and then why not."""

    report_id: str
    by: str
    at: datetime
    because: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCase:
    """A report with its answer. told_at: when the person who reported was shown the answer; None: not yet, or none is there."""

    report: FieldReport
    answer: FieldAnswer | None = None
    told_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.answer is None
