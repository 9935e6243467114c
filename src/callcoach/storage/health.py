"""How a database is, without changing it: reachable, writable, of which schema. Makes and upgrades nothing."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, inspect, text

from callcoach.errors import StorageError
from callcoach.storage.connection import open_engine, reading, shown, writing
from callcoach.storage.schema import HEAD, VERSION_TABLE
from callcoach.storage.store import Store


class DatabaseHealth(NamedTuple):
    """name: as sentences name it. there: whether it exists; version: of its schema, None where it has none yet; head: ours."""

    name: str
    there: bool
    version: str | None = None
    head: str = HEAD


def examine(place: str | Path, *, busy_seconds: float = 5.0) -> DatabaseHealth:
    """Raises StorageError, with what to do, where it cannot be reached, read or written."""
    file = _file(place)
    if file is not None and not file.exists():
        return DatabaseHealth(str(file), there=False)
    engine = open_engine(place, busy_seconds=busy_seconds)
    try:
        with reading(engine) as connection:
            version = _version(connection)
        with writing(engine) as connection:
            connection.execute(text("SELECT 1"))  # asks for the right to write, and writes nothing
        return DatabaseHealth(shown(engine), there=True, version=version)
    finally:
        engine.dispose()


def schema_of(store: Store) -> str | None:
    """The schema that an open database has by now; None where it has none. Raises StorageError where it does not answer."""
    file = store.engine.url.database if store.engine.dialect.name == "sqlite" else None
    if file and file != ":memory:" and not file.startswith("file:") and not Path(file).is_file():
        # a connection that is open would go on answering from a file that nobody can find any more
        raise StorageError(f"{file}: it is gone. Put it, or a backup, in its place and start again.")
    with reading(store.engine) as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def _file(place: str | Path) -> Path | None:
    """The SQLite file of an address; None for a server or a database in memory."""
    if isinstance(place, Path):
        return place
    name = place.removeprefix("sqlite:///")
    return Path(name) if name != place and name and name != ":memory:" and not name.startswith("file:") else None
