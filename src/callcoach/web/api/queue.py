"""/api/v1/queue: calls that are worth a person's ear, and why."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from callcoach.app.review_queue import QueuePage, review_queue
from callcoach.domain.coaching import Moment
from callcoach.domain.queue import Asked, Dismissal, Order, Queued, QueueState, Reason, Why
from callcoach.domain.verdict import Verdict
from callcoach.web.access import Policy, Reader, allow
from callcoach.web.api.answers import answered, gives, storable

router = APIRouter(tags=["queue"])

Text = Annotated[str | None, Query(max_length=200)]
MOST_PAGES = 10**6


class State(StrEnum):
    """Which calls; any: whatever became of them."""

    WAITING = "waiting"
    REVIEWED = "reviewed"
    DISMISSED = "dismissed"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """A call and an initiative to listen for. blind: the reader is to label it, and is told no verdict and no reason before.

    by_person: the verdict that a person gave since; uncertainty: 0 to 1.
    """

    call_id: str
    initiative_id: str
    state: QueueState
    rep_id: str | None
    team: str | None
    started_at: datetime | None
    customer_name: str | None
    blind: bool
    machine_verdict: Verdict | None
    by_person: Verdict | None
    uncertainty: float | None
    reasons: tuple[Reason, ...]
    moment: Moment | None
    dismissal: Dismissal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAnswer:
    """A page of the queue. as_of: when the run that filled it read its facts; null before any."""

    items: tuple[QueueItem, ...]
    page: int
    pages: int
    total: int
    as_of: datetime | None


@router.get("/queue", **gives(QueueAnswer, problems=(401, 403, 405, 422)))
def queue(
    request: Request,
    reader: Annotated[Reader, allow(Policy.OWN_CALLS)],
    state: State = State.WAITING,
    why: Why | None = None,
    initiative: Text = None,
    rep: Text = None,
    team: Text = None,
    verdict: Verdict | None = None,
    first: date | None = None,
    last: date | None = None,
    order: Order = Order.NEWEST,
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
) -> Response:
    """Calls that are worth a person's ear, and why."""
    asked = Asked(
        state=None if state is State.ANY else QueueState(state.value),
        why=why,
        initiative_id=storable("initiative", initiative),
        rep_id=storable("rep", rep),
        team=storable("team", team),
        verdict=verdict,
        first=first,
        last=last,
        order=order,
    )
    found = review_queue(reader.workspace, reader.visible, asked, page=page, person_id=reader.known.person_id)
    items = tuple(_item(row, found) for row in found.rows)
    return answered(request, QueueAnswer(items=items, page=found.page, pages=found.pages, total=found.total, as_of=found.as_of))


def _item(row: Queued, found: QueuePage) -> QueueItem:
    call, blind = row.call, row.call.call_id in found.blind
    return QueueItem(
        call_id=call.call_id,
        initiative_id=call.initiative_id,
        state=row.state,
        rep_id=call.rep_id,
        team=call.team,
        started_at=call.started_at,
        customer_name=call.customer_name,
        blind=blind,
        machine_verdict=None if blind else call.verdict,
        by_person=None if blind else found.said_by_people.get(row.key),
        uncertainty=None if blind else call.uncertainty,
        reasons=() if blind else call.reasons,
        moment=None if blind else call.moment,
        dismissal=None if blind else row.dismissal,
    )
