"""Second opinions on the database that a Store has opened: beside the scores, and never among them. One method per question."""

import msgspec
from sqlalchemy import select

from callcoach.domain.opinion import SecondOpinion
from callcoach.storage import schema
from callcoach.storage.bodies import body_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put_new


class Opinions:
    """Keys are opaque: the digest of the words, the story, who is asked and what. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def keep(self, opinion: SecondOpinion, key: str) -> None:
        """Keep an opinion; one that is kept under this key already stays as it is."""
        row = {"call_id": opinion.call_id, "initiative_id": opinion.initiative_id, "asked": key, "body": body_of(opinion)}
        with writing(self._engine) as connection:
            put_new(connection, schema.second_opinions, row)

    def asked(self, call_id: str, initiative_id: str, key: str) -> SecondOpinion | None:
        """The opinion on a call and an initiative that this key names."""
        table = schema.second_opinions
        question = select(table.c.body).where(
            table.c.call_id == call_id, table.c.initiative_id == initiative_id, table.c.asked == key
        )
        with reading(self._engine) as connection:
            body = connection.execute(question).scalar()
            return None if body is None else msgspec.json.decode(body, type=SecondOpinion)

    def of_call(self, call_id: str) -> tuple[SecondOpinion, ...]:
        """All opinions on a call, by initiative, the first first."""
        table = schema.second_opinions
        with reading(self._engine) as connection:
            rows = connection.execute(select(table.c.body).where(table.c.call_id == call_id))
            found = [msgspec.json.decode(row.body, type=SecondOpinion) for row in rows]
        return tuple(sorted(found, key=lambda opinion: (opinion.initiative_id, opinion.asked_at, opinion.model)))
