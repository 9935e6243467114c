"""Options of `callcoach train` and `callcoach evaluate` that make no sense without another are refused, not passed over."""

from pathlib import Path

import pytest

from callcoach.cli.learn import evaluate
from callcoach.errors import UsageError


@pytest.mark.parametrize(("tune", "named"), [(True, "--tune-encoder"), (False, "--no-tune-encoder")])
def test_an_encoder_is_tuned_or_not_only_where_the_judge_is_trained_anew(tmp_path: Path, tune: bool, named: str) -> None:
    with pytest.raises(UsageError, match=f"^{named} .*--cross-validate"):
        evaluate(tmp_path, tune_encoder=tune)


def test_fits_are_kept_only_where_something_is_fitted(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^--keep .*--cross-validate"):
        evaluate(tmp_path, keep=tmp_path / "fits")
