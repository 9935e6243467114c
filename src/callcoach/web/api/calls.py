"""/api/v1/calls: calls, their words, how they were judged, and corrections by people."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote as quoted

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from callcoach.app import call_writes
from callcoach.app.audit import note
from callcoach.app.call_list import (
    Asked,
    CallEvidence,
    CallScores,
    ListedCall,
    call_evidence,
    call_scores,
    call_transcript,
    list_calls,
    one_call,
)
from callcoach.app.call_remarks import LONGEST_TEXT, Written
from callcoach.app.reviews import QuoteReview
from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict
from callcoach.intake.transcripts import write_transcript
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.api.answers import Redacted, answered, gives, gives_file, sight, storable, takes_out
from callcoach.web.problems import NotHere, Unusable

router = APIRouter(tags=["calls"])

Own = Annotated[Reader, allow(Policy.OWN_CALLS)]
CallId = Annotated[str, Path(description="The call's id.", max_length=200)]
Text = Annotated[str | None, Query(max_length=200)]
MOST = 200
USUAL = 50


class Words(StrEnum):
    """How a transcript is written."""

    JSON = "json"
    VTT = "vtt"
    SRT = "srt"
    TXT = "txt"


MEDIA_TYPES = {
    Words.JSON: "application/json",
    Words.VTT: "text/vtt; charset=utf-8",
    Words.SRT: "application/x-subrip; charset=utf-8",
    Words.TXT: "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where the rest of a call is. audio answers Range requests; None where there is no recording."""

    page: str
    transcript: str
    scores: str
    audio: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """A call with what is known of it apart from its words."""

    call: ListedCall
    links: Links


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsAnswer:
    """Some calls in the order of their ids. cursor: to be sent for the next ones; null behind the last."""

    calls: tuple[CallAnswer, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What was kept: the ids that name it, and the sentence for whoever wrote it."""

    review_ids: tuple[str, ...]
    sentence: str


class QuoteBody(BaseModel):
    """Words of the call, verbatim, and whether they are evidence of an act."""

    model_config = ConfigDict(extra="forbid")

    act: Act = Field(description="What they are, or are not, evidence of.")
    words: str = Field(min_length=1, max_length=LONGEST_TEXT, description="The words as the transcript has them.")
    counts: bool = Field(description="Whether they are evidence of it.")


class ReviewBody(BaseModel):
    """A correction, or with `agree` that the judgement stands. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    initiative_id: str = Field(min_length=1, max_length=200)
    seen: str = Field(max_length=200, description="As /scores gave it: names the corrections you have read.")
    agree: bool = Field(default=False, description="The judgement stands as it reads.")
    because: str = Field(default="", max_length=LONGEST_TEXT, description="The reason; needed for a correction.")
    verdict: Verdict | None = None
    levels: dict[Component, Level] = Field(default_factory=dict)
    quote: QuoteBody | None = None


@router.get("/calls", **gives(CallsAnswer, problems=(401, 403, 405, 422)))
def calls(
    request: Request,
    reader: Own,
    rep: Text = None,
    team: Text = None,
    initiative: Text = None,
    machine_verdict: Annotated[Verdict | None, Query(description="As the judge gave it.")] = None,
    first: Annotated[date | None, Query(description="Calls from this day on.")] = None,
    last: Annotated[date | None, Query(description="Calls up to this day.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
    cursor: Annotated[str | None, Query(max_length=2000, description="From the answer before.")] = None,
) -> Response:
    """List calls in the order of their ids, some at a time."""
    asked = Asked(
        rep_id=storable("rep", rep),
        team=storable("team", team),
        initiative_id=storable("initiative", initiative),
        machine_verdict=machine_verdict,
        first=first,
        last=last,
    )
    found = list_calls(reader.workspace, sight(reader), asked, behind=_behind(cursor), size=limit)
    shown = tuple(_with_links(call) for call in found.calls)
    return answered(request, CallsAnswer(calls=shown, cursor=None if found.behind is None else _cursor(found.behind)))


@router.get("/calls/{call_id}", **gives(CallAnswer))
def call(call_id: CallId, request: Request, reader: Own) -> Response:
    """One call, apart from its words."""
    found = one_call(reader.workspace, sight(reader), _known(call_id))
    if found is None:
        raise NotHere
    _read(reader, call_id, "call")
    return answered(request, _with_links(found))


@router.get(
    "/calls/{call_id}/transcript",
    **gives_file({"application/json": "", "text/vtt": "", "application/x-subrip": "", "text/plain": ""}, what="The words."),
)
def transcript(call_id: CallId, reader: Own, form: Words = Words.JSON, redacted: Redacted = False) -> Response:
    """What was said, as JSON with word times, WebVTT, SubRip or plain text; redacted where that is asked for or set for all."""
    found = call_transcript(reader.workspace, sight(reader), _known(call_id), redacted=takes_out(reader, redacted))
    if found is None:
        raise NotHere
    written = write_transcript(found, form.value)
    _read(reader, call_id, "transcript")
    return Response(written, media_type=MEDIA_TYPES[form])


@router.get("/calls/{call_id}/scores", **gives(CallScores))
def scores(call_id: CallId, request: Request, reader: Own, initiative: Text = None) -> Response:
    """How a call was judged: the machine's word, people's corrections, and how it reads with them."""
    found = call_scores(reader.workspace, sight(reader), _known(call_id), storable("initiative", initiative))
    if found is None:
        raise NotHere
    _read(reader, call_id, "scores")
    return answered(request, found)


@router.get("/calls/{call_id}/evidence", **gives(CallEvidence))
def evidence(call_id: CallId, request: Request, reader: Own, initiative: Text = None) -> Response:
    """The quotes that the judgement rests on, with their times."""
    found = call_evidence(reader.workspace, sight(reader), _known(call_id), storable("initiative", initiative))
    if found is None:
        raise NotHere
    _read(reader, call_id, "evidence")
    return answered(request, found)


@router.post("/calls/{call_id}/reviews", **gives(Reviewed, status=201, problems=(401, 403, 404, 405, 409, 422)))
def add_review(call_id: CallId, request: Request, body: ReviewBody, reader: Annotated[Reader, allow(Policy.REVIEW)]) -> Response:
    """Agree with a judgement or correct it, by the same rules as the call page: with a reason, beside the machine's word."""
    _known(call_id)
    for name, text in (("initiative_id", body.initiative_id), ("because", body.because), ("seen", body.seen)):
        storable(name, text)
    if call_id in sight(reader).blind:
        raise Unusable("You are to label this call blind. Finish the calibration round; then correct it here.")
    if body.agree and (body.verdict is not None or body.levels or body.quote):
        raise Unusable("agree: whoever agrees changes nothing. Leave out verdict, levels and quote, or leave out agree.")
    written = _written(reader, call_id, body)
    if written is None:
        raise NotHere
    note(reader.workspace, reader.account, "review.add", call_id, reader.now, initiative=body.initiative_id, via="api")
    return answered(request, Reviewed(review_ids=written.what_ids, sentence=written.sentence), status=201)


def _written(reader: Reader, call_id: str, body: ReviewBody) -> Written | None:
    by = reader.by
    if body.agree:
        return call_writes.agree(
            reader.workspace,
            reader.visible,
            call_id,
            body.initiative_id,
            by=by,
            at=reader.now,
            seen=body.seen,
            because=body.because,
        )
    quote = (
        QuoteReview(body.quote.act.value, storable("words", body.quote.words) or "", body.quote.counts) if body.quote else None
    )
    return call_writes.correct(
        reader.workspace,
        reader.visible,
        call_id,
        body.initiative_id,
        by=by,
        at=reader.now,
        because=body.because,
        seen=body.seen,
        verdict=body.verdict,
        levels=body.levels,
        quote=quote,
    )


def _with_links(call: ListedCall) -> CallAnswer:
    name = quoted(call.call_id, safe="")
    resource = f"/api/v1/calls/{name}"
    audio = f"/calls/{name}/audio" if call.recorded else None
    links = Links(page=f"/calls/{name}", transcript=f"{resource}/transcript", scores=f"{resource}/scores", audio=audio)
    return CallAnswer(call=call, links=links)


def _known(call_id: str) -> str:
    """An id that some call could have; what no database can be asked for is nobody's."""
    try:
        storable("call_id", call_id)
    except Unusable:
        raise NotHere from None
    return call_id


def _read(reader: Reader, call_id: str, what: str) -> None:
    note(reader.workspace, reader.account, "call.read", call_id, reader.now, via="api", part=what)


def _cursor(call_id: str) -> str:
    return base64.urlsafe_b64encode(call_id.encode()).decode().rstrip("=")


def _behind(cursor: str | None) -> str | None:
    if not cursor:
        return None
    try:
        behind = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise Unusable("cursor: this is none. Send the one of the answer before, or none to begin.") from None
    return storable("cursor", behind)
