"""`callcoach runs`: what runs did, what failed and why, and having it tried again. Thin."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from callcoach.cli.workspace import HomeOption, print_json, workspace
from callcoach.coaching.notation import count, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callcoach.app.past_runs import PastRun
    from callcoach.storage.failures import Failure

runs = typer.Typer(help="What runs did, what failed and why, and having it tried again.")

out = Console()

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
STAGES = {"hear": "transcribing", "measure": "measuring", "judge": "judging"}


@runs.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    home: HomeOption = None,
    most: Annotated[int, typer.Option(help="How many runs to show.", min=1)] = 20,
    as_json: JsonFlag = False,
) -> None:
    """The latest runs, and what fails now by stage."""
    if context.invoked_subcommand is not None:
        return
    from callcoach.app.past_runs import past_runs

    found = past_runs(workspace(home), now=datetime.now(UTC), most=most)
    if as_json:
        print_json(found)
        return
    if not found.runs:
        _say("There has been no run yet. `callcoach run FOLDER` or `callcoach nightly FOLDER` begins one.")
        return
    table = _table("Run", "State", "Begun", "Ago", "Took", "Transcribed", "Judged")
    for run in found.runs:
        counts = [str(run.counts[name]) if name in run.counts else "–" for name in ("recognised", "judged")]
        took = "–" if run.took is None else _for(run.took)
        table.add_row(str(run.number), run.state, f"{run.begun_at:%Y-%m-%d %H:%M}", _for(run.age), took, *counts)
    out.print(table)
    for stage in found.stages:
        left = f", {stage.quarantined} of them left alone after three failures" if stage.quarantined else ""
        what = f"Failed in {STAGES.get(stage.stage, stage.stage)}: {count(stage.calls, 'call')}"
        _say(f"{what}{left}; oldest {_for(stage.oldest_age)} ago.")
    _print_failures(found.failures)
    if found.failures:
        _say("Mended? `callcoach runs retry CALL` or `callcoach runs retry --all` has them tried again in the next run.")


@runs.command()
def show(
    number: Annotated[int, typer.Argument(help="The run's number, as `callcoach runs` lists it.")],
    home: HomeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """One run: what it read, what it was made with, what it did, what failed."""
    from callcoach.app.past_runs import one_run

    run, failures = one_run(workspace(home), number, now=datetime.now(UTC))
    if as_json:
        print_json({"run": run, "failures": failures})
        return
    _print_run(run)
    _print_failures(failures)


@runs.command()
def retry(
    calls: Annotated[list[str] | None, typer.Argument(metavar="[CALL]...", help="Ids of the calls.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every call that failed.")] = False,
    home: HomeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Have calls tried again that failed, also those that are left alone after three failures."""
    from callcoach.app.past_runs import retry as try_again

    n = try_again(workspace(home), calls or (), everything=everything)
    if as_json:
        print_json({"retried": n})
    else:
        _say(f"{count(n, 'call')} will be tried again in the next run." if n else "Nothing had failed.")


def _print_run(run: "PastRun") -> None:
    took = "" if run.took is None else f", took {_for(run.took)}"
    _say(f"Run {run.number}: {run.state}, begun {run.begun_at:%Y-%m-%d %H:%M:%S} UTC{took}.")
    done = ", ".join(f"{number} {name}" for name, number in run.counts.items())
    _say(f"Did: {done or 'not known, it did not end'}.")
    _say(f"Calls: {run.folder or 'not known'}")
    _say(f"Rubrics: {run.rubrics or 'not known'}")
    for initiative_id, version in run.initiatives:
        _say(f"  {initiative_id} {version}")
    for name, version in run.versions.items():
        _say(f"Made with {name}: {version}")


def _print_failures(failures: "Sequence[Failure]") -> None:
    if not failures:
        return
    table = _table("Call", "Stage", "Tries", "Last", "Why")
    for failure in failures:
        tries = f"{failure.attempts}, left alone" if failure.quarantined else str(failure.attempts)
        stage = STAGES.get(failure.stage, failure.stage)
        table.add_row(plain(failure.call_id), stage, tries, f"{failure.at:%Y-%m-%d %H:%M}", plain(failure.sentence))
    out.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _for(seconds: float) -> str:
    """A length of time in its largest unit: 12 s, 5 min, 3 h, 4 days."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)
