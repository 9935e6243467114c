"""Calls that wait for a person's ear, why each does, and how a list of them is asked for. Knows nothing of how they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from callcoach.domain.coaching import Moment
from callcoach.domain.verdict import Verdict


class Why(StrEnum):
    """What puts a call before a person, the most pressing first."""

    DISPUTED = "disputed"
    FLAGGED = "flagged"
    UNCERTAIN = "uncertain"
    RANDOM = "random"


class QueueState(StrEnum):
    """Whether somebody has to listen still."""

    WAITING = "waiting"
    REVIEWED = "reviewed"
    DISMISSED = "dismissed"


class Order(StrEnum):
    """In which order calls come; ties by id, so that pages hold still."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LEAST_SURE = "least_sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a call is in the queue, as a sentence."""

    why: Why
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedCall:
    """A call and an initiative to listen for, with every reason. uncertainty: 0..1, None where the judge said nothing of it."""

    call_id: str
    initiative_id: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    rep_id: str | None = None
    team: str | None = None
    started_at: datetime | None = None
    customer_name: str | None = None
    uncertainty: float | None = None
    moment: Moment | None = None

    def __post_init__(self) -> None:
        if not self.reasons:
            raise ValueError(f"{self.call_id}: nothing waits for a person without a reason.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """Somebody said that a call need not be heard, and why. It holds while the verdict does; a batch was dismissed at once."""

    batch_id: str
    call_id: str
    initiative_id: str
    verdict: Verdict
    by: str
    at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which part of the queue: None or empty does not narrow. first and last: days of the calls, both included."""

    state: QueueState | None = QueueState.WAITING
    why: Why | None = None
    initiative_id: str | None = None
    rep_id: str | None = None
    team: str | None = None
    verdict: Verdict | None = None
    first: date | None = None
    last: date | None = None
    order: Order = Order.NEWEST

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is asked for."""
        return any(
            part is not None
            for part in (self.why, self.initiative_id, self.rep_id, self.team, self.verdict, self.first, self.last)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A row of the queue as it stands now: reviewed by a person, dismissed with a reason, or waiting."""

    call: QueuedCall
    state: QueueState
    dismissal: Dismissal | None = None

    @property
    def key(self) -> str:
        """Names the row in addresses and forms."""
        return f"{self.call.initiative_id}/{self.call.call_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a week of calls is heard: `done` of `calls`, in the seven days from `first` on."""

    first: date
    done: int
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many calls there are in each state, as otherwise asked for; and of these, in the state asked for, for each reason."""

    states: Mapping[QueueState, int] = field(default_factory=dict)
    whys: Mapping[Why, int] = field(default_factory=dict)

    @property
    def all(self) -> int:
        """In whatever state."""
        return sum(self.states.values())
