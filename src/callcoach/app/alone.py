"""Do what a person started under the lock of the night: two runs at once would do everything twice. Knows nothing of a run."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from callcoach.app.progress import Progress, Watched
from callcoach.app.workspace import Workspace
from callcoach.errors import AlreadyRunning
from callcoach.storage.run_lock import RunLock, Said

LOOK_SECONDS = 2.0

Value = TypeVar("Value")


def alone(
    workspace: Workspace,
    work: Callable[[Progress], Value],
    *,
    wait: bool,
    progress: Progress,
    sleep: Callable[[float], None] = time.sleep,
) -> Value:
    """The result of the work, which is told whom to report to. wait: for another run to end, however long that takes.

    Raises AlreadyRunning where another run goes on and is not waited for, TakenOver where another one has taken over.
    """
    watched, lock, warned = Watched(progress), RunLock(workspace.store), False
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(lock.held(telling=lambda: said_of(watched)))
                break
            except AlreadyRunning as other:
                if not wait:
                    raise AlreadyRunning(f"{other} Or give --wait to go on when it has ended.") from None
                if not warned:
                    progress.warn(f"{other} Waiting for it.")
                    warned = True
            sleep(LOOK_SECONDS)
        return work(watched)


def said_of(watched: Watched) -> Said | None:
    """How far it is, for whoever looks at the runs meanwhile; a sentence about a call may be long."""
    return None if watched.share is None else Said(watched.name, round(100 * watched.share), watched.latest[:80])
