"""A bad call must never take the night along, whichever process it dies in."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from callcoach.batch.executors import InProcess, WorkerProcesses
from callcoach.errors import BadAudio


def make_worker() -> Callable[[str], str]:
    """A worker that does what the item says."""

    def work(item: str) -> str:
        if item == "refused":
            raise BadAudio("call.wav: is a text file. Give a recording.")
        if item == "broken":
            raise KeyError("turns")
        if item == "dies":
            time.sleep(0.5)  # by then the result of the item before has left this process
            os._exit(9)
        if item == "pid":
            return str(os.getpid())
        if item == "hangs":
            time.sleep(60)
        if item == "grows":
            held = []
            for _ in range(40):
                held.append(bytearray(os.urandom(1)) * 20_000_000)
                time.sleep(0.02)
        return item.upper()

    return work


def test_every_item_gets_its_outcome_in_this_process() -> None:
    outcomes = {
        outcome.item: outcome for outcome in InProcess().outcomes(make_worker, ["fine", "refused", "broken", "also fine"])
    }
    assert outcomes["fine"].value == "FINE"
    assert outcomes["also fine"].value == "ALSO FINE"
    assert outcomes["refused"].failure == "call.wav: is a text file. Give a recording."
    assert "KeyError" in (outcomes["broken"].failure or "")


def test_nothing_to_do_makes_no_worker() -> None:
    def never() -> Callable[[str], str]:
        raise AssertionError("made a worker for no work")

    assert list(InProcess().outcomes(never, [])) == []
    assert list(WorkerProcesses(2, time_limit=5).outcomes(never, [])) == []


@pytest.mark.slow
def test_worker_processes_survive_a_call_that_kills_or_hangs_them() -> None:
    items = ["one", "dies", "two", "hangs", "three", "refused"]
    outcomes = {outcome.item: outcome for outcome in WorkerProcesses(2, time_limit=3).outcomes(make_worker, items)}
    assert {item for item, outcome in outcomes.items() if outcome.value} == {"one", "two", "three"}
    assert "exit code 9" in (outcomes["dies"].failure or "")
    assert "longer than 3 s" in (outcomes["hangs"].failure or "")
    assert outcomes["refused"].failure == "call.wav: is a text file. Give a recording."


@pytest.mark.slow
def test_a_call_that_takes_too_much_memory_fails_alone_with_the_setting_to_raise() -> None:
    items = ["one", "grows", "two", "dies", "three"]
    workers = WorkerProcesses(1, time_limit=30, memory_limit=200)
    outcomes = {outcome.item: outcome for outcome in workers.outcomes(make_worker, items)}
    assert {item for item, outcome in outcomes.items() if outcome.value} == {"one", "two", "three"}
    assert outcomes["grows"].failure == (
        "Took more than 200 MB of memory and was stopped. Raise CALLCOACH_CALL_MEMORY_LIMIT if the machine has it, or leave the "
        "call out."
    )
    assert "exit code 9" in (outcomes["dies"].failure or "")


PARENT = """
from callcoach.batch.executors import WorkerProcesses
from test_executors import make_worker

def main():
    for outcome in WorkerProcesses(1, time_limit=60).outcomes(make_worker, ["pid", "hangs"]):
        print(outcome.value, flush=True)

if __name__ == "__main__":
    main()
"""


@pytest.mark.slow
def test_a_worker_whose_parent_is_killed_ends_even_in_a_call_that_hangs(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    parent = subprocess.Popen([sys.executable, str(tmp_path / "parent.py")], stdout=subprocess.PIPE, text=True, env=path)
    assert parent.stdout is not None
    worker = Path("/proc") / parent.stdout.readline().strip()
    assert worker.exists()
    parent.kill()
    parent.wait()
    give_up_at = time.monotonic() + 20
    while worker.exists() and time.monotonic() < give_up_at:
        time.sleep(0.1)
    assert not worker.exists()
