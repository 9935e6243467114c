"""Work that failed and has not succeeded since, by stage, on the database that a Store has opened. Mends nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from callcoach.storage import schema
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import MOST_ATTEMPTS, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A call that failed in a stage: how often, when last, and why. quarantined: it is left alone until someone retries it."""

    call_id: str
    stage: str
    attempts: int
    at: datetime
    sentence: str
    quarantined: bool


class Failures:
    """Everything that stands in the way of a call. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def all(self) -> tuple[Failure, ...]:
        """By stage and call, the latest sentence of each; a call that failed for several stories stands there once."""
        table = schema.failures
        with reading(self._engine) as connection:
            rows = connection.execute(select(table).order_by(table.c.at, table.c.made_by)).all()
        latest = {
            (row.stage, row.call_id): Failure(
                call_id=row.call_id,
                stage=row.stage,
                attempts=row.attempts,
                at=datetime.fromisoformat(row.at),
                sentence=row.sentence,
                quarantined=row.attempts >= MOST_ATTEMPTS,
            )
            for row in rows
        }
        return tuple(latest[key] for key in sorted(latest))

    def forget(self, call_ids: Collection[str] | None) -> int:
        """Clear the failures of these calls, or of all where None, so that the next run tries them; how many calls had any."""
        table = schema.failures
        with writing(self._engine) as connection:
            failed = {row.call_id for row in connection.execute(select(table.c.call_id))}
            chosen = failed if call_ids is None else failed & set(call_ids)
            for call_id in sorted(chosen):
                connection.execute(delete(table).where(table.c.call_id == call_id))
        return len(chosen)
