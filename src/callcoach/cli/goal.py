"""`callcoach goal`: set, edit, agree to, close and read coaching goals. Thin: parse, one app call, print."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, print_json, workspace
from callcoach.coaching.notation import day, plain
from callcoach.domain.behaviour import GAPS, Behaviour
from callcoach.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callcoach.app.goals import Draft
    from callcoach.domain.goals import GoalChange, GoalStanding

goal = typer.Typer(help="Coaching goals: a rep's and a manager's, heard in later calls.", no_args_is_help=True)

out = Console()

KNOWN = ", ".join(GAPS)

GoalArgument = Annotated[str, typer.Argument(metavar="GOAL", help="Number of the goal; `callcoach goal list` shows it.")]
ByOption = Annotated[str, typer.Option(help="Your id: the goal's rep or manager.")]
RevisionOption = Annotated[int, typer.Option(help="The revision you read; `callcoach goal show` says it.", min=1)]
TextOption = Annotated[str | None, typer.Option(help="What will be done, in a sentence.")]
BehaviourOption = Annotated[str | None, typer.Option(help=f"How it is heard: one of {KNOWN}.")]
TargetOption = Annotated[float | None, typer.Option(help="In which share of the calls, like 0.6.", min=0.0, max=1.0)]
CallsOption = Annotated[int | None, typer.Option(help="How many calls are counted at least.", min=1)]
WhyOption = Annotated[str | None, typer.Option(help="What it is worth to the customers.")]
DueOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day that counts.")]
ManagerOption = Annotated[str | None, typer.Option(help="Id of the manager, where the people file names none.")]
TodayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to ask for. Default: today.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@goal.command()
def new(
    rep: Annotated[str, typer.Argument(metavar="REP", help="Id of the rep.")],
    by: ByOption,
    initiative: Annotated[str | None, typer.Option(help="Id of the initiative.")] = None,
    recommended: Annotated[
        bool, typer.Option("--recommended", help="Start from what is recommended to the rep today, the first that fits.")
    ] = False,
    text: TextOption = None,
    behaviour: BehaviourOption = None,
    target: TargetOption = None,
    calls: CallsOption = None,
    why: WhyOption = None,
    due: DueOption = None,
    manager: ManagerOption = None,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Set a goal. It may be incomplete: what it lacks is said. Whoever sets it agrees to it; the other is asked."""
    from callcoach.app.goals import propose_goal, propose_recommended

    draft = _draft(text, None if recommended else behaviour, target, calls, why, due, manager)
    if recommended:
        found = propose_recommended(
            workspace(home),
            rep,
            by=by,
            at=datetime.now(UTC),
            today=_day(today),
            initiative_id=initiative,
            behaviour=_behaviour(behaviour),
            draft=draft,
        )
    elif initiative is None:
        raise UsageError("Which initiative is it about? Give --initiative, or --recommended to start from what is recommended.")
    else:
        found = propose_goal(workspace(home), rep, initiative, draft, by=by, at=datetime.now(UTC), today=_day(today))
    _print(found, as_json=as_json)


@goal.command()
def edit(
    goal: GoalArgument,
    by: ByOption,
    revision: RevisionOption,
    text: TextOption = None,
    behaviour: BehaviourOption = None,
    target: TargetOption = None,
    calls: CallsOption = None,
    why: WhyOption = None,
    due: DueOption = None,
    manager: ManagerOption = None,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Change a goal. You thereby agree to it, and the other is asked again."""
    from callcoach.app.goals import edit_goal

    draft = _draft(text, behaviour, target, calls, why, due, manager)
    found = edit_goal(workspace(home), goal, draft, revision=revision, by=by, at=datetime.now(UTC), today=_day(today))
    _print(found, as_json=as_json)


@goal.command()
def agree(
    goal: GoalArgument,
    by: ByOption,
    revision: RevisionOption,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Agree to a goal as it reads."""
    from callcoach.app.goals import agree as agree_to

    found = agree_to(workspace(home), goal, revision=revision, by=by, at=datetime.now(UTC), today=_day(today))
    _print(found, as_json=as_json)


@goal.command()
def coached(
    goal: GoalArgument,
    by: ByOption,
    note: Annotated[str, typer.Option(help="What was worked on, in a sentence.")] = "",
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Note that the goal was worked on together."""
    from callcoach.app.goals import note_coaching

    _print(note_coaching(workspace(home), goal, by=by, at=datetime.now(UTC), today=_day(today), note=note), as_json=as_json)


@goal.command()
def close(
    goal: GoalArgument,
    by: ByOption,
    because: Annotated[str, typer.Option(help="Why now, in a sentence.")] = "",
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Close a goal now, with its verdict from the calls since. A run closes those whose day has passed."""
    from callcoach.app.goals import close as close_goal

    _print(close_goal(workspace(home), goal, by=by, at=datetime.now(UTC), today=_day(today), because=because), as_json=as_json)


@goal.command("list")
def list_(
    rep: Annotated[str | None, typer.Option(help="Only this rep's (id).")] = None,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Every goal and where it stands."""
    from callcoach.app.goals import EVERYBODY, goals_of

    found = goals_of(workspace(home), rep, EVERYBODY, today=_day(today))
    if as_json:
        print_json(found)
        return
    for each in found:
        _say(_line(each))
    if not found:
        _say("No goal is set. `callcoach goal new REP --by ID --recommended` sets one from what is recommended.")


@goal.command()
def show(
    goal: GoalArgument,
    home: HomeOption = None,
    today: TodayOption = None,
    as_json: JsonFlag = False,
) -> None:
    """One goal: how it reads, where it stands, and who did what with it."""
    from callcoach.app.goals import EVERYBODY, history
    from callcoach.app.goals import goal as read_goal

    room = workspace(home)
    found, changes = read_goal(room, goal, EVERYBODY, today=_day(today)), history(room, goal, EVERYBODY)
    if as_json:
        print_json({"standing": found, "history": changes})
        return
    _print(found, as_json=False)
    _history(changes)


def _print(found: "GoalStanding", *, as_json: bool) -> None:
    from callcoach.coaching.goal_wording import as_read

    if as_json:
        print_json(found)
        return
    _say(_line(found))
    _say(f"  {as_read(found.goal)}.")
    if found.missing:
        _say(f"  `callcoach goal edit {found.goal.goal_id} --revision {found.revision} --by ID ...` adds what is missing.")
    for person in found.waiting_for:
        _say(f"  `callcoach goal agree {found.goal.goal_id} --revision {found.revision} --by {person}` agrees to it.")


def _history(changes: "Sequence[GoalChange]") -> None:
    from callcoach.coaching.goal_wording import as_read

    before = ""
    for change in changes:
        reads = as_read(change.goal)
        said = [f"{change.revision}. {day(change.at, year=True)}, {change.by}: {change.act}"]
        said += [change.note] if change.note else []
        said += [change.progress.sentence] if change.progress else []
        said += [reads] if reads != before else []
        _say(f"  {'; '.join(said)}")
        before = reads


def _line(standing: "GoalStanding") -> str:
    from callcoach.coaching.goal_wording import stands, title

    goal = standing.goal
    where = f"{goal.rep_id}, {goal.initiative_id}, revision {standing.revision}"
    return f"{goal.goal_id}. {title(standing)} ({where}): {stands(standing)}"


def _draft(
    text: str | None,
    behaviour: str | None,
    target: float | None,
    calls: int | None,
    why: str | None,
    due: datetime | None,
    manager: str | None,
) -> "Draft":
    from callcoach.app.goals import Draft

    return Draft(
        text=text,
        behaviour=_behaviour(behaviour),
        target=target,
        calls=calls,
        why=why,
        due=due.date() if due else None,
        manager_id=manager,
    )


def _behaviour(name: str | None) -> Behaviour | None:
    if name is None:
        return None
    if name not in GAPS:
        raise UsageError(f"{name} is no behaviour that is heard in a call. Give one of {KNOWN}.")
    return Behaviour(name)


def _say(sentence: str) -> None:
    indent = len(sentence) - len(sentence.lstrip())
    out.print(" " * indent + plain(sentence), markup=False, highlight=False, soft_wrap=True)


def _day(today: datetime | None) -> date:
    return today.date() if today else date.today()  # noqa: DTZ011 - the day on the wall, where the reader is
