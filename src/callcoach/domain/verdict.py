"""What was judged of one call and one initiative, with the evidence. Knows nothing of models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from callcoach.domain.story import Component


class Level(IntEnum):
    """How clearly a component was told."""

    ABSENT = 0
    MENTIONED = 1
    EXPLAINED = 2


class Verdict(StrEnum):
    """How the initiative's why came across in a call."""

    EXPLAINS = "explains"
    PARTIAL = "partial"
    RECITES = "recites"
    FACTS_ONLY = "facts_only"
    STUMBLES = "stumbles"
    NOT_RAISED = "not_raised"
    NOT_ASSESSED = "not_assessed"


JUDGED_VERDICTS = tuple(verdict for verdict in Verdict if verdict is not Verdict.NOT_ASSESSED)


class Answer(StrEnum):
    """How the rep answered when the customer asked why, or what it means for them."""

    FULL = "full"
    PARTIAL = "partial"
    DEFLECTS = "deflects"
    NONE = "none"
    NOT_ASKED = "na"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A verbatim quote. `act` is an Act value (`wall`, `recite`, `need` ...); turn counts from 0; times in seconds.

    `reply_to` pairs a rep's quote with the number of the customer turn it builds on or answers.
    """

    act: str
    turn: int
    quote: str
    start: float | None = None
    end: float | None = None
    strength: float | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedRun:
    """The longest run of words a rep turn shares with the script: what was said beside what stands in the script."""

    turn: int
    said: str
    script: str
    words: int
    share_of_turn: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviours:
    """Conduct that the coaching speaks of."""

    offer_hunting: bool
    feature_dump: bool
    diagnosed_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """Context for a reader, never part of the why score. None where the transcript has no times or nobody spoke."""

    talk_share: float | None
    longest_monologue_s: float | None
    questions_asked: int
    words_per_minute: float | None
    pause_before_answer_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What the customer did right after the initiative was pitched: context for a reader, never part of the why score.

    Only what was done is told, never what was felt. pitch_turn and turn count from 0; quote, start and end are those of the
    customer's turn, which has `words` words. stayed: whether it is still about the pitch, None where too little is said to tell.
    took_up: words of the pitch that the customer had not used before, as the customer says them.
    """

    pitch_turn: int
    turn: int
    quote: str
    words: int
    asked: bool
    asked_why: bool
    stayed: bool | None
    took_up: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    """What a call says to one of the initiative's own criteria; met: None where unclear. quote: the rep's nearest words."""

    id: str
    about: str
    weight: float
    met: bool | None
    sentence: str
    quote: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallScore:
    """The judgement of one call for one initiative.

    confidence in 0..1; why_score in 0..100, None when not assessed; `statements` is the chain of checkable sentences behind the
    verdict; `reason` says why a call is not assessed; `versions` names rubric, models and software.
    names_heard: the initiative's name and glossary terms that occur in the words; None where that was not looked at.
    reaction: what the customer did after the pitch; None where nothing was pitched or nobody answered. needs_person: the sentence
    why a person has to judge this call, None where the judgement may stand without one. criteria: what the call says to the
    initiative's own criteria, none where it has none.

    Raises ValueError where a level above 0 has no evidence: nothing is claimed without a quote.
    """

    call_id: str
    initiative_id: str
    verdict: Verdict
    confidence: float | None
    why_score: float | None
    levels: Mapping[Component, Level]
    asked_why: bool
    answer: Answer
    behaviours: Behaviours
    evidence: tuple[Evidence, ...]
    probabilities: Mapping[Verdict, float] = field(default_factory=dict)
    copied: CopiedRun | None = None
    conduct: Conduct | None = None
    statements: tuple[str, ...] = ()
    reason: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    names_heard: tuple[str, ...] | None = None
    reaction: Reaction | None = None
    needs_person: str | None = None
    criteria: tuple[CriterionResult, ...] = ()

    def __post_init__(self) -> None:
        for component, level in self.levels.items():
            if level > Level.ABSENT and not any(quote.act == component.value for quote in self.evidence):
                raise ValueError(f"{self.call_id}: {component.value} is at level {int(level)} without a quote.")
        if (self.verdict is Verdict.NOT_ASSESSED) != (self.reason is not None):
            raise ValueError(f"{self.call_id}: not_assessed goes with a reason, and only then.")
