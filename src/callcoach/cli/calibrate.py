"""`callcoach calibrate`: blind labels in the terminal, agreement, decisions. Thin: parse, one app call, print."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from callcoach.coaching.notation import count
from callcoach.domain.story import Component
from callcoach.domain.verdict import JUDGED_VERDICTS, Level, Verdict
from callcoach.errors import UsageError

calibrate = typer.Typer(help="Do people hear the same in a call? Blind labels, agreement, decisions.", no_args_is_help=True)

out = Console()
Meaning = TypeVar("Meaning")

HomeOption = Annotated[Path | None, typer.Option(help="Folder of the database. Default: callcoach-data.")]
RubricsOption = Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")]
RoundArgument = Annotated[str, typer.Argument(metavar="ROUND", help="Name of the round, as `calibrate new` printed it.")]


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)


@calibrate.command()
def new(
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    people: Annotated[str, typer.Option(help="Ids of two people or more, with commas between.")],
    calls: Annotated[int, typer.Option(help="How many calls to label.", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="Number that the choice of calls hangs on.")] = 1,
    round_id: Annotated[str | None, typer.Option("--round", help="Name of the round; else the id and a number.")] = None,
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
) -> None:
    """Pick calls for people to label without seeing each other's answers or the machine's."""
    from callcoach.app.calibration import begin_round, find_initiative
    from callcoach.cli.workspace import workspace

    begun = begin_round(
        workspace(home),
        find_initiative(rubrics, initiative),
        calls=calls,
        people=[person.strip() for person in people.split(",")],
        seed=seed,
        at=datetime.now(UTC),
        round_id=round_id,
    )
    _say(f"Round {begun.round_id}: {count(len(begun.picks), 'call')} to label for {initiative}.")
    if len(begun.picks) < calls:
        _say(f"Asked were {calls}; the database holds no more that can be labelled.")
    for person in begun.people:
        _say(f"Next: callcoach calibrate label {begun.round_id} --person {person}")


@calibrate.command()
def label(
    round_id: RoundArgument,
    person: Annotated[str, typer.Option(help="Your id.")],
    page: Annotated[int | None, typer.Option(help="Turns on a page; 0: the whole call at once.", min=0)] = None,
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
) -> None:
    """Label the calls of a round, one question after the other; stop and go on whenever you like."""
    from callcoach.app.calibration import Session
    from callcoach.cli.labelling import label_round
    from callcoach.cli.workspace import workspace

    label_round(out, Session(workspace(home), rubrics, round_id, person), page=page)


@calibrate.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ROUND|INITIATIVE", help="A finished round, or an initiative for all of them.")],
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Agreement of people with people beside people with the machine, and where they differ, side by side."""
    from callcoach.app.calibration import compare
    from callcoach.cli.comparison import print_comparison
    from callcoach.cli.workspace import print_json, workspace

    found = compare(workspace(home), rubrics, name)
    if as_json:
        print_json(found)
    else:
        print_comparison(out, found)


@calibrate.command()
def decide(
    round_id: RoundArgument,
    call_id: Annotated[str, typer.Argument(metavar="CALL", help="Id of the call.")],
    verdict: Annotated[str, typer.Option(help="What was agreed: " + ", ".join(JUDGED_VERDICTS) + ".")],
    because: Annotated[str, typer.Option(help="Why, in a sentence.")],
    by: Annotated[str, typer.Option(help="Who writes it down (id).")],
    level: Annotated[list[str] | None, typer.Option(help="What was agreed on a level, like wall=2. May be repeated.")] = None,
    home: HomeOption = None,
) -> None:
    """Write down what was agreed on a call; the labels stay as they are."""
    from callcoach.app.calibration import decide as decide_call
    from callcoach.cli.workspace import workspace

    decide_call(
        workspace(home),
        round_id,
        call_id,
        verdict=read_verdict(verdict),
        because=because,
        by=by,
        at=datetime.now(UTC),
        levels=read_levels(level),
    )
    _say(f"Written down: {call_id} is {verdict}. The labels stay beside it.")


@calibrate.command("export")
def export_labels(
    initiative: Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative.")],
    into: Annotated[Path | None, typer.Option("--out", help="File to write. Default: labels/INITIATIVE.csv in rubrics.")] = None,
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
) -> None:
    """Write the labels of all finished rounds to a CSV file, to keep in git beside the rubric."""
    from callcoach.app.calibration import give_out
    from callcoach.cli.workspace import workspace

    _say(f"Wrote {give_out(workspace(home), rubrics, initiative, into)}.")


@calibrate.command("import")
def import_labels(
    file: Annotated[Path, typer.Argument(help="CSV of labels, named after its initiative.")],
    home: HomeOption = None,
) -> None:
    """Take in a file of finished labels. `callcoach run` takes in those beside its rubrics by itself."""
    from callcoach.app.calibration import take_in
    from callcoach.cli.workspace import workspace

    taken = take_in(workspace(home), file)
    _say(f"{count(taken.labels, 'label')} for {file.stem} in {file}, {taken.new} of them new.")


def read_verdict(word: str) -> Verdict:
    """A verdict as typed. Raises UsageError for another word."""
    return _one_of("verdict", word, {verdict.value: verdict for verdict in Verdict})


def read_levels(words: list[str] | None) -> dict[Component, Level]:
    """Levels as typed, `wall=2`. Raises UsageError for anything else."""
    found = {}
    for word in words or ():
        component, _, level = word.partition("=")
        key = _one_of("component", component, {each.value: each for each in Component})
        found[key] = _one_of(f"level of {component}", level, {str(int(each)): each for each in Level})
    return found


def _one_of(what: str, word: str, meanings: Mapping[str, Meaning]) -> Meaning:
    if word not in meanings:
        raise UsageError(f'"{word}" is no {what}. Write one of {", ".join(meanings)}.')
    return meanings[word]
