"""The night: one run at a time over all folders, the brief, its delivery. Knows nothing of terminals, nor how a stage works."""

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from callcoach.app.deliver import Delivery, channels, deliver
from callcoach.app.progress import Progress
from callcoach.app.retention import Retained, retain
from callcoach.app.run import RunResult
from callcoach.app.run import run as bring_up_to_date
from callcoach.app.taking_in import Narrowing
from callcoach.app.workspace import Workspace
from callcoach.errors import StorageError
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


def nightly(
    folders: Sequence[Path],
    rubrics: Path,
    workspace: Workspace,
    *,
    today: date,
    now: datetime,
    progress: Progress,
    sleep: Callable[[float], None] = time.sleep,
) -> Night:
    """Let go of what is past its date, transcribe, judge, report, write the brief, deliver it.

    Whatever a night that was stopped has stored is not done again. Raises AlreadyRunning where another one goes on, TakenOver
    where another one has taken over, StorageError where the database or the disk stays broken, and as `run` does.
    """
    channels(workspace.settings)  # settings that nothing can be sent with are told before the work and not after it
    store = persistently(lambda: workspace.store, progress, sleep, pauses=PAUSES[:3])
    patient(store.engine, PATIENCE)
    with RunLock(store).held() as number:

        def work() -> RunResult:
            return bring_up_to_date(folders, rubrics, workspace, today=today, now=now, only=Narrowing(), progress=progress)

        # before the run, so that neither its report nor its brief quotes what is past its date
        retained = persistently(lambda: retain(workspace, today=today), progress, sleep)
        result = persistently(work, progress, sleep)
        deliveries = persistently(lambda: deliver(workspace, result, today=today, now=now), progress, sleep)
    return Night(number, result, deliveries, retained)


def persistently(
    work: Callable[[], Value], progress: Progress, sleep: Callable[[float], None], *, pauses: Sequence[float] = PAUSES
) -> Value:
    """The result of work that may be begun again at any time, because what is stored is not stale."""
    for pause in pauses:
        try:
            return work()
        except StorageError as trouble:
            progress.warn(f"{trouble} Tried again in {pause:.0f} s.")
        sleep(pause)
    return work()
