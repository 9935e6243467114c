"""Everything a database holds, to be compared with another, and a hook at its commits to crash there. For benches and tests.

Knows nothing of what the rows mean, but for which of them only say when and by whom something was done.
"""

import hashlib
from collections.abc import Callable, Mapping

from sqlalchemy import delete, event, func, select

from callcoach.storage import schema
from callcoach.storage.connection import is_writing, reading, writing
from callcoach.storage.store import Store

BOOKKEEPING = frozenset({"runs", "run_locks", "deliveries"})
MOMENTS = frozenset({"at", "run_id"})
"""Columns that say when, and in which run, a row was written."""
AT_ONCE = 500

Rows = Mapping[tuple[object, ...], bytes]
"""The digests of a table's rows by their key: the rows themselves may take gigabytes."""


def contents(store: Store) -> dict[str, Rows]:
    """Every table but bookkeeping, of each row a digest of all columns but those that say when it was written."""
    found: dict[str, Rows] = {}
    with reading(store.engine) as connection:
        for table in schema.metadata.sorted_tables:
            if table.name in BOOKKEEPING:
                continue
            keys, columns = table.primary_key.columns.keys(), table.columns.keys()
            rest = [name for name in columns if name not in keys and name not in MOMENTS]
            rows = connection.execute(select(table), execution_options={"yield_per": AT_ONCE}).mappings()
            found[str(table.name)] = {
                tuple(row[name] for name in keys): _digest(tuple(row[name] for name in rest)) for row in rows
            }
    return found


def amount(store: Store) -> int:
    """How many rows there are in all that `contents` would show."""
    with reading(store.engine) as connection:
        tables = [table for table in schema.metadata.sorted_tables if table.name not in BOOKKEEPING]
        return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def make_empty(store: Store) -> None:
    """Delete every row of every table. Only for a database that the caller has found empty before."""
    with writing(store.engine) as connection:
        for table in reversed(schema.metadata.sorted_tables):
            connection.execute(delete(table))


def at_each_commit(store: Store, then: Callable[[], None], after: Callable[[], None] | None = None) -> None:
    """Call `then` whenever something written is about to be committed over this store.

    after: called when a transaction is over, however it ended.
    """

    @event.listens_for(store.engine, "commit")
    def _(connection: object) -> None:
        if is_writing(connection):  # type: ignore[arg-type]
            then()

    if after is not None:
        event.listen(store.engine, "checkin", lambda *_: after())


def _digest(row: tuple[object, ...]) -> bytes:
    return hashlib.sha256(repr(row).encode()).digest()
