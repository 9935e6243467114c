"""What somebody has on the workbench, on the database that a Store has opened: unsaved text, what a write replaced, pins.

Each is one person's own. Knows nothing of what a text should say, and of no file.
"""

from typing import TypeVar

from sqlalchemy import delete, select

from callcoach.domain.workbench import Pinned, Replaced, RubricDraft
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put

Value = TypeVar("Value")

DRAFT, BEFORE, PINNED = "draft", "before", "pinned"


class Workbench:
    """One person's, by account. Raises StorageError as the Store does."""

    def __init__(self, store: Store, account_id: str) -> None:
        self._engine, self._account_id = store.engine, account_id

    def draft(self, name: str) -> RubricDraft | None:
        """The text that is not in the file yet."""
        return self._one(name, DRAFT, RubricDraft)

    def drafts(self) -> frozenset[str]:
        """The names of the files that there is a draft of."""
        table = schema.workbench
        with reading(self._engine) as connection:
            own = (table.c.account_id == self._account_id, table.c.about == DRAFT)
            return frozenset(row.name for row in connection.execute(select(table.c.name).where(*own)))

    def keep_draft(self, draft: RubricDraft) -> None:
        """Keep a text in place of the earlier one."""
        self._put(draft.name, DRAFT, draft)

    def drop_draft(self, name: str) -> None:
        """The text stands in the file now, or nobody wants it."""
        self._drop(name, DRAFT)

    def replaced(self, name: str) -> Replaced | None:
        """What the latest write replaced."""
        return self._one(name, BEFORE, Replaced)

    def keep_replaced(self, name: str, replaced: Replaced) -> None:
        """Keep what a write replaced, so that it can be undone."""
        self._put(name, BEFORE, replaced)

    def drop_replaced(self, name: str) -> None:
        """It was put back."""
        self._drop(name, BEFORE)

    def pinned(self, name: str) -> tuple[str, ...] | None:
        """The calls that somebody chose to watch; None where they never did."""
        found = self._one(name, PINNED, Pinned)
        return None if found is None else found.call_ids

    def pin(self, name: str, call_ids: tuple[str, ...]) -> None:
        """Keep a choice in place of the earlier one."""
        self._put(name, PINNED, Pinned(call_ids=call_ids))

    def _one(self, name: str, about: str, kind: type[Value]) -> Value | None:
        table = schema.workbench
        wanted = (table.c.account_id == self._account_id, table.c.name == name, table.c.about == about)
        with reading(self._engine) as connection:
            row = connection.execute(select(table.c.body).where(*wanted)).first()
            return None if row is None else value_of(row, kind)

    def _put(self, name: str, about: str, value: object) -> None:
        row = {"account_id": self._account_id, "name": name, "about": about, "body": body_of(value)}
        with writing(self._engine) as connection:
            put(connection, schema.workbench, row)

    def _drop(self, name: str, about: str) -> None:
        table = schema.workbench
        with writing(self._engine) as connection:
            wanted = (table.c.account_id == self._account_id, table.c.name == name, table.c.about == about)
            connection.execute(delete(table).where(*wanted))
