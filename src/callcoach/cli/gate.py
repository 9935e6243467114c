"""`callcoach gate`: where each initiative stands on the way to coaching, and an administrator's override. Thin."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from callcoach.coaching import gate_wording
from callcoach.coaching.notation import day, plain

gate = typer.Typer(help="Defined, calibrated, then coach: where each initiative stands.", no_args_is_help=True)

out = Console()

HomeOption = Annotated[Path | None, typer.Option(help="Folder of the database. Default: callcoach-data.")]
RubricsOption = Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")]
TodayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to ask for. Default: today.")]


@gate.command()
def show(
    initiative: Annotated[str | None, typer.Argument(metavar="[INITIATIVE]", help="Id of one; else all.")] = None,
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """The state of each initiative, why, and the command that comes next."""
    from callcoach.app.gates import gates_of_folder
    from callcoach.cli.workspace import print_json, workspace

    found = gates_of_folder(workspace(home), rubrics, initiative, today=_day(today))
    if as_json:
        print_json(found)
        return
    for each in found:
        meaning = f": {each.state} ({gate_wording.STATE_MEANING[each.state]})"
        out.print(Text.assemble((each.initiative_id, "bold"), meaning), soft_wrap=True)
        for sentence in gate_wording.state(each, None):
            out.print(Text(f"  {plain(sentence)}"), soft_wrap=True)
        if each.problems and each.owner:
            out.print(Text(f"  {plain(each.owner)} owns it."), soft_wrap=True)


@gate.command()
def override(
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    by: Annotated[str, typer.Option(help="Your id; the people file must name you as an administrator (role: admin).")],
    because: Annotated[str, typer.Option(help="Why, in a sentence. It is shown wherever the override counts.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day it counts.")],
    people: Annotated[Path, typer.Option(help="The people file.")] = Path("people.yaml"),
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
) -> None:
    """Coach an initiative before its gate is open; a later override of the same initiative takes this one's place."""
    from callcoach.app.gates import override_gate
    from callcoach.cli.workspace import workspace

    word = override_gate(
        workspace(home), rubrics, people, initiative, by=by, because=because, until=until.date(), at=datetime.now(UTC)
    )
    out.print(Text(f"{initiative} is coached until {day(word.until)}; every page it changes names {by} and the reason."))


def _day(today: datetime | None) -> date:
    return today.date() if today else date.today()  # noqa: DTZ011 - the day on the wall, where the reader is
