"""What more labels bring, on the model card."""

from pathlib import Path

import msgspec
import pytest

from callcoach.errors import BadInput
from callcoach.training.card import read_curves
from callcoach.training.curves import Curves, FewShotCurve, FewShotPoint, LearningCurve, LearningPoint
from callcoach.training.curves_table import what_more_labels_bring

CURVES = Curves(
    recipe="Fewer folds.",
    learning=LearningCurve(
        held_out=("w1", "w2"),
        points=(
            LearningPoint(writers=2, share=1.0, calls=90, judged=100, accuracy=0.5, kappa=0.4, pairs=40, both_right=0.25),
            LearningPoint(writers=4, share=0.5, calls=80, judged=100, accuracy=None, kappa=None, pairs=0, both_right=None),
        ),
    ),
    few_shot=FewShotCurve(
        initiatives=("a", "b"),
        points=(
            FewShotPoint(
                calls=0, with_turns=False, initiatives=2, judged=20, accuracy=0.6, kappa=0.5, gain=0.0, gain_interval=None
            ),
            FewShotPoint(
                calls=10, with_turns=True, initiatives=2, judged=20, accuracy=0.7, kappa=0.6, gain=0.1, gain_interval=(0.02, 0.2)
            ),
        ),
        not_measurable={"100": "there are 28 calls at most"},
    ),
)


def test_every_point_has_a_row_and_what_is_missing_is_no_number() -> None:
    card = "\n".join(what_more_labels_bring(CURVES))
    assert "| 2 | 100% | 90 | 100 | 0.50 | 0.40 | 40 | 0.25 |" in card
    assert "| 4 | 50% | 80 | 100 | none | none | 0 | none |" in card
    assert "| 0 | nothing | 2 | 20 | 0.60 | 0.50 | none | none |" in card
    assert "| 10 | verdicts, levels and the acts of turns | 2 | 20 | 0.70 | 0.60 | 0.10 | 0.02 to 0.20 |" in card
    assert "100 labelled calls cannot be measured here: there are 28 calls at most." in card
    assert "w1, w2, whom no point learnt from" in card


def test_the_file_that_evaluate_writes_is_read_and_another_is_refused(tmp_path: Path) -> None:
    from callcoach.app.curves import curves_json

    (tmp_path / "curves.json").write_bytes(curves_json(CURVES))
    assert read_curves(tmp_path / "curves.json") == CURVES
    (tmp_path / "other.json").write_bytes(msgspec.json.encode({"points": []}))
    with pytest.raises(BadInput, match=r"other\.json: .*recipe.*--learning-curve"):
        read_curves(tmp_path / "other.json")
