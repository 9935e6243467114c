"""The five-C card of an initiative: clarity, commitment, communication, cadence, capability, each from what was counted.

Every figure names its source and its n; what is not there is named as missing and never as zero. No C has a grade or a total: a
card that adds them up would hide the one that is empty. Knows nothing of where any of it is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from callcoach.coaching import five_c_wording as words
from callcoach.coaching import leaders
from callcoach.coaching.counted import counted
from callcoach.coaching.pulse_wording import IN_SHORT
from callcoach.domain.behaviour import Estimate
from callcoach.domain.coaching import InitiativeFinding
from callcoach.domain.field_reports import FieldCase
from callcoach.domain.goals import Goal
from callcoach.domain.people import Coached
from callcoach.domain.pulse import Pulse, PulseQuestion
from callcoach.domain.story import Component, Initiative

DAYS = 28


class C(StrEnum):
    """The five, in the order in which they build on each other."""

    CLARITY = "clarity"
    COMMITMENT = "commitment"
    COMMUNICATION = "communication"
    CADENCE = "cadence"
    CAPABILITY = "capability"


class Source(StrEnum):
    """Where a figure comes from. Only the pulse is what people think; all others were counted."""

    LABELS = "blind labels"
    CALLS = "judged calls"
    LEADERS = "leaders' recordings"
    PULSE = "pulse"
    COACHING = "coaching log and goals"
    DEFINITION = "the definition's dates"
    REPORTS = "reports from the field"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFigure:
    """One figure in words. share: None where it is none (a kappa, a day, minutes). n: of what it was counted."""

    sentence: str
    source: Source
    n: int
    share: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPart:
    """One C. missing: what would have to be there to say more. measured: whether anything but the pulse speaks."""

    c: C
    heading: str
    figures: tuple[CardFigure, ...]
    missing: tuple[str, ...]

    @property
    def measured(self) -> bool:
        """Whether a figure does not rest on what people think of it."""
        return any(figure.source is not Source.PULSE for figure in self.figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiveC:
    """The card."""

    initiative_id: str
    parts: tuple[CardPart, ...]


class Agreed(NamedTuple):
    """Calls that people labelled together, and their kappa."""

    n: int
    kappa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundTheCard:
    """What is counted beside the calls. reps: ids of those with judged calls; leaders_on: days of leaders' recordings of it.

    agreement: of people with people on each component, where it is defined.
    """

    reps: Sequence[str]
    agreement: Mapping[Component, Agreed]
    pulse: Pulse
    coached: Sequence[Coached]
    goals: Sequence[Goal]
    cases: Sequence[FieldCase]
    leaders_on: Sequence[date]


def five_c(initiative: Initiative, finding: InitiativeFinding, around: AroundTheCard, *, today: date) -> FiveC:
    """The card of one initiative on one day."""
    parts = {
        C.CLARITY: _clarity(around),
        C.COMMITMENT: _commitment(initiative, finding, around),
        C.COMMUNICATION: _communication(initiative, finding),
        C.CADENCE: _cadence(initiative, around, today),
        C.CAPABILITY: _capability(initiative, finding, around),
    }
    return FiveC(initiative_id=initiative.id, parts=tuple(_part(c, *found) for c, found in parts.items()))


_Found = tuple[list[CardFigure], list[str]]


def _part(c: C, figures: Sequence[CardFigure], missing: Sequence[str]) -> CardPart:
    part = CardPart(c=c, heading=words.HEADINGS[c.value], figures=tuple(figures), missing=tuple(missing))
    if part.figures and not part.measured:
        return CardPart(c=c, heading=part.heading, figures=part.figures, missing=(words.NOT_AN_OPINION_ALONE, *part.missing))
    return part


def _clarity(around: AroundTheCard) -> _Found:
    figures, missing = [], []
    for component in Component:
        found = around.agreement.get(component)
        if found is not None:
            figures.append(CardFigure(sentence=words.kappa(component, found.kappa), source=Source.LABELS, n=found.n))
    if not figures:
        missing.append(words.NO_LABELS)
    return _with_pulse(figures, missing, around.pulse, PulseQuestion.WHY, PulseQuestion.WHO)


def _commitment(initiative: Initiative, finding: InitiativeFinding, around: AroundTheCard) -> _Found:
    figures, missing = [], []
    mentioned = finding.adoption.mentioned if finding.adoption else None
    if mentioned is not None and mentioned.n:
        figures.append(_share("Calls in which it comes up", mentioned, Source.CALLS))
    else:
        missing.append(words.NO_CALLS)
    with_goal = {
        goal.rep_id for goal in around.goals if goal.initiative_id == initiative.id and goal.agreed and not goal.closed_on
    }
    # where goals are set at all, none on this one is a figure; where none ever was, nothing is known
    if around.goals and around.reps:
        found = counted(len(with_goal & set(around.reps)), len(around.reps))
        figures.append(_share(words.goals_agreed(), found, Source.COACHING))
    else:
        missing.append(words.NO_GOALS)
    return figures, missing


def _communication(initiative: Initiative, finding: InitiativeFinding) -> _Found:
    figures, missing = [], []
    for component in Component:
        told, of = leaders.tell(component, finding.leaders)
        if of:
            figures.append(_share(words.leaders_told(component), counted(told, of), Source.LEADERS))
    if not figures:
        missing.append(words.NO_LEADERS)
    announced = initiative.readiness.announced
    if announced is None:
        missing.append(words.NO_DATES)
    else:
        figures.append(CardFigure(sentence=words.announced(announced, initiative.launched), source=Source.DEFINITION, n=1))
    return figures, missing


def _cadence(initiative: Initiative, around: AroundTheCard, today: date) -> _Found:
    figures, missing = [], []
    since = today - timedelta(days=DAYS)
    if around.coached and around.reps:
        lately = {each.rep_id for each in around.coached if each.initiative_id == initiative.id and since < each.on <= today}
        figures.append(_share(words.coached(DAYS), counted(len(lately & set(around.reps)), len(around.reps)), Source.COACHING))
    else:
        missing.append(words.NO_COACHING)
    if around.leaders_on:
        lately_told = sum(since < on <= today for on in around.leaders_on)
        sentence = words.leaders_lately(lately_told, DAYS)
        figures.append(CardFigure(sentence=sentence, source=Source.LEADERS, n=len(around.leaders_on)))
    else:
        missing.append(words.NO_LEADERS)
    if around.cases:
        answered = sum(not case.is_open for case in around.cases)
        figures.append(_share(words.reports_answered(), counted(answered, len(around.cases)), Source.REPORTS))
    else:
        missing.append(words.NO_REPORTS)
    return _with_pulse(figures, missing, around.pulse, PulseQuestion.COACHED, PulseQuestion.HEARD)


def _capability(initiative: Initiative, finding: InitiativeFinding, around: AroundTheCard) -> _Found:
    figures, missing = [], []
    adoption = finding.adoption
    if adoption is not None and adoption.explained.n:
        figures.append(_share("Calls that explain it, of those in which it comes up", adoption.explained, Source.CALLS))
    else:
        missing.append(words.NOT_RAISED)
    if adoption is not None and adoption.reps:
        sentence = words.consistent(adoption.consistent, adoption.reps, adoption.threshold)
        figures.append(CardFigure(sentence=sentence, source=Source.CALLS, n=adoption.reps))
    else:
        missing.append(words.NO_CONSISTENT)
    trainings = [each for each in initiative.readiness.training if each.date <= initiative.launched]
    if initiative.readiness.training:
        minutes = sum(each.minutes for each in trainings)
        figures.append(CardFigure(sentence=words.trained(minutes), source=Source.DEFINITION, n=len(trainings)))
    else:
        missing.append(words.NO_TRAINING)
    return _with_pulse(figures, missing, around.pulse, PulseQuestion.MEANS, PulseQuestion.GIVEN)


def _with_pulse(figures: list[CardFigure], missing: list[str], pulse: Pulse, *questions: PulseQuestion) -> _Found:
    answers = {gap.question: gap.reps.agrees for gap in pulse.gaps}
    shown = [(question, found) for question in questions if (found := answers.get(question)) is not None]
    figures += [_share(words.pulse(IN_SHORT[question]), found, Source.PULSE) for question, found in shown]
    if not shown:
        missing.append(words.NO_PULSE)
    return figures, missing


def _share(what: str, found: Estimate, source: Source) -> CardFigure:
    sentence = words.share(what, found, in_the_long_run=source is Source.CALLS)
    return CardFigure(sentence=sentence, source=source, n=found.n, share=found)
