"""Options of `callcoach train` and `callcoach evaluate` that make no sense without another are refused, not passed over."""

from pathlib import Path

import pytest

from callcoach.cli.learn import evaluate
from callcoach.errors import UsageError


def test_an_encoder_is_tuned_only_where_the_judge_is_trained_anew(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--cross-validate"):
        evaluate(tmp_path, tune_encoder=True)
