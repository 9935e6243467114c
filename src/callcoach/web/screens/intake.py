"""Handing in calls: files are staged, looked at in a table, then taken in. What is in them is the business of `app.uploads`."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from callcoach.app.audit import note
from callcoach.app.receiving import MOST_FILES, Receiving
from callcoach.app.uploads import (
    Fate,
    checked_upload,
    take_in,
    throw_away,
    uploads,
    watched_folder,
)
from callcoach.coaching.notation import count
from callcoach.errors import BadInput
from callcoach.intake.call_files import AUDIO_ENDINGS, TRANSCRIPT_ENDINGS
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.multipart import take_files
from callcoach.web.problems import NotHere, Problem, Unusable
from callcoach.web.render import page

router = APIRouter()

Operator = Annotated[Reader, allow(Policy.OPERATIONS)]

FATES = {Fate.NEW: "new", Fate.SAME: "there already", Fate.CLASH: "left out"}


@router.get("/intake")
def intake(
    request: Request,
    reader: Operator,
    taken: Annotated[int | None, Query(ge=0, le=10**6)] = None,
    same: Annotated[int, Query(ge=0, le=10**6)] = 0,
    left: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """Where files are handed in."""
    return page(
        request,
        reader,
        "intake.html",
        waiting=uploads(reader.workspace),
        folder=watched_folder(reader.workspace),
        said=None if taken is None else taken_in(taken, same, left),
        taken=taken,
        most_files=MOST_FILES,
        most_bytes=reader.workspace.settings.max_recording_bytes,
        endings=", ".join(each[1:] for each in (*AUDIO_ENDINGS, *TRANSCRIPT_ENDINGS)),
        accept=",".join((*AUDIO_ENDINGS, *TRANSCRIPT_ENDINGS, ".csv", ".yaml", ".yml")),
    )


@router.post("/intake")
async def hand_in(request: Request, reader: Operator) -> Response:
    """Stage the files as they come."""
    receiving = await run_in_threadpool(lambda: Receiving(reader.workspace, by=reader.known.email, at=reader.now))
    try:
        await take_files(request, receiving)
        upload_id = await run_in_threadpool(receiving.done)
    except BadInput as error:
        raise Problem(str(error), status=413 if "GB" in str(error) else 422, title="This was not taken") from None
    except BaseException:
        await run_in_threadpool(receiving.throw_away)
        raise
    await run_in_threadpool(lambda: note(reader.workspace, reader.account, "intake.hand_in", upload_id, reader.now))
    return RedirectResponse(f"/intake/{upload_id}", status_code=303)


@router.get("/intake/{upload_id}")
def look(upload_id: str, request: Request, reader: Operator) -> Response:
    """What was handed in, call by call, and what is wrong with it."""
    found = checked_upload(reader.workspace, upload_id)
    if found is None:
        raise NotHere("There is nothing handed in at this address: it was taken in or thrown away.")
    return page(request, reader, "intake_check.html", found=found, fates=FATES, Fate=Fate)


@router.post("/intake/{upload_id}/take-in")
def take(upload_id: str, reader: Operator) -> Response:
    """Take the new calls in."""
    found = take_in(reader.workspace, upload_id)
    if found is None:
        raise NotHere("There is nothing handed in at this address: it was taken in or thrown away.")
    if not found.calls and not found.same:
        raise Unusable("There was no call in it that can be taken in. Mend what the table says, and hand it in again.")
    note(reader.workspace, reader.account, "intake.take_in", upload_id, reader.now, calls=found.calls, same=found.same)
    return RedirectResponse(f"/intake?taken={found.calls}&same={found.same}&left={found.left_out}", status_code=303)


@router.post("/intake/{upload_id}/throw-away")
def away(upload_id: str, reader: Operator) -> Response:
    """Keep nothing of it."""
    if not throw_away(reader.workspace, upload_id):
        raise NotHere("There is nothing handed in at this address: it was taken in or thrown away.")
    note(reader.workspace, reader.account, "intake.throw_away", upload_id, reader.now)
    return RedirectResponse("/intake", status_code=303)


def taken_in(taken: int, same: int, left: int) -> str:
    """What became of an upload, in a sentence."""
    if not taken and not left:
        return f"Nothing was done: {_is(same)} there already."
    told = f"{count(taken, 'call')} taken in." if taken else "No new call."
    told += f" {_is(same).capitalize()} there already." if same else ""
    return told + (f" {count(left, 'row or file', 'rows or files')} left out." if left else "")


def _is(n: int) -> str:
    return "the one call was" if n == 1 else f"all {n} calls were"
