"""`callcoach retain`: let go of what is past its date. Thin: parse, one app call, print."""

from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, print_json, workspace

out = Console()


def retain(
    home: HomeOption = None,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to count from. Default: today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Let go of sound, words and calls that are past the dates that the settings set; `callcoach nightly` does it, too."""
    from callcoach.app.retention import retain as let_go

    on = today.date() if today else date.today()  # noqa: DTZ011 - the day on the wall, where the reader is
    done = let_go(workspace(home), today=on)
    if as_json:
        print_json({name: getattr(done, name) for name in ("recordings", "transcripts", "calls", "elsewhere", "undated")})
    else:
        out.print(done.sentence, markup=False, highlight=False, soft_wrap=True)
