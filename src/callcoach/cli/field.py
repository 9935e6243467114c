"""`callcoach field`: report that a part of the story does not land, list them, answer one. Thin: parse, one app call, print."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, print_json, workspace
from callcoach.domain.story import Component
from callcoach.errors import UsageError

field = typer.Typer(help="Where the story does not land, as reps report it, and what becomes of it.", no_args_is_help=True)

out = Console()

RubricsOption = Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")]
PeopleOption = Annotated[
    Path | None, typer.Option(help="The people file (people.yaml). Default: the one that the latest run read.")
]
RUBRICS = Path("rubrics")


@field.command()
def report(
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    component: Annotated[str, typer.Argument(metavar="PART", help="wall, hammer or part.")],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What does not land, in a sentence.")],
    by: Annotated[str, typer.Option(help="Your id.")],
    call: Annotated[str | None, typer.Option(help="Id of a call that shows it.")] = None,
    quote: Annotated[str | None, typer.Option(help="Words of that call, word for word.")] = None,
    people: PeopleOption = None,
    rubrics: RubricsOption = RUBRICS,
    home: HomeOption = None,
) -> None:
    """Report that a part of the story does not land; its owner answers, and you are told."""
    from callcoach.app.calibration import find_initiative
    from callcoach.app.field_reports import report_field
    from callcoach.cli.pulse import company_of

    if component not in tuple(Component):
        raise UsageError(f'"{component}" is no part of a story. Write one of {", ".join(Component)}.')
    kept = report_field(
        workspace(home),
        find_initiative(rubrics, initiative),
        Component(component),
        by=by,
        words=words,
        at=datetime.now(UTC),
        call_id=call,
        quote=quote,
        company=company_of(home, people),
    )
    _say(f"Kept as {kept.report_id}. What becomes of it: callcoach field list --by {by}")


@field.command("list")
def list_reports(
    initiative: Annotated[str | None, typer.Argument(metavar="INITIATIVE", help="Id of the initiative; else all.")] = None,
    by: Annotated[str | None, typer.Option(help="Only this person's reports; the answers count as read by them then.")] = None,
    people: PeopleOption = None,
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Reports with what became of them, open ones first."""
    from callcoach.app.field_reports import field_cases, mark_told, news_for
    from callcoach.cli.pulse import company_of
    from callcoach.cli.two_way_tables import case_lines

    at = workspace(home)
    cases = field_cases(at, initiative, by=by)
    new = {case.report.report_id for case in news_for(at, by)} if by else set()
    if as_json:
        print_json(cases)
    else:
        company = company_of(home, people)
        for case in cases:
            if case.report.report_id in new:
                _say("New:")
            for line in case_lines(case, company):
                _say(line)
        if not cases:
            _say("No report from the field.")
    if by:
        mark_told(at, by, {case.report.report_id for case in cases} & new, at=datetime.now(UTC))


@field.command()
def signals(
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    people: PeopleOption = None,
    rubrics: RubricsOption = RUBRICS,
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """What customers said next to each part, reports, and what versions made of them: for the next version of the story."""
    from callcoach.app.calibration import find_initiative
    from callcoach.app.field_reports import field_now
    from callcoach.cli.pulse import company_of
    from callcoach.cli.two_way_tables import field_lines

    found = field_now(workspace(home), find_initiative(rubrics, initiative))
    if as_json:
        print_json(found)
    else:
        for line in field_lines(found, company_of(home, people)):
            _say(line)


@field.command()
def answer(
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help="Id of the report, or its beginning.")],
    by: Annotated[str, typer.Option(help="Your id: the owner of the initiative, or somebody of enablement.")],
    because: Annotated[str, typer.Option(help="What was changed, or why nothing is; the person who reported reads it.")],
    version: Annotated[str | None, typer.Option(help="The published version that changed for it; without it, none did.")] = None,
    people: PeopleOption = None,
    rubrics: RubricsOption = RUBRICS,
    home: HomeOption = None,
) -> None:
    """Close a report with the version that changed for it, or with why nothing changes."""
    from callcoach.app.field_reports import answer_field
    from callcoach.cli.pulse import company_of
    from callcoach.cli.two_way_tables import case_lines
    from callcoach.intake.rubrics import read_rubrics

    company = company_of(home, people)
    case = answer_field(
        workspace(home),
        report_id,
        read_rubrics(rubrics).initiatives,
        company,
        by=by,
        because=because,
        at=datetime.now(UTC),
        version=version,
    )
    for line in case_lines(case, company):
        _say(line)
    _say(f"{company.name_of(case.report.by)} is told with the next report, or by: callcoach field list --by {case.report.by}")


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)
