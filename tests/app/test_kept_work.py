"""What is kept of a training is there whole or not at all, is made once, and goes on where it was stopped."""

import multiprocessing
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from callcoach.app.kept_work import KeptWork, kept_values
from callcoach.errors import WeightsAltered
from callcoach.judging.heads import TurnMatrix
from callcoach.judging.turn_heads import TurnHeads
from callcoach.language.heads import read_turn_heads
from callcoach.training.fit import Recipe, Rows, fit_each
from callcoach.training.heads_folder import write_turn_heads


def kept_fits(folder: Path) -> KeptWork[TurnHeads]:
    return KeptWork(folder, write_turn_heads, read_turn_heads)


def heads(outputs: tuple[str, ...] = ("wall", "hammer")) -> TurnHeads:
    """Small heads that were really fitted."""
    values = np.random.default_rng(7).normal(size=(60, 3))
    matrix = TurnMatrix(turns=tuple(range(60)), names=("a", "b", "c"), plain=values, blocks={})
    targets = np.stack([values[:, place % 3] > 0 for place in range(len(outputs))], axis=1).astype(np.float64)
    recipe = Recipe(dimensions={}, strength=1.0, trees=3, smallest_leaf=5, features_tried=1.0, linear_weight=0.5)
    head = fit_each(Rows(matrix, targets, np.ones(60)), outputs, recipe)
    return TurnHeads(rep=head, customer=head)


def noting(done: Path, name: str, pause: float = 0.0) -> TurnHeads:
    with done.open("a") as file:
        file.write(f"{name}\n")
    time.sleep(pause)
    return heads()


def wanted(done: Path, names: str, pause: float = 0.0) -> dict[str, Callable[[], TurnHeads]]:
    return {name: partial(noting, done, name, pause) for name in names}


def at_work(folder: Path, done: Path, names: str, pause: float) -> multiprocessing.Process:
    def work() -> None:
        kept_fits(folder).make(wanted(done, names, pause))

    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    return process


def test_a_fit_is_made_once_and_read_as_it_was(tmp_path: Path) -> None:
    fits, done = kept_fits(tmp_path / "new" / "fits"), tmp_path / "done"
    fits.make(wanted(done, "ab"))
    fits.make(wanted(done, "abc"))
    kept_fits(tmp_path / "new" / "fits").make(wanted(done, "c"))
    assert done.read_text().split() == ["a", "b", "c"]
    again, rows = fits.read("a"), TurnMatrix(turns=(0, 1), names=("a", "b", "c"), plain=np.eye(2, 3), blocks={})
    assert np.allclose(again.rep.probabilities(rows), heads().rep.probabilities(rows), atol=1e-6)
    assert again.rep.outputs == ("wall", "hammer")


def test_one_that_was_altered_is_refused(tmp_path: Path) -> None:
    fits = kept_fits(tmp_path)
    fits.make({"a": heads})
    (tmp_path / "a" / "rep_acts.json").write_text("{}")
    with pytest.raises(WeightsAltered, match=r"rep_acts\.json"):
        fits.read("a")


def test_two_processes_share_the_work_and_each_waits_for_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcoach.app.kept_work._LOOK_AGAIN", 0.05)
    done = tmp_path / "done"
    both = [at_work(tmp_path / "fits", done, "abcdef", 0.2) for _ in range(2)]
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    assert sorted(done.read_text().split()) == list("abcdef")


def test_what_a_killed_process_was_at_is_made_by_the_next(tmp_path: Path) -> None:
    done = tmp_path / "done"
    killed = at_work(tmp_path / "fits", done, "ab", 30.0)
    while not done.exists():
        time.sleep(0.01)
    killed.kill()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    fits = kept_fits(tmp_path / "fits")
    fits.make(wanted(done, "ab"))
    assert done.read_text().split() == ["a", "a", "b"]
    assert fits.read("a").rep.names == ("a", "b", "c")


def test_plain_values_are_kept_too_and_damaged_ones_are_named(tmp_path: Path) -> None:
    kept = kept_values(tmp_path, dict[str, tuple[int, float]])
    kept.make({"a": lambda: {"x": (1, 0.1)}, "b": dict})
    assert kept_values(tmp_path, dict[str, tuple[int, float]]).read("a") == {"x": (1, 0.1)} and kept.read("b") == {}
    (tmp_path / "a" / "value.json").write_text('{"x": "one"}')
    with pytest.raises(WeightsAltered, match=f"Delete {tmp_path / 'a'}"):
        kept.read("a")
