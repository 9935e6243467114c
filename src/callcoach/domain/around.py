"""What surrounds an initiative's calls: how leaders tell it and how often, what else competes in the same calls, what was sold.

Knows nothing of how any of it is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from callcoach.domain.behaviour import Estimate
from callcoach.domain.coaching import Moment
from callcoach.domain.story import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderSaid:
    """One leader's words on an initiative in one recording.

    told: components that the judge heard, in a line with words of the story. other_words: heard in a line without one. touched:
    not heard, with the words (two or more) of that component alone that were said all the same. left_out: neither heard nor
    touched. What is not judged in a talk to the field is in none. quotes: the lines nearest to the story first. person_id: None
    where nobody is named.
    """

    call_id: str
    person_id: str | None
    started_at: datetime | None
    told: tuple[Component, ...]
    other_words: tuple[Component, ...]
    touched: Mapping[Component, tuple[str, ...]]
    left_out: tuple[Component, ...]
    quotes: tuple[Moment, ...]


class About(StrEnum):
    """In what two tellings differ."""

    COMPONENT = "component"
    FIGURE = "figure"
    DAY = "day"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDifferently:
    """Two lines side by side that do not tell it alike. story: the line of the story, where the other line is no leader's."""

    about: About
    sentence: str
    one: Moment
    other: Moment | None = None
    story: str | None = None

    def __post_init__(self) -> None:
        if (self.other is None) == (self.story is None):
            raise ValueError("A difference has two sides: another leader's line, or the story's.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """How the leaders who were recorded tell an initiative, each in their own words, and where two of them differ."""

    sentence: str
    leaders: tuple[LeaderSaid, ...]
    differences: tuple[ToldDifferently, ...] = ()


class MessageKind(StrEnum):
    """An occasion on which the field was told."""

    ANNOUNCED = "announced"
    TRAINING = "training"
    MATERIALS = "materials"
    RECORDING = "recording"
    COACHING = "coaching"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The field, or one rep in a coaching, was told on a day; who: a person id; call_id: of the recording."""

    on: date
    kind: MessageKind
    who: str | None = None
    call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A stretch of time, both days included: how often the field was told, and how often calls brought it up and explained it."""

    first: date
    last: date
    messages: int
    raised: Estimate
    explained: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """How often the field was told, beside how far that reaches customers."""

    sentence: str
    messages: tuple[Message, ...]
    covered: tuple[Covered, ...]
    raised: Estimate
    explained: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Competing:
    """Calls in which this initiative came up alone, beside those in which others came up, too.

    difference, low, high: share explained with others less alone; None while too few calls say so. costs: surely less.
    others: the initiatives it shares calls with, the most frequent first, with the number of calls.
    """

    alone: Estimate
    together: Estimate
    others: tuple[tuple[str, int], ...]
    difference: float | None
    low: float | None
    high: float | None
    costs: bool
    sentence: str
    caveat: str


class DealQuestion(StrEnum):
    """What is read of closed deals."""

    HIGH_VALUE = "high-value products"
    LATE_DISCOUNT = "discounts given late"


@dataclass(frozen=True, slots=True, kw_only=True)
class DealSignal:
    """A share of an initiative's deals, of the company or of one team (team: its id), with and without the why.

    explained, other: of deals whose calls explain it, and of the others; no share where n is 0.
    """

    question: DealQuestion
    team: str | None
    share: Estimate
    explained: Estimate
    other: Estimate
    sentence: str
    caveat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """All of it for one initiative; None or empty where there is nothing to tell from."""

    consistency: Consistency | None = None
    frequency: Frequency | None = None
    competing: Competing | None = None
