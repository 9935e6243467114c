"""What the database holds on a company, a team, an initiative or a rep, rolled up anew. Prints nothing."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from callcoach.app.current import current_company
from callcoach.app.morning import the_report
from callcoach.app.opinions import kept_opinions
from callcoach.app.two_way import with_answers, with_two_way
from callcoach.app.workspace import Workspace
from callcoach.batch import report_page
from callcoach.coaching.heard import hear
from callcoach.coaching.shares import shares_of
from callcoach.coaching.standing import Standing, standing
from callcoach.coaching.stories import stories
from callcoach.coaching.what_worked import for_managers
from callcoach.domain.people import Company
from callcoach.domain.story import default_rubrics
from callcoach.errors import SomethingMissing, UsageError
from callcoach.intake.people import read_company
from callcoach.intake.rubrics import read_rubrics


class About(StrEnum):
    """What a report is about."""

    REP = "rep"
    TEAM = "team"
    INITIATIVE = "initiative"
    COMPANY = "company"


def standing_of(
    workspace: Workspace, about: About, wanted: str | None, *, rubrics: Path, people: Path | None, today: date
) -> tuple[Standing, Company]:
    """Where the rep, team or initiative `wanted` (an id) stands; the whole company where none is named.

    people: the company's people file; without it, the one that the latest run read.

    Raises UsageError where the id is not known, SomethingMissing where no call is kept.
    """
    company = read_company(people) if people else current_company(workspace)
    initiatives = default_rubrics(read_rubrics(rubrics).initiatives)
    opinions = kept_opinions(workspace, initiatives)
    report, calls, scores, _, judge = the_report(workspace, initiatives, company, today=today, opinions=opinions)
    if not calls:
        raise SomethingMissing(f"{workspace.settings.home}: no call is kept there. Run `callcoach run FOLDER` first.")
    hearings = hear(calls, scores, initiatives)
    shares_of(hearings, company, judge)
    teams = {each.profile.rep_id: each.profile.team for each in report.reps}
    known = {
        About.REP: set(teams),
        About.TEAM: {team for team in teams.values() if team},
        About.INITIATIVE: {initiative.id for initiative in initiatives},
        About.COMPANY: set[str](),
    }[about]
    if about is not About.COMPANY and wanted not in known:
        raise UsageError(f"No {about} {wanted or 'is named'}. Known: {', '.join(sorted(known)) or 'none'}.")
    reps = {
        rep_id
        for rep_id, team in teams.items()
        if about in (About.COMPANY, About.INITIATIVE) or wanted in ({rep_id} if about is About.REP else {team})
    }
    shown = {wanted} if about is About.INITIATIVE and wanted else {initiative.id for initiative in initiatives}
    said = cache(workspace.store.current_transcript)
    told = stories(
        hearings,
        report.initiatives,
        [initiative for initiative in initiatives if initiative.id in shown],
        company,
        said=said,
        calls=calls,
        reps=reps,
        every=initiatives,
        withheld={gate.initiative_id for gate in report.gates if gate.withheld},
    )
    found = standing(report, hearings, initiatives, company, reps=reps, about=shown, stories=told, said=said)
    if about is About.REP and wanted:
        found = with_answers(found, workspace, wanted)
    elif about is not About.TEAM:
        found = with_two_way(found, workspace, hearings, initiatives, company, managers_on=wanted)
    if about is About.COMPANY:
        found = replace(found, worked=report.worked)
    elif about is About.TEAM:
        team = company.team(wanted)
        found = replace(found, worked=for_managers(report.worked, {team.manager} if team and team.manager else ()))
    return found, company


def write_page(found: Standing, company: Company, about: About, wanted: str | None, file: Path) -> None:
    """The standing as one self-contained page. Raises UsageError where the file cannot be written."""
    page = report_page.render(found, title=_title(found, company, about, wanted), company=company, of_one_rep=about is About.REP)
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as problem:
        raise UsageError(
            f"{file}: the report cannot be written ({problem.strerror}). Name a file in a folder you may write to."
        ) from problem


def _title(found: Standing, company: Company, about: About, wanted: str | None) -> str:
    match about:
        case About.REP:
            return company.name_of(wanted)
        case About.TEAM:
            team = company.team(wanted)
            return team.name if team else wanted or "Team"
        case About.INITIATIVE:
            return found.initiatives[0].name if found.initiatives else wanted or "Initiative"
        case About.COMPANY:
            return company.name or "Company"
