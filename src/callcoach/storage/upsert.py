"""Insert rows that may be there already, in SQLite and PostgreSQL alike. Knows no table."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Rows = Mapping[str, object] | Sequence[Mapping[str, object]]
"""A row, or several with the same columns."""


def put(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows; one with the same primary key is overwritten in every other column that is given."""
    several = [dict(rows)] if isinstance(rows, Mapping) else [dict(row) for row in rows]
    if not several:
        return
    keys = table.primary_key.columns.keys()
    fresh = _insert(connection)(table)
    changed = {name: fresh.excluded[name] for name in several[0] if name not in keys}
    connection.execute(fresh.on_conflict_do_update(index_elements=keys, set_=changed), several)


def put_new(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert a row; one with the same key stays as it is. Whether it was new."""
    key = next(iter(table.primary_key.columns))
    return (
        connection.execute(_insert(connection)(table).values(dict(row)).on_conflict_do_nothing().returning(key)).first()
        is not None
    )


def put_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert those rows whose key is not there."""
    if rows:
        connection.execute(_insert(connection)(table).on_conflict_do_nothing(), [dict(row) for row in rows])


def _insert(connection: Connection) -> type[postgresql.Insert] | type[sqlite.Insert]:
    return postgresql.Insert if connection.dialect.name == "postgresql" else sqlite.Insert
