"""Peak memory of a piece of work, run in a process of its own with nothing else in it. Knows nothing of what the work is."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")

_POLL_SECONDS = 0.05
_PROC = Path("/proc")


def peak_mb(make_worker: Callable[[], Callable[[Item], object]], item: Item) -> float | None:
    """Megabytes (10^6 bytes) that a fresh process and its children hold at once while they load the worker and do one item.

    The process's own peak as the kernel counted it, or the whole family's as seen every 50 ms, whichever is more. None where
    the work failed, or the system has no /proc.
    """
    if not (_PROC / "self" / "status").is_file():
        return None
    spawning = multiprocessing.get_context("spawn")
    receiver, sender = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_work, args=(make_worker, item, sender))
    process.start()
    sender.close()
    seen = 0
    while process.is_alive() and process.pid is not None:
        seen = max(seen, family_kilobytes(process.pid))
        process.join(_POLL_SECONDS)
    try:
        own: int = receiver.recv()
    except EOFError:
        return None
    return round(max(own, seen) * 1024 / 1e6, 1)


def _work(make_worker: Callable[[], Callable[[Item], object]], item: Item, sender: Connection) -> None:
    make_worker()(item)
    # not getrusage: its peak is inherited from the process that started this one
    sender.send(_kilobytes(_PROC / "self" / "status", "VmHWM"))


def family_kilobytes(pid: int) -> int:
    """What a process and all its children hold in memory now; 0 where the system has no /proc."""
    return own_kilobytes(pid) + sum(family_kilobytes(child) for child in _children(pid))


def own_kilobytes(pid: int) -> int:
    """What a process holds in memory now."""
    return _kilobytes(_PROC / str(pid) / "status", "VmRSS")


def family_processor_seconds(pid: int) -> float:
    """What a process, those it began and those that ended have used so far; 0 where the system has no /proc."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    mine = sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")
    return mine + sum(family_processor_seconds(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    try:
        tasks = (_PROC / str(pid) / "task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _kilobytes(status: Path, field: str) -> int:
    """A line such as `VmRSS:   1234 kB`; 0 for a process that is gone."""
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{field}:")), 0)
