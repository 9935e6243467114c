"""Options of `callcoach train` and `callcoach evaluate` that make no sense without another are refused, not passed over."""

import sys
from pathlib import Path

import pytest

from callcoach.cli.learn import evaluate
from callcoach.cli.main import main
from callcoach.cli.workspace import refuse_unwritable
from callcoach.errors import UsageError


@pytest.mark.parametrize(("tune", "named"), [(True, "--tune-encoder"), (False, "--no-tune-encoder")])
def test_an_encoder_is_tuned_or_not_only_where_the_judge_is_trained_anew(tmp_path: Path, tune: bool, named: str) -> None:
    with pytest.raises(UsageError, match=f"^{named} .*--cross-validate"):
        evaluate(tmp_path, tune_encoder=tune)


def test_fits_are_kept_only_where_something_is_fitted(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^--keep .*--cross-validate"):
        evaluate(tmp_path, keep=tmp_path / "fits")


@pytest.mark.parametrize(
    "command",
    [["evaluate", "models/corpus", "--json"], ["train", "models/corpus", "--out", "judge", "--keep"]],
    ids=["--json", "--keep"],
)
def test_a_place_that_cannot_be_written_is_named_before_anything_is_read(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "notes"
    file.write_text("mine")
    monkeypatch.setattr(sys, "argv", ["callcoach", *command, str(file / "figures.json")])
    monkeypatch.setenv("CALLCOACH_HOME", str(tmp_path / "home"))
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == UsageError.exit_code
    said = capsys.readouterr().err
    assert str(file) in said and "can be read and written" in said
    assert file.read_text() == "mine"


def test_a_file_that_is_asked_for_is_not_made_before_there_is_something_to_write(tmp_path: Path) -> None:
    refuse_unwritable(tmp_path / "new" / "figures.json", None)
    assert not list((tmp_path / "new").iterdir())
