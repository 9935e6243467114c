"""What people say of calls when they label blind, how far they agree, and what follows. Knows nothing of how that is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from callcoach.domain.fingerprint import fingerprint
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict

CRITERION = "criterion:"
"""What a figure about a criterion is called: this and the criterion's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one person heard in one call for one initiative, without having seen the machine's answer or anybody else's.

    version: of the initiative they had before them. criteria: by id, None where the person was unclear. round_id None: taken
    in from a file that names no round. levels are empty for a call that cannot be judged.

    Raises ValueError where the answer and the question do not fit.
    """

    call_id: str
    initiative_id: str
    person_id: str
    at: datetime
    version: str
    verdict: Verdict
    levels: Mapping[Component, Level]
    asked_why: bool
    answer: Answer
    criteria: Mapping[str, bool | None] = field(default_factory=dict)
    quote: str | None = None
    note: str | None = None
    round_id: str | None = None

    def __post_init__(self) -> None:
        if self.asked_why == (self.answer is Answer.NOT_ASKED):
            raise ValueError(f"{self.call_id}: the answer is na exactly where nobody asked why.")

    @property
    def label_id(self) -> str:
        """Names this label for good: the same person may label the same call again another day."""
        return fingerprint(self.initiative_id, self.call_id, self.person_id, self.at.isoformat())

    @property
    def raised(self) -> bool:
        """Whether this person heard the initiative being presented."""
        return self.verdict not in (Verdict.NOT_RAISED, Verdict.NOT_ASSESSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A call chosen for a round, and why; the why is not for the labellers' eyes."""

    call_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Calls that two or more people label without seeing each other's answers or the machine's, in this order."""

    round_id: str
    initiative_id: str
    version: str
    people: tuple[str, ...]
    picks: tuple[Pick, ...]
    seed: int
    at: datetime

    @property
    def call_ids(self) -> tuple[str, ...]:
        """The calls, in the order in which they are labelled."""
        return tuple(pick.call_id for pick in self.picks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was agreed on a call after the labels were laid side by side. Kept beside the labels, which stay as they are."""

    round_id: str
    call_id: str
    verdict: Verdict
    because: str
    by: str
    at: datetime
    levels: Mapping[Component, Level] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Agreement on one thing that is asked of each call.

    about: verdict, asked_why, answer, a component, or CRITERION and an id. kappa: Cohen's, for levels quadratic weighted, the
    mean over pairs of people. alpha: Krippendorff's, nominal, for levels interval, with the middle `coverage` of its bootstrap
    draws. agreed: the share of calls on which all said the same. n: calls compared. None: not defined, above all where
    everybody said the same throughout.
    """

    about: str
    n: int
    agreed: float | None
    kappa: float | None
    alpha: float | None
    low: float | None
    high: float | None
    coverage: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far people agree with each other, and with the machine, on the calls they labelled for one initiative.

    n_raised: calls in which at least one of them heard the initiative. older: labels made with another version of the text.
    """

    initiative_id: str
    people: tuple[str, ...]
    n_calls: int
    n_raised: int
    people_people: tuple[Figure, ...]
    people_machine: tuple[Figure, ...]
    n_labels: int = 0
    older: int = 0

    def among_people(self, about: str) -> Figure | None:
        """The figure of people with people."""
        return next((figure for figure in self.people_people if figure.about == about), None)

    def with_machine(self, about: str) -> Figure | None:
        """The figure of people with the machine."""
        return next((figure for figure in self.people_machine if figure.about == about), None)


class GateState(StrEnum):
    """How far an initiative has come on the way to coaching."""

    DRAFTED = "drafted"
    DEFINED = "defined"
    CALIBRATED = "calibrated"
    COACHING = "coaching"


class Phase(StrEnum):
    """Where an initiative stands by its own dates."""

    PREPARE = "prepare"
    LAUNCH = "launch"
    SUSTAIN = "sustain"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An administrator's word that an initiative is coached before the gate is open. Dated, and named wherever it counts."""

    initiative_id: str
    by: str
    because: str
    at: datetime
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionProblem:
    """What of an initiative people do not agree on, or its text leaves open: its owner's to mend, nobody's to be coached for.

    about: as in a Figure.
    """

    about: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Whether what an initiative's calls say about reps may be coached on: the state, why, and what to do next.

    withheld: no coaching comes of this initiative. problems: single things that yield none although the rest does.
    override: in force today; then nothing is withheld on account of the state. next_step is a command, or None where there
    is nothing to do.
    """

    initiative_id: str
    state: GateState
    phase: Phase
    reason: str
    next_step: str | None
    withheld: bool
    owner: str | None = None
    problems: tuple[DefinitionProblem, ...] = ()
    readiness: tuple[str, ...] = ()
    override: Override | None = None
