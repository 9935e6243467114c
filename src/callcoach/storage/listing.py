"""Calls and their scores in stretches, for lists and exports, on the database that a Store has opened. Changes nothing.

Each stretch begins behind a call id, so that the last of a hundred thousand calls costs what the first does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, select, true

from callcoach.domain.call import Call
from callcoach.domain.people import VisibleReps
from callcoach.domain.verdict import CallScore, Verdict
from callcoach.storage import schema
from callcoach.storage.bodies import value_of
from callcoach.storage.connection import reading
from callcoach.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCalls:
    """Which calls: None does not narrow. first and last: days of the calls, both included; a call without a day has none.

    initiative_id: calls judged for it. machine_verdict: calls that the judge gave it, for the initiative where one is named.
    without: calls that are left out, by id.
    """

    rep_ids: frozenset[str] | None = None
    initiative_id: str | None = None
    machine_verdict: Verdict | None = None
    first: date | None = None
    last: date | None = None
    without: frozenset[str] = frozenset()


EVERY_CALL = WantedCalls()


class Listing:
    """What is kept, call by call in the order of their ids. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def calls(
        self, visible: VisibleReps, wanted: WantedCalls = EVERY_CALL, *, behind: str | None = None, size: int
    ) -> tuple[Call, ...]:
        """At most `size` calls of the reps who may be seen, behind the call of this id."""
        table = schema.calls
        question = select(table.c.body).where(*_narrowed(visible, wanted))
        if behind is not None:
            question = question.where(table.c.call_id > behind)
        with reading(self._engine) as connection:
            rows = connection.execute(question.order_by(table.c.call_id).limit(size)).all()
        return tuple(value_of(row, Call) for row in rows)

    def scores(self, call_ids: Sequence[str], initiative_id: str | None = None) -> tuple[CallScore, ...]:
        """The current scores of these calls, by call and initiative."""
        table = schema.scores
        question = select(table.c.body).where(table.c.call_id.in_(call_ids), table.c.is_current)
        if initiative_id is not None:
            question = question.where(table.c.initiative_id == initiative_id)
        with reading(self._engine) as connection:
            rows = connection.execute(question).all()
        scores = (value_of(row, CallScore) for row in rows)
        return tuple(sorted(scores, key=lambda score: (score.call_id, score.initiative_id)))

    def same_contents(self, contents: Collection[str]) -> dict[str, str]:
        """Of these sha256 of files those that a call is known with, and the id of that call."""
        table = schema.calls
        question = select(table.c.content, table.c.call_id).where(table.c.content.in_(sorted(contents)))
        with reading(self._engine) as connection:
            return {row.content: row.call_id for row in connection.execute(question.order_by(table.c.call_id.desc()))}


def _narrowed(visible: VisibleReps, wanted: WantedCalls) -> list[ColumnElement[bool]]:
    table = schema.calls
    found: list[ColumnElement[bool]] = [_seen(visible)]
    if wanted.rep_ids is not None:
        found.append(table.c.rep_id.in_(sorted(wanted.rep_ids)) if wanted.rep_ids else false())
    if wanted.first is not None:
        found.append(table.c.day >= wanted.first.isoformat())
    if wanted.last is not None:
        found.append(table.c.day <= wanted.last.isoformat())
    if wanted.without:
        found.append(table.c.call_id.not_in(sorted(wanted.without)))
    if wanted.initiative_id is not None or wanted.machine_verdict is not None:
        scores = schema.scores
        judged = select(scores.c.call_id).where(scores.c.call_id == table.c.call_id, scores.c.is_current)
        if wanted.initiative_id is not None:
            judged = judged.where(scores.c.initiative_id == wanted.initiative_id)
        if wanted.machine_verdict is not None:
            judged = judged.where(scores.c.verdict == wanted.machine_verdict.value)
        found.append(judged.exists())
    return found


def _seen(visible: VisibleReps) -> ColumnElement[bool]:
    return true() if visible.everybody else schema.calls.c.rep_id.in_(sorted(visible.rep_ids))
