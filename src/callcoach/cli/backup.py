"""`callcoach backup` and `callcoach restore`. Thin: parse, one app call, print."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, print_json, workspace
from callcoach.coaching.notation import count

out = Console()

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
    home: HomeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Write the whole database into one file while work goes on, and check it."""
    from callcoach.app.backup import back_up

    made = back_up(workspace(home), file, now=datetime.now(UTC))
    if as_json:
        print_json({"file": str(made.file), "ledger": str(made.ledger), "bytes": made.size, "rows": made.rows})
        return
    _say(f"{made.file}: {count(made.rows, 'row')}, {made.size / 1e6:.1f} MB, whole and checked.")
    _say(f"Keep {made.ledger.name} beside it: it says what was erased since, so that nothing of that comes back.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `callcoach backup` wrote.")],
    home: HomeOption = None,
    ledger: Annotated[
        list[Path] | None, typer.Option(help="A later ledger of erasures, beside a later backup. May be given again.")
    ] = None,
    nothing_erased: Annotated[
        bool, typer.Option("--nothing-erased", help="There is no ledger, and nothing was erased since the backup.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring a backup back into an empty home folder, or an empty database; what was erased since stays erased."""
    from callcoach.app.backup import restore as bring_back

    done = bring_back(workspace(home), file, now=datetime.now(UTC), ledgers=ledger or (), nothing_erased=nothing_erased)
    if as_json:
        print_json(done)
        return
    _say(f"{count(done.rows, 'row')} brought back.")
    if done.erased_calls or done.erased_people:
        people = count(done.erased_people, "person", "people")
        _say(f"Erased after the backup was made, and erased again: {count(done.erased_calls, 'call')}, {people}.")
    _say("The next `callcoach nightly` makes the reports and the brief anew.")


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)
