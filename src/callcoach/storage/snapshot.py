"""One file that holds a whole database as it was at one moment, taken while others write, and checked. Knows no table."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from callcoach.errors import StorageError
from callcoach.storage import schema
from callcoach.storage.connection import shown
from callcoach.storage.copying import copy
from callcoach.storage.store import Store

OWNER_ONLY = 0o600


def take(store: Store, file: Path) -> int:
    """Write the database into a new SQLite file, whole or not at all; how many rows it holds. Raises StorageError.

    SQLite: its own online backup in one step, which holds up no writer. PostgreSQL: copied in one snapshot.
    """
    part = file.with_name(f".{file.name}.part")
    _remove(part)
    try:
        part.touch(OWNER_ONLY)
        if store.engine.dialect.name == "sqlite":
            _online(store.engine, part)
        else:
            with Store(part) as target:
                copy(store, target)
        _in_one_file(part)
        rows = check(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
        return rows
    except (OSError, sqlite3.Error) as trouble:
        raise StorageError(
            f"{file}: the backup cannot be written ({trouble}). Check the space and your rights there."
        ) from trouble
    finally:
        _remove(part)


def check(file: Path) -> int:
    """How many rows a SQLite file holds. Raises StorageError where it is damaged, or a row refers to one that is not there."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            lost = connection.execute("PRAGMA foreign_key_check").fetchall()
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            known = [name for name in tables if name in schema.metadata.tables]
            rows = sum(int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in known)
    except sqlite3.Error as trouble:
        raise StorageError(f"{file}: this is no whole database ({trouble}). Use another backup.") from trouble
    if said != ["ok"]:
        raise StorageError(f"{file}: it is damaged ({said[0]}). Use another backup.")
    if lost:
        raise StorageError(f"{file}: {len(lost)} rows in it refer to rows that are not there. Use another backup.")
    return rows


def unpack(file: Path, into: Path) -> None:
    """A copy of a backup as a database file beside which nothing lies, brought to the newest schema. Raises StorageError."""
    check(file)
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as source, into.open("xb") as target:
            into.chmod(OWNER_ONLY)
            while piece := source.read(1 << 20):
                target.write(piece)
            os.fsync(target.fileno())
    except OSError as trouble:
        raise StorageError(
            f"{into}: it cannot be written ({trouble.strerror}). Check the space and your rights there."
        ) from trouble
    try:
        Store(into).close()
        _in_one_file(into)
        check(into)
    except BaseException:
        _remove(into)
        raise


def _online(engine: Engine, part: Path) -> None:
    raw = engine.raw_connection()
    try:
        source = raw.driver_connection
        assert isinstance(source, sqlite3.Connection), "SQLite's own driver"
        with closing(sqlite3.connect(part)) as target:
            # all pages in one step: in several, every commit of another program begins it anew
            source.backup(target, pages=-1)
    except sqlite3.Error as trouble:
        raise StorageError(f"{shown(engine)}: it cannot be read whole ({trouble}). Check it, then back up again.") from trouble
    finally:
        raw.close()


def _in_one_file(file: Path) -> None:
    """Nothing of it lies in a log beside it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
