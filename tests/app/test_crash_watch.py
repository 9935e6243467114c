"""What is read of a run that is to be killed is whole, whenever it is read and whenever the run dies."""

import os
import signal
import time

import pytest

from callcoach.app.crash_watch import Watch
from callcoach.bench.crash import Phase

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def test_what_is_being_written_is_never_read_by_halves() -> None:
    watch = Watch()
    for _ in range(10):
        watch.reset()
        begun, lived = time.monotonic(), os.fork()
        if not lived:
            while True:
                watch.end()
        try:
            while watch.seconds()[Phase.TAKING_IN] == 0:
                assert time.monotonic() < begun + 10, "nothing was written"
            for _ in range(2_000):
                found = watch.seconds_between_commits  # of none yet: the time since the run began
                assert 0 <= found <= time.monotonic() - begun + 0.1
        finally:
            os.kill(lived, signal.SIGKILL)
            os.waitpid(lived, 0)
        died = time.monotonic()
        assert 0 < watch.seconds()[Phase.TAKING_IN] <= died - begun + 0.1
        assert 0 <= watch.seconds_between_commits <= time.monotonic() - begun + 0.1
