"""`callcoach erase`: forget a person or a call. Thin: parse, one app call, print."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, print_json, workspace
from callcoach.coaching.notation import count, plain
from callcoach.errors import TracesLeft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from callcoach.app.erasure import Erasure, Plan

out = Console()

MOST_SHOWN = 20


def erase(
    rep: Annotated[list[str] | None, typer.Option(help="Id of a rep, or of anybody else. May be given again.")] = None,
    email: Annotated[list[str] | None, typer.Option(help="E-mail of somebody here or of a customer.")] = None,
    phone: Annotated[list[str] | None, typer.Option(help="Phone number of a customer, however written.")] = None,
    call: Annotated[list[str] | None, typer.Option(help="Id of a call.")] = None,
    recordings: Annotated[
        bool, typer.Option("--recordings", help="Delete the recordings and transcripts in their folders, too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase. Without it, only what would go is shown.")] = False,
    over_the_limit: Annotated[
        bool, typer.Option("--over-the-limit", help="Erase although it is more than usual in a day.")
    ] = False,
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Forget a person or a call in the database, the home folder and the logs, and look whether a trace is left."""
    from callcoach.app.erasure import asked_for, planned
    from callcoach.app.erasure import erase as forget

    wanted, used = asked_for(rep or (), email or (), phone or (), call or ()), workspace(home)
    if not yes:
        plan = planned(used, wanted)
        if as_json:
            print_json(_preview(plan))
        else:
            _print_plan(plan, recordings=recordings)
        return
    done = forget(used, wanted, now=datetime.now(UTC), recordings=recordings, over_the_limit=over_the_limit)
    if as_json:
        print_json({**{name: getattr(done, name) for name in ("calls", "people", "rows", "files", "vectors")}, **_left(done)})
    else:
        _print_done(done)
    if done.traces or not done.settled or done.kept:
        raise TracesLeft(
            "Something is left, named above. Stop every other program that has the database open, take out by hand what is "
            "named, and run the same command again: it does what is left."
        )


def _preview(plan: "Plan") -> dict[str, object]:
    return {
        "calls": plan.calls,
        "people": plan.people,
        "accounts": plan.accounts,
        "rows": plan.rows,
        "files": [str(each) for each in plan.files],
        "recordings": [str(each) for each in plan.recordings],
        "elsewhere": plan.elsewhere,
        "unknown": plan.unknown,
    }


def _left(done: "Erasure") -> dict[str, object]:
    return {
        "traces": done.traces,
        "searched": done.searched,
        "recordings_left": [str(each) for each in done.recordings_left],
        "elsewhere": done.elsewhere,
        "backups": [str(each) for each in done.backups],
        "settled": done.settled,
    }


def _print_plan(plan: "Plan", *, recordings: bool) -> None:
    for sentence in plan.unknown:
        _say(sentence)
    if plan.nothing:
        _say("Nothing of it is kept here. With --yes it is noted all the same, so that it is never taken in.")
        return
    people = count(len(plan.people), "person", "people")
    _say(f"This would erase {count(len(plan.calls), 'call')} and {people}, {count(plan.accounts, 'account')}:")
    _lines(f"call {call_id}: {why}" for call_id, why in plan.calls.items())
    _lines(f"person {each}" for each in plan.people)
    _lines(f"{n} of table {table}" for table, n in plan.rows.items())
    _lines(f"file {each}" for each in plan.files)
    if plan.recordings:
        _say("and the recordings:" if recordings else "It would leave the recordings, which --recordings deletes, too:")
        _lines(map(str, plan.recordings))
    _elsewhere(plan.elsewhere)
    _say("Nothing was erased. It cannot be taken back; to erase, add --yes.")


def _print_done(done: "Erasure") -> None:
    people = count(done.people, "person", "people")
    _say(f"Erased: {count(done.calls, 'call')}, {people}, {count(sum(done.rows.values()), 'row')}, {count(done.files, 'file')}.")
    if done.recordings:
        _say(f"Recordings and transcripts deleted in their folders: {done.recordings}.")
    if done.audit_lines:
        _say(f"The audit log keeps keyed hashes in {count(done.audit_lines, 'line')}; it is chained anew from the first of them.")
    if done.log_lines:
        _say(f"Taken out of the log: {count(done.log_lines, 'line')}.")
    if done.audit_was_wrong:
        _say(f"The audit log was not whole before: {done.audit_was_wrong} That is noted in it.")
    _say("Reports and the brief are made anew, without them, by the next whole run.")
    if done.recordings_left:
        _say("Left in their folders, for you to delete (or add --recordings); they are not taken in again:")
        _lines(map(str, done.recordings_left))
    _elsewhere(done.elsewhere)
    if done.backups:
        _say("Backups hold them until you throw those away; restored, they are without them:")
        _lines(map(str, done.backups))
    if done.untold:
        _say("Beside these backups the ledger could not be written; copy it there before you restore one:")
        _lines(map(str, done.untold))
    if done.kept:
        _say("Could not be deleted:")
        _lines(map(str, done.kept))
    if not done.settled:
        _say("Another program holds the database open, so its file still has old bytes in it.")
    _say(f"Searched for traces: every row, {count(done.searched, 'file')}. Found: {len(done.traces)}.")
    _lines(f"{trace.what} in {trace.where}" for trace in done.traces)


def _elsewhere(traces: "Iterable[object]") -> None:
    named = sorted({str(getattr(trace, "where", "")) for trace in traces})
    if named:
        _say("These files of yours name them; take that out by hand:")
        _lines(named)


def _lines(lines: "Iterable[str]") -> None:
    every = list(lines)
    for line in every[:MOST_SHOWN]:
        _say(f"  {plain(line)}")
    if len(every) > MOST_SHOWN:
        _say(f"  and {len(every) - MOST_SHOWN} more; --json names them all")


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)
