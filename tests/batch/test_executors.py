"""A bad call must never take the night along, whichever process it dies in."""

import os
import time
from collections.abc import Callable

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
        if item == "hangs":
            time.sleep(60)
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
