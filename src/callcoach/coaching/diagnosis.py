"""Ask in a fixed order why an initiative stands where it stands, and stop blaming at the first step that breaks.

Measurement, definition, readiness, leaders, a point where many fail alike, single reps, and only then the strategy: whoever asks
the last question first blames reps for what was never defined, or a market for what was never told. Every step says what it
found; the first that is not sound is the cause, and its owner has the one next action. Knows counts and dates, no quotes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from callcoach.coaching import diagnosis_wording as words
from callcoach.coaching import finding_wording, leaders, outcomes, readiness
from callcoach.coaching.measures import verdicts
from callcoach.coaching.misheard import misheard_teams
from callcoach.coaching.shares import Shares, only
from callcoach.domain.coaching import Behaviour, LeaderTelling
from callcoach.domain.diagnosis import Alike, Cause, Diagnosis, Question, Step
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Verdict

LEAST_AGREEMENT = 0.6
"""Kappa of people with people below which a component means different things to them."""

LEAST_JUDGE_AGREEMENT = 0.4
FEWEST_CALLS = 5
MOST_NOT_ASSESSED = 0.4
FAILS_BELOW = 1 / 3
LIKELY = 0.5
SURE = 0.9
FEW_TRIES, MANY_TRIES = 3, 8
"""Of three tries one that worked shows that the rep can; of up to seven, more than one in four. From eight on the model says."""

MIN_REPS = 3
MIN_CALLS_TO_NAME_A_REP = 5

POINTS = (Behaviour.ANSWER_THE_WHY, Behaviour.LINK_TO_CUSTOMER, Behaviour.TELL_THE_WALL)
"""Where a story can be missing, the one a customer notices first."""

Agreement = Mapping[Component, float | None]
"""Kappa of people with people on each component; None where nobody has labelled enough calls blind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPoint:
    """Reps who hardly ever get past a point, of those who came to it. Teams: of the failing reps."""

    behaviour: Behaviour
    failing: tuple[str, ...]
    managing: tuple[str, ...]
    teams: int

    @property
    def tried(self) -> int:
        """Reps who came to the point."""
        return len(self.failing) + len(self.managing)

    def doable(self, share: float) -> bool:
        """Whether enough reps get past it to say that it can be done: at least two, and this share of them."""
        return len(self.managing) >= 2 and len(self.managing) >= share * self.tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known of an initiative beside the calls. unheard: its names that no call holds; judge: kappa judge with people.

    alike: by team, on how many labelled calls the judge gives the verdict that people give.
    """

    told: tuple[LeaderTelling, ...] = ()
    agreement: Agreement | None = None
    unheard: tuple[str, ...] = ()
    judge: float | None = None
    alike: Mapping[str, Alike] = field(default_factory=dict)


def diagnose(initiative: Initiative, shares: Shares, surroundings: Surroundings, company: Company, *, today: date) -> Diagnosis:
    """The chain for one initiative. Its next action has one owner: who must move first."""
    window = only([initiative.id])
    inside = shares.within(window)
    verdict = verdicts()[shares.columns.code[inside]]
    n = len(verdict)
    judged = int((verdict != list(Verdict).index(Verdict.NOT_ASSESSED)).sum())
    raised = int(judged - (verdict == list(Verdict).index(Verdict.NOT_RAISED)).sum())
    if judged < FEWEST_CALLS:
        sentence = words.too_few_calls(initiative.name, judged, FEWEST_CALLS)
        step = Step(question=Question.MEASURED, sound=None, sentence=sentence)
        found = _ends(initiative, Cause.TOO_FEW_CALLS, (step,), company, None, ())
        if initiative.launched > today:
            return replace(found, next_action=words.starts_on(initiative.name, initiative.launched))
        return found
    severe, reasons = readiness.unreadiness(initiative)
    silent = leaders.missing_component(surroundings.told, None) or leaders.missing_component(surroundings.told, POINTS[0])
    failing = shared_point(shares, initiative.id, severe=severe, silent_leaders=silent is not None)
    reps = failing_reps(shares, initiative.id)
    steps: tuple[Step, ...] = (
        _measured(
            initiative, n, judged, raised, surroundings, misheard_teams(surroundings.alike, _team_of_all(reps, shares)), company
        ),
        _defined(initiative, surroundings.agreement),
        _ready(initiative, severe, reasons, failing is not None or bool(reps), today),
        _leaders(initiative, surroundings.told, failing),
        _shared(initiative, failing),
        _reps(initiative, reps, shares, company),
        _strategy(initiative, shares),
    )
    causes = (Cause.MEASUREMENT, Cause.DEFINITION, Cause.READINESS, Cause.LEADERS, Cause.TRAINING, Cause.REPS, Cause.STRATEGY)
    broken = next((cause for cause, step in zip(causes, steps, strict=True) if step.sound is False), Cause.NOTHING)
    if broken in (Cause.LEADERS, Cause.TRAINING, Cause.REPS, Cause.STRATEGY) and too_early(initiative, today):
        broken = Cause.TOO_EARLY
        # what the calls show is seen, and concluded from later: no step is called broken
        steps = tuple(replace(step, sound=None) if step.sound is False else step for step in steps)
    if broken is not Cause.REPS:
        steps = tuple(_not_asked_of_reps(step) for step in steps)
    return _ends(initiative, broken, steps, company, failing, reps)


def shared_point(shares: Shares, initiative_id: str, *, severe: bool, silent_leaders: bool = False) -> SharedPoint | None:
    """The point where at least three reps and half of those who came to it fail, over more than one team where there are several.

    Unless the field was severely unready, a point that a quarter of the reps get past is a matter of coaching; a third where
    leaders did not tell it: some reps always find it by themselves.
    """
    columns = shares.columns
    with_calls = np.unique(columns.rep[shares.within(only([initiative_id])) & (columns.rep >= 0)])
    several_teams = len({int(team) for team in columns.team_of_rep[with_calls] if team >= 0}) > 1
    for behaviour in POINTS:
        point = _point(shares, initiative_id, behaviour)
        half = point.tried > 0 and len(point.failing) * 2 >= point.tried
        spread = point.teams > 1 or not several_teams
        if (
            len(point.failing) >= MIN_REPS
            and half
            and spread
            and (severe or not point.doable(1 / 3 if silent_leaders else 1 / 4))
        ):
            return point
    return None


def failing_reps(shares: Shares, initiative_id: str) -> tuple[str, ...]:
    """The reps who surely explain it in fewer than a third of the calls in which it comes up."""
    window = only([initiative_id])
    counts, fit = shares.counts(Verdict.EXPLAINS, window), shares.fit(Verdict.EXPLAINS, window)
    n, done = counts.n.sum(axis=1), counts.done.sum(axis=1)
    below = fit.below(FAILS_BELOW)
    fails = ((n >= MIN_CALLS_TO_NAME_A_REP) & (below >= SURE)) | ((n >= 2) & (n < MIN_CALLS_TO_NAME_A_REP) & (done == 0))
    return tuple(shares.columns.reps[number] for number in np.flatnonzero(fails))


def too_early(initiative: Initiative, today: date) -> bool:
    """Whether the expected lag since everything was in place has not passed yet."""
    return today < readiness.judged_from(initiative)


def _point(shares: Shares, initiative_id: str, behaviour: Behaviour) -> SharedPoint:
    window, columns = only([initiative_id]), shares.columns
    counts, fit = shares.counts(behaviour, window), shares.fit(behaviour, window)
    n, done = counts.n.sum(axis=1), counts.done.sum(axis=1)
    below = fit.below(FAILS_BELOW)
    fails = (n > 0) & np.where(n <= FEW_TRIES, done == 0, (below >= LIKELY) & ((done * 4 <= n) | (n >= MANY_TRIES)))
    teams = {int(team) for team in columns.team_of_rep[fails] if team >= 0}
    return SharedPoint(
        behaviour=behaviour,
        failing=tuple(columns.reps[number] for number in np.flatnonzero(fails)),
        managing=tuple(columns.reps[number] for number in np.flatnonzero((n > 0) & ~fails)),
        teams=len(teams),
    )


def _measured(
    initiative: Initiative,
    n: int,
    judged: int,
    raised: int,
    around: Surroundings,
    misheard: Sequence[tuple[str, Alike, Alike]],
    company: Company,
) -> Step:
    trouble = []
    if (n - judged) > MOST_NOT_ASSESSED * n:
        trouble.append(words.not_assessed(n - judged, n))
    if around.unheard and len(around.unheard) == len(initiative.names) and raised == 0:
        trouble.append(words.no_name_heard(initiative.name, judged))
    if around.judge is not None and around.judge < LEAST_JUDGE_AGREEMENT:
        trouble.append(words.judge_disagrees(around.judge))
    for team_id, here, elsewhere in misheard:
        team = company.team(team_id)
        trouble.append(words.judge_errs_for_a_team(team.name if team else team_id, here, elsewhere))
    sentence = words.measurement_unsound(initiative.name) if trouble else words.measurement_sound(n, judged)
    return Step(question=Question.MEASURED, sound=not trouble, sentence=sentence, evidence=tuple(trouble))


def _team_of_all(reps: Sequence[str], shares: Shares) -> str | None:
    """The one team that several reps are all of, and nobody else; None where there is no such team."""
    columns = shares.columns
    teams = {int(columns.team_of_rep[columns.rep_number[rep_id]]) for rep_id in reps}
    if len(reps) < 2 or len(teams) != 1 or len(columns.teams) < 2:
        return None
    team = teams.pop()
    return columns.teams[team] if team >= 0 else None


def _defined(initiative: Initiative, agreement: Agreement | None) -> Step:
    known = {component: kappa for component, kappa in (agreement or {}).items() if kappa is not None}
    if not known:
        return Step(question=Question.DEFINED, sound=None, sentence=words.nobody_labelled(initiative.name))
    vague = {component: kappa for component, kappa in known.items() if kappa < LEAST_AGREEMENT}
    if vague:
        evidence = tuple(words.people_differ(component, kappa, LEAST_AGREEMENT) for component, kappa in vague.items())
        return Step(question=Question.DEFINED, sound=False, sentence=words.not_defined(vague), evidence=evidence)
    return Step(question=Question.DEFINED, sound=True, sentence=words.defined(known))


def _ready(initiative: Initiative, severe: bool, reasons: tuple[str, ...], fails: bool, today: date) -> Step:
    if severe and fails:
        return Step(question=Question.READY, sound=False, sentence=words.not_ready(initiative.name), evidence=reasons)
    if reasons:
        return Step(question=Question.READY, sound=True, sentence=words.ready_but(initiative.name), evidence=reasons)
    if too_early(initiative, today):
        return Step(
            question=Question.READY, sound=None, sentence=words.too_early(initiative.name, readiness.judged_from(initiative))
        )
    stated = initiative.readiness.announced or initiative.readiness.materials_ready or initiative.readiness.training
    return Step(
        question=Question.READY, sound=True if stated else None, sentence=words.ready(initiative.name, stated=bool(stated))
    )


def _leaders(initiative: Initiative, told: Sequence[LeaderTelling], failing: SharedPoint | None) -> Step:
    judged = [telling for telling in told if telling.levels is not None]
    if len(judged) < leaders.MIN_LEADERS:
        return Step(question=Question.LEADERS, sound=None, sentence=words.too_few_leaders(initiative.name, len(judged)))
    missing = leaders.missing_component(told, None if failing is None else failing.behaviour)
    evidence = tuple(words.leader_told(component, *leaders.tell(component, told)) for component in Component)
    if missing is not None:
        sentence = words.leaders_differ(initiative.name, missing, *leaders.tell(missing, told))
        # what reps manage without their leaders is no reason to stop coaching
        sound = None if failing is None else False
        return Step(question=Question.LEADERS, sound=sound, sentence=sentence, evidence=evidence)
    told_why, of = leaders.tell(Component.WALL, told)
    sentence = words.leaders_agree(initiative.name) if told_why == of else words.most_leaders_tell(initiative.name, told_why, of)
    return Step(question=Question.LEADERS, sound=True, sentence=sentence, evidence=evidence)


def _shared(initiative: Initiative, failing: SharedPoint | None) -> Step:
    if failing is None:
        return Step(question=Question.SHARED, sound=True, sentence=words.no_shared_point(initiative.name))
    sentence = finding_wording.shared_point(
        failing.behaviour, initiative.name, len(failing.failing), failing.tried, failing.teams
    )
    return Step(question=Question.SHARED, sound=False, sentence=sentence)


def _reps(initiative: Initiative, reps: Sequence[str], shares: Shares, company: Company) -> Step:
    window = only([initiative.id])
    counts = shares.counts(Verdict.EXPLAINS, window)
    tried = int((counts.n.sum(axis=1) > 0).sum())
    if not reps:
        return Step(question=Question.REPS, sound=True, sentence=words.no_rep_fails(initiative.name))
    evidence = tuple(
        words.rep_explains(company.name_of(rep_id), shares.of_rep(rep_id, Verdict.EXPLAINS, window)) for rep_id in reps
    )
    explained = np.flatnonzero(counts.done.sum(axis=1) > 0)
    manage = any(shares.columns.reps[number] not in reps for number in explained)
    sentence = words.reps_to_coach(len(reps), tried, others_manage=manage)
    return Step(question=Question.REPS, sound=False, sentence=sentence, evidence=evidence)


def _not_asked_of_reps(step: Step) -> Step:
    """Where something else comes first, the chain neither names reps nor says that they are the matter."""
    if step.question is not Question.REPS or not step.evidence:
        return step
    return replace(step, sound=None, sentence=words.REPS_COME_LATER, evidence=())


def _strategy(initiative: Initiative, shares: Shares) -> Step:
    relation = outcomes.relation(shares, only([initiative.id]))
    if relation.difference is None:
        return Step(question=Question.STRATEGY, sound=None, sentence=relation.sentence)
    pays = outcomes.pays(relation)
    return Step(question=Question.STRATEGY, sound=pays, sentence=relation.sentence, evidence=(relation.caveat,))


def _ends(
    initiative: Initiative,
    cause: Cause,
    steps: tuple[Step, ...],
    company: Company,
    failing: SharedPoint | None,
    reps: tuple[str, ...],
) -> Diagnosis:
    coached = reps if cause is Cause.REPS else ()
    return Diagnosis(
        initiative_id=initiative.id,
        cause=cause,
        steps=steps,
        next_action=words.next_action(
            cause,
            initiative.name,
            failing.behaviour if failing else None,
            len(coached),
            judged_from=readiness.judged_from(initiative),
        ),
        owner=_owner(initiative, cause, company, coached),
        point=failing.behaviour if failing else None,
        reps=coached,
    )


def _owner(initiative: Initiative, cause: Cause, company: Company, reps: Sequence[str]) -> str | None:
    """Who moves first: the manager whose reps are to be coached where that is one, else the owner of the initiative."""
    if cause is Cause.REPS:
        people = [company.person(rep_id) for rep_id in reps]
        teams = {company.team(person.team) for person in people if person}
        managers = {team.manager for team in teams if team}
        if len(managers) == 1:
            return managers.pop()
    return initiative.owner
