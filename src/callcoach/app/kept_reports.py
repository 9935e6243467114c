"""What a whole run rolled up, kept for screens, and read back as of that run: a page adds up nothing itself.

What people said since is not in it: each report says how many corrections that is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from callcoach.app.kept_shares import counted_calls
from callcoach.app.morning import Morning
from callcoach.app.review_queue import keep_queue
from callcoach.app.standing import About
from callcoach.app.two_way import with_two_way
from callcoach.app.workspace import Workspace
from callcoach.coaching.heard import Hearings, hear
from callcoach.coaching.shares import shares_of
from callcoach.coaching.standing import Standing, narrow, standing
from callcoach.coaching.stories import Said, stories
from callcoach.coaching.what_worked import for_managers
from callcoach.domain.call import Call, Transcript
from callcoach.domain.coaching import Given, HeardCall, MorningReport, RepReport
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative, default_rubrics
from callcoach.storage.kept_reports import KeptReports, Named

MORNING = "morning"
THE_COMPANY = ""
LATEST_CALLS = 12
"""Of a rep's calls on an initiative, as many stand in reports about several reps: what fits the width of a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMorning:
    """The morning report of the latest whole run. corrected_since: corrections that it does not hold yet."""

    report: MorningReport
    as_of: datetime
    run_id: int
    corrected_since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStanding:
    """Where somebody or something stood at the latest whole run. corrected_since: as in a KeptMorning, of these calls alone."""

    standing: Standing
    as_of: datetime
    run_id: int
    corrected_since: int


def kept_morning(workspace: Workspace) -> KeptMorning | None:
    """The latest whole run's report of the whole company, each rep's history cut to the latest calls; None before any run.

    It holds every rep: whoever shows it leaves out those whom the reader may not see.
    """
    reports = KeptReports(workspace.store)
    kept = reports.report(MORNING, THE_COMPANY, MorningReport)
    if kept is None:
        return None
    since = reports.corrected_since(kept.at)
    return KeptMorning(report=kept.report, as_of=kept.at, run_id=kept.run_id, corrected_since=since)


def kept_standing(workspace: Workspace, about: About, wanted: str | None = None) -> KeptStanding | None:
    """Where the rep, team, initiative (an id) or company stood at the latest whole run; None where it left nothing about it.

    Of a team, an initiative and the company it holds every rep they have (see `narrow`), of the latter two in figures alone.
    """
    reports = KeptReports(workspace.store)
    kept = reports.report(about.value, wanted or THE_COMPANY, Standing)
    if kept is None:
        return None
    rep_ids = {each.report.profile.rep_id for each in kept.report.reps} if about in (About.REP, About.TEAM) else None
    since = reports.corrected_since(kept.at, rep_ids=rep_ids, initiative_id=wanted if about is About.INITIATIVE else None)
    return KeptStanding(standing=kept.report, as_of=kept.at, run_id=kept.run_id, corrected_since=since)


def keep_for_screens(
    workspace: Workspace,
    run_id: int,
    made: Morning,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    at: datetime,
    given: Iterable[Given] = (),
) -> None:
    """Keep a whole run's report, every standing and the review queue in place of those of the run before.

    at: when its facts were read. given: what it recommends. The shares are fitted once, for all of them.
    """
    hearings = hear(made.calls, made.scores, default_rubrics(initiatives))
    shares_of(hearings, company, made.judge)
    reports = KeptReports(workspace.store)
    counted = counted_calls(shares_of(hearings, company).columns)
    reports.keep(run_id, at, [*_reports(workspace, made, hearings, initiatives, company), *counted])
    reports.note_advice(given, made.report.today)
    keep_queue(workspace, run_id, hearings, initiatives, company)


def _reports(
    workspace: Workspace, made: Morning, hearings: Hearings, initiatives: Sequence[Initiative], company: Company
) -> list[Named]:
    known = default_rubrics(initiatives)
    reps = {each.profile.rep_id for each in made.report.reps}
    about = {initiative.id for initiative in known}
    said, calls_of = _said(workspace), _by_rep(made.calls)
    withheld = {gate.initiative_id for gate in made.report.gates if gate.withheld}
    whole = standing(made.report, hearings, known, company, reps=reps, about=about, said=said)

    def narrowed(rep_ids: Collection[str], initiative_ids: Collection[str], cut: Callable[[RepReport], RepReport]) -> Standing:
        told = stories(
            hearings,
            made.report.initiatives,
            [initiative for initiative in known if initiative.id in initiative_ids],
            company,
            said=said,
            calls=made.calls if len(rep_ids) == len(reps) else [call for rep in sorted(rep_ids) for call in calls_of[rep]],
            reps=rep_ids,
            every=known,
            withheld=withheld,
        )
        found = narrow(whole, company, reps=rep_ids, about=initiative_ids, stories=told)
        return replace(found, reps=tuple(replace(rep, report=cut(rep.report)) for rep in found.reps))

    def of_team(found: Standing, team_id: str) -> Standing:
        team = company.team(team_id)
        return replace(found, worked=for_managers(made.report.worked, {team.manager} if team and team.manager else ()))

    teams: dict[str, set[str]] = {team.id: set() for team in company.teams}
    for each in made.report.reps:
        if each.profile.team:
            teams.setdefault(each.profile.team, set()).add(each.profile.rep_id)

    def with_the_field(found: Standing, initiative_id: str | None = None) -> Standing:
        return with_two_way(found, workspace, hearings, known, company, managers_on=initiative_id)

    morning = replace(made.report, reps=tuple(_latest(each) for each in made.report.reps))
    everything = replace(with_the_field(narrowed(reps, about, _figures)), worked=made.report.worked)
    return [
        (MORNING, THE_COMPANY, morning),
        (About.COMPANY.value, THE_COMPANY, everything),
        *((About.INITIATIVE.value, each, with_the_field(narrowed(reps, {each}, _figures), each)) for each in sorted(about)),
        *((About.TEAM.value, team, of_team(narrowed(members, about, _latest), team)) for team, members in sorted(teams.items())),
        *((About.REP.value, rep_id, narrowed({rep_id}, about, _whole)) for rep_id in sorted(reps)),
    ]


def _whole(report: RepReport) -> RepReport:
    return report


def _figures(report: RepReport) -> RepReport:
    """Whose it is and what was counted: of hundreds of reps, what is said of each stands on their own page."""
    profile = replace(report.profile, history=(), strengths=())
    return RepReport(profile=profile, recommendations=())


def _latest(report: RepReport) -> RepReport:
    """The rep's report with the latest calls on each initiative alone: of hundreds of reps, the rest would be megabytes."""
    by_initiative: dict[str, list[HeardCall]] = {}
    for call in report.profile.history:
        by_initiative.setdefault(call.initiative_id, []).append(call)
    shown = {id(call) for calls in by_initiative.values() for call in calls[-LATEST_CALLS:]}
    history = tuple(call for call in report.profile.history if id(call) in shown)
    return replace(report, profile=replace(report.profile, history=history))


def _said(workspace: Workspace) -> Said:
    """What was said in a call, read once and without the words' times, which nobody needs here."""

    @cache
    def said(call_id: str) -> Transcript | None:
        heard = workspace.store.current_transcript(call_id)
        return heard and replace(heard, turns=tuple(replace(turn, words=()) for turn in heard.turns))

    return said


def _by_rep(calls: Sequence[Call]) -> Mapping[str, list[Call]]:
    found: defaultdict[str, list[Call]] = defaultdict(list)
    for call in calls:
        if call.rep_id is not None:
            found[call.rep_id].append(call)
    return found
