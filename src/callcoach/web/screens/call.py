"""The call screen: hear a call beside its judgement. All it shows is one value of `app.call_page`."""

from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from callcoach.app.audit import note
from callcoach.app.call_again import same_words_elsewhere
from callcoach.app.call_page import CallPage, call_page
from callcoach.app.call_words import SpokenSentence, SpokenTurn
from callcoach.coaching import call_wording, one_call
from callcoach.domain.call import CallKind
from callcoach.domain.remark import Consent
from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import NotHere
from callcoach.web.render import by_htmx, fragment, page
from callcoach.web.screens import recording

router = APIRouter()
router.include_router(recording.router)

BEFORE_S = 0.2
"""A sentence is played from a little before it begins: word times are no better than that."""

Own = Annotated[Reader, allow(Policy.OWN_CALLS)]


class Place(NamedTuple):
    """The sentence that somebody is at."""

    turn: SpokenTurn
    sentence: SpokenSentence


class Theirs(NamedTuple):
    """What a correction said that was not kept because somebody else was faster."""

    sentence: str
    verdict: Verdict | None
    levels: dict[Component, Level]
    because: str


@router.get("/calls/{call_id}")
def call(
    call_id: str,
    request: Request,
    reader: Own,
    initiative: Annotated[str | None, Query(max_length=200)] = None,
    t: Annotated[float | None, Query(ge=0, le=1e6)] = None,
    e: Annotated[str | None, Query(max_length=40)] = None,
    done: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """The page; its changing parts where htmx asks."""
    shown = shown_call(reader, call_id, initiative)
    if by_htmx(request):
        return fragment(request, reader, "parts/call_parts.html", **call_values(reader, shown, t, e))
    note(reader.workspace, reader.account, "call.read", call_id, reader.now, **_without_call(shown))
    return page(request, reader, "call.html", **call_values(reader, shown, t, e, done=tuple(filter(None, done.split(",")))))


@router.get("/calls/{call_id}/same-words")
def same_words(call_id: str, request: Request, reader: Own, initiative: Annotated[str, Query(max_length=200)]) -> Response:
    """What other customers heard in the same words, looked for when somebody asks."""
    found = same_words_elsewhere(reader.workspace, reader.visible, call_id, initiative, person_id=reader.known.person_id)
    if found is None:
        raise NotHere
    values: dict[str, Any] = {"found": found, "call_id": call_id, "initiative_id": initiative, "wording": one_call}
    if by_htmx(request):
        return fragment(request, reader, "parts/call_same_words.html", **values)
    return page(request, reader, "call_same_words.html", **values)


def shown_call(reader: Reader, call_id: str, initiative_id: str | None) -> CallPage:
    """All that is shown of a call. Raises NotHere where it is none of those the reader may see."""
    shown = call_page(reader.workspace, reader.visible, call_id, initiative_id, person_id=reader.known.person_id)
    if shown is None:
        raise NotHere
    return shown


def call_values(
    reader: Reader,
    shown: CallPage,
    t: float | None = None,
    e: str | None = None,
    *,
    done: tuple[str, ...] = (),
    theirs: Theirs | None = None,
) -> dict[str, Any]:
    """What the templates read: the page, where the reader is in it, and what they may do."""
    judged = shown.judgement
    chosen = next((each for each in judged.evidence if each.evidence_id == e), None) if judged and e else None
    at = t if t is not None else (chosen.quote.start if chosen else None)
    address = f"/calls/{quote(shown.call.call_id, safe='')}"
    query = {"initiative": judged.initiative_id} if judged else {}
    return {
        "shown": shown,
        "title": _title(shown),
        "is_leader": shown.call.kind is CallKind.LEADER_RECORDING,
        "judged": judged,
        "wording": call_wording,
        "address": address,
        "query": urlencode(query),
        "at": at,
        "play_from": None if at is None else max(0.0, at - BEFORE_S),
        "chosen": chosen,
        "place": _place(shown, at),
        "done": done,
        "theirs": theirs,
        "me": reader.by,
        "is_own": reader.known.person_id is not None and reader.known.person_id == shown.call.rep_id,
        "may_review": reader.may(Policy.REVIEW),
        "Consent": Consent,
        "Act": Act,
    }


def _title(shown: CallPage) -> str:
    call = shown.call
    if call.kind is CallKind.LEADER_RECORDING:
        return f"A leader’s recording: {call.call_id}"
    return call.customer_name or f"Customer not named ({call.call_id})"


def _place(shown: CallPage, at: float | None) -> Place | None:
    """The sentence at a moment, so that a comment can be made on it without a script."""
    if at is None:
        return None
    timed = [
        Place(turn, sentence)
        for turn in shown.turns
        for sentence in turn.sentences
        if sentence.start is not None and sentence.start <= at + 0.05
    ]
    return timed[-1] if timed else None


def _without_call(shown: CallPage) -> dict[str, str]:
    return {name: value for name, value in shown.audited.items() if name != "call"}
