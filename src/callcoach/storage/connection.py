"""Open a database so that a commit survives a crash, and say in plain sentences what it complains of. Knows no table."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from callcoach.errors import StorageAway, StorageError
from callcoach.events import DatabaseRetried, say
from callcoach.marks import ErrorName

if TYPE_CHECKING:
    import psycopg

BEGIN = "callcoach_begin"
GUARD = "callcoach_guard"
PATIENCE = "callcoach_patience"
WAIT_SECONDS = 0.02
IDLE_SECONDS = 90
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

WHAT_TO_DO = (
    ("is locked", "another program has been writing to it for too long. Wait for that program or stop it, then run again."),
    ("readonly", "it is read-only. Get the right to write the file and its folder, or choose another place for it."),
    ("unable to open", "it cannot be opened. Check that this is a file in a folder you may write to."),
    ("malformed", "it is damaged. Put a backup in its place, or move it away: the next run then makes everything anew."),
    ("not a database", "this is no database. Choose another place for it, or move the file away."),
    ("is full", "there is no space left. Free some and run again; what was kept is safe."),
    ("disk i/o", "the disk cannot be read or written. Check its space and health and run again; what was kept is safe."),
    ("password", "the server refuses the login. Check user and password in the address."),
    ("pg_hba.conf", "the server refuses the login. Have pg_hba.conf admit this user and machine, or correct the address."),
    ("does not exist", "it does not exist on the server. Create it, or correct the address."),
    ("temporary failure in name", "the name of its host cannot be looked up now. Check the network and run again."),
    ("name or service not known", "no machine has the name of this host. Correct the host in the address."),
    ("starting up", "the server is starting up. Run again in a moment."),
    ("too many clients", "the server has no connection left. Run again in a moment, or raise its max_connections."),
    ("connection slots", "the server has no connection left. Run again in a moment, or raise its max_connections."),
    ("connection", "the server cannot be reached. Check that it runs and that host and port in the address are right."),
    ("foreign key", "it does not know the call. Keep the call before what is made of it."),
)


AWAY = (
    "is locked", "connection refused", "no such file or directory", "starting up", "shutting down", "recovery mode",
    "too many clients", "connection slots", "timeout", "timed out", "temporary failure in name", "no route to host",
    "network is unreachable", "closed the connection", "terminating connection", "connection reset", "connection is lost",
)  # fmt: skip
"""What is complained of while a database is away: it may be there the next moment, and nothing has to be corrected."""
FOR_GOOD = ("password", "pg_hba.conf", "does not exist", "name or service not known")
"""Said of the same connection at times, and then waiting helps nobody."""


Guard = Callable[[Connection], None]
"""Raises to refuse a transaction that is about to be committed."""


def open_engine(place: str | Path, *, busy_seconds: float) -> Engine:
    """The database at a URL, or the SQLite file at a path; its folder is made. Nothing is read yet.

    SQLite: WAL and synchronous=FULL, so that what was committed outlives a power cut; a lock is waited for `busy_seconds`.
    Raises StorageError for an address nobody can open.
    """
    url = _url(place)
    if url.get_backend_name() != "sqlite":
        # a pooled connection that a restart of the server has cut is noticed before anything is asked over it
        engine = _engine(url, pool_pre_ping=True)
        if url.get_backend_name() == "postgresql":
            event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if url.database and url.database != ":memory:" and not url.database.startswith("file:"):
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as trouble:
            raise StorageError(
                f"{folder}: this folder cannot be made ({trouble.strerror}). Choose another place for the database."
            ) from None
    engine = _engine(url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", partial(_prepare_sqlite, busy_seconds))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def shown(engine: Engine) -> str:
    """The database as sentences name it: the file, or the address without its password."""
    if engine.dialect.name == "sqlite":
        return engine.url.database or ":memory:"
    return engine.url.render_as_string(hide_password=True)


@contextmanager
def sentences(engine: Engine) -> Iterator[None]:
    """Turns what the database raises into a StorageError with the next step."""
    try:
        yield
    except SQLAlchemyError as trouble:
        cause = str(getattr(trouble, "orig", None) or trouble).strip().splitlines() or [type(trouble).__name__]
        whole = " ".join(cause).lower()
        advice = next((sentence for word, sentence in WHAT_TO_DO if word in whole), None)
        is_away = any(word in whole for word in AWAY) and not any(word in whole for word in FOR_GOOD)
        kind = StorageAway if is_away else StorageError
        raise kind(f"{shown(engine)}: {advice or f'the database says: {cause[0]}. Check it and run again.'}") from trouble
    except msgspec.DecodeError as trouble:
        raise StorageError(
            f"{shown(engine)}: a value in it cannot be read ({trouble}). It was written by another version of callcoach, "
            f"or by hand. Use that version, or move the database away and run again."
        ) from trouble


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to ask one question over."""
    with sentences(engine), _begun(engine) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it is kept, or nothing. SQLite is locked from the start, so it cannot fail half-way.

    Where the engine has a guard, it is asked last, inside the transaction; what it raises takes everything back.
    """
    with sentences(engine), _begun(engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})) as connection:
        yield connection
        guard: Guard | None = connection.get_execution_options().get(GUARD)
        if guard is not None:
            guard(connection)


def guarded(engine: Engine, guard: Guard | None) -> None:
    """From now on, nothing is committed over this engine that the guard does not let pass; None: everything is."""
    engine.update_execution_options(**{GUARD: guard})


def patient(engine: Engine, seconds: float) -> None:
    """From now on, a database that is locked or away is waited for this long before a transaction begins; none is repeated."""
    engine.update_execution_options(**{PATIENCE: seconds})


def is_writing(connection: Connection) -> bool:
    """Whether the connection's transaction was begun to write."""
    return BEGIN in connection.get_execution_options()


@contextmanager
def _begun(engine: Engine) -> Iterator[Connection]:
    """A connection with a transaction begun: until then nothing has happened, so that it may be tried again."""
    give_up_at = time.monotonic() + float(engine.get_execution_options().get(PATIENCE, 0.0))
    pause = FIRST_PAUSE
    while True:
        try:
            connection = engine.connect()
            try:
                transaction = connection.begin()
            except BaseException:
                connection.close()
                raise
            break
        except DBAPIError as trouble:
            if time.monotonic() + pause > give_up_at:
                raise
            say(DatabaseRetried(error=ErrorName.of(trouble), pause=pause))
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    with connection, transaction:
        yield connection


def _url(place: str | Path) -> URL:
    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place))
    try:
        url = make_url(place)
    except ArgumentError:
        raise StorageError(
            f"{place}: this is no database address. Write sqlite:///FILE or postgresql://USER@HOST/NAME."
        ) from None
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _engine(url: URL, **options: object) -> Engine:
    try:
        # what a statement was to keep is people's words: it must not come out with an error of the database
        return create_engine(url, hide_parameters=True, **options)
    except ImportError:
        raise StorageError(
            f"{url.get_backend_name()}: its driver is not installed. Run: pip install 'callcoach[postgres]'"
        ) from None
    except NoSuchModuleError:
        raise StorageError(f"{url.drivername}: callcoach keeps its data in SQLite or PostgreSQL. Choose one of them.") from None


def _prepare_sqlite(busy_seconds: float, connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # the driver would begin transactions on its own, too late for a lock from the start
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor, give_up_at=time.monotonic() + busy_seconds)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: "psycopg.Connection[Any]", _: ConnectionPoolEntry) -> None:
    # a program that was stopped inside a transaction would hold up every other one for ever
    connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
    connection.commit()


def _write_ahead(cursor: sqlite3.Cursor, *, give_up_at: float) -> None:
    """SQLite does not wait for a lock when a new file is switched to WAL, so several programs that open it at once would fail."""
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as trouble:
            if "locked" not in str(trouble) or time.monotonic() >= give_up_at:
                raise
            time.sleep(WAIT_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))
