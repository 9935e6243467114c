"""How each manager coaches, corrects and grades, beside the others: for those who coach managers. No order, no grade, no total.

Strictness is compared on the very same calls and questions only; which way corrections go is told apart from it, since everybody
corrects other calls. Knows nothing of where any of it is kept, nor of who looks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from callcoach.coaching import manager_wording as words
from callcoach.coaching.counted import COVERAGE, counted, difference
from callcoach.domain.behaviour import Estimate
from callcoach.domain.calibration import Label
from callcoach.domain.goals import Goal
from callcoach.domain.people import Coached, Company, PersonRole
from callcoach.domain.review import VERDICT, Review, about_level
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict

DAYS = 28
"""Four weeks: who coaches every rep once a fortnight shows it, and a week of holidays does not hide it."""

LEAST = 8
"""Fewer calls leave an interval as wide as the scale; the same number as for a rep's share."""

ONE_CALL_APART = 0.25
"""One imagined call on which they differ by half a level keeps agreement on a few calls from looking certain."""

_WORTH: Mapping[str, int] = {
    Verdict.EXPLAINS.value: 2,
    Verdict.PARTIAL.value: 1,
    Verdict.RECITES.value: 0,
    Verdict.FACTS_ONLY.value: 0,
    Verdict.STUMBLES.value: 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strictness:
    """A manager's blind labels beside others' of the same calls. gap: on average, as a share of the scale; below 0 is stricter.

    n: calls compared. gap, low and high are None below `LEAST`.
    """

    n: int
    gap: float | None
    low: float | None
    high: float | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """In how many of the calls that a manager corrected upwards or downwards it was downwards, beside everybody else's."""

    own: Estimate
    others: Estimate
    difference: float | None
    low: float | None
    high: float | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerConduct:
    """One manager. reps: of their teams; reps_coached, coachings: of the last `DAYS` days; goals: running; corrected: calls."""

    person_id: str
    name: str
    reps: int
    reps_coached: int
    coachings: int
    goals: int
    goals_agreed: int
    corrected: int
    strictness: Strictness
    leaning: Leaning
    sentences: tuple[str, ...]


def managers(
    company: Company,
    *,
    coached: Sequence[Coached],
    goals: Sequence[Goal],
    reviews: Sequence[Review],
    labels: Sequence[Label],
    today: date,
    initiative_id: str | None = None,
) -> tuple[ManagerConduct, ...]:
    """Every manager of the people file, by name; of one initiative where one is named. coached: of any log there is."""
    logged = bool(coached)
    if initiative_id is not None:
        coached = [each for each in coached if each.initiative_id == initiative_id]
        goals = [goal for goal in goals if goal.initiative_id == initiative_id]
        reviews = [review for review in reviews if review.initiative_id == initiative_id]
        labels = [label for label in labels if label.initiative_id == initiative_id]
    found = [person for person in company.people if person.role is PersonRole.MANAGER]
    return tuple(
        _conduct(person.id, company, coached, goals, reviews, labels, today, logged=logged, of_one=initiative_id is not None)
        for person in sorted(found, key=lambda person: (person.name, person.id))
    )


def _conduct(
    manager_id: str,
    company: Company,
    coached: Sequence[Coached],
    goals: Sequence[Goal],
    reviews: Sequence[Review],
    labels: Sequence[Label],
    today: date,
    *,
    logged: bool,
    of_one: bool,
) -> ManagerConduct:
    teams = {team.id for team in company.teams if team.manager == manager_id}
    reps = {person.id for person in company.people if person.role is PersonRole.REP and person.team in teams}
    since = today - timedelta(days=DAYS)
    log = [each for each in coached if each.by == manager_id and since < each.on <= today]
    running = [goal for goal in goals if goal.manager_id == manager_id and goal.closed_on is None]
    corrected = {review.call_id for review in reviews if review.person_id == manager_id}
    strictness, leaning = strictness_of(manager_id, labels), leaning_of(manager_id, reviews)
    reps_coached, agreed = len({each.rep_id for each in log} & reps), sum(goal.agreed for goal in running)
    said = [
        _coached(len(reps), reps_coached, len(log), logged=logged, of_one=of_one),
        words.goals(len(running), agreed),
        words.corrections(len(corrected)),
        strictness.sentence,
        leaning.sentence,
    ]
    return ManagerConduct(
        person_id=manager_id,
        name=company.name_of(manager_id),
        reps=len(reps),
        reps_coached=reps_coached,
        coachings=len(log),
        goals=len(running),
        goals_agreed=agreed,
        corrected=len(corrected),
        strictness=strictness,
        leaning=leaning,
        sentences=tuple(said),
    )


def _coached(reps: int, reps_coached: int, coachings: int, *, logged: bool, of_one: bool) -> str:
    if not reps:
        return words.NO_TEAM
    return words.coached(reps, reps_coached, coachings, DAYS, of_one=of_one) if logged else words.NO_LOG


def strictness_of(person_id: str, labels: Sequence[Label]) -> Strictness:
    """How a person's blind labels lie against the others' of the same calls, on levels and criteria alike."""
    latest: dict[tuple[str, str], dict[str, Label]] = {}
    for label in sorted(labels, key=lambda label: label.at):
        latest.setdefault((label.initiative_id, label.call_id), {})[label.person_id] = label
    apart = []
    for of_call in latest.values():
        own = of_call.get(person_id)
        others = [label for person, label in of_call.items() if person != person_id]
        gap = _gap(own, others) if own else None
        if gap is not None:
            apart.append(gap)
    n = len(apart)
    if n < LEAST:
        return Strictness(n=n, gap=None, low=None, high=None, sentence=words.too_few_labels(n, LEAST))
    from scipy.special import stdtrit

    mean = sum(apart) / n
    spread = sqrt((sum((gap - mean) ** 2 for gap in apart) + ONE_CALL_APART**2) / n)
    half = float(stdtrit(n - 1, (1 + COVERAGE) / 2)) * spread / sqrt(n)
    gap, low, high = round(mean, 6), round(mean - half, 6), round(mean + half, 6)
    return Strictness(n=n, gap=gap, low=low, high=high, sentence=words.labels(n, gap, low, high))


def leaning_of(person_id: str, reviews: Sequence[Review]) -> Leaning:
    """Which way a person's corrections go, a call counted once, beside everybody else's."""
    own = _downwards(review for review in reviews if review.person_id == person_id)
    others = _downwards(review for review in reviews if review.person_id != person_id)
    apart = difference(own, others)
    if apart is None or min(own.n, others.n) < LEAST:
        sentence = words.too_few_corrections(own.n, others.n, LEAST)
        return Leaning(own=own, others=others, difference=None, low=None, high=None, sentence=sentence)
    return Leaning(
        own=own,
        others=others,
        difference=apart.middle,
        low=apart.low,
        high=apart.high,
        sentence=words.leaning(own, others, apart.low, apart.high),
    )


def _gap(own: Label, others: Sequence[Label]) -> float | None:
    """How far one label of a call lies above the mean of the others, over all that both answered; in shares of the scale."""
    gaps = []
    for component in Component:
        theirs = [label.levels[component] / 2 for label in others if component in label.levels]
        if component in own.levels and theirs:
            gaps.append(own.levels[component] / 2 - sum(theirs) / len(theirs))
    for name, met in own.criteria.items():
        answered = [answer for label in others if (answer := label.criteria.get(name)) is not None]
        if met is not None and answered:
            gaps.append(met - sum(answered) / len(answered))
    return sum(gaps) / len(gaps) if gaps else None


def _downwards(reviews: Iterable[Review]) -> Estimate:
    by_call: dict[tuple[str, str, str], int] = {}
    for review in reviews:
        call = (review.person_id, review.initiative_id, review.call_id)
        by_call[call] = by_call.get(call, 0) + _direction(review)
    ways = [way for way in by_call.values() if way]
    return counted(sum(way < 0 for way in ways), len(ways))


_GRADES: Mapping[str, int] = {str(int(level)): int(level) for level in Level}


def _direction(review: Review) -> int:
    """1 up, -1 down, 0 where the two answers are none above the other."""
    if review.about == VERDICT:
        scale = _WORTH
    elif review.about in {about_level(component) for component in Component}:
        scale = _GRADES
    else:
        return 0
    before, after = scale.get(review.machine), scale.get(review.person)
    return 0 if before is None or after is None else (after > before) - (after < before)
