"""What the scores add up to: per rep, per initiative, and what to do next. Knows nothing of how calls were judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict


class Behaviour(StrEnum):
    """What a recommendation can be about, in the order a manager would take them up."""

    ANSWER_THE_WHY = "answer_the_why"
    TELL_THE_WALL = "tell_the_wall"
    LINK_TO_CUSTOMER = "link_to_customer"
    LEAVE_THE_SCRIPT = "leave_the_script"
    GIVE_A_REASON_NOT_FEATURES = "give_a_reason_not_features"
    ASK_BEFORE_OFFERING = "ask_before_offering"
    RAISE_IT = "raise_it"
    SHARE_IT = "share_it"


GAPS = tuple(behaviour for behaviour in Behaviour if behaviour is not Behaviour.SHARE_IT)
"""The behaviours that can be missing in a call; SHARE_IT is for a rep who has nothing to mend and something to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A share in 0..1 from `n` calls with an interval of the stated `coverage`; None where n is 0. `count`: calls of the n."""

    n: int
    share: float | None
    low: float | None
    high: float | None
    coverage: float = 0.9
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A place in a call worth playing: the rep's words, and the customer's words before them where they matter."""

    call_id: str
    initiative_id: str
    started_at: datetime | None
    turn: int
    start: float | None
    end: float | None
    quote: str
    customer_quote: str | None = None
    customer_turn: int | None = None
    customer_start: float | None = None
    customer_name: str | None = None
    rep_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One thing to coach. `intent` is the why of the initiative; `moments` hold at least one quote; owner is a person id."""

    rep_id: str
    initiative_id: str
    behaviour: Behaviour
    headline: str
    intent: str
    because: str
    moments: tuple[Moment, ...]
    practice: str
    owner: str | None
    due: date
    n_calls: int
    n_shown: int
    example: Moment | None = None
    example_rep_id: str | None = None

    def __post_init__(self) -> None:
        if not self.moments:
            raise ValueError(f"{self.rep_id}: a recommendation rests on at least one quote.")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardCall:
    """One verdict in a rep's history, in the order of the calls."""

    call_id: str
    initiative_id: str
    started_at: datetime | None
    verdict: Verdict
    customer_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepProfile:
    """A rep's calls in numbers: verdict counts per initiative, and shares with intervals per behaviour.

    `n_calls` counts judged calls; those that could not be assessed are in `n_not_assessed` alone. `explained` leaves out the
    initiatives in `left_to_leaders`: what the definition or readiness caused is no figure about a rep.
    """

    rep_id: str
    team: str | None
    n_calls: int
    verdicts: Mapping[str, Mapping[Verdict, int]]
    explained: Estimate
    shares: Mapping[Behaviour, Estimate]
    strengths: tuple[str, ...] = ()
    history: tuple[HeardCall, ...] = ()
    n_not_assessed: int = 0
    left_to_leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderTelling:
    """How one leader's recording told an initiative's story; levels None, with the reason, where it could not be judged."""

    call_id: str
    person_id: str | None
    started_at: datetime | None
    levels: Mapping[Component, Level] | None
    reason: str | None = None
    moment: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeFinding:
    """What an initiative's calls say together, and whose move it is: the leaders' or single reps'.

    `reps_explaining` of `reps` explained in at least one call; `headline` and `next_step` are sentences; `owner` a person id.
    `point` is where most reps fail alike; `reasons` say what else speaks for the leaders' move.
    """

    initiative_id: str
    n_calls: int
    n_raised: int
    verdicts: Mapping[Verdict, int]
    reps: int
    reps_explaining: int
    for_leaders: bool
    headline: str
    next_step: str
    owner: str | None
    moments: tuple[Moment, ...] = ()
    point: Behaviour | None = None
    reasons: tuple[str, ...] = ()
    leaders: tuple[LeaderTelling, ...] = ()
    leaders_say: str | None = None
    example: Moment | None = None
    example_rep_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedCall:
    """A call somebody should listen to, with the reason."""

    call_id: str
    initiative_id: str
    rep_id: str | None
    reason: str
    moment: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnheardName:
    """A name that none of `n_calls` calls holds: not said, or not recognised? `call_id` is one to listen to.

    n_raised: of them, calls in which the initiative came up all the same.
    """

    initiative_id: str
    name: str
    n_calls: int
    n_raised: int
    call_id: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallProblem:
    """A call that could not be processed, and the sentence that says why and what to do."""

    call_id: str
    sentence: str
    attempts: int = 1
    quarantined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepReport:
    """One rep in the morning report."""

    profile: RepProfile
    recommendations: tuple[Recommendation, ...]
    no_recommendation_because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningReport:
    """All that the brief, the terminal table and --json show."""

    today: date
    first_day: date | None
    last_day: date | None
    n_calls: int
    n_new_calls: int
    reps: tuple[RepReport, ...]
    initiatives: tuple[InitiativeFinding, ...]
    flagged: tuple[FlaggedCall, ...]
    problems: tuple[CallProblem, ...]
    versions: Mapping[str, str]
    not_assessed: tuple[CallProblem, ...] = ()
    n_without_rep: int = 0
    n_leader_recordings: int = 0
    unheard: tuple[UnheardName, ...] = ()
