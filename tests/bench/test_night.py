"""A rate leaves the loading of models out, and memory is watched over all processes."""

import subprocess
import sys
import time

import pytest

from callcoach.bench.night import peak_of_family, rate, seconds_per_call


def test_a_rate_counts_what_was_done_after_the_first_call_of_each_worker() -> None:
    # two workers load for 30 s, then a call every 6 s
    assert rate([31.0, 30.0, 36.0, 42.0, 48.0], warming=2) == pytest.approx(3 * 3600 / 17)
    with pytest.raises(ValueError, match="nothing to measure"):
        rate([30.0, 31.0], warming=2)


def test_stages_that_follow_each_other_add_up() -> None:
    assert seconds_per_call({"transcribe": 360.0, "judge": 3600.0}) == pytest.approx(11.0)


def test_memory_is_that_of_all_processes_together() -> None:
    with peak_of_family() as alone:
        time.sleep(0.3)
    with peak_of_family() as together:
        subprocess.run([sys.executable, "-c", "x = bytearray(b'1') * 200_000_000; import time; time.sleep(1)"], check=True)
    assert together.megabytes > alone.megabytes + 150
