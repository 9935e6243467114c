"""The night: one run at a time over all folders, the brief, its delivery. Knows nothing of terminals, nor how a stage works."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from callcoach.app.alone import said_of
from callcoach.app.deliver import Delivery, channels, deliver
from callcoach.app.metrics_file import figures_kept
from callcoach.app.progress import Progress, Watched
from callcoach.app.retention import Retained, retain
from callcoach.app.run import RunResult
from callcoach.app.run import run as bring_up_to_date
from callcoach.app.sources import check_places
from callcoach.app.taking_in import Narrowing
from callcoach.app.workspace import Workspace
from callcoach.errors import StorageAway, StorageError
from callcoach.events import DatabaseRetried, NightFailed, say
from callcoach.marks import ErrorName
from callcoach.storage.connection import patient
from callcoach.storage.run_lock import RunLock

PAUSES = (5.0, 20.0, 60.0, 120.0)
"""Seconds before a run that the database or the disk broke off goes on where it was; one more try than pauses."""
PATIENCE = 60.0
"""Seconds that a database which is locked or away is waited for at each question."""

Value = TypeVar("Value")


class Night(NamedTuple):
    """What a night did. number: of the run that held the lock; retained: what was past its date and went."""

    number: int
    result: RunResult
    deliveries: tuple[Delivery, ...]
    retained: Retained


@contextmanager
def failure_told() -> Iterator[None]:
    """The block is a night; what breaks it off is told to the log, too."""
    begun = time.perf_counter()
    try:
        yield
    except BaseException as error:
        say(NightFailed.by(error, time.perf_counter() - begun))
        raise


@failure_told()
def nightly(
    folders: Sequence[str | Path],
    rubrics: Path,
    workspace: Workspace,
    *,
    today: date,
    now: datetime,
    progress: Progress,
    sleep: Callable[[float], None] = time.sleep,
) -> Night:
    """Let go of what is past its date, fetch what is new elsewhere, transcribe, judge, report, write the brief, deliver it.

    folders: folders of this machine, and addresses of buckets and SFTP drops.

    Whatever a night that was stopped has stored is not done again. Raises AlreadyRunning where another one goes on, TakenOver
    where another one has taken over, StorageError where the database or the disk stays broken, and as `run` does.
    """
    channels(workspace.settings)  # settings that nothing can be sent with are told before the work and not after it
    check_places(workspace.settings, folders)
    # a wrong address stays wrong; a server that is starting up does not stay away
    store = persistently(lambda: workspace.store, progress, sleep, pauses=PAUSES[:3], where=StorageAway)
    patient(store.engine, PATIENCE)
    watched = Watched(progress)
    with RunLock(store).held(telling=lambda: said_of(watched)) as number, figures_kept(workspace, progress):

        def work() -> RunResult:
            return bring_up_to_date(folders, rubrics, workspace, today=today, now=now, only=Narrowing(), progress=watched)

        # before the run, so that neither its report nor its brief quotes what is past its date
        retained = persistently(lambda: retain(workspace, today=today), progress, sleep)
        result = persistently(work, progress, sleep, done=lambda: watched.steps)
        deliveries = persistently(lambda: deliver(workspace, result, today=today, now=now), progress, sleep)
    return Night(number, result, deliveries, retained)


def persistently(
    work: Callable[[], Value],
    progress: Progress,
    sleep: Callable[[float], None],
    *,
    pauses: Sequence[float] = PAUSES,
    where: type[StorageError] = StorageError,
    done: Callable[[], int] = lambda: 0,
) -> Value:
    """The result of work that may be begun again at any time, because what is stored is not stale. where: what is tried again.

    done: how much was done so far; work that got on since it was last broken off has all its tries before it again.
    """
    waiting, before = iter(pauses), done()
    while True:
        try:
            return work()
        except where as trouble:
            if done() > before:
                waiting, before = iter(pauses), done()
            pause = next(waiting, None)
            if pause is None:
                raise
            progress.warn(f"{trouble} Tried again in {pause:.0f} s.")
            say(DatabaseRetried(error=ErrorName.of(trouble), pause=pause))
        sleep(pause)
