"""A run that a person starts and the night never go on at the same time."""

import os
from pathlib import Path

import pytest

from callcoach.app.alone import LOOK_SECONDS, alone
from callcoach.app.progress import Progress, Silent
from callcoach.app.workspace import Workspace
from callcoach.errors import AlreadyRunning, TakenOver
from callcoach.settings import Settings
from callcoach.storage.run_lock import RunLock
from callcoach.storage.store import Store


class Warned(Silent):
    """Remembers what was warned of."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def warn(self, sentence: str) -> None:
        self.sentences.append(sentence)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(Settings(home=tmp_path))


def test_a_second_run_ends_at_once_with_the_way_out(workspace: Workspace) -> None:
    with Store(workspace.settings.database) as other, RunLock(other).held(), pytest.raises(AlreadyRunning) as refused:
        alone(workspace, lambda _: pytest.fail("two at once"), wait=False, progress=Silent())
    said = str(refused.value)
    assert f"Another run goes on: number 1 on {os.uname().nodename} (process {os.getpid()})" in said
    assert said.endswith("Or give --wait to go on when it has ended.") and refused.value.exit_code == 7


def test_a_run_that_waits_begins_when_the_other_has_ended(workspace: Workspace) -> None:
    heard, pauses = Warned(), []
    with Store(workspace.settings.database) as other:
        lock = RunLock(other)
        number = lock.take()

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                lock.release(number)

        assert alone(workspace, lambda _: "done", wait=True, progress=heard, sleep=sleep) == "done"
    assert pauses == [LOOK_SECONDS] * 3
    assert len(heard.sentences) == 1 and heard.sentences[0].endswith("Waiting for it.")
    holder = RunLock(workspace.store).holder()
    assert holder is not None and holder.free


def test_a_run_that_was_taken_over_does_not_wait_to_do_it_again(workspace: Workspace) -> None:
    def work(_: Progress) -> None:
        raise TakenOver("Number 2 has taken over.")

    with pytest.raises(TakenOver):
        alone(workspace, work, wait=True, progress=Silent(), sleep=lambda _: pytest.fail("there is nothing to wait for"))
