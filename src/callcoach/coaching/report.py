"""Make the morning report from calls and scores. Knows nothing of how it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from callcoach.coaching import wording
from callcoach.coaching.flagged import flag
from callcoach.coaching.heard import Hearings, hear
from callcoach.coaching.initiatives import findings
from callcoach.coaching.profiles import roll_up
from callcoach.coaching.recommendations import due_day, no_recommendation_because, recommend
from callcoach.coaching.unheard import unheard_names
from callcoach.domain.call import Call
from callcoach.domain.coaching import Behaviour, CallProblem, MorningReport, RepReport
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative, default_rubrics
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
) -> MorningReport:
    """All that the brief, the terminal and --json show. Reps come by team and name, never by performance."""
    ordered = sorted(default_rubrics(initiatives), key=lambda initiative: (initiative.priority or 99, initiative.id))
    hearings = hear(calls, scores, ordered)
    found = findings(hearings, ordered, company, today=today)
    with_leaders = {finding.initiative_id for finding in found if finding.for_leaders}
    days = sorted(heard.call.day for heard in hearings.calls if heard.call.day)
    judged = {heard.call.call_id for heard in hearings.calls if heard.assessed}
    return MorningReport(
        today=today,
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        n_calls=len(judged),
        n_new_calls=new_calls,
        reps=_reps(hearings, ordered, company, today, with_leaders),
        initiatives=found,
        flagged=flag(hearings, ordered),
        problems=tuple(sorted(problems, key=lambda problem: (problem.call_id, problem.sentence))),
        versions=dict(sorted(versions.items())),
        not_assessed=_not_assessed(hearings, judged),
        n_without_rep=len({heard.call.call_id for heard in hearings.calls if heard.call.rep_id is None}),
        n_leader_recordings=len({heard.call.call_id for heard in hearings.leaders}),
        unheard=unheard_names(hearings, ordered),
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


def actions(report: MorningReport, company: Company) -> tuple[Action, ...]:
    """What to do today: the leaders' moves first, then one thing per rep, then praise, listening and repairs."""
    leaders = [
        Action(owner=finding.owner, sentence=finding.next_step, about=finding.initiative_id, due=due_day(report.today))
        for finding in report.initiatives
        if finding.for_leaders
    ]
    coaching, praise = [], []
    for rep in report.reps:
        rep_id = rep.profile.rep_id
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
    return (*leaders, *coaching, *praise, *rest)


def _reps(
    hearings: Hearings, initiatives: Sequence[Initiative], company: Company, today: date, with_leaders: set[str]
) -> tuple[RepReport, ...]:
    reports = []
    for rep_id in hearings.reps:
        profile = roll_up(rep_id, hearings, initiatives, company, left_to_leaders=with_leaders)
        recommendations = recommend(profile, hearings, initiatives, company, today=today, left_to_leaders=with_leaders)
        because = None
        if not recommendations:
            because = no_recommendation_because(profile, hearings, initiatives, left_to_leaders=with_leaders)
        reports.append(RepReport(profile=profile, recommendations=recommendations, no_recommendation_because=because))
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
