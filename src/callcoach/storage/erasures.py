"""What was erased, as keyed hashes, on the database that a Store has opened. Never holds what was erased, nor the key."""

from collections.abc import Iterable

from sqlalchemy import func, select

from callcoach.domain.erasure import LedgerEntry
from callcoach.storage import schema
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put


class Erasures:
    """The ledger. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def note(self, entries: Iterable[LedgerEntry]) -> None:
        """Keep entries; one that is there already takes the later moment."""
        table = schema.erasures
        with writing(self._engine) as connection:
            there = {(row.kind, row.hash): row.at for row in connection.execute(select(table))}
            latest = {(each.kind, each.hash): each.at for each in sorted(entries, key=lambda each: each.at)}
            rows = [
                {"kind": kind, "hash": digest, "at": max(at, there.get((kind, digest), ""))}
                for (kind, digest), at in latest.items()
            ]
            put(connection, table, rows)

    def all(self) -> tuple[LedgerEntry, ...]:
        """Every entry, by kind and hash."""
        table = schema.erasures
        with reading(self._engine) as connection:
            rows = connection.execute(select(table).order_by(table.c.kind, table.c.hash)).all()
        return tuple(LedgerEntry(kind=row.kind, hash=row.hash, at=row.at) for row in rows)

    def since(self, at: str) -> dict[str, int]:
        """How many of each kind were noted from that second on."""
        table = schema.erasures
        question = select(table.c.kind, func.count().label("n")).where(table.c.at >= at).group_by(table.c.kind)
        with reading(self._engine) as connection:
            return {row.kind: row.n for row in connection.execute(question)}
