"""Copy one database into another, SQLite or PostgreSQL, all of it or nothing, and show that both hold the same.

Knows no table's meaning: every table of the schema goes, parents before children.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Integer, Table, func, insert, select, text

from callcoach.errors import StorageError
from callcoach.storage import schema
from callcoach.storage.connection import reading, shown, writing
from callcoach.storage.store import Store

AT_A_TIME = 200


class TableCount(NamedTuple):
    """How many rows a table has, and what names them all, in whatever order they come."""

    rows: int
    digest: str


Counts = Mapping[str, TableCount]


def copy(source: Store, target: Store) -> Counts:
    """Copy every row in one transaction, read in one snapshot; what is written meanwhile is not in it.

    Raises StorageError where the target holds anything, and where it does not hold the same in the end: then it is left empty.
    """
    if _place(source.engine) == _place(target.engine):
        raise StorageError(f"{shown(target.engine)}: this is the database to copy from. Name another, empty one.")
    with reading(_one_snapshot(source.engine)) as read, writing(target.engine) as write:
        full = next((table.name for table in schema.metadata.sorted_tables if _holds(write, table)), None)
        if full is not None:
            raise StorageError(
                f"{shown(target.engine)}: it holds something already ({full}). Give an empty database: nothing is written over."
            )
        sent = {table.name: _copied(read, write, table) for table in schema.metadata.sorted_tables}
        if write.dialect.name == "postgresql":
            count_on(write)
        arrived = counts(write)
        differing = sorted(name for name, count in sent.items() if arrived[name] != count)
        if differing:
            raise StorageError(
                f"{shown(target.engine)}: what arrived is not what was sent ({', '.join(differing)}), so nothing was kept. "
                "Check both databases with their own tools, then copy again."
            )
    return sent


def counted(store: Store) -> Counts:
    """How many rows each table of a database has, and their digest."""
    with reading(_one_snapshot(store.engine)) as connection:
        return counts(connection)


def counts(connection: Connection) -> Counts:
    """The same of a connection."""
    found = {}
    for table in schema.metadata.sorted_tables:
        tally = _Tally()
        for rows in _batches(connection, table):
            tally.add(rows)
        found[table.name] = tally.count
    return found


class _Tally:
    """Adds the hashes of rows up, so that no order is needed: databases sort text differently."""

    def __init__(self) -> None:
        self._rows, self._sum = 0, 0

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            said = "\x1f".join(f"{name}={_plain(row[name])}" for name in sorted(row))
            self._sum += int.from_bytes(hashlib.sha256(said.encode()).digest())
        self._rows += len(rows)

    @property
    def count(self) -> TableCount:
        return TableCount(self._rows, f"{self._sum % 2**256:064x}")


def _copied(read: Connection, write: Connection, table: Table) -> TableCount:
    tally = _Tally()
    for rows in _batches(read, table):
        tally.add(rows)
        write.execute(insert(table), rows)
    return tally.count


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    streamed = connection.execute(select(table).execution_options(stream_results=True, yield_per=AT_A_TIME))
    for some in streamed.mappings().partitions(AT_A_TIME):
        yield [dict(row) for row in some]


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return repr(value)


def _holds(connection: Connection, table: Table) -> bool:
    return connection.execute(select(func.count()).select_from(select(table).limit(1).subquery())).scalar_one() > 0


def count_on(connection: Connection) -> None:
    """Numbers that the server gives go on behind the largest that was copied."""
    for table in schema.metadata.sorted_tables:
        keys = [column for column in table.primary_key.columns if isinstance(column.type, Integer)]
        if len(table.primary_key.columns) != 1 or not keys or keys[0].autoincrement is False:
            continue
        column = keys[0]
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                f"coalesce(max({column.name}), 1), max({column.name}) IS NOT NULL) FROM {table.name}"
            )
        )


def _one_snapshot(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="REPEATABLE READ") if engine.dialect.name == "postgresql" else engine


def _place(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)
