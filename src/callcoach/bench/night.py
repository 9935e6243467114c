"""The figures of a night beside a plain loop, and what they are worked out from. Knows nothing of how anything is done."""

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from callcoach.bench.memory import family_kilobytes

LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class NightlyBench:
    """calls_per_hour: by stage, with all workers. night_per_hour: of all stages one after the other; plain_per_hour: of the loop.

    speedup_2_workers: how many times faster two workers transcribe and judge than one. peak_mb: of the night's processes
    together, 10^6 bytes. load: how many programs wanted a core when it began, per core.
    """

    calls: int
    audio_minutes: float
    initiatives: int
    workers: int
    calls_per_hour: Mapping[str, float]
    night_per_hour: float
    plain_per_hour: float
    speedup_2_workers: float
    ratio_to_plain_loop: float
    peak_mb: float
    load: float


def seconds_per_call(rates: Mapping[str, float]) -> float:
    """Of stages that follow each other, from their calls per hour."""
    return sum(3600 / rate for rate in rates.values())


def rate(moments: Sequence[float], warming: int) -> float:
    """Calls per hour from the moments (seconds) at which calls were done, the first `warming` left out: models were loaded then.

    Raises ValueError where nothing is left.
    """
    ordered = sorted(moments)
    counted = len(ordered) - warming
    if counted < 1 or ordered[-1] <= ordered[warming - 1]:
        raise ValueError("There is nothing to measure after the first calls.")
    return 3600 * counted / (ordered[-1] - ordered[warming - 1])


class Peak:
    """The most memory seen, in MB of 10^6 bytes."""

    megabytes = 0.0


@contextmanager
def peak_of_family() -> Iterator[Peak]:
    """Watches this process and those it starts while the block runs."""
    peak, done = Peak(), threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            peak.megabytes = max(peak.megabytes, round(family_kilobytes(os.getpid()) * 1024 / 1e6, 1))

    watcher = threading.Thread(target=watch, daemon=True, name="peak")
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def load_per_core() -> float:
    """How many programs want a core now, per core; 0 where the system does not say."""
    return round(os.getloadavg()[0] / max(os.cpu_count() or 1, 1), 2) if hasattr(os, "getloadavg") else 0.0


def clock() -> float:
    """Seconds, for differences."""
    return time.perf_counter()
