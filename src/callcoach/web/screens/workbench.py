"""The workbench: a rubric as a form and as text, what is to be mended, and what a change does to calls. All of it is `app`'s."""

import math
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app import live_effect, pinned_calls, workbench, workbench_writes
from callcoach.app.audit import note
from callcoach.app.rubric_text import Mark
from callcoach.app.workbench import Opened
from callcoach.app.workbench_writes import MOST_LETTERS, Change
from callcoach.coaching import gate_wording, workbench_wording
from callcoach.domain.definition import Severity
from callcoach.errors import BadInput, EditConflict, StoryUnfinished, UsageError
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere, Unusable
from callcoach.web.render import by_htmx, fragment, json_of, page, toast

router = APIRouter()

FIELD = "f:"
"""How the fields of the form are called in a request: this and the place."""

Enabler = Annotated[Reader, allow(Policy.ENABLEMENT)]
Sent = Annotated[str, Form(max_length=2 * MOST_LETTERS)]
Base = Annotated[str, Form(max_length=64)]
Name = Annotated[str, Form(max_length=200)]

SAID = {
    "saved": "Saved as a draft. Publish it when it is ready.",
    "undone": "Put back. Your text is on the bench again, not in the file.",
    "published": "Published. Next: judge the stored calls with it (callcoach rescore), and let people label calls for it.",
    "retired": "Its last day is written into the file.",
    "discarded": "Your text is gone; this is what stands in the file.",
    "mine": "You go on with your own text. Saving it now writes it over theirs.",
    "begun": "Begun from the template. Fill in the story; what is missing is said at each field.",
    "pinned": "These calls are judged again with every change from now on.",
}
UNDONE_BY = ("saved", "retired")


async def changes_of(request: Request) -> tuple[Change, ...]:
    """The fields of the form that a request holds."""
    form = await request.form(max_fields=1_000, max_files=0)
    found = [(name.removeprefix(FIELD), value) for name, value in form.multi_items() if name.startswith(FIELD)]
    return tuple(Change(place, value) for place, value in found if isinstance(value, str))


@router.get("/workbench")
def rubrics(request: Request, reader: Enabler, background: BackgroundTasks) -> Response:
    """Every rubric of the folder; the language model is loaded meanwhile, for whoever opens one."""
    background.add_task(live_effect.warm_up, reader.workspace)
    found = workbench.bench(reader.workspace, reader.known.account_id, today=reader.now.date())
    return page(request, reader, "workbench_list.html", found=found)


@router.post("/workbench")
def begin(request: Request, reader: Enabler, initiative: Name, title: Name, launched: Annotated[date, Form()]) -> Response:
    """A new rubric from the template."""
    try:
        name = workbench_writes.begin(reader.workspace, initiative, title, launched)
    except EditConflict as conflict:
        raise Unusable(str(conflict)) from None
    note(reader.workspace, reader.account, "rubric.begin", name, reader.now)
    return _on(name, "begun")


@router.get("/workbench/{name}")
def rubric(
    name: str,
    request: Request,
    reader: Enabler,
    background: BackgroundTasks,
    done: Annotated[str, Query(max_length=20)] = "",
    effect: bool = False,
) -> Response:
    """One rubric on the bench. effect: with what it does to the pinned calls, for browsers without scripts."""
    opened = _opened(reader, name)
    background.add_task(live_effect.warm_up, reader.workspace)
    found = _effect(reader, name, opened.text, explain=True, at_once_s=math.inf) if effect else None
    return page(request, reader, "workbench.html", **_values(opened, done=done, found=found))


@router.get("/workbench/{name}/standing")
def standing(name: str, request: Request, reader: Enabler) -> Response:
    """Its gate, and the wordings that are kept."""
    found = workbench.standing(reader.workspace, name, today=reader.now.date())
    if found is None:
        raise NotHere
    if by_htmx(request):
        return fragment(request, reader, "parts/_workbench_standing.html", found=found, gate_words=gate_wording)
    return page(request, reader, "workbench_standing.html", found=found, gate_words=gate_wording)


@router.post("/workbench/{name}/follow")
def follow(
    name: str, reader: Enabler, changes: Annotated[tuple[Change, ...], Depends(changes_of)], text: Sent = "", base: Base = ""
) -> Response:
    """The text after a change of the form, and the form after a change of the text; both kept as the reader's draft."""
    followed = workbench_writes.follow(
        reader.workspace, reader.known.account_id, name, text, _taken(changes), base=base, at=reader.now
    )
    if followed is None:
        raise NotHere
    return json_of(followed)


@router.post("/workbench/{name}/effect")
def effect(name: str, request: Request, reader: Enabler, text: Sent = "", explain: Annotated[bool, Form()] = False) -> Response:
    """What a text does to the pinned calls; nothing (204) where the same person asked again meanwhile."""
    try:
        found = _effect(reader, name, text, explain=explain)
    except live_effect.Superseded:
        return Response(status_code=204)
    part = fragment(request, reader, "parts/_workbench_effect.html", found=found, name=name, words=workbench_wording)
    return json_of(
        {
            "html": bytes(part.body).decode(),
            "marks": found.marks,
            "explained": found.explained,
            "waiting": found.waiting,
            "seconds": found.seconds,
        }
    )


@router.post("/workbench/{name}/apply")
def apply(
    name: str, reader: Enabler, changes: Annotated[tuple[Change, ...], Depends(changes_of)], text: Sent = "", base: Base = ""
) -> Response:
    """The form written into the text, for browsers without scripts."""
    if workbench_writes.follow(reader.workspace, reader.known.account_id, name, text, changes, base=base, at=reader.now) is None:
        raise NotHere
    return RedirectResponse(f"/workbench/{quote(name, safe='')}?effect=1", status_code=303)


@router.post("/workbench/{name}/save")
def save(name: str, request: Request, reader: Enabler, text: Sent = "", base: Base = "") -> Response:
    """Write the text into its file."""
    try:
        opened = workbench_writes.save(reader.workspace, reader.known.account_id, name, text, base=base, at=reader.now)
    except EditConflict as conflict:
        return _refused(request, reader, name, str(conflict), status=409)
    except BadInput as trouble:
        return _refused(request, reader, name, str(trouble), status=422)
    if opened is None:
        raise NotHere
    note(reader.workspace, reader.account, "rubric.save", name, reader.now, now=opened.now[:12])
    if by_htmx(request):
        headers = toast(SAID["saved"], undo=f"/workbench/{quote(name, safe='')}/undo")
        return json_of({"base": opened.now, "draft": opened.rubric.is_draft}, headers=headers)
    return _on(name, "saved")


@router.post("/workbench/{name}/undo")
def undo(name: str, request: Request, reader: Enabler) -> Response:
    """Put back what the reader's latest write replaced."""
    if not workbench_writes.put_back(reader.workspace, reader.known.account_id, name, at=reader.now):
        raise NotHere("There is nothing to undo.")
    note(reader.workspace, reader.account, "rubric.undo", name, reader.now)
    return Response(status_code=204, headers=toast(SAID["undone"])) if by_htmx(request) else _on(name, "undone")


@router.post("/workbench/{name}/discard")
def discard(name: str, reader: Enabler) -> Response:
    """Go on from the file."""
    if not workbench_writes.discard(reader.workspace, reader.known.account_id, name):
        raise NotHere
    return _on(name, "discarded")


@router.post("/workbench/{name}/mine")
def mine(name: str, reader: Enabler, text: Sent = "") -> Response:
    """Go on with one's own text after somebody else changed the file."""
    if not workbench_writes.take_over(reader.workspace, reader.known.account_id, name, text, at=reader.now):
        raise NotHere
    return _on(name, "mine")


@router.post("/workbench/{name}/publish")
def publish(
    name: str,
    request: Request,
    reader: Enabler,
    text: Sent = "",
    base: Base = "",
    remark: Annotated[str, Form(alias="note", max_length=2_000)] = "",
) -> Response:
    """Save and publish; what keeps it from being published is shown at its place."""
    account_id = reader.known.account_id
    by = reader.by
    try:
        if workbench_writes.save(reader.workspace, account_id, name, text, base=base, at=reader.now) is None:
            raise NotHere
        published = workbench_writes.publish(
            reader.workspace, account_id, name, by=by, note=remark, at=reader.now, language=reader.workspace.stories
        )
    except EditConflict as conflict:
        return _refused(request, reader, name, str(conflict), status=409)
    except StoryUnfinished:
        return _refused(request, reader, name, "It is not published: what follows is to be mended first.", status=422)
    except (BadInput, UsageError) as trouble:
        return _refused(request, reader, name, str(trouble), status=422)
    if published is None:
        raise NotHere
    note(reader.workspace, reader.account, "rubric.publish", name, reader.now, version=published.version, because=remark or None)
    return _on(name, "published")


@router.post("/workbench/{name}/retire")
def retire(name: str, request: Request, reader: Enabler, last_day: Annotated[date, Form()]) -> Response:
    """Write the last day."""
    try:
        ended = workbench_writes.retire(reader.workspace, reader.known.account_id, name, last_day=last_day)
    except (BadInput, UsageError) as trouble:
        return _refused(request, reader, name, str(trouble), status=409 if isinstance(trouble, EditConflict) else 422)
    if ended is None:
        raise NotHere
    note(reader.workspace, reader.account, "rubric.retire", name, reader.now, last_day=last_day)
    return _on(name, "retired")


@router.get("/workbench/{name}/calls")
def calls(name: str, request: Request, reader: Enabler) -> Response:
    """The calls to choose from."""
    opened = _opened(reader, name)
    initiative = opened.rubric.initiative
    choices = pinned_calls.pin_choices(
        reader.workspace,
        reader.visible,
        reader.known.account_id,
        name,
        initiative.id if initiative else name,
        person_id=reader.known.person_id,
        today=reader.now.date(),
    )
    return page(request, reader, "workbench_calls.html", opened=opened, choices=choices, most=pinned_calls.MOST_PINNED)


@router.post("/workbench/{name}/calls")
def pin(name: str, reader: Enabler, call: Annotated[list[str], Form(max_length=200)] = []) -> Response:  # noqa: B006 - only read
    """Watch these calls."""
    _opened(reader, name)
    seen = pinned_calls.pin(reader.workspace, reader.visible, reader.known.account_id, name, call)
    note(reader.workspace, reader.account, "rubric.pin", name, reader.now, calls=len(seen))
    return _on(name, "pinned")


def _opened(reader: Reader, name: str) -> Opened:
    opened = workbench.open_rubric(reader.workspace, reader.known.account_id, name, today=reader.now.date())
    if opened is None:
        raise NotHere
    return opened


def _effect(
    reader: Reader, name: str, text: str, *, explain: bool, at_once_s: float = live_effect.AT_ONCE_S
) -> live_effect.Effect:
    found = live_effect.live_effect(
        reader.workspace,
        reader.visible,
        reader.known.account_id,
        name,
        text,
        person_id=reader.known.person_id,
        explain=explain,
        today=reader.now.date(),
        at_once_s=at_once_s,
    )
    if found is None:
        raise NotHere
    return found


def _refused(request: Request, reader: Reader, name: str, sentence: str, *, status: int) -> Response:
    """The page again, with the reader's own text, what is wrong, and where somebody else was faster both versions."""
    if by_htmx(request):
        return Response(sentence, status_code=status, media_type="text/plain")
    return page(request, reader, "workbench.html", status=status, **_values(_opened(reader, name), problem=sentence))


def _values(opened: Opened, *, done: str = "", problem: str = "", found: live_effect.Effect | None = None) -> dict[str, Any]:
    by_field: dict[str, list[Mark]] = {}
    for mark in found.marks if found else opened.marks:
        by_field.setdefault(mark.field, []).append(mark)
    return {
        "opened": opened,
        "rubric": opened.rubric,
        "name": opened.rubric.name,
        "form": opened.form,
        "criteria": _criteria(opened),
        "by_field": by_field,
        "marks": found.marks if found else opened.marks,
        "words": workbench_wording,
        "found": found,
        "said": SAID.get(done, ""),
        "can_undo": done in UNDONE_BY,
        "problem": problem,
        "Severity": Severity,
    }


def _criteria(opened: Opened) -> range:
    return range(len({place.split(".")[1] for place in opened.form if place.startswith("criteria.")}))


def _taken(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """A criterion whose whole place comes with a minus is taken away."""
    return tuple(
        Change(change.place, None) if change.value == "-" and change.place.count(".") == 1 else change for change in changes
    )


def _on(name: str, done: str) -> Response:
    return RedirectResponse(f"/workbench/{quote(name, safe='')}?done={done}", status_code=303)
