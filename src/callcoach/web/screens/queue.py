"""The review queue: which call to hear next. All that is asked for stands in the address, so that going back finds it again."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qs, quote, urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from callcoach.app.audit import note
from callcoach.app.review_queue import dismiss, neighbours, put_back, review_queue
from callcoach.coaching import queue_wording
from callcoach.domain.queue import Asked, Order, Queued, QueueState, Why
from callcoach.domain.verdict import Verdict
from callcoach.errors import UsageError
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.problems import Unusable
from callcoach.web.render import by_htmx, fragment, page, toast

router = APIRouter()

ANY = "any"
"""The state that does not narrow; without one, calls that wait."""

NARROWING = ("state", "why", "initiative", "rep", "team", "verdict", "first", "last", "order")
LONGEST = 200
MOST_PAGES = 10**6
HERE = "state=waiting"
"""The way to the queue as it opens, where the address of a call must say that it was reached from there."""

Own = Annotated[Reader, allow(Policy.OWN_CALLS)]
Reviewer = Annotated[Reader, allow(Policy.REVIEW)]
Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


def asked_for(query: Mapping[str, str]) -> Asked:
    """What an address asks for. Raises Unusable for a value that is none."""
    state = query.get("state", "")
    return Asked(
        state=None if state == ANY else _one_of("state", state, QueueState) or QueueState.WAITING,
        why=_one_of("why", query.get("why", ""), Why),
        initiative_id=_text(query, "initiative"),
        rep_id=_text(query, "rep"),
        team=_text(query, "team"),
        verdict=_one_of("verdict", query.get("verdict", ""), Verdict),
        first=_day("first", query.get("first", "")),
        last=_day("last", query.get("last", "")),
        order=_one_of("order", query.get("order", ""), Order) or Order.NEWEST,
    )


def query_of(asked: Asked, **more: str | int | None) -> str:
    """What is asked for as the query of an address, without what goes without saying. more: in place of it, None to leave out."""
    said: dict[str, str | int | None] = {
        "state": ANY if asked.state is None else None if asked.state is QueueState.WAITING else asked.state.value,
        "why": asked.why,
        "initiative": asked.initiative_id,
        "rep": asked.rep_id,
        "team": asked.team,
        "verdict": asked.verdict,
        "first": asked.first.isoformat() if asked.first else None,
        "last": asked.last.isoformat() if asked.last else None,
        "order": None if asked.order is Order.NEWEST else asked.order,
    }
    return urlencode({name: value for name, value in (said | more).items() if value not in (None, "")})


def queue_address(asked: Asked, **more: str | int | None) -> str:
    """The address of the queue as it is asked for."""
    query = query_of(asked, **more)
    return f"/queue?{query}" if query else "/queue"


def call_address(row: Queued, asked: Asked, number: int, *, blind: bool = False) -> str:
    """A row's call, at its moment unless it is to be labelled blind, with what leads back to this page of the queue and on."""
    start = row.call.moment.start if row.call.moment and not blind else None
    way = query_of(asked, page=number if number > 1 else None) or HERE
    said = {"initiative": row.call.initiative_id, "t": None if start is None else f"{start:.1f}", "queue": way}
    return f"/calls/{quote(row.call.call_id, safe='')}?{urlencode({name: value for name, value in said.items() if value})}"


@router.get("/queue")
def queue(
    request: Request,
    reader: Own,
    at: Annotated[str, Query(max_length=2 * LONGEST)] = "",
    number: Annotated[str, Query(alias="page", max_length=10)] = "1",
) -> Response:
    """A page of the queue."""
    return _shown(request, reader, _query(request), number, at=at)


@router.post("/queue/dismiss")
def dismissed(
    request: Request,
    reader: Reviewer,
    because: Annotated[str, Form(max_length=4000)] = "",
    pick: Annotated[list[str], Form(max_length=1000)] = [],  # noqa: B006 - FastAPI reads it and never writes to it
) -> Response:
    """Dismiss the selected calls with a reason."""
    pairs = [(call_id, initiative_id) for initiative_id, _, call_id in (one.partition("/") for one in pick)]
    by = reader.by
    try:
        done = dismiss(reader.workspace, reader.visible, pairs, because=because, by=by, at=reader.now)
    except UsageError as error:
        raise Unusable(str(error)) from None
    for call_id, initiative_id in done.pairs:
        note(
            reader.workspace,
            reader.account,
            "queue.dismiss",
            call_id,
            reader.now,
            initiative=initiative_id,
            because=because,
            batch=done.batch_id,
        )
    query = _query(request)
    if not by_htmx(request):
        return RedirectResponse(queue_address(asked_for(query), batch=done.batch_id, done=len(done.pairs)), status_code=303)
    said = toast(queue_wording.dismissed(len(done.pairs)), undo=f"/queue/put-back?batch={done.batch_id}" if done.pairs else None)
    return _shown(request, reader, query, query.get("page", "1"), headers=said)


@router.post("/queue/put-back")
def back_again(
    request: Request,
    reader: Reviewer,
    batch: Annotated[str, Query(max_length=64)] = "",
    one: Annotated[str, Query(max_length=2 * LONGEST)] = "",
) -> Response:
    """Put what was dismissed at once, or one call, back into the queue."""
    initiative_id, _, call_id = one.partition("/")
    pairs = put_back(
        reader.workspace, reader.visible, batch_id=batch or None, pairs=[(call_id, initiative_id)] if call_id else []
    )
    for found, of in pairs:
        note(reader.workspace, reader.account, "queue.put_back", found, reader.now, initiative=of, batch=batch or None)
    query = _query(request)
    if not by_htmx(request):
        return RedirectResponse(queue_address(asked_for(query)), status_code=303)
    said = toast(queue_wording.put_back(len(pairs)))
    if one:
        return _shown(request, reader, query, query.get("page", "1"), headers=said)
    return Response(status_code=204, headers=said)


@router.get("/queue/beside/{call_id}")
def beside(
    call_id: str,
    request: Request,
    reader: Own,
    initiative: Annotated[str, Query(max_length=LONGEST)],
    asked: Annotated[str, Query(alias="queue", max_length=2000)] = "",
) -> Response:
    """The way to the calls before and after one, for the call page."""
    way = {name: values[0] for name, values in parse_qs(asked).items()}
    wanted, number = asked_for(way), way.get("page", "1")
    before, after = neighbours(reader.workspace, reader.visible, wanted, call_id, initiative, person_id=reader.known.person_id)
    number = number if number.isdecimal() and number != "1" else ""
    here = query_of(wanted, page=number) or HERE

    def address(pair: tuple[str, str] | None) -> str | None:
        return None if pair is None else f"/calls/{quote(pair[0], safe='')}?{urlencode({'initiative': pair[1], 'queue': here})}"

    back = queue_address(wanted, page=number, at=f"{initiative}/{call_id}")
    return fragment(request, reader, "parts/_beside.html", before=address(before), after=address(after), back=back)


def _shown(
    request: Request,
    reader: Reader,
    query: Mapping[str, str],
    number: str,
    *,
    at: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    asked = asked_for(query)
    wanted = int(number) if number.isdecimal() and int(number) < MOST_PAGES else 1
    found = review_queue(reader.workspace, reader.visible, asked, page=wanted, person_id=reader.known.person_id)
    values: dict[str, Any] = {
        "found": found,
        "asked": asked,
        "at": at,
        "query": query_of,
        "address": queue_address,
        "call_address": call_address,
        "picked": frozenset(request.query_params.getlist("pick")),
        "undo": (query.get("batch", ""), query.get("done", "")) if request.method == "GET" else ("", ""),
        "words": queue_wording,
        "States": QueueState,
        "Whys": Why,
        "Orders": Order,
        "Verdicts": Verdict,
        "reviews": reader.may(Policy.REVIEW),
    }
    if by_htmx(request):
        return fragment(request, reader, "parts/_queue.html", headers=headers, **values)
    return page(request, reader, "queue.html", **values)


def _query(request: Request) -> dict[str, str]:
    """Of the address, what the queue knows; the last of a name counts."""
    known = (*NARROWING, "page", "batch", "done")
    return {name: value[:LONGEST] for name, value in request.query_params.items() if name in known}


def _text(query: Mapping[str, str], name: str) -> str | None:
    return query.get(name, "").strip() or None


def _one_of(name: str, value: str, kind: type[Word]) -> Word | None:
    return _read(name, value, kind, f"one of {', '.join(kind)}")


def _day(name: str, value: str) -> date | None:
    return _read(name, value, date.fromisoformat, "a day like 2026-11-16")


def _read(name: str, value: str, kind: Callable[[str], Value], wanted: str) -> Value | None:
    if not value.strip():
        return None
    try:
        return kind(value.strip())
    except ValueError:
        raise Unusable(f"{name}: “{value}” is not {wanted}. Correct the address, or open the queue anew.") from None
