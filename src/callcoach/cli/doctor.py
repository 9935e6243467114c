"""`callcoach doctor`: what is installed, configured, stale or broken, and what mends it. Thin."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from callcoach.cli.workspace import HomeOption, print_json, workspace
from callcoach.coaching.notation import plain

out = Console()
STYLES = {"ok": "green", "look": "yellow", "broken": "red"}


def doctor(
    home: HomeOption = None, as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False
) -> None:
    """Say what is installed, configured, stale or broken here, each with the command that mends it."""
    from callcoach.app.doctor import examine_all

    found = examine_all(workspace(home), now=datetime.now(UTC))
    if as_json:
        print_json(found)
    else:
        for check in found.checks:
            line = Text.assemble(
                (f"{check.state.value:<7}", STYLES[check.state.value]), f"{check.name:<9} {plain(check.sentence)}"
            )
            out.print(line, soft_wrap=True)
            if check.mend:
                out.print(f"{'':17}Mend: {plain(check.mend)}", markup=False, highlight=False, soft_wrap=True)
    if found.exit_code:
        raise typer.Exit(found.exit_code)
