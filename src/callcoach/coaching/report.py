"""Make the morning report from calls and scores. Knows nothing of how it is shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from callcoach.coaching import diagnosis_wording, gate_wording, goal_wording, wording
from callcoach.coaching.flagged import flag
from callcoach.coaching.gate import withheld_behaviours
from callcoach.coaching.goal_standing import running, standings, unsaid
from callcoach.coaching.heard import Hearings, hear
from callcoach.coaching.held_coachings import coachings
from callcoach.coaching.initiatives import findings, not_for_the_reps
from callcoach.coaching.judge_error import JudgeError
from callcoach.coaching.profiles import roll_up
from callcoach.coaching.recommendations import due_day, no_recommendation_because, recommend
from callcoach.coaching.shares import shares_of
from callcoach.coaching.unheard import unheard_names
from callcoach.coaching.what_worked import coachable, what_worked
from callcoach.domain.calibration import Gate
from callcoach.domain.call import Call
from callcoach.domain.coaching import Behaviour, CallProblem, Given, InitiativeFinding, MorningReport, RepReport
from callcoach.domain.diagnosis import Alike, Cause, Question
from callcoach.domain.goals import GoalChange, GoalStanding, GoalState
from callcoach.domain.people import Company
from callcoach.domain.review import Correction
from callcoach.domain.story import Component, Initiative, default_rubrics
from callcoach.domain.verdict import CallScore


def morning_report(
    *,
    today: date,
    calls: Sequence[Call],
    scores: Sequence[CallScore],
    initiatives: Sequence[Initiative],
    company: Company,
    problems: Sequence[CallProblem],
    new_calls: int,
    versions: Mapping[str, str],
    gates: Mapping[str, Gate] | None = None,
    corrections: Sequence[Correction] = (),
    judge: JudgeError | None = None,
    agreement: Mapping[str, Mapping[Component, float | None]] | None = None,
    with_machine: Mapping[str, float | None] | None = None,
    alike: Mapping[str, Mapping[str, Alike]] | None = None,
    given: Collection[Given] = (),
    goals: Sequence[Sequence[GoalChange]] = (),
) -> MorningReport:
    """All that the brief, the terminal and --json show. Reps come by team and name, never by performance.

    gates: by initiative; what is withheld yields no coaching, and its verdicts, flags and leaders' findings stay. None: all open.
    scores: as they are to be read; corrections say which of their verdicts are people's. judge: how the judge errs, which widens
    what is said of the long run; None: taken as heard. agreement: of people, by initiative and component, and with_machine: of
    the judge with them (kappa on the verdict), for the diagnosis; alike: that by initiative and team, counted.
    given: what was recommended before, which is held for a while. goals: their histories; those on other initiatives stay away.
    """
    ordered = sorted(default_rubrics(initiatives), key=lambda initiative: (initiative.priority or 99, initiative.id))
    hearings = hear(calls, scores, ordered)
    shares = shares_of(hearings, company, judge)
    standing = gates or {}
    asked = findings(hearings, ordered, company, today=today, agreement=agreement, with_machine=with_machine, alike=alike)
    found = tuple(_gated(finding, standing) for finding in asked)
    with_leaders = {finding.initiative_id for finding in found if not_for_the_reps(finding)}
    about = [each for each in goals if each[-1].goal.initiative_id in {initiative.id for initiative in ordered}]
    goals_by_rep = standings(about, shares, company, today=today, unsaid=unsaid(standing, found))
    worked = what_worked(shares, coachings([each[-1].goal for each in about], company, today=today))
    days = sorted(heard.call.day for heard in hearings.calls if heard.call.day)
    judged = {heard.call.call_id for heard in hearings.calls if heard.assessed}
    return MorningReport(
        today=today,
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        n_calls=len(judged),
        n_new_calls=new_calls,
        reps=_reps(hearings, ordered, company, today, with_leaders, standing, given, goals_by_rep, coachable(worked)),
        initiatives=found,
        flagged=flag(hearings, ordered),
        problems=tuple(sorted(problems, key=lambda problem: (problem.call_id, problem.sentence))),
        versions=dict(sorted(versions.items())),
        not_assessed=_not_assessed(hearings, judged),
        n_without_rep=len({heard.call.call_id for heard in hearings.calls if heard.call.rep_id is None}),
        n_leader_recordings=len({heard.call.call_id for heard in hearings.leaders}),
        unheard=unheard_names(hearings, ordered),
        gates=tuple(standing[initiative.id] for initiative in ordered if initiative.id in standing),
        corrections=tuple(corrections),
        worked=worked,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of what to do today: whose move (a person id), what, with or on whom, until when.

    `about`: the rep or initiative id it is about; None for what concerns the whole list.
    """

    owner: str | None
    sentence: str
    about: str | None = None
    subject: str | None = None
    due: date | None = None


def actions(report: MorningReport, company: Company, names: Mapping[str, str] | None = None) -> tuple[Action, ...]:
    """What to do today: definitions first, then the leaders' moves, one thing per rep, praise, listening and repairs.

    names: of the initiatives, by id.
    """
    # where what the leaders are to write down is how the definition is mended, that is one line, not two
    with_leaders = {
        finding.initiative_id
        for finding in report.initiatives
        if finding.for_leaders and finding.diagnosis is not None and finding.diagnosis.cause is Cause.DEFINITION
    }
    definitions = [
        Action(owner=gate.owner, sentence=sentence, about=gate.initiative_id, due=due_day(report.today))
        for gate in report.gates
        if (gate.withheld or gate.initiative_id not in with_leaders)
        and (sentence := gate_wording.to_do(gate, (names or {}).get(gate.initiative_id, gate.initiative_id)))
    ]
    leaders = [
        Action(owner=finding.owner, sentence=finding.next_step, about=finding.initiative_id, due=due_day(report.today))
        for finding in report.initiatives
        if finding.for_leaders
    ]
    coaching, praise = [], []
    for rep in report.reps:
        rep_id = rep.profile.rep_id
        of_goals = _goal_actions(rep, company, report.today)
        coaching += of_goals
        if any(each.about == rep_id and each.due for each in of_goals):
            continue  # one thing at a time: what was agreed comes before what is new
        if rep.recommendations and rep.recommendations[0].behaviour is not Behaviour.SHARE_IT:
            first = rep.recommendations[0]
            name = company.name_of(rep_id)
            sentence = wording.coach(first.headline)
            coaching.append(Action(owner=first.owner, sentence=sentence, about=rep_id, subject=name, due=first.due))
        elif rep.profile.strengths:
            team = company.team(rep.profile.team)
            sentence = wording.say_so(company.name_of(rep_id), rep.profile.strengths[0])
            praise.append(Action(owner=team.manager if team else None, sentence=sentence, about=rep_id))
    rest = [Action(owner=None, sentence=wording.listen(len(report.flagged)))] if report.flagged else []
    rest += [Action(owner=None, sentence=wording.repair(len(report.problems)))] if report.problems else []
    return (*definitions, *leaders, *coaching, *praise, *rest)


def standing_lines(finding: InitiativeFinding, report: MorningReport, company: Company) -> tuple[str, ...]:
    """What is said of an initiative beside its headline; nothing that its gate says already."""
    closed = (gate for gate in report.gates if gate.withheld and gate.initiative_id == finding.initiative_id)
    withheld = next((gate_wording.WITHHELD_BECAUSE[gate.state] for gate in closed), None)
    owner = finding.diagnosis.owner if finding.diagnosis else finding.owner
    return diagnosis_wording.in_brief(finding, company.name_of(owner) if owner else None, withheld=withheld)


def _goal_actions(rep: RepReport, company: Company, today: date) -> list[Action]:
    """What is closed today, what somebody has to agree to, and what is agreed, with its day."""
    name = company.name_of(rep.profile.rep_id)
    found = []
    for each in rep.goals:
        goal = each.goal
        with_rep = partial(Action, owner=goal.manager_id, about=goal.rep_id, subject=name)
        if goal.closed_on == today:
            found.append(with_rep(sentence=goal_wording.talk_over(each)))
        elif each.progress is not None and each.state is GoalState.RUNNING:
            # where no figure is said, what is agreed waits for the leaders like everything else
            found.append(with_rep(sentence=goal_wording.work_on(each), due=goal.due))
        for person in each.waiting_for:
            sentence = goal_wording.agree_to(goal, name, own=person == goal.rep_id)
            found.append(Action(owner=person, sentence=sentence, about=goal.rep_id))
    return found


def _gated(finding: InitiativeFinding, gates: Mapping[str, Gate]) -> InitiativeFinding:
    """What follows from a finding about single reps waits for the gate; a finding for the leaders does not."""
    gate = gates.get(finding.initiative_id)
    if gate is None or not gate.withheld or finding.for_leaders:
        return finding
    waits = gate_wording.withheld(gate)
    diagnosis = finding.diagnosis
    if diagnosis is not None and diagnosis.cause is Cause.REPS:
        # who fails at what is not said on what is not calibrated, and the owner of the gate moves first
        steps = tuple(replace(step, evidence=()) if step.question is Question.REPS else step for step in diagnosis.steps)
        diagnosis = replace(diagnosis, steps=steps, next_action=waits, owner=gate.owner, reps=())
    return replace(finding, next_step=waits, example=None, example_rep_id=None, diagnosis=diagnosis)


def _reps(
    hearings: Hearings,
    initiatives: Sequence[Initiative],
    company: Company,
    today: date,
    with_leaders: set[str],
    gates: Mapping[str, Gate],
    given: Collection[Given],
    goals: Mapping[str, tuple[GoalStanding, ...]],
    coachable: Mapping[Behaviour, float],
) -> tuple[RepReport, ...]:
    reports = []
    closed = {initiative_id for initiative_id, gate in gates.items() if gate.withheld}
    coached = [initiative for initiative in initiatives if initiative.id not in closed]
    not_the_reps = with_leaders | closed
    withheld = withheld_behaviours(gates)
    for rep_id in sorted({*hearings.reps, *goals}):
        own = goals.get(rep_id, ())
        agreed = {(each.goal.initiative_id, each.goal.behaviour) for each in running(own, today) if each.goal.behaviour}
        profile = roll_up(rep_id, hearings, initiatives, company, left_to_leaders=not_the_reps)
        if closed:
            # nothing is said of a rep, good or bad, on what is not calibrated; the verdicts themselves stay
            on_coached = roll_up(rep_id, hearings, coached, company, left_to_leaders=with_leaders)
            profile = replace(profile, strengths=on_coached.strengths, left_to_leaders=on_coached.left_to_leaders)
        recommendations = recommend(
            profile,
            hearings,
            coached,
            company,
            today=today,
            left_to_leaders=not_the_reps,
            withheld=withheld,
            given=given,
            agreed=agreed,
            coachable=coachable,
        )
        because = None
        if not recommendations and agreed and profile.n_calls >= wording.MIN_CALLS:
            because = goal_wording.NOTHING_BESIDE
        elif not recommendations:
            because = no_recommendation_because(profile, hearings, coached, left_to_leaders=not_the_reps)
            waiting = [each.name for each in initiatives if each.id in closed and each.id in profile.verdicts]
            if waiting:
                because = f"{gate_wording.nothing_while_withheld(waiting)} {because if coached else ''}".strip()
        reports.append(RepReport(profile=profile, recommendations=recommendations, no_recommendation_because=because, goals=own))
    return tuple(
        sorted(reports, key=lambda each: (each.profile.team or "", company.name_of(each.profile.rep_id), each.profile.rep_id))
    )


def _not_assessed(hearings: Hearings, judged: set[str]) -> tuple[CallProblem, ...]:
    """Customer calls no initiative could be judged in, with the reason."""
    reasons: dict[str, str] = {}
    for heard in hearings.calls:
        if heard.call.call_id not in judged and heard.score.reason:
            reasons.setdefault(heard.call.call_id, heard.score.reason)
    return tuple(CallProblem(call_id=call_id, sentence=reason) for call_id, reason in reasons.items())
