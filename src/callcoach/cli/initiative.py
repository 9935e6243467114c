"""`callcoach initiative`: from a draft to a published definition, and what another wording does. Thin: parse, call, print."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, print_json
from callcoach.cli.workspace import workspace as _workspace
from callcoach.coaching.notation import count
from callcoach.errors import SomeCallsFailed, StoryUnfinished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callcoach.app.workspace import Workspace
    from callcoach.domain.coaching import CallProblem
    from callcoach.domain.story import Initiative

initiative = typer.Typer(help="Define an initiative: begin it, check it, try it on past calls, publish it.", no_args_is_help=True)

out = Console()
err = Console(stderr=True)

RubricsOption = Annotated[Path, typer.Option(help="Folder with one YAML file per initiative.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
IdArgument = Annotated[str, typer.Argument(metavar="INITIATIVE", help="Id of the initiative, or its file.")]
BeforeArgument = Annotated[
    str | None, typer.Argument(metavar="[BEFORE]", help="A version by its first digits, or `file`. Default: as last published.")
]
AfterArgument = Annotated[
    str, typer.Argument(metavar="[AFTER]", help="A version by its first digits, or `file`: as it stands now.")
]
DayOption = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day. Default: today.")]
RulesFlag = Annotated[bool, typer.Option("--rules-only", help="Leave out what takes the language models; answers at once.")]


@initiative.command()
def new(
    initiative_id: Annotated[str, typer.Argument(metavar="ID", help="Short name: lower case, digits, hyphens.")],
    name: Annotated[str, typer.Option(help="The name that customers hear.")],
    launched: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day. Default: today.")] = None,
    rubrics: RubricsOption = Path("rubrics"),
) -> None:
    """Begin an initiative: a file with every field to be filled in, and the schema for your editor beside it."""
    from callcoach.app.definition import begin

    path = begin(rubrics, initiative_id, name, _day(launched))
    _say(f"Wrote {path}.")
    _say(f"Next: fill it in, then callcoach initiative check {initiative_id} --rubrics {rubrics}")


@initiative.command()
def check(
    which: Annotated[str | None, typer.Argument(metavar="[INITIATIVE]", help="Id or file; else the whole folder.")] = None,
    rubrics: RubricsOption = Path("rubrics"),
    calls: Annotated[
        bool, typer.Option("--calls", help="Show what each example of a criterion does on the stored calls.")
    ] = False,
    rules_only: RulesFlag = False,
    home: HomeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Say what a definition lacks and where its story is vague, with the words and an example of better."""
    from callcoach.app.definition import check_file, check_folder
    from callcoach.cli.initiative_tables import print_checked, print_effects

    workspace = _workspace(home)
    language = None if rules_only else workspace.stories
    found = (check_file(rubrics, which, language),) if which else check_folder(rubrics, language)
    if as_json:
        print_json([{"file": str(each.draft.path), "trouble": each.draft.trouble, "findings": each.findings} for each in found])
    else:
        for each in found:
            print_checked(out, each)
    if calls:
        from callcoach.app.restate import example_effects

        for each in found:
            if each.draft.initiative is not None:
                print_effects(out, each.draft.initiative, example_effects(workspace, each.draft.initiative))
    stopped = [each for each in found if not each.passes]
    if stopped:
        raise StoryUnfinished(f"{count(len(stopped), 'definition')} of {len(found)} not ready to be published; see above.")


@initiative.command()
def versions(which: IdArgument, rubrics: RubricsOption = Path("rubrics"), home: HomeOption = None) -> None:
    """The wordings that are kept: when each was published, and how many calls were judged with it."""
    from callcoach.app.wordings import known_versions
    from callcoach.intake.drafts import find_draft
    from callcoach.intake.rubrics import read_initiative

    for known in known_versions(_workspace(home), read_initiative(find_draft(rubrics, which))):
        published = f"published {known.published}" if known.published else "never published"
        in_file = ", as the file stands now" if known.in_file else ""
        _say(f"{known.version}: {published}, {count(known.n_calls, 'call')} judged{in_file}.")


@initiative.command()
def diff(
    which: IdArgument,
    before: BeforeArgument = None,
    after: AfterArgument = "file",
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """What reads differently in two versions, field by field."""
    from callcoach.app.wordings import text_changes
    from callcoach.cli.initiative_tables import print_changes

    old, new_ = _versions(_workspace(home), rubrics, which, before, after)
    changes = text_changes(old, new_)
    if as_json:
        print_json(changes)
    else:
        print_changes(out, old.version, new_.version, changes)


@initiative.command()
def publish(
    which: IdArgument,
    by: Annotated[str, typer.Option(help="Your person id.")],
    note: Annotated[str, typer.Option(help="What is new, in a sentence.")] = "",
    on: DayOption = None,
    rubrics: RubricsOption = Path("rubrics"),
    rules_only: RulesFlag = False,
    home: HomeOption = None,
) -> None:
    """Publish the wording as it stands: checked, written into the file, and kept for good."""
    from callcoach.app.definition import publish as publish_wording
    from callcoach.app.field_reports import waiting_for

    workspace = _workspace(home)
    language = None if rules_only else workspace.stories
    published = publish_wording(workspace, rubrics, which, by=by, on=_day(on), note=note, language=language)
    _say(f"Published {which} as {published.version} on {published.on}, by {published.by}.")
    for case in waiting_for(workspace, rubrics, which):
        _say(f"A report on a part that is told anew waits for an answer, {case.report.report_id}: {case.report.words}")
    _say(f"Next: callcoach rescore --initiative {which} --rubrics {rubrics}, and callcoach calibrate new {which} --people ...")


@initiative.command()
def retire(which: IdArgument, on: DayOption = None, rubrics: RubricsOption = Path("rubrics")) -> None:
    """Write the last day on which reps tell the story; calls after it are not judged for it."""
    from callcoach.app.definition import retire as end

    last_day = _day(on)
    _say(f"{end(rubrics, which, last_day=last_day).name} is told until {last_day}.")


@initiative.command()
def schema() -> None:
    """Print the JSON Schema of an initiative's file, for editors."""
    from callcoach.intake.rubric_schema import schema_text

    out.file.write(schema_text())


@initiative.command()
def compare(
    which: IdArgument,
    before: BeforeArgument = None,
    after: AfterArgument = "file",
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Two versions on the same stored calls: which verdicts flip, which way, and which part of the text does it."""
    from callcoach.app.restate import compare as compare_versions
    from callcoach.app.wordings import people_say
    from callcoach.cli.initiative_tables import print_comparison

    workspace = _workspace(home)
    old, new_ = _versions(workspace, rubrics, which, before, after)
    comparison = compare_versions(workspace, old, new_, labels=people_say(workspace, new_.id))
    if as_json:
        print_json(comparison)
    else:
        print_comparison(out, comparison)
    _name(comparison.problems)


@initiative.command(name="try")
def try_(
    which: IdArgument,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only calls from this day on.")] = None,
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Run a draft on stored calls before launch: how often it would be raised, what flagged, and which calls come near it."""
    from callcoach.app.restate import try_draft
    from callcoach.cli.initiative_tables import print_trial
    from callcoach.intake.drafts import find_draft
    from callcoach.intake.rubrics import read_initiative

    draft = read_initiative(find_draft(rubrics, which))
    trial = try_draft(_workspace(home), draft, since=since.date() if since else None)
    if as_json:
        print_json(trial)
    else:
        print_trial(out, draft, trial)
    _name(trial.problems)


def rescore(
    initiative_id: Annotated[str | None, typer.Option("--initiative", help="Only this initiative (id).")] = None,
    version: Annotated[
        str | None, typer.Option(help="Another version, by its first digits; its scores are kept beside the current ones.")
    ] = None,
    rubrics: RubricsOption = Path("rubrics"),
    home: HomeOption = None,
) -> None:
    """Judge all stored calls of any age again with the rubrics as they stand, or with an earlier version beside them."""
    from callcoach.app.rescoring import rescore_all

    problems: list[CallProblem] = []
    for done in rescore_all(_workspace(home), rubrics, initiative_id=initiative_id, version=version):
        kept = "" if done.is_current else "; kept beside the current scores"
        _say(f"{done.initiative_id} {done.version}: {count(done.judged, 'call')} judged, {done.measured} of them measured{kept}.")
        problems.extend(done.problems)
    _name(problems)


def _name(problems: "Sequence[CallProblem]") -> None:
    """Say which calls could not be judged, after everything else is done. Raises SomeCallsFailed where there are any."""
    for problem in problems:
        err.print(f"{problem.call_id}: {problem.sentence}", markup=False, highlight=False, soft_wrap=True)
    if problems:
        raise SomeCallsFailed(f"{count(len(problems), 'call')} could not be judged, named above; everything else is done.")


def _versions(
    workspace: "Workspace", rubrics: Path, which: str, before: str | None, after: str
) -> tuple["Initiative", "Initiative"]:
    from callcoach.app.wordings import find_version, last_published
    from callcoach.intake.drafts import find_draft
    from callcoach.intake.rubrics import read_initiative

    in_file = read_initiative(find_draft(rubrics, which))
    asked = before or last_published(in_file)
    return find_version(workspace, in_file.id, asked, in_file), find_version(workspace, in_file.id, after, in_file)


def _day(given: datetime | None) -> date:
    return given.date() if given else date.today()  # noqa: DTZ011 - the day on the wall, where the reader is


def _say(sentence: str) -> None:
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)
