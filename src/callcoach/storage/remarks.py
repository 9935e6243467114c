"""What people said of a call beside its judgement, and what they took back, on the database that a Store has opened.

Rows are added and never changed: who takes something back adds a row that says so. One method per question.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from callcoach.domain.remark import Remark, RemarkKind, Withdrawal
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, utc, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put_new


class Remarks:
    """Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def add(self, remark: Remark) -> None:
        """Keep a remark; the same one again changes nothing."""
        row = {
            "remark_id": remark.remark_id,
            "call_id": remark.call_id,
            "kind": remark.kind.value,
            "body": body_of(remark),
        }
        with writing(self._engine) as connection:
            put_new(connection, schema.remarks, row)

    def take_back(self, withdrawals: Sequence[Withdrawal]) -> None:
        """Keep, in one transaction, that reviews or remarks no longer count."""
        with writing(self._engine) as connection:
            for each in withdrawals:
                row = {"what_id": each.what_id, "call_id": each.call_id, "at": utc(each.at), "body": body_of(each)}
                put_new(connection, schema.withdrawn, row)

    def of_call(self, call_id: str) -> tuple[Remark, ...]:
        """All remarks on a call, the first first, those taken back among them (see `withdrawn`)."""
        return self._remarks(schema.remarks.c.call_id == call_id)

    def withdrawn(self, call_id: str) -> dict[str, Withdrawal]:
        """What was taken back on a call, by the id of the review or remark."""
        table = schema.withdrawn
        with reading(self._engine) as connection:
            rows = connection.execute(select(table.c.what_id, table.c.body).where(table.c.call_id == call_id)).all()
            return {row.what_id: value_of(row, Withdrawal) for row in rows}

    def of_kinds(self, kinds: Iterable[RemarkKind]) -> tuple[Remark, ...]:
        """The remarks of these kinds on every call, without those taken back, the first first."""
        taken_back = select(schema.withdrawn.c.what_id)
        table = schema.remarks
        return self._remarks(table.c.kind.in_([kind.value for kind in kinds]), table.c.remark_id.not_in(taken_back))

    def disputes(self, *, since: datetime | None = None) -> tuple[Remark, ...]:
        """Every dispute that was not taken back, answered or not, the first first; `since` leaves out earlier ones."""
        return tuple(each for each in self.of_kinds((RemarkKind.DISPUTE,)) if since is None or each.at >= since)

    def _remarks(self, *conditions: object) -> tuple[Remark, ...]:
        question = select(schema.remarks.c.body).where(*conditions)  # type: ignore[arg-type]
        with reading(self._engine) as connection:
            found = [value_of(row, Remark) for row in connection.execute(question)]
        return tuple(sorted(found, key=lambda remark: (remark.at, remark.remark_id)))
