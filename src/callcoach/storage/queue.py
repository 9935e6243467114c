"""The calls that wait for a person, on the database that a Store has opened: a page of them, who comes next, what was dismissed.

Every question about calls takes whose calls may be seen. blind: calls of which whoever asks may be told no verdict and no reason,
so that no question about those finds them. Decides nothing about who ought to be heard.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, func, literal, or_, select, true, tuple_, union

from callcoach.domain.people import VisibleReps
from callcoach.domain.queue import Asked, Counted, Dismissal, Order, Progress, Queued, QueuedCall, QueueState, Why
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put

Pair = tuple[str, str]
"""A call id and an initiative id."""

NO_FIGURE = -1.0
"""Where the judge said nothing of how sure it is; such calls come after all others."""

_AT_ONCE = 2000
_WEEK = timedelta(days=6)

_DISMISSALS = msgspec.json.Decoder(Dismissal)
_queue, _dismissals, _reviews, _withdrawn = schema.queue, schema.dismissals, schema.reviews, schema.withdrawn


class Neighbours(NamedTuple):
    """The calls before and after one in the order that was asked for; None at an end."""

    previous: Pair | None
    next: Pair | None


class ReviewQueue:
    """Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    # what a whole run leaves

    def fill(self, run_id: int, calls: Iterable[QueuedCall]) -> None:
        """Keep the calls in place of those of the run before, in one transaction; what people said of them stays."""
        rows = [_row(run_id, call) for call in calls]
        with writing(self._engine) as connection:
            connection.execute(delete(_queue))
            for first in range(0, len(rows), _AT_ONCE):
                put(connection, _queue, rows[first : first + _AT_ONCE])

    def replace(self, call_id: str, calls: Sequence[QueuedCall]) -> None:
        """Keep these rows of a call in place of those that are there; the rest of the queue stays."""
        with writing(self._engine) as connection:
            run_id = connection.execute(select(func.max(_queue.c.run_id))).scalar() or 0
            connection.execute(delete(_queue).where(_queue.c.call_id == call_id))
            put(connection, _queue, [_row(run_id, call) for call in calls])

    def of_call(self, call_id: str) -> tuple[QueuedCall, ...]:
        """What waits, or waited, of a call."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(_queue.c.body).where(_queue.c.call_id == call_id).order_by(_queue.c.initiative_id))
            return tuple(value_of(row, QueuedCall) for row in rows)

    # what a person is shown

    def page(
        self, visible: VisibleReps, asked: Asked, *, first: int, size: int, blind: Collection[str] = ()
    ) -> tuple[Queued, ...]:
        """So many rows from number `first` (0) on."""
        question = _rows().where(*_narrowed(visible, asked, blind), *_in_state(asked.state))
        with reading(self._engine) as connection:
            rows = connection.execute(question.order_by(*_order(asked.order)).limit(size).offset(first)).all()
            return tuple(_queued(row) for row in rows)

    def one(self, visible: VisibleReps, call_id: str, initiative_id: str) -> Queued | None:
        """A row by its call and initiative."""
        with reading(self._engine) as connection:
            row = connection.execute(_rows().where(_seen(visible), *_is((call_id, initiative_id)))).first()
            return None if row is None else _queued(row)

    def counted(self, visible: VisibleReps, asked: Asked, *, blind: Collection[str] = ()) -> Counted:
        """How many rows as asked for: in each state whatever the state asked for, and for each reason whatever the reason.

        Those that somebody settled are looked up one by one and taken off the rest: they are few, and the rest is in an index.
        """
        narrowed = _narrowed(visible, asked, blind, whatever_why=True)
        told = {
            why: and_(_queue.c[why.value], _queue.c.call_id.not_in(sorted(blind))) if blind else _queue.c[why.value]
            for why in Why
        }
        sums = [func.count().label("n"), *(func.sum(case((told[why], 1), else_=0)).label(why.value) for why in Why)]
        said = union(
            select(_reviews.c.call_id, _reviews.c.initiative_id), select(_dismissals.c.call_id, _dismissals.c.initiative_id)
        ).subquery()
        there = and_(_queue.c.call_id == said.c.call_id, _queue.c.initiative_id == said.c.initiative_id)
        state = _state().label("state")
        settled = select(state, *sums).select_from(said.join(_queue, there).outerjoin(_dismissals, _holds())).where(*narrowed)
        with reading(self._engine) as connection:
            everything = _sums(connection.execute(select(*sums).where(*narrowed)).one())
            found = {QueueState(row.state): _sums(row) for row in connection.execute(settled.group_by(state))}
        found = {each: found.get(each, dict.fromkeys(everything, 0)) for each in (QueueState.REVIEWED, QueueState.DISMISSED)}
        rest = {name: n - sum(each[name] for each in found.values()) for name, n in everything.items()}
        by_state = {QueueState.WAITING: rest, **found}
        in_state = everything if asked.state is None else by_state[asked.state]
        return Counted(
            states={each: by_state[each][asked.why.value if asked.why else "n"] for each in QueueState},
            whys={why: in_state[why.value] for why in Why},
        )

    def progress(self, visible: VisibleReps) -> Progress | None:
        """How far the latest week (Monday to Sunday) with calls in the queue is heard; None without a dated call."""
        with reading(self._engine) as connection:
            latest = connection.execute(select(func.max(_queue.c.day)).where(_seen(visible))).scalar()
            if not latest:
                return None
            day = date.fromisoformat(latest)
            monday = day - timedelta(days=day.weekday())
            state = _state().label("state")
            week = _queue.c.day.between(monday.isoformat(), (monday + _WEEK).isoformat())
            counted = select(state, func.count().label("n")).select_from(_with_dismissals()).where(_seen(visible), week)
            found = {row.state: row.n for row in connection.execute(counted.group_by(state))}
        calls = sum(found.values())
        return Progress(first=monday, done=calls - found.get(QueueState.WAITING.value, 0), calls=calls)

    def neighbours(
        self, visible: VisibleReps, asked: Asked, call_id: str, initiative_id: str, *, blind: Collection[str] = ()
    ) -> Neighbours:
        """Who comes before and after a row, whether or not it is still among those asked for."""
        here_columns = [_queue.c[name] for name in ("day", "uncertainty", "call_id", "initiative_id")]
        with reading(self._engine) as connection:
            here = connection.execute(select(*here_columns).where(_seen(visible), *_is((call_id, initiative_id)))).first()
            if here is None:
                return Neighbours(None, None)
            among = select(_queue.c.call_id, _queue.c.initiative_id).select_from(_with_dismissals())
            among = among.where(*_narrowed(visible, asked, blind), *_in_state(asked.state))
            by, falling = _sorted_by(asked.order)
            key = tuple_(by, _queue.c.call_id, _queue.c.initiative_id)
            mine = tuple_(literal(getattr(here, by.name)), literal(here.call_id), literal(here.initiative_id))
            columns = (by, _queue.c.call_id, _queue.c.initiative_id)
            down, up = [column.desc() for column in columns], [column.asc() for column in columns]
            below = connection.execute(among.where(key < mine).order_by(*down).limit(1)).first()
            above = connection.execute(among.where(key > mine).order_by(*up).limit(1)).first()
        before, after = (above, below) if falling else (below, above)
        return Neighbours(_pair(before), _pair(after))

    def reps(self, visible: VisibleReps) -> tuple[tuple[str, str], ...]:
        """Who is in the queue: rep and team ids, each None as an empty text."""
        question = select(_queue.c.rep_id, _queue.c.team).where(_seen(visible)).distinct()
        with reading(self._engine) as connection:
            return tuple((row.rep_id, row.team) for row in connection.execute(question))

    def filled_at(self) -> datetime | None:
        """When the facts were read that the queue was filled from; None where no run has filled it."""
        kept = schema.kept_reports
        with reading(self._engine) as connection:
            at = connection.execute(select(kept.c.at).where(kept.c.about == "morning")).scalar()
        return None if at is None else datetime.fromisoformat(at)

    # what a person does with many at once

    def dismiss(
        self, visible: VisibleReps, pairs: Sequence[Pair], *, batch_id: str, by: str, because: str, at: datetime
    ) -> tuple[Pair, ...]:
        """Dismiss those of the pairs that wait and may be seen, in one transaction; which they were."""
        done = []
        with writing(self._engine) as connection:
            for pair in dict.fromkeys(pairs):
                row = connection.execute(_rows().where(_seen(visible), *_is(pair))).first()
                if row is None or row.state != QueueState.WAITING.value:
                    continue
                call = value_of(row, QueuedCall)
                dismissal = Dismissal(
                    batch_id=batch_id,
                    call_id=call.call_id,
                    initiative_id=call.initiative_id,
                    verdict=call.verdict,
                    by=by,
                    at=at,
                    because=because,
                )
                values = {"call_id": pair[0], "initiative_id": pair[1], "verdict": call.verdict.value, "batch_id": batch_id}
                put(connection, _dismissals, {**values, "body": body_of(dismissal)})
                done.append(pair)
        return tuple(done)

    def put_back(self, visible: VisibleReps, *, batch_id: str | None = None, pairs: Sequence[Pair] = ()) -> tuple[Pair, ...]:
        """Take back the dismissals of a batch, or of these pairs, where their calls may be seen; which they were."""
        wanted = [_dismissals.c.batch_id == batch_id] if batch_id is not None else []
        wanted += [and_(_dismissals.c.call_id == call_id, _dismissals.c.initiative_id == of) for call_id, of in pairs]
        if not wanted:
            return ()
        calls = schema.calls
        question = select(_dismissals.c.call_id, _dismissals.c.initiative_id).join(
            calls, calls.c.call_id == _dismissals.c.call_id
        )
        with writing(self._engine) as connection:
            seen = true() if visible.everybody else calls.c.rep_id.in_(sorted(visible.rep_ids))
            found = [(row.call_id, row.initiative_id) for row in connection.execute(question.where(seen, or_(*wanted)))]
            for call_id, initiative_id in found:
                here = (_dismissals.c.call_id == call_id, _dismissals.c.initiative_id == initiative_id)
                connection.execute(delete(_dismissals).where(*here))
        return tuple(found)


def _row(run_id: int, call: QueuedCall) -> dict[str, object]:
    whys = {reason.why for reason in call.reasons}
    return {
        "call_id": call.call_id,
        "initiative_id": call.initiative_id,
        "run_id": run_id,
        "day": call.started_at.date().isoformat() if call.started_at else "",
        "rep_id": call.rep_id or "",
        "team": call.team or "",
        "verdict": call.verdict.value,
        "uncertainty": NO_FIGURE if call.uncertainty is None else call.uncertainty,
        **{why.value: why in whys for why in Why},
        "body": body_of(call),
    }


def _sums(row: Any) -> dict[str, int]:
    return {name: int(getattr(row, name) or 0) for name in ("n", *Why)}


def _holds() -> ColumnElement[bool]:
    """A dismissal holds while the verdict does."""
    return and_(
        _dismissals.c.call_id == _queue.c.call_id,
        _dismissals.c.initiative_id == _queue.c.initiative_id,
        _dismissals.c.verdict == _queue.c.verdict,
    )


def _with_dismissals() -> Any:
    """The queue with what was dismissed of it."""
    return _queue.outerjoin(_dismissals, _holds())


def _rows() -> Select[Any]:
    return select(_queue.c.body, _state().label("state"), _dismissals.c.body.label("dismissal")).select_from(_with_dismissals())


def _reviewed() -> ColumnElement[bool]:
    taken_back = exists().where(_withdrawn.c.what_id == _reviews.c.review_id)
    said = exists().where(_reviews.c.call_id == _queue.c.call_id, _reviews.c.initiative_id == _queue.c.initiative_id, ~taken_back)
    # an open dispute asks for an ear again, whoever reviewed the call before it
    return and_(said, _queue.c.disputed.is_(False))


def _state() -> ColumnElement[str]:
    return case(
        (_reviewed(), QueueState.REVIEWED.value),
        (_dismissals.c.call_id.is_not(None), QueueState.DISMISSED.value),
        else_=QueueState.WAITING.value,
    )


def _in_state(state: QueueState | None) -> tuple[ColumnElement[bool], ...]:
    match state:
        case None:
            return ()
        case QueueState.REVIEWED:
            return (_reviewed(),)
        case QueueState.DISMISSED:
            return (~_reviewed(), _dismissals.c.call_id.is_not(None))
        case QueueState.WAITING:
            return (~_reviewed(), _dismissals.c.call_id.is_(None))


def _seen(visible: VisibleReps) -> ColumnElement[bool]:
    return true() if visible.everybody else _queue.c.rep_id.in_(sorted(visible.rep_ids))


def _is(pair: Pair) -> tuple[ColumnElement[bool], ...]:
    return _queue.c.call_id == pair[0], _queue.c.initiative_id == pair[1]


def _narrowed(
    visible: VisibleReps, asked: Asked, blind: Collection[str], *, whatever_why: bool = False
) -> list[ColumnElement[bool]]:
    found = [_seen(visible)]
    if blind and (asked.verdict is not None or (asked.why is not None and not whatever_why)):
        found.append(_queue.c.call_id.not_in(sorted(blind)))
    if asked.why is not None and not whatever_why:
        found.append(_queue.c[asked.why.value].is_(True))
    if asked.verdict is not None:
        found.append(_queue.c.verdict == asked.verdict.value)
    for column, value in (
        (_queue.c.initiative_id, asked.initiative_id),
        (_queue.c.rep_id, asked.rep_id),
        (_queue.c.team, asked.team),
    ):
        if value is not None:
            found.append(column == value)
    if asked.first is not None:
        found.append(_queue.c.day >= asked.first.isoformat())
    if asked.last is not None:
        # a call without a day is in no range of days
        found.append(and_(_queue.c.day <= asked.last.isoformat(), _queue.c.day != ""))
    return found


def _sorted_by(order: Order) -> tuple[ColumnElement[Any], bool]:
    """The column, and whether it falls."""
    match order:
        case Order.NEWEST:
            return _queue.c.day, True
        case Order.OLDEST:
            return _queue.c.day, False
        case Order.LEAST_SURE:
            return _queue.c.uncertainty, True


def _order(order: Order) -> list[ColumnElement[Any]]:
    by, falling = _sorted_by(order)
    columns = (by, _queue.c.call_id, _queue.c.initiative_id)
    return [column.desc() if falling else column.asc() for column in columns]


def _queued(row: Any) -> Queued:
    state = QueueState(row.state)
    dismissal = _DISMISSALS.decode(row.dismissal) if state is QueueState.DISMISSED else None
    return Queued(call=value_of(row, QueuedCall), state=state, dismissal=dismissal)


def _pair(row: Any) -> Pair | None:
    return None if row is None else (row.call_id, row.initiative_id)
