"""What models read of each call, whatever the story, on the database that a Store has opened. Knows no model."""

from collections.abc import Mapping

from sqlalchemy import Engine, Table, delete, select

from callcoach.storage import schema
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put


class Readings:
    """Sentence bounds and vectors of a call as bytes, by call and what made them. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def keep(self, made_by: str, bodies: Mapping[str, bytes], *, stage: str | None = None) -> None:
        """Keep the readings of calls (call id -> bytes), in one transaction, in the place of those of another encoder.

        The calls' failures in `stage` are cleared with it.
        """
        failures = schema.failures
        with writing(self._engine) as connection:
            put(connection, schema.readings, [{"call_id": each, "made_by": made_by, "body": bodies[each]} for each in bodies])
            if stage is not None:
                connection.execute(delete(failures).where(failures.c.stage == stage, failures.c.call_id.in_(list(bodies))))

    def of(self, call_id: str, made_by: str) -> bytes | None:
        """The reading of a call; None where there is none from these models."""
        return _body(self._engine, schema.readings, call_id, made_by)


class Entities:
    """Where names and numbers stand in a call, as bytes, by call and what found them in which words. Raises StorageError."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def keep(self, call_id: str, made_by: str, body: bytes) -> None:
        """Keep what was found in a call, in the place of what was found before."""
        with writing(self._engine) as connection:
            put(connection, schema.entities, {"call_id": call_id, "made_by": made_by, "body": body})

    def of(self, call_id: str, made_by: str) -> bytes | None:
        """What was found in a call; None where nobody looked for it, or others did, or in other words."""
        return _body(self._engine, schema.entities, call_id, made_by)


def _body(engine: Engine, table: Table, call_id: str, made_by: str) -> bytes | None:
    with reading(engine) as connection:
        question = select(table.c.body).where(table.c.call_id == call_id, table.c.made_by == made_by)
        body = connection.execute(question).scalar()
    return None if body is None else bytes(body)
