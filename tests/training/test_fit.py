"""The heads: arithmetic held against scikit-learn, same rows same bytes, no writer on both sides."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.linear_model import LogisticRegression

from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict
from callcoach.errors import WeightsAltered, WeightsMissing
from callcoach.judging.heads import CallHeads, TurnMatrix, sharpened
from callcoach.judging.heads_json import decode, encode
from callcoach.judging.turn_heads import TurnHeads
from callcoach.language.heads import BEHAVIOURS, read_call_heads, read_turn_heads
from callcoach.testing import make_call
from callcoach.training.corpus import CallLabels, LabelledCall
from callcoach.training.fit import SEED, Recipe, Rows, fit_each, fit_one, stack
from callcoach.training.fit_heads import writer_groups
from callcoach.training.fit_network import NetworkRecipe
from callcoach.training.heads_folder import write_heads
from callcoach.training.targets import rep_targets, turn_weights

PLAIN = Recipe(dimensions={}, strength=0.5, trees=12, smallest_leaf=3, features_tried=1.0)
PROJECTED = Recipe(dimensions={"turn": 3}, strength=0.5, trees=12, smallest_leaf=3, features_tried=1.0)


def rows(n_rows: int = 240, *, seed: int = 1) -> Rows:
    """Two plain columns and a block of eight; the first target hangs on a column, the second on the block."""
    generator = np.random.default_rng(seed)
    plain = generator.normal(size=(n_rows, 2))
    block = generator.normal(size=(n_rows, 8)).astype(np.float32)
    block[:, 0] *= 4
    targets = np.stack([plain[:, 0] > 0.3, block[:, 0] > 0], axis=1).astype(float)
    matrix = TurnMatrix(turns=tuple(range(n_rows)), names=("first", "second"), plain=plain, blocks={"turn": block})
    return Rows(matrix, targets, np.ones(n_rows))


def test_the_heads_arithmetic_is_scikit_learns() -> None:
    known = rows()
    head = fit_each(known, ("a", "b"), PLAIN)
    plain = known.matrix.plain
    standard = (plain - plain.mean(axis=0)) / plain.std(axis=0)
    linear = LogisticRegression(C=0.5, max_iter=300, tol=1e-4).fit(standard, known.targets[:, 0]).predict_proba(standard)[:, 1]
    forest = ExtraTreesRegressor(n_estimators=12, min_samples_leaf=3, max_features=1.0, random_state=SEED).fit(
        plain.astype(np.float32), known.targets
    )
    expected = 0.5 * linear + 0.5 * forest.predict(plain.astype(np.float32))[:, 0]
    # leaf shares are kept in half precision
    assert np.allclose(head.probabilities(known.matrix)[:, 0], expected, atol=2e-3)


def test_a_projected_block_is_learnt_from() -> None:
    head = fit_each(rows(), ("a", "b"), PROJECTED)
    unseen = rows(seed=2)
    told = head.probabilities(unseen.matrix)[:, 1] > 0.5
    assert (told == (unseen.targets[:, 1] > 0)).mean() > 0.9


def test_networks_learn_too_and_the_same_each_time() -> None:
    recipe = replace(PROJECTED, network=NetworkRecipe(networks=2, hidden=16, passes=150), linear_weight=0.0, network_weight=1.0)
    head, again = fit_each(rows(), ("a", "b"), recipe), fit_each(rows(), ("a", "b"), recipe)
    unseen = rows(seed=2)
    assert ((head.probabilities(unseen.matrix) > 0.5) == (unseen.targets > 0)).mean() > 0.85
    assert np.array_equal(head.probabilities(unseen.matrix), again.probabilities(unseen.matrix))


def test_one_of_several_sums_to_one_and_survives_a_class_nobody_showed() -> None:
    known = rows()
    chosen = known.matrix.plain[:, 0] > 0
    targets = np.stack([chosen, ~chosen, np.zeros(len(chosen), dtype=bool)], axis=1).astype(float)
    shares = fit_one(Rows(known.matrix, targets, known.weights), ("x", "y", "never"), PLAIN).probabilities(known.matrix)
    assert np.allclose(shares.sum(axis=1), 1.0, atol=2e-3)
    assert shares[:, 2].max() < 0.01
    assert ((shares[:, 0] > 0.5) == chosen).mean() > 0.9


def test_sharpening_keeps_the_order_and_the_sum() -> None:
    shares = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    sharper = sharpened(shares, 1.5)
    assert np.allclose(sharper.sum(axis=1), 1.0)
    assert (sharper.argmax(axis=1) == shares.argmax(axis=1)).all()
    assert sharper[0, 0] > 0.5 and sharper[1, 2] > 0.8
    assert np.allclose(sharpened(shares, 1.0), shares)


def test_other_columns_are_refused() -> None:
    head = fit_each(rows(), ("a", "b"), PLAIN)
    other = TurnMatrix(turns=(0,), names=("first", "third"), plain=np.zeros((1, 2)), blocks={})
    with pytest.raises(WeightsAltered, match="made for other features"):
        head.probabilities(other)


def test_the_same_rows_give_the_same_bytes_and_arrays_come_back_whole(tmp_path: Path) -> None:
    for name in ("once", "again"):
        _write(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "once").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "again").iterdir())
    for name in files:
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
    head = fit_each(rows(), ("a", "b"), PROJECTED)
    back = decode(encode(head))
    assert np.array_equal(back.probabilities(rows(seed=3).matrix), head.probabilities(rows(seed=3).matrix))
    assert read_turn_heads(tmp_path / "once").fingerprint == read_turn_heads(tmp_path / "again").fingerprint


def test_a_missing_or_altered_file_is_refused_with_the_repair(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="callcoach train"):
        read_call_heads(tmp_path / "nothing")
    _write(tmp_path)
    body = bytearray((tmp_path / "verdict.json").read_bytes())
    body[len(body) // 2] ^= 1
    (tmp_path / "verdict.json").write_bytes(bytes(body))
    with pytest.raises(WeightsAltered, match=r"verdict\.json"):
        read_call_heads(tmp_path)
    (tmp_path / "rep_acts.json").unlink()
    with pytest.raises(WeightsMissing, match=r"rep_acts\.json"):
        read_turn_heads(tmp_path)


def test_a_file_that_is_no_head_is_refused_though_its_sum_is_right(tmp_path: Path) -> None:
    _write(tmp_path)
    body = json.dumps({"names": {"dtype": "object", "shape": [1], "values": ["runs code"]}}).encode()
    (tmp_path / "verdict.json").write_bytes(body)
    index = json.loads((tmp_path / "judge.json").read_text())
    index["files"]["verdict.json"] = hashlib.sha256(body).hexdigest()
    (tmp_path / "judge.json").write_text(json.dumps(index))
    with pytest.raises(WeightsAltered, match="cannot be read"):
        read_call_heads(tmp_path)


def test_stacking_refuses_nothing_and_different_columns() -> None:
    empty = TurnMatrix(turns=(), names=(), plain=np.zeros((0, 0)), blocks={})
    with pytest.raises(ValueError, match="no turn"):
        stack([empty])
    other = TurnMatrix(turns=(0,), names=("x",), plain=np.zeros((1, 1)), blocks={})
    with pytest.raises(ValueError, match="different columns"):
        stack([rows().matrix, other])


def test_writers_never_stand_on_both_sides_and_groups_are_balanced() -> None:
    calls = [labelled(f"{writer}-{n}", writer) for writer, n_calls in (("ann", 6), ("bob", 3), ("cy", 3)) for n in range(n_calls)]
    assert writer_groups(calls, 2) == {"ann": 0, "bob": 1, "cy": 1}
    assert len(set(writer_groups(calls, 7).values())) == 3


def test_explained_targets_need_the_tag_and_level_two() -> None:
    call = labelled("a", "ann")
    # turn 1 is tagged wall (level 2) and hammer (level 1)
    assert rep_targets(call, (1, 3)).tolist() == [[1, 1, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0]]


def test_a_turn_that_a_twin_repeats_shares_its_weight() -> None:
    base = labelled("a", "ann")
    twin = labelled("b", "ann", last="Something else entirely.")
    # turn 1 stands between the same lines in both; turn 3 says something else
    assert turn_weights([base, twin], [(1, 3), (1, 3)]).tolist() == [0.5, 1.0, 0.5, 1.0]


def labelled(call_id: str, writer: str, *, last: str = "Nineteen a month.") -> LabelledCall:
    return LabelledCall(
        call_id=call_id,
        base_id=None,
        initiative_id="backup-line",
        writer=writer,
        rep="R01",
        transcript=make_call(
            f"customer Hello. / rep Forty-one owners lost a Saturday. / customer And? / rep {last}", call_id=call_id
        ),
        labels=CallLabels(
            verdict=Verdict.PARTIAL,
            levels={Component.WALL: Level.EXPLAINED, Component.HAMMER: Level.MENTIONED, Component.PART: Level.ABSENT},
            asked_why=False,
            answer=Answer.NOT_ASKED,
            behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        ),
        tags=(frozenset(), frozenset({Act.WALL, Act.HAMMER}), frozenset(), frozenset()),
    )


def _write(folder: Path) -> None:
    known = rows()
    each, one = fit_each(known, ("a", "b"), PROJECTED), fit_one(known, ("a", "b"), PLAIN)
    write_heads(
        folder,
        TurnHeads(rep=each, customer=each),
        CallHeads(
            verdict=one,
            levels={part.value: one for part in Component},
            asked_why=one,
            answer=one,
            behaviours=dict.fromkeys(BEHAVIOURS, one),
        ),
        {"seed": SEED},
    )
