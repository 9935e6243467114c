"""What the scores add up to: per rep, per initiative, and what to do next. Knows nothing of how calls were judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from callcoach.domain.behaviour import GAPS as GAPS
from callcoach.domain.behaviour import Behaviour as Behaviour
from callcoach.domain.behaviour import Estimate as Estimate
from callcoach.domain.calibration import Gate
from callcoach.domain.diagnosis import Adoption, Diagnosis, Momentum
from callcoach.domain.goals import GoalStanding, WhatWorked
from callcoach.domain.review import Correction
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict


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
class Given:
    """What was recommended to a rep before: since which day, and in which place (0 first)."""

    rep_id: str
    initiative_id: str
    behaviour: Behaviour
    since: date
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidAgain:
    """A passage of about `words` words that a rep said in the same words to `customers` different customers about an initiative.

    `said`: once for each call, in the order of the calls. in_script: whether most of it stands in the script.
    """

    rep_id: str
    initiative_id: str
    words: int
    customers: int
    in_script: bool
    said: tuple[Moment, ...]

    def __post_init__(self) -> None:
        if len(self.said) < 2:
            raise ValueError(f"{self.rep_id}: words are said again in two calls or more.")


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
    `point` is where most reps fail alike; `reasons` say what else speaks for the leaders' move. after_kick_off: the share
    explained later than three weeks after the launch or the latest talk to the field, beside those weeks; None before any.
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
    diagnosis: Diagnosis | None = None
    adoption: Adoption | None = None
    momentum: Momentum | None = None
    after_kick_off: Momentum | None = None


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
    """One rep in the morning report. goals: those that are not closed, and those that were lately."""

    profile: RepProfile
    recommendations: tuple[Recommendation, ...]
    no_recommendation_because: str | None = None
    said_again: tuple[SaidAgain, ...] = ()
    goals: tuple[GoalStanding, ...] = ()


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
    gates: tuple[Gate, ...] = ()
    corrections: tuple[Correction, ...] = ()
    worked: WhatWorked | None = None
