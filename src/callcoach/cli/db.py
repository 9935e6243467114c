"""`callcoach db`: moving from one database to another. Thin: parse, one app call, print."""

from typing import Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import print_json

db = typer.Typer(help="The database itself.", no_args_is_help=True)

out = Console()


@db.callback()
def _group() -> None:
    """A group of its own, as more can be done to a database than to copy it."""


@db.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="sqlite:///FILE or postgresql://USER@HOST/NAME.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same, of an empty database.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Copy everything from one database into an empty one, SQLite or PostgreSQL, and compare what arrived."""
    from callcoach.app.backup import copy_database

    found = copy_database(source, target)
    if as_json:
        print_json({name: each._asdict() for name, each in found.items()})
        return
    filled = {name: each.rows for name, each in found.items() if each.rows}
    for name, rows in filled.items():
        out.print(f"{rows:>9} {name}", markup=False, highlight=False)
    out.print(
        f"{sum(filled.values())} rows in {len(filled)} tables copied; both databases hold the same, row by row. "
        "Set CALLCOACH_DATABASE_URL to the new one.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
