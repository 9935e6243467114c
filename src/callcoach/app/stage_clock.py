"""Tell when a stage of a run has ended: how long it took, what came through, what failed. Counts what is told, does no work."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from callcoach.events import CallDone, CallFailed, CallQuarantined, Event, StageFinished, listen, say
from callcoach.marks import Stage, Told


@contextmanager
def clocked(stage: Stage) -> Iterator[None]:
    """The block is the stage. A stage that is broken off has not ended, and nothing is told of it."""
    done = failed = 0

    def count(event: Event, _: Mapping[str, Told]) -> None:
        nonlocal done, failed
        if isinstance(event, CallDone) and event.stage is stage:
            done += 1
        # what cannot be measured is not judged either
        elif isinstance(event, CallFailed | CallQuarantined) and event.stage in (stage, *_BEFORE.get(stage, ())):
            failed += 1

    stop, begun = listen(count), time.perf_counter()
    try:
        yield
    finally:
        stop()
    say(StageFinished(stage=stage, done=done, failed=failed, seconds=time.perf_counter() - begun))


_BEFORE: Mapping[Stage, tuple[Stage, ...]] = {Stage.JUDGE: (Stage.MEASURE,)}
