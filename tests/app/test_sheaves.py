"""Calls measured together are each told apart, and one that ends its worker takes none of the others along."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from callcoach.app.sheaves import LEAST_PIECES, MOST_CALLS, _At, _guilty, _note_of, measured
from callcoach.app.workspace import MeasuredCall, Measuring
from callcoach.batch.executors import InProcess, Outcome, WorkerProcesses
from callcoach.testing import make_call

MANY = LEAST_PIECES * MOST_CALLS


class Worker:
    """Notes what it is told of before, and refuses a call named broken."""

    foreseen: ClassVar[list[list[str]]] = []

    def __call__(self, item: Measuring) -> MeasuredCall:
        if item.transcript.call_id == "broken":
            raise ValueError("odd words")
        return MeasuredCall((), item.transcript.call_id.encode())

    def foresee(self, items: Sequence[Measuring]) -> None:
        self.foreseen.append([item.transcript.call_id for item in items])
        if any(item.transcript.call_id == "unforeseen" for item in items):
            raise ValueError("cannot be read")


@pytest.fixture(autouse=True)
def foreseen() -> list[list[str]]:
    Worker.foreseen = []
    return Worker.foreseen


@pytest.fixture
def room(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "at"


def call(call_id: str, n_words: int = 4) -> Measuring:
    return Measuring(make_call("rep " + "word " * n_words, call_id=call_id), ())


class Dying(InProcess):
    """Processes that end with whatever sheaf holds a call named deadly."""

    def __init__(self) -> None:
        self.tried: list[int] = []

    def outcomes(self, make_worker: Callable[[], Callable[[Any], Any]], items: Iterable[Any]) -> Iterator[Outcome[Any, Any]]:
        for item in items:
            self.tried.append(len(item))
            if any(one.transcript.call_id == "deadly" for one in item):
                yield Outcome(item, None, "The worker process died.")
            else:
                yield from super().outcomes(make_worker, [item])


def names(n: int, **others: str) -> list[str]:
    return [others.get(f"at_{number}", f"c{number}") for number in range(n)]


def test_few_calls_are_measured_each_by_itself(room: Path, foreseen: list[list[str]]) -> None:
    done = list(measured(InProcess(), Worker, map(call, names(LEAST_PIECES)), LEAST_PIECES, room=room))
    assert [each.item.transcript.call_id for each in done] == names(LEAST_PIECES) and foreseen == []


def test_many_calls_are_read_together_and_each_has_its_own_outcome(room: Path, foreseen: list[list[str]]) -> None:
    wanted = names(MANY, at_3="broken", at_5="unforeseen")
    done = list(measured(InProcess(), Worker, map(call, wanted), MANY, room=room))
    assert [each.item.transcript.call_id for each in done] == wanted
    assert [len(some) for some in foreseen] == [MOST_CALLS] * LEAST_PIECES
    (failed,) = [each for each in done if each.value is None]
    assert (failed.item.transcript.call_id, failed.error) == ("broken", "ValueError") and "odd words" in (failed.failure or "")
    assert all(each.seconds is not None and each.seconds >= 0 for each in done)


def test_a_call_that_ends_its_worker_is_found_and_the_others_of_its_sheaf_are_measured(room: Path) -> None:
    for place in (20, MANY - 1):  # in the middle, and where nothing comes after it
        executor = Dying()
        done = list(measured(executor, Worker, map(call, names(MANY, **{f"at_{place}": "deadly"})), MANY, room=room))
        assert sorted(each.item.transcript.call_id for each in done) == sorted(names(MANY, **{f"at_{place}": "deadly"}))
        assert [each.item.transcript.call_id for each in done if each.value is None] == ["deadly"]
        assert sorted(executor.tried) == [1] * MOST_CALLS + [MOST_CALLS] * LEAST_PIECES


class Ending(Worker):
    """Ends its process, or sleeps, with a call of that name."""

    def __call__(self, item: Measuring) -> MeasuredCall:
        if item.transcript.call_id == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        if item.transcript.call_id == "endless":
            time.sleep(60)
        return super().__call__(item)


@pytest.mark.slow
def test_the_call_at_which_a_worker_ended_fails_and_costs_one_worker(room: Path) -> None:
    wanted = names(MANY, at_21="deadly", at_46="endless")
    executor = WorkerProcesses(1, time_limit=3)
    done = list(measured(executor, Ending, map(call, wanted), MANY, room=room))
    assert sorted(each.item.transcript.call_id for each in done) == sorted(wanted)
    failed = {each.item.transcript.call_id: each for each in done if each.value is None}
    assert set(failed) == {"deadly", "endless"}
    assert "worker process died" in (failed["deadly"].failure or "") and "longer than 3 s" in (failed["endless"].failure or "")
    assert failed["endless"].late and not failed["deadly"].late


def test_nothing_is_left_of_the_notes_nor_of_those_of_a_killed_run(room: Path) -> None:
    (room / "of-a-killed-run").mkdir(parents=True)
    (room / "of-a-killed-run" / "note").touch()
    seen = [
        sorted(each.name for each in room.iterdir())
        for _ in measured(InProcess(), Worker, map(call, names(MANY)), MANY, room=room)
    ]
    assert {len(each) for each in seen} == {1} and "of-a-killed-run" not in seen[0]
    assert list(room.iterdir()) == []


def test_who_took_the_time_is_stopped_for_it_and_nobody_else(tmp_path: Path) -> None:
    sheaf, now = tuple(map(call, names(4))), time.time()
    for since, guilty in ((now - 99, 2), (now - 50, None)):
        _note_of(tmp_path, sheaf).write_bytes(msgspec.json.encode(_At(2, now - 100, since)))
        assert _guilty(tmp_path, sheaf, late=True) == guilty
        assert _guilty(tmp_path, sheaf, late=False) == 2
    assert _guilty(tmp_path, sheaf[:2], late=False) is None


def test_long_calls_are_measured_by_themselves(room: Path, foreseen: list[list[str]]) -> None:
    list(measured(InProcess(), Worker, (call(name, 2500) for name in names(4)), MANY, room=room))
    assert foreseen == []
