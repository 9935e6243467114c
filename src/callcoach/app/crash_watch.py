"""What a run that is to be killed is doing, in memory that its parent reads after its death. Ends it only at a commit."""

import mmap
import os
import signal
import struct
import threading
import time
from collections.abc import Mapping

from callcoach.bench.crash import Phase
from callcoach.events import Event, RunStarted, StageFinished, listen
from callcoach.marks import Stage
from callcoach.storage.contents import at_each_commit
from callcoach.storage.store import Store

PHASES = tuple(Phase)
LAYOUT = struct.Struct("<QBBddd4d")
"""Commits begun; phase; whether a commit goes on, and since when; seconds in commits; when the phase began; seconds by phase."""
NUMBERS = 256
"""What is written is numbered in one byte, which is read and written at once, and lies in two places by turns: the newest is
whole whenever it is looked at, and whenever its writer dies."""


class Watch:
    """Written by one run at a time, read by the process that it is a fork of."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 1 + 2 * LAYOUT.size)
        self.reset()

    def reset(self) -> None:
        """Before a run begins."""
        self._commits, self._phase, self._in_commit = 0, 0, False
        self._commit_begun = self._committing = 0.0
        self._phase_begun, self._seconds = time.monotonic(), [0.0] * len(PHASES)
        self._write()

    def follow(self, store: Store, until: int | None) -> None:
        """Called by the run, of its own store: it ends itself before the commit `until`."""

        mine = threading.get_ident()  # the heartbeat commits too, when it will

        def before() -> None:
            if threading.get_ident() != mine:
                return
            self._commits += 1
            self._in_commit, self._commit_begun = True, time.monotonic()
            self._write()
            if self._commits == until:
                os.kill(os.getpid(), signal.SIGKILL)

        def after() -> None:
            if self._in_commit and threading.get_ident() == mine:
                self._in_commit = False
                self._committing += time.monotonic() - self._commit_begun
                self._write()

        def heard(event: Event, _: Mapping[str, object]) -> None:
            if isinstance(event, RunStarted):
                self._enter(Phase.READING)
            elif isinstance(event, StageFinished) and event.stage is Stage.ATTRIBUTE:
                self._enter(Phase.JUDGING)
            elif isinstance(event, StageFinished) and event.stage is Stage.JUDGE:
                self._enter(Phase.ROLLING_UP)

        at_each_commit(store, before, after)
        listen(heard)

    def end(self) -> None:
        """Called by a run that has come to its end."""
        self._enter(PHASES[self._phase])

    @property
    def commits(self) -> int:
        """How many the run has begun."""
        return int(self._read()[0])

    @property
    def phase(self) -> Phase:
        """What the run is doing, or was when it ended."""
        return PHASES[int(self._read()[1])]

    @property
    def in_commit(self) -> bool:
        """Whether it has asked for a commit and has no answer."""
        return bool(self._read()[2])

    @property
    def seconds_a_commit(self) -> float:
        """How long one takes, as far as the run has shown."""
        commits, committing = self._read()[0], self._read()[4]
        return float(committing) / max(1, int(commits))

    @property
    def seconds_between_commits(self) -> float:
        """From one to the next."""
        commits, _, _, _, _, phase_begun, *seconds = self._read()
        return (sum(seconds) + time.monotonic() - phase_begun) / max(1, int(commits))

    def seconds(self) -> Mapping[Phase, float]:
        """How long each phase took of a run that has ended."""
        return dict(zip(PHASES, self._read()[6:], strict=True))

    def _enter(self, phase: Phase) -> None:
        now = time.monotonic()
        self._seconds[self._phase] += now - self._phase_begun
        self._phase, self._phase_begun = PHASES.index(phase), now
        self._write()

    def _write(self) -> None:
        number = (self._shared[0] + 1) % NUMBERS
        LAYOUT.pack_into(
            self._shared, _place(number), self._commits, self._phase, self._in_commit, self._commit_begun, self._committing,
            self._phase_begun, *self._seconds,
        )  # fmt: skip
        self._shared[0] = number

    def _read(self) -> tuple[float, ...]:
        while True:
            number = self._shared[0]
            found = LAYOUT.unpack_from(self._shared, _place(number))
            if self._shared[0] == number:  # else the place may have been written anew meanwhile
                return found


def _place(number: int) -> int:
    return 1 + number % 2 * LAYOUT.size
