"""A rep's page: what they do well, the one thing next, their goals. Everything it shows is one value of `app.standing_pages`."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app import goals
from callcoach.app.audit import note
from callcoach.app.goals import Draft
from callcoach.app.standing_pages import rep_page
from callcoach.batch import standing_plots
from callcoach.coaching import gate_wording, goal_wording, wording
from callcoach.coaching.momentum import LEAST_CALLS
from callcoach.domain.behaviour import GAPS, Behaviour
from callcoach.domain.goals import GoalAct, GoalState
from callcoach.errors import EditConflict, GoalUnfinished, NotYours, UsageError
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import Conflict, NotHere, Unusable
from callcoach.web.render import page

router = APIRouter()

Value = TypeVar("Value")
Own = Annotated[Reader, allow(Policy.OWN_CALLS)]
Text = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=100)]

BEFORE_S, AFTER_S = 0.2, 0.4
"""A clip begins a little before its first word and ends a little after its last: word times are no better than that."""


def clip(call_id: str, start: float | None, end: float | None) -> str:
    """The address of a stretch of a call's recording."""
    address = f"/calls/{quote(call_id, safe='')}/audio"
    if start is None:
        return address
    until = "" if end is None else f",{end + AFTER_S:.1f}"
    return f"{address}#t={max(0.0, start - BEFORE_S):.1f}{until}"


@router.get("/reps/{rep_id:path}")
def rep(rep_id: str, request: Request, reader: Own) -> Response:
    """The page."""
    found = rep_page(reader.workspace, reader.visible, reader.viewer, rep_id, today=reader.now.date())
    if found is None:
        raise NotHere
    note(reader.workspace, reader.account, "rep.read", rep_id, reader.now)
    me = reader.known.person_id
    return page(
        request,
        reader,
        "rep.html",
        found=found,
        plots=standing_plots,
        clip=clip,
        words=wording,
        goal_words=goal_wording,
        gate_words=gate_wording,
        least_calls=LEAST_CALLS,
        GoalState=GoalState,
        GoalAct=GoalAct,
        gaps=GAPS,
        me=me,
        may_set=me is not None and (found.own or me == (found.team.manager if found.team else None)),
    )


@router.post("/reps/{rep_id:path}/goals")
def set_goal(
    rep_id: str,
    reader: Own,
    initiative: Annotated[str, Form(max_length=200)],
    text: Text = "",
    behaviour: Short = "",
    target: Short = "",
    calls: Short = "",
    why: Text = "",
    due: Short = "",
) -> Response:
    """Set a goal; what is missing may come later."""
    if rep_id not in reader.visible:
        raise NotHere
    draft = _draft(text, behaviour, target, calls, why, due)
    with_problems = _told(
        lambda: goals.propose_goal(
            reader.workspace, rep_id, initiative, draft, by=_me(reader), at=reader.now, today=reader.now.date()
        )
    )
    note(reader.workspace, reader.account, "goal.set", rep_id, reader.now, goal=with_problems.goal.goal_id)
    return _back(rep_id)


@router.post("/reps/{rep_id:path}/goals/{goal_id}/edit")
def edit_goal(
    rep_id: str,
    goal_id: str,
    reader: Own,
    revision: Annotated[int, Form(ge=1, le=10**6)],
    text: Text = "",
    behaviour: Short = "",
    target: Short = "",
    calls: Short = "",
    why: Text = "",
    due: Short = "",
) -> Response:
    """Change a goal; the other one is asked again."""
    draft = _draft(text, behaviour, target, calls, why, due)
    _of_rep(reader, rep_id, goal_id)
    _told(
        lambda: goals.edit_goal(
            reader.workspace, goal_id, draft, revision=revision, by=_me(reader), at=reader.now, today=reader.now.date()
        )
    )
    note(reader.workspace, reader.account, "goal.edit", rep_id, reader.now, goal=goal_id)
    return _back(rep_id)


@router.post("/reps/{rep_id:path}/goals/{goal_id}/agree")
def agree_goal(rep_id: str, goal_id: str, reader: Own, revision: Annotated[int, Form(ge=1, le=10**6)]) -> Response:
    """Agree to a goal as it reads."""
    _of_rep(reader, rep_id, goal_id)
    _told(
        lambda: goals.agree(reader.workspace, goal_id, revision=revision, by=_me(reader), at=reader.now, today=reader.now.date())
    )
    note(reader.workspace, reader.account, "goal.agree", rep_id, reader.now, goal=goal_id)
    return _back(rep_id)


@router.post("/reps/{rep_id:path}/goals/{goal_id}/coached")
def coached(rep_id: str, goal_id: str, reader: Own, said: Text = "") -> Response:
    """Note that a goal was worked on together."""
    _of_rep(reader, rep_id, goal_id)
    _told(
        lambda: goals.note_coaching(reader.workspace, goal_id, by=_me(reader), at=reader.now, today=reader.now.date(), note=said)
    )
    note(reader.workspace, reader.account, "goal.coached", rep_id, reader.now, goal=goal_id)
    return _back(rep_id)


@router.post("/reps/{rep_id:path}/goals/{goal_id}/close")
def close_goal(rep_id: str, goal_id: str, reader: Own, because: Text = "") -> Response:
    """Close a goal now."""
    _of_rep(reader, rep_id, goal_id)
    _told(lambda: goals.close(reader.workspace, goal_id, by=_me(reader), at=reader.now, today=reader.now.date(), because=because))
    note(reader.workspace, reader.account, "goal.close", rep_id, reader.now, goal=goal_id)
    return _back(rep_id)


def _of_rep(reader: Reader, rep_id: str, goal_id: str) -> None:
    """A goal is changed on its own rep's page, by whoever may see that."""
    if rep_id not in reader.visible or not any(goal_id == each for each in goals.goal_ids_of(reader.workspace, rep_id)):
        raise NotHere


def _me(reader: Reader) -> str:
    if reader.known.person_id is None:
        raise Unusable(
            "Your account is nobody's of the company, and a goal is its rep's and its manager's. An admin can link it."
        )
    return reader.known.person_id


def _draft(text: str, behaviour: str, target: str, calls: str, why: str, due: str) -> Draft:
    """What a form says; an empty field says nothing. Raises Unusable for what is no number, day or behaviour."""
    try:
        share = float(target.removesuffix("%").strip()) / 100 if target.strip() else None
        number = int(calls) if calls.strip() else None
        day = date.fromisoformat(due) if due.strip() else None
        wanted = Behaviour(behaviour) if behaviour else None
    except ValueError as error:
        raise Unusable(f"{error}. Give the target in percent, the calls as a number, the day like 2026-12-01.") from None
    return Draft(text=text.strip() or None, behaviour=wanted, target=share, calls=number, why=why.strip() or None, due=day)


def _told(change: Callable[[], Value]) -> Value:
    """What a change complains of, as a page that says the next step."""
    try:
        return change()
    except EditConflict as error:
        raise Conflict(str(error)) from None
    except (GoalUnfinished, NotYours, UsageError) as error:
        raise Unusable(str(error)) from None


def _back(rep_id: str) -> Response:
    return RedirectResponse(f"/reps/{quote(rep_id, safe='')}#goals", status_code=303)
