"""Reports as the latest whole run rolled them up, and what it recommended, for screens that add up nothing. Reads no score."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import delete, select

from callcoach.domain.behaviour import Behaviour
from callcoach.domain.coaching import Given
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, uncollected, utc, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put

Value = TypeVar("Value")

Named = tuple[str, str, object]
"""What a report is about, the id of it, and the report."""


class _Said(msgspec.Struct):
    """What of a correction says when it was made, and whether it is one or an agreement."""

    at: datetime
    machine: str
    person: str


_SAID = msgspec.json.Decoder(_Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[Value]):
    """A report, the run that left it and the moment whose facts it shows."""

    run_id: int
    at: datetime
    report: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """What was recommended to a rep, from the first day to the latest on which a whole run said so."""

    rep_id: str
    initiative_id: str
    behaviour: Behaviour
    since: date
    until: date


class KeptReports:
    """The reports of one run: a newer run's take their place. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def keep(self, run_id: int, at: datetime, reports: Iterable[Named]) -> None:
        """Keep a run's reports in place of every earlier one, in one transaction. at: when its facts were read."""
        table = schema.kept_reports
        rows = [
            {"about": about, "wanted": wanted, "run_id": run_id, "at": utc(at), "body": body_of(report)}
            for about, wanted, report in reports
        ]
        with writing(self._engine) as connection:
            connection.execute(delete(table))
            put(connection, table, rows)

    def report(self, about: str, wanted: str, kind: type[Value]) -> Kept[Value] | None:
        """The report about this; None where no whole run left one."""
        table = schema.kept_reports
        with reading(self._engine) as connection, uncollected():
            row = connection.execute(select(table).where(table.c.about == about, table.c.wanted == wanted)).first()
            if row is None:
                return None
            return Kept(run_id=row.run_id, at=datetime.fromisoformat(row.at), report=value_of(row, kind))

    def known(self, about: str) -> tuple[str, ...]:
        """The ids of everything there is such a report about."""
        table = schema.kept_reports
        with reading(self._engine) as connection:
            return tuple(connection.execute(select(table.c.wanted).where(table.c.about == about).order_by("wanted")).scalars())

    def forget(self) -> None:
        """Drop every report and what was recommended: the next whole run makes the reports anew."""
        with writing(self._engine) as connection:
            connection.execute(delete(schema.kept_reports))
            connection.execute(delete(schema.coaching_history))

    def corrected_since(self, at: datetime, *, rep_ids: Collection[str] | None = None, initiative_id: str | None = None) -> int:
        """How many corrections people made from that second on, of these reps' calls and this initiative (None: all)."""
        reviews, calls = schema.reviews, schema.calls
        question = select(reviews.c.body).where(reviews.c.review_id.not_in(select(schema.withdrawn.c.what_id)))
        if rep_ids is not None:
            question = question.join(calls, calls.c.call_id == reviews.c.call_id).where(calls.c.rep_id.in_(sorted(rep_ids)))
        if initiative_id is not None:
            question = question.where(reviews.c.initiative_id == initiative_id)
        with reading(self._engine) as connection:
            bodies = connection.execute(question).scalars()
            said = [_SAID.decode(body) for body in bodies]
        second = at.replace(microsecond=0)
        return sum(each.machine != each.person and each.at.replace(microsecond=0) >= second for each in said)

    # what was recommended

    def note_advice(self, given: Iterable[Given], on: date) -> None:
        """Note that a whole run on this day recommended it."""
        rows = [
            {
                "rep_id": each.rep_id,
                "initiative_id": each.initiative_id,
                "behaviour": each.behaviour.value,
                "since": each.since.isoformat(),
                "until": on.isoformat(),
            }
            for each in given
        ]
        with writing(self._engine) as connection:
            put(connection, schema.coaching_history, rows)

    def advice(self, rep_id: str) -> tuple[Advised, ...]:
        """All that was recommended to a rep, the latest first."""
        table = schema.coaching_history
        question = select(table).where(table.c.rep_id == rep_id)
        with reading(self._engine) as connection:
            rows = connection.execute(question.order_by(table.c.until.desc(), table.c.since.desc(), table.c.behaviour)).all()
        return tuple(
            Advised(
                rep_id=row.rep_id,
                initiative_id=row.initiative_id,
                behaviour=Behaviour(row.behaviour),
                since=date.fromisoformat(row.since),
                until=date.fromisoformat(row.until),
            )
            for row in rows
        )
