"""How a database is, without changing it: reachable, writable, of which schema. Makes and upgrades nothing."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import inspect, text

from callcoach.storage.connection import open_engine, reading, shown, writing
from callcoach.storage.schema import HEAD, VERSION_TABLE


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
            version = None
            if inspect(connection).has_table(VERSION_TABLE):
                version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        with writing(engine) as connection:
            connection.execute(text("SELECT 1"))  # asks for the right to write, and writes nothing
        return DatabaseHealth(shown(engine), there=True, version=version)
    finally:
        engine.dispose()


def _file(place: str | Path) -> Path | None:
    """The SQLite file of an address; None for a server or a database in memory."""
    if isinstance(place, Path):
        return place
    name = place.removeprefix("sqlite:///")
    return Path(name) if name != place and name and name != ":memory:" and not name.startswith("file:") else None
