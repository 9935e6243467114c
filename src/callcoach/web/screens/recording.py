"""A call's sound: the recording in pieces, and how it is drawn. The file is found by the call, never by what a request names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from callcoach.app.audit import note
from callcoach.app.recordings import Playable, lanes, playable
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.byte_ranges import Unsatisfiable, byte_range
from callcoach.web.problems import NotHere
from callcoach.web.render import json_of

router = APIRouter()

PIECE = 256 * 1024
# a recording never changes under its tag; it is asked for again so that whoever may no longer hear it does not
PRIVATE = "private, no-cache"


@router.api_route("/calls/{call_id}/audio", methods=["GET", "HEAD"])
def audio(call_id: str, request: Request, reader: Annotated[Reader, allow(Policy.OWN_CALLS)], plain: bool = False) -> Response:
    """The recording, whole or the range that is asked for. plain: as WAV, for browsers that cannot play it as it is."""
    recording = playable(reader.workspace, reader.visible, call_id, as_wav=plain)
    if recording is None:
        raise NotHere("There is no recording at this address, or it is not yours to hear.")
    size, tag = recording.path.stat().st_size, f'"{recording.tag}"'
    headers = {"accept-ranges": "bytes", "etag": tag, "cache-control": PRIVATE}
    if _holds(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    asked = byte_range(request.headers.get("range"), size) if request.headers.get("if-range", tag) == tag else None
    if asked is Unsatisfiable.RANGE:
        return Response(status_code=416, headers=headers | {"content-range": f"bytes */{size}"})
    first, last = asked if isinstance(asked, tuple) else (0, size - 1)
    if first == 0 and request.method == "GET":
        note(reader.workspace, reader.account, "call.heard", call_id, reader.now)
    headers["content-length"] = str(last - first + 1)
    if asked is not None:
        headers["content-range"] = f"bytes {first}-{last}/{size}"
    status = 200 if asked is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=recording.media_type)
    return StreamingResponse(
        _pieces(recording, first, last), status_code=status, headers=headers, media_type=recording.media_type
    )


@router.get("/calls/{call_id}/peaks")
def peaks(call_id: str, reader: Annotated[Reader, allow(Policy.OWN_CALLS)]) -> Response:
    """How loud each side is over time."""
    drawn = lanes(reader.workspace, reader.visible, call_id)
    if drawn is None:
        raise NotHere("There is no drawing of this call, or it is not yours to see.")
    body = {
        "duration": drawn.duration,
        "step": drawn.step,
        "lanes": [{"role": lane.role, "points": lane.points} for lane in drawn.lanes],
    }
    return json_of(body, headers={"cache-control": PRIVATE})


def _holds(header: str | None, tag: str) -> bool:
    known = [each.strip().removeprefix("W/") for each in (header or "").split(",")]
    return tag in known or known == ["*"]


def _pieces(recording: Playable, first: int, last: int) -> Iterator[bytes]:
    path: Path = recording.path
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0:
            piece = file.read(min(PIECE, left))
            if not piece:
                return
            left -= len(piece)
            yield piece
