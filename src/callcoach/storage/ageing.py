"""What is older than a day, and letting go of its sound or its words, on the database that a Store has opened.

Whole calls are `erasing`'s. Knows nothing of how long anything is to be kept.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, func, select

from callcoach.storage import schema
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store

AT_ONCE = 500
WORDS = (
    schema.groundworks,
    schema.readings,
    schema.entities,
    schema.signals,
    schema.second_opinions,
    schema.current_transcripts,
    schema.transcripts,
)
"""What was said, and what models made of it; the judgement with its quotes is kept by itself."""


class OldCall(NamedTuple):
    """A call from before a day, and what names its bytes."""

    call_id: str
    content: str


class Ageing:
    """Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def before(self, day: date) -> tuple[OldCall, ...]:
        """The calls from before a day, by id. A call without a day is never old."""
        table = schema.calls
        question = select(table.c.call_id, table.c.content).where(table.c.day < day.isoformat()).order_by(table.c.call_id)
        with reading(self._engine) as connection:
            return tuple(OldCall(*row) for row in connection.execute(question))

    def undated(self) -> int:
        """How many calls have no day."""
        table = schema.calls
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(table).where(table.c.day.is_(None))).scalar_one()

    def with_words(self, call_ids: Collection[str]) -> frozenset[str]:
        """Those of these calls of which words are kept."""
        table = schema.transcripts
        found: set[str] = set()
        with reading(self._engine) as connection:
            for some in _stretches(call_ids):
                found |= set(connection.execute(select(table.c.call_id).where(table.c.call_id.in_(some))).scalars())
        return frozenset(found)

    def drop_words(self, call_ids: Collection[str]) -> None:
        """Let go of what was said in these calls. Reports that quote them go too: the next whole run makes them anew."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            for table in WORDS:
                for some in _stretches(call_ids):
                    connection.execute(delete(table).where(table.c.call_id.in_(some)))
            connection.execute(delete(schema.kept_reports))

    def drop_sound(self, contents: Collection[str]) -> int:
        """Let go of the drawings of these recordings, and of where they lie; of how many something was kept."""
        with_sound: set[str] = set()
        with writing(self._engine) as connection:
            for table in (schema.peaks, schema.recordings):
                for some in _stretches(contents):
                    gone = delete(table).where(table.c.content.in_(some)).returning(table.c.content)
                    with_sound |= set(connection.execute(gone).scalars())
        return len(with_sound)


def _stretches(some: Collection[str]) -> list[list[str]]:
    ordered = sorted(some)
    return [ordered[first : first + AT_ONCE] for first in range(0, len(ordered), AT_ONCE)]
