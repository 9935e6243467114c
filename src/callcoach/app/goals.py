"""Set, edit, agree to, close and read goals: what the commands and the web call. Prints nothing.

A goal is its rep's and its manager's: they alone change it. It is read by them and by those who see the rep. Each change returns
the goal as it then stands.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

from callcoach.app.current import current_company, current_initiatives
from callcoach.app.gates import agreement_on, gates
from callcoach.app.judge_error import judge_error_of
from callcoach.app.kept_reports import kept_standing
from callcoach.app.kept_shares import shares_of_run
from callcoach.app.labelled_teams import alike_by_team
from callcoach.app.morning import figures_of_people, the_report
from callcoach.app.opinions import weighed
from callcoach.app.reviews import reviewed
from callcoach.app.standing import About
from callcoach.app.workspace import Workspace
from callcoach.coaching import goals as pure
from callcoach.coaching.goal_standing import Unsaid, standing, state_of, to_close, unsaid
from callcoach.coaching.heard import hear
from callcoach.coaching.initiatives import findings
from callcoach.coaching.shares import Shares, shares_of
from callcoach.domain.behaviour import GAPS, Behaviour
from callcoach.domain.coaching import MorningReport, Recommendation
from callcoach.domain.goals import BY_A_RUN, Goal, GoalAct, GoalChange, GoalStanding, GoalState
from callcoach.domain.people import Company, PersonRole, VisibleReps
from callcoach.domain.story import Initiative, default_rubrics
from callcoach.errors import GoalUnfinished, NotYours, UsageError
from callcoach.storage.goals import Goals, History

EVERYBODY = VisibleReps(everybody=True)
TWICE = timedelta(seconds=10)
"""Who sets the very same goal within it pressed the button twice: it is set once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person writes of a goal; None says nothing of it, or leaves what is there."""

    text: str | None = None
    behaviour: Behaviour | None = None
    target: float | None = None
    calls: int | None = None
    why: str | None = None
    due: date | None = None
    manager_id: str | None = None


NOTHING_WRITTEN = Draft()


def propose_goal(
    workspace: Workspace, rep_id: str, initiative_id: str, draft: Draft, *, by: str, at: datetime, today: date
) -> GoalStanding:
    """Set a goal by hand, by its rep or its manager, who thereby agrees. It may be incomplete: `missing` says what is lacking.

    Raises UsageError for an unknown rep, initiative or manager, NotYours where `by` is neither.
    """
    start = Goal(goal_id="", rep_id=rep_id, manager_id=None, initiative_id=initiative_id, text="", set_on=today)
    return _set(workspace, start, draft, by=by, at=at, today=today)


def propose_recommended(
    workspace: Workspace,
    rep_id: str,
    *,
    by: str,
    at: datetime,
    today: date,
    initiative_id: str | None = None,
    behaviour: Behaviour | None = None,
    draft: Draft = NOTHING_WRITTEN,
) -> GoalStanding:
    """Set a goal from what is recommended to a rep today, the first that fits; what `draft` says comes before it.

    Raises as `propose_goal`, and UsageError where nothing that fits is recommended.
    """
    found = _recommended(workspace, rep_id, initiative_id, behaviour, today)
    return _set(workspace, pure.drafted(found, today), draft, by=by, at=at, today=today)


def edit_goal(
    workspace: Workspace, goal_id: str, draft: Draft, *, revision: int, by: str, at: datetime, today: date
) -> GoalStanding:
    """Change what `draft` names. Whoever edits agrees to it; the other is asked again. revision: the one that was read.

    Raises EditConflict where the text has changed since, NotYours, GoalUnfinished where it is closed, UsageError.
    """
    changes = _written(draft)
    if not changes and draft.manager_id is None:
        raise UsageError("Nothing to change. Name what is to read otherwise: text, behaviour, target, calls, why, due, manager.")
    company = current_company(workspace)

    def made(goal: Goal) -> Goal:
        edited = pure.edited(goal, by, **changes)
        if draft.manager_id is not None and draft.manager_id != goal.manager_id:
            edited = replace(edited, manager_id=_manager(company, goal.rep_id, draft.manager_id))
        return edited

    return _change(workspace, goal_id, GoalAct.EDITED, made, by=by, at=at, today=today, revision=revision)


def agree(workspace: Workspace, goal_id: str, *, revision: int, by: str, at: datetime, today: date) -> GoalStanding:
    """Agree to the goal as it reads. revision: the one that was read.

    Raises EditConflict where the text has changed since, NotYours, GoalUnfinished with what is missing, UsageError.
    """
    now = _goal(workspace, goal_id, today=today).now
    return _change(
        workspace,
        goal_id,
        GoalAct.AGREED,
        lambda goal: pure.agreed(goal, by, now, today),
        by=by,
        at=at,
        today=today,
        revision=revision,
    )


def note_coaching(workspace: Workspace, goal_id: str, *, by: str, at: datetime, today: date, note: str = "") -> GoalStanding:
    """Note that the goal was worked on together, at `at`. Raises NotYours, GoalUnfinished where it is closed, UsageError."""
    return _change(
        workspace, goal_id, GoalAct.COACHED, lambda goal: pure.owned(goal, by), by=by, at=at, today=today, note=note.strip()
    )


def close(workspace: Workspace, goal_id: str, *, by: str, at: datetime, today: date, because: str = "") -> GoalStanding:
    """Close it now with its verdict from the calls since; without one where it was never agreed to.

    Raises NotYours, GoalUnfinished where it is closed already, UsageError.
    """
    now = _goal(workspace, goal_id, today=today)
    return _change(
        workspace,
        goal_id,
        GoalAct.CLOSED,
        lambda goal: pure.closed(pure.owned(goal, by), now.progress, today=today),
        by=by,
        at=at,
        today=today,
        revision=now.revision,
        note=because.strip(),
        closing=now,
    )


def goals_of(workspace: Workspace, rep_id: str | None, visible: VisibleReps, *, today: date) -> tuple[GoalStanding, ...]:
    """Every goal of a rep, or of all reps that are visible where none is named, in the order in which they were set."""
    histories = [each for each in Goals(workspace.store).all(rep_id=rep_id) if each[-1].goal.rep_id in visible]
    return _standings(workspace, histories, today=today)


def goal_ids_of(workspace: Workspace, rep_id: str) -> frozenset[str]:
    """The ids of every goal of a rep."""
    return frozenset(each[-1].goal.goal_id for each in Goals(workspace.store).all(rep_id=rep_id))


def goal(workspace: Workspace, goal_id: str, visible: VisibleReps, *, today: date, reader: str | None = None) -> GoalStanding:
    """One goal. reader: a person id; a goal's rep and manager read it always. Raises UsageError, NotYours."""
    history(workspace, goal_id, visible, reader=reader)
    return _goal(workspace, goal_id, today=today)


def history(workspace: Workspace, goal_id: str, visible: VisibleReps, *, reader: str | None = None) -> tuple[GoalChange, ...]:
    """All that was done with a goal, the first first. Raises as `goal`."""
    changes = Goals(workspace.store).history(goal_id)
    latest = changes[-1].goal
    if latest.rep_id not in visible and (reader is None or reader not in (latest.rep_id, latest.manager_id)):
        raise NotYours(f"Goal {goal_id} is read by its rep, its manager and those who see the rep. Ask one of them.")
    return changes


def close_due(workspace: Workspace, report: MorningReport, *, at: datetime) -> MorningReport:
    """Close what both agreed to and whose day has passed, each with its verdict; the report with the goals as they then read."""
    closed = {
        each.goal.goal_id: _close_one(workspace, each, at=at, today=report.today)
        for rep in report.reps
        for each in to_close(rep.goals, report.today)
    }
    if not closed:
        return report
    return replace(
        report,
        reps=tuple(replace(rep, goals=tuple(closed.get(each.goal.goal_id, each) for each in rep.goals)) for rep in report.reps),
    )


def _close_one(workspace: Workspace, due: GoalStanding, *, at: datetime, today: date) -> GoalStanding:
    kept = Goals(workspace.store)
    try:
        change = kept.change(
            due.goal.goal_id,
            GoalAct.CLOSED,
            lambda goal: _owned(lambda: pure.closed(goal, due.progress, today=today)),
            by=BY_A_RUN,
            at=at,
            progress=due.progress,
        )
    except GoalUnfinished:
        # one of the two has closed it since the report was made, and what they closed it on stays
        change = next(each for each in reversed(kept.history(due.goal.goal_id)) if each.act is GoalAct.CLOSED)
    return replace(due, goal=change.goal, revision=change.revision, state=GoalState.CLOSED, now=None, progress=change.progress)


def _set(workspace: Workspace, start: Goal, draft: Draft, *, by: str, at: datetime, today: date) -> GoalStanding:
    company = current_company(workspace)
    if company.person(start.rep_id) is None and not workspace.store.calls(rep_id=start.rep_id):
        raise UsageError(f"No rep {start.rep_id} is in the people file, and no call is kept of one. Give the id that calls name.")
    known = [initiative.id for initiative in current_initiatives(workspace)]
    if start.initiative_id not in known:
        raise UsageError(f"No initiative {start.initiative_id}. The latest run read: {', '.join(sorted(known)) or 'none'}.")
    named = draft.manager_id or (by if by != start.rep_id else None)
    manager_id = _manager(company, start.rep_id, named)
    begun = replace(start, manager_id=manager_id, agreed_by=(by,), **_written(draft))  # type: ignore[arg-type]
    _owned(lambda: pure.owned(begun, by))
    for changes in Goals(workspace.store).all(rep_id=start.rep_id):
        latest = changes[-1]
        if latest.by == by and at - latest.at < TWICE and replace(latest.goal, goal_id="") == begun:
            return _goal(workspace, latest.goal.goal_id, today=today)
    change = Goals(workspace.store).set(begun, by=by, at=at)
    return _goal(workspace, change.goal.goal_id, today=today)


def _change(
    workspace: Workspace,
    goal_id: str,
    act: GoalAct,
    made: Callable[[Goal], Goal],
    *,
    by: str,
    at: datetime,
    today: date,
    revision: int | None = None,
    note: str = "",
    closing: GoalStanding | None = None,
) -> GoalStanding:
    progress = closing.progress if closing else None
    Goals(workspace.store).change(
        goal_id, act, lambda goal: _owned(lambda: made(goal)), by=by, at=at, revision=revision, note=note, progress=progress
    )
    return _goal(workspace, goal_id, today=today)


def _owned(made: Callable[[], Goal]) -> Goal:
    """What pure code complains of, as an error that says the next step."""
    try:
        return made()
    except pure.NotAnOwner as trouble:
        raise NotYours(str(trouble)) from None
    except ValueError as trouble:
        raise GoalUnfinished(str(trouble)) from None


def _written(draft: Draft) -> dict[str, object]:
    values = {field.name: getattr(draft, field.name) for field in fields(draft) if field.name != "manager_id"}
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items() if value is not None}


def _manager(company: Company, rep_id: str, named: str | None) -> str | None:
    """The manager of the rep's team; where the people file names none, the one who is named, unless that is a rep.

    Raises UsageError where somebody else is named.
    """
    person = company.person(rep_id)
    team = company.team(person.team) if person else None
    if team is not None and team.manager is not None:
        if named not in (None, team.manager):
            raise UsageError(
                f"A goal of {company.name_of(rep_id)} is agreed with {company.name_of(team.manager)} ({team.manager}), who "
                f"manages {team.name}; {named} was named. Leave it out, or change the people file and run again."
            )
        return team.manager
    manager = company.person(named)
    if named == rep_id or (company.people and named and (manager is None or manager.role is PersonRole.REP)):
        raise UsageError(f"{named} cannot be the manager of a goal of {rep_id}. Name a manager that the people file has.")
    return named


def _recommended(
    workspace: Workspace, rep_id: str, initiative_id: str | None, behaviour: Behaviour | None, today: date
) -> Recommendation:
    initiatives = default_rubrics(current_initiatives(workspace))
    report = the_report(workspace, initiatives, current_company(workspace), today=today).report
    given = [
        each for rep in report.reps if rep.profile.rep_id == rep_id for each in rep.recommendations if each.behaviour in GAPS
    ]
    fitting = [each for each in given if initiative_id in (None, each.initiative_id) and behaviour in (None, each.behaviour)]
    if not fitting:
        known = ", ".join(f"{each.behaviour} on {each.initiative_id}" for each in given) or "nothing"
        raise UsageError(f"That is not recommended to {rep_id} today: {known} is. Set the goal by hand instead.")
    return fitting[0]


def _goal(workspace: Workspace, goal_id: str, *, today: date) -> GoalStanding:
    (found,) = _standings(workspace, [Goals(workspace.store).history(goal_id)], today=today)
    return found


def _standings(workspace: Workspace, histories: Sequence[History], *, today: date) -> tuple[GoalStanding, ...]:
    open_ = {
        each[-1].goal.initiative_id
        for each in histories
        if each[-1].goal.behaviour in GAPS and state_of(each[-1].goal) is not GoalState.CLOSED
    }
    company = current_company(workspace)
    shares, silent = _figures(workspace, company, open_, today) if open_ else (None, {})
    return tuple(standing(each, shares, company, today=today, unsaid=silent) for each in histories)


def _figures(workspace: Workspace, company: Company, asked: Collection[str], today: date) -> tuple[Shares | None, Unsaid]:
    """What the kept calls say, as the report counts them, and on which initiatives no rep's figure is said.

    As the latest whole run counted them, where nothing has changed that since; counting a year of calls anew takes seconds.
    """
    initiatives = default_rubrics(current_initiatives(workspace))
    of_run = _of_run(workspace, [initiative for initiative in initiatives if initiative.id in asked], today)
    if of_run is not None:
        return of_run
    calls = workspace.store.calls()
    if not calls:
        return None, {}
    scores = weighed(reviewed(workspace, workspace.store.scores()), ())
    hearings = hear(calls, scores, initiatives)
    shares = shares_of(hearings, company, judge_error_of(workspace.settings))
    about = [initiative for initiative in initiatives if initiative.id in asked]
    people = figures_of_people({initiative.id: agreement_on(workspace, initiative) for initiative in about})
    found = findings(
        hearings,
        about,
        company,
        today=today,
        agreement=people.agreement,
        with_machine=people.with_machine,
        alike=alike_by_team(workspace, about, company, calls),
    )
    return shares, unsaid(gates(workspace, about, today=today), found)


def _of_run(workspace: Workspace, about: Sequence[Initiative], today: date) -> tuple[Shares, Unsaid] | None:
    shares = shares_of_run(workspace, [initiative.id for initiative in about])
    kept = [kept_standing(workspace, About.INITIATIVE, initiative.id) for initiative in about] if shares else []
    found = [each.finding for one in kept if one for each in one.standing.initiatives]
    return (shares, unsaid(gates(workspace, about, today=today), found)) if shares and len(found) == len(about) else None
