import sys
from collections.abc import Callable
from functools import partial

import pytest

from callcoach.bench.memory import peak_mb

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="read from /proc")


def worker(megabytes: int) -> Callable[[str], int]:
    def work(item: str) -> int:
        return len(bytearray(b"x" * (megabytes * 1_000_000)))

    return work


def broken() -> Callable[[str], int]:
    raise SystemExit(3)


def test_a_peak_that_is_over_in_a_moment_is_seen_and_our_own_memory_is_not() -> None:
    ours = bytearray(b"x" * 400_000_000)
    small, large = peak_mb(partial(worker, 1), "call"), peak_mb(partial(worker, 200), "call")
    assert small is not None and large is not None and len(ours) == 400_000_000
    assert small < 350
    assert large - small > 190


def test_no_figure_where_the_work_failed() -> None:
    assert peak_mb(broken, "call") is None
