"""What people write on the call screen: agreement, corrections, remarks, consent, disputes, and the way back of each."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app import call_remarks, call_writes
from callcoach.app.audit import note
from callcoach.app.call_remarks import Moment, Written
from callcoach.app.reviews import QuoteReview
from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict
from callcoach.errors import BadInput, CallcoachError, EditConflict, NotYours, StorageError, UsageError
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere, Problem, Unusable
from callcoach.web.render import by_htmx, fragment, page, toast
from callcoach.web.screens.call import Own, Theirs, call_values, shown_call

router = APIRouter()

Reviewer = Annotated[Reader, allow(Policy.REVIEW)]
Text = Annotated[str, Form(max_length=call_remarks.LONGEST_TEXT * 4)]
Id = Annotated[str, Form(max_length=200)]


@router.post("/calls/{call_id}/agree")
def agree(call_id: str, request: Request, reader: Reviewer, initiative: Id, seen: Id, because: Text = "") -> Response:
    """Somebody says the same as what stands there."""
    try:
        written = call_writes.agree(
            reader.workspace, reader.visible, call_id, initiative, by=reader.by, at=reader.now, seen=seen, because=because
        )
    except EditConflict as conflict:
        return _conflict(request, reader, call_id, initiative, Theirs(str(conflict), None, {}, because))
    except CallcoachError as error:
        raise _problem(error) from error
    return _kept(request, reader, call_id, initiative, written, "review.add", what="agree")


@router.post("/calls/{call_id}/correct")
def correct(
    call_id: str,
    request: Request,
    reader: Reviewer,
    initiative: Id,
    seen: Id,
    because: Text = "",
    verdict: Annotated[Verdict | None, Form()] = None,
    wall: Annotated[Level | None, Form()] = None,
    hammer: Annotated[Level | None, Form()] = None,
    part: Annotated[Level | None, Form()] = None,
    act: Annotated[Act | None, Form()] = None,
    turn: Annotated[int | None, Form(ge=0, le=1_000_000)] = None,
    words: Text = "",
    counts: Annotated[bool, Form()] = False,
    text: Text = "",
) -> Response:
    """A correction with its reason: the verdict, levels, or whether words are evidence of an act. text: the reason, too."""
    because = because or text
    given = {Component.WALL: wall, Component.HAMMER: hammer, Component.PART: part}
    levels = {component: level for component, level in given.items() if level is not None}
    quoted = QuoteReview(act.value, words, counts, turn) if act is not None and words else None
    try:
        written = call_writes.correct(
            reader.workspace,
            reader.visible,
            call_id,
            initiative,
            by=reader.by,
            at=reader.now,
            because=because,
            seen=seen,
            verdict=verdict,
            levels=levels,
            quote=quoted,
        )
    except EditConflict as conflict:
        return _conflict(request, reader, call_id, initiative, Theirs(str(conflict), verdict, levels, because))
    except CallcoachError as error:
        raise _problem(error) from error
    return _kept(request, reader, call_id, initiative, written, "review.add", what="correct", turn=turn)


@router.post("/calls/{call_id}/moment")
def moment(
    call_id: str,
    request: Request,
    reader: Own,
    initiative: Annotated[str | None, Form(max_length=200)] = None,
    text: Text = "",
    turn: Annotated[int | None, Form(ge=0, le=1_000_000)] = None,
    words: Text = "",
    example: Annotated[bool, Form()] = False,
) -> Response:
    """A comment on the call or on words of it; or the words marked as an example for others."""
    place = Moment(turn, words) if turn is not None and words.strip() else None
    if example and (place is None or initiative is None):
        raise Unusable("Choose the sentence that is the example first: click it in the transcript.")
    try:
        if example and place is not None and initiative is not None:
            written = call_remarks.mark_example(
                reader.workspace,
                reader.visible,
                call_id,
                by=reader.by,
                at=reader.now,
                moment=place,
                initiative_id=initiative,
                text=text,
            )
        else:
            written = call_remarks.comment(
                reader.workspace,
                reader.visible,
                call_id,
                by=reader.by,
                at=reader.now,
                text=text,
                moment=place,
                initiative_id=initiative,
            )
    except CallcoachError as error:
        raise _problem(error) from error
    return _kept(request, reader, call_id, initiative, written, "example.mark" if example else "comment.add", turn=turn)


@router.post("/calls/{call_id}/consent")
def consent(
    call_id: str,
    request: Request,
    reader: Own,
    example_id: Id,
    agrees: Annotated[bool, Form()],
    initiative: Annotated[str | None, Form()] = None,
) -> Response:
    """The rep says whether a moment of theirs may be played to others."""
    try:
        written = call_remarks.consent(
            reader.workspace, reader.visible, call_id, by=reader.by, at=reader.now, example_id=example_id, agrees=agrees
        )
    except CallcoachError as error:
        raise _problem(error) from error
    return _kept(request, reader, call_id, initiative, written, "example.consent", agrees=agrees)


@router.post("/calls/{call_id}/dispute")
def dispute(call_id: str, request: Request, reader: Own, initiative: Id, text: Text = "") -> Response:
    """The rep sees the judgement differently."""
    try:
        written = call_remarks.dispute(
            reader.workspace, reader.visible, call_id, by=reader.by, at=reader.now, text=text, initiative_id=initiative
        )
    except CallcoachError as error:
        raise _problem(error) from error
    return _kept(request, reader, call_id, initiative, written, "dispute.add")


@router.post("/calls/{call_id}/answer")
def answer(
    call_id: str, request: Request, reader: Own, to: Id, text: Text = "", initiative: Annotated[str | None, Form()] = None
) -> Response:
    """An answer to a comment or a dispute."""
    try:
        written = call_remarks.answer(reader.workspace, reader.visible, call_id, by=reader.by, at=reader.now, to=to, text=text)
    except CallcoachError as error:
        raise _problem(error) from error
    return _kept(request, reader, call_id, initiative, written, "answer.add")


@router.post("/calls/{call_id}/undo")
def undo(
    call_id: str,
    request: Request,
    reader: Own,
    what: Annotated[str, Query(max_length=2_000)],
    initiative: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Take back what one said."""
    what_ids = [each for each in what.split(",") if each]
    try:
        written = call_writes.take_back(reader.workspace, reader.visible, call_id, by=reader.by, at=reader.now, what_ids=what_ids)
    except CallcoachError as error:
        raise _problem(error) from error
    return _kept(request, reader, call_id, initiative, written, "call.take_back", what=what)


def _kept(
    request: Request,
    reader: Reader,
    call_id: str,
    initiative_id: str | None,
    written: Written | None,
    action: str,
    **details: object,
) -> Response:
    """What follows a write: a line in the audit log, the page as it reads now, and the way back."""
    if written is None:
        raise NotHere
    note(reader.workspace, reader.account, action, call_id, reader.now, initiative=initiative_id, **details)
    address = f"/calls/{quote(call_id, safe='')}"
    if not by_htmx(request):
        query = {"initiative": initiative_id, "done": ",".join(written.what_ids) or None}
        kept = urlencode({name: value for name, value in query.items() if value})
        return RedirectResponse(address + (f"?{kept}" if kept else "") + "#judgement", status_code=303)
    back = urlencode({"what": ",".join(written.what_ids), **({"initiative": initiative_id} if initiative_id else {})})
    headers = toast(written.sentence, undo=f"{address}/undo?{back}" if written.what_ids else None)
    shown = shown_call(reader, call_id, initiative_id)
    return fragment(request, reader, "parts/call_parts.html", headers=headers, **call_values(reader, shown))


def _conflict(request: Request, reader: Reader, call_id: str, initiative_id: str, theirs: Theirs) -> Response:
    """Both versions: what stands now, and what was not kept."""
    shown = shown_call(reader, call_id, initiative_id)
    if by_htmx(request):
        return fragment(request, reader, "parts/call_parts.html", status=409, **call_values(reader, shown, theirs=theirs))
    return page(request, reader, "call.html", status=409, **call_values(reader, shown, theirs=theirs))


def _problem(error: CallcoachError) -> Exception:
    """What a person did that cannot be done; what is wrong with the machine goes on as it is."""
    if isinstance(error, NotYours):
        return Problem(str(error), status=403, title="Not yours to do")
    if isinstance(error, (UsageError, BadInput)) and not isinstance(error, StorageError):
        return Unusable(str(error))
    return error
