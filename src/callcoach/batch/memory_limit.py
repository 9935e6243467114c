"""End a worker process that takes more memory for one call than it may. Knows nothing of what the call is.

The resident memory is watched from a thread, not limited by the kernel: libraries of models reserve many times what they use.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TOO_MUCH = 77
"""Exit code of a worker that took too much."""
LOOK_SECONDS = 0.05


@contextmanager
def at_most(megabytes: int, *, last_words: Callable[[], None] | None = None) -> Iterator[None]:
    """While the block runs, this process may grow by so many MB (10^6 bytes); one byte more and it ends. 0: no limit.

    No limit either where the system has no /proc. last_words: called before the end, where nobody would see the exit code.
    """
    before = resident_bytes()
    if not megabytes or before is None:
        yield
        return
    done = threading.Event()
    most = before + megabytes * 1_000_000
    threading.Thread(target=_watch, args=(most, done, last_words), daemon=True, name="memory-limit").start()
    try:
        yield
    finally:
        done.set()


def resident_bytes() -> int | None:
    """What this process holds in memory; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _watch(most: int, done: threading.Event, last_words: Callable[[], None] | None) -> None:
    while not done.wait(LOOK_SECONDS):
        held = resident_bytes()
        if held is not None and held > most:
            if last_words is not None:
                last_words()
            os._exit(TOO_MUCH)
