"""Who runs the night, on the database that a Store has opened: one at a time, told by a heartbeat, held to by a fencing number.

Knows nothing of what a run does. Times are the database's where it has a clock of its own, so that hosts need not agree.
"""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update

from callcoach.errors import AlreadyRunning, StorageError, TakenOver
from callcoach.storage import schema
from callcoach.storage.bodies import utc
from callcoach.storage.connection import guarded, reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put_new

NIGHTLY = "nightly"
BEAT_SECONDS = 5.0
"""Often enough that somebody who watches sees the run move."""
STALE_SECONDS = 120.0
"""A holder that has not said for so long that it lives is taken over."""

Clock = Callable[[Connection], datetime]


class Holder(NamedTuple):
    """Who holds, or held, the lock. fence: its number; alive: None where only its heartbeat can tell.

    stage, share (0..100), latest: how far the run said it was at its last sign of life; None where it has not said.
    """

    fence: int
    free: bool
    taken_at: datetime
    beat_at: datetime
    host: str
    pid: int
    alive: bool | None
    stage: str | None = None
    share: int | None = None
    latest: str | None = None


class Said(NamedTuple):
    """How far a run is: the stage, the share of it that is done (0..100), and of what it did that last."""

    stage: str
    share: int
    latest: str


Telling = Callable[[], Said | None]


def database_clock(connection: Connection) -> datetime:
    """The server's time; for a file, this machine's."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now


class RunLock:
    """The lock of the nightly run. Raises StorageError as the Store does."""

    def __init__(self, store: Store, *, clock: Clock = database_clock) -> None:
        self._engine, self._clock = store.engine, clock
        self._table = schema.run_locks

    def holder(self) -> Holder | None:
        """Who took the lock last; None where nobody ever did."""
        with reading(self._engine) as connection:
            row = connection.execute(select(self._table).where(self._table.c.name == NIGHTLY)).first()
        return None if row is None else _holder(row)

    def take(self) -> int:
        """This process's number, from now on asked for at every commit over the Store's engine.

        Raises AlreadyRunning where another run holds the lock, unless its heartbeat is stale or its process is known to be gone.
        """
        table = self._table
        with writing(self._engine) as connection:
            now = utc(self._clock(connection))
            first = {"name": NIGHTLY, "fence": 0, "free": True, "taken_at": now, "beat_at": now, "holder": "{}"}
            put_new(connection, table, first)
            row = connection.execute(select(table).where(table.c.name == NIGHTLY).with_for_update()).one()
            held = _holder(row)
            if not held.free and held.alive is not False:
                silent = (datetime.fromisoformat(now) - held.beat_at).total_seconds()
                if silent <= STALE_SECONDS:
                    raise AlreadyRunning(
                        f"Another run goes on: number {held.fence} on {held.host} (process {held.pid}), since "
                        f"{_shown(held.taken_at)}. Let it end. If it is stuck, stop it; {STALE_SECONDS:.0f} s after its last "
                        "sign of life the next run takes over."
                    )
            fence = held.fence + 1
            values = {"fence": fence, "free": False, "taken_at": now, "beat_at": now, "holder": json.dumps(_myself())}
            connection.execute(update(table).where(table.c.name == NIGHTLY).values(values))
        guarded(self._engine, lambda connection: _refuse_outrun(connection, fence))
        return fence

    def beat(self, fence: int, said: Said | None = None) -> None:
        """Say that the run lives, and how far it is. Raises TakenOver where another one holds the lock by now."""
        with writing(self._engine) as connection:
            mine = (self._table.c.name == NIGHTLY, self._table.c.fence == fence)
            values = {"beat_at": utc(self._clock(connection)), "holder": json.dumps(_myself() | (said._asdict() if said else {}))}
            connection.execute(update(self._table).where(*mine).values(values))

    def release(self, fence: int) -> None:
        """Give the lock back; what is written after is no run's."""
        with writing(self._engine) as connection:
            mine = (self._table.c.name == NIGHTLY, self._table.c.fence == fence)
            connection.execute(update(self._table).where(*mine).values(free=True, beat_at=utc(self._clock(connection))))
        guarded(self._engine, None)

    @contextmanager
    def held(self, *, beat_seconds: float = BEAT_SECONDS, telling: Telling = lambda: None) -> Iterator[int]:
        """The lock for as long as the block runs, with a heartbeat; the number. A run that was taken over leaves it alone.

        telling: asked at each beat how far the run is.
        """
        fence = self.take()
        stop = threading.Event()
        heart = threading.Thread(
            target=self._beat_until, args=(stop, fence, beat_seconds, telling), daemon=True, name="heartbeat"
        )
        heart.start()
        try:
            yield fence
        except TakenOver:
            guarded(self._engine, None)
            raise
        except BaseException:
            try:
                self.release(fence)
            except StorageError:
                guarded(self._engine, None)  # what ended the run says more
            raise
        else:
            self.release(fence)
        finally:
            stop.set()
            heart.join()

    def _beat_until(self, stop: threading.Event, fence: int, seconds: float, telling: Telling) -> None:
        while not stop.wait(seconds):
            try:
                self.beat(fence, telling())
            except TakenOver:
                return  # the run learns it at its next commit
            except StorageError:
                continue  # the database may be back for the next beat


def _refuse_outrun(connection: Connection, fence: int) -> None:
    """FOR SHARE: whoever wants to take over waits until this transaction has ended."""
    table = schema.run_locks
    question = select(table).where(table.c.name == NIGHTLY).with_for_update(read=True)
    row = connection.execute(question).first()
    if row is None or row.fence != fence:
        newest = _holder(row) if row is not None else None
        who = f"number {newest.fence} on {newest.host} (process {newest.pid}) has taken over" if newest else "its lock is gone"
        raise TakenOver(
            f"This run (number {fence}) gave no sign of life for too long, and {who}. "
            "What it stored before stays; what it was about to store was not written. Nothing needs to be done."
        )


def _holder(row: Row[*tuple[Any, ...]]) -> Holder:
    who = json.loads(row.holder)
    taken, beat = datetime.fromisoformat(row.taken_at), datetime.fromisoformat(row.beat_at)
    return Holder(row.fence, row.free, taken, beat, str(who.get("host", "")), int(who.get("pid", 0)), _alive(who), *_far(who))


def _far(who: Mapping[str, Any]) -> tuple[str | None, int | None, str | None]:
    if not isinstance(who.get("share"), int):
        return None, None, None
    return str(who.get("stage", "")), min(100, max(0, who["share"])), str(who.get("latest", ""))


def _myself() -> dict[str, object]:
    return {"host": socket.gethostname(), "pid": os.getpid(), "begun": _begun(os.getpid()), "room": _room()}


def _alive(who: dict[str, Any]) -> bool | None:
    """Whether that process runs; None where this process cannot know, being elsewhere or on a system that does not tell."""
    if not who.get("begun") or not who.get("room") or who["room"] != _room():
        return None
    return bool(_begun(int(who["pid"])) == who["begun"])


def _room() -> str | None:
    """Names this boot of this machine and the numbering of its processes: in it, a process number means one process."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return None


def _begun(pid: int) -> str | None:
    """When a process was started, in ticks since boot; None where it is gone, or dead and not yet buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def _shown(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S} ({max(0, round(time.time() - at.timestamp()))} s ago)"
