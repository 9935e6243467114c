"""What is broken is named with the command that mends it, and looking changes nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcoach.app import doctor
from callcoach.app.doctor import Findings, State, examine_all
from callcoach.app.workspace import Workspace
from callcoach.settings import Settings
from callcoach.storage.runs import Runs
from callcoach.weights.verify import FileCheck, FileStatus

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def weights_are_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing every weight takes seconds, and tests of weights do it."""
    monkeypatch.setattr(doctor, "verify", lambda: (FileCheck(model="whisper-base", path="a.bin", status=FileStatus.OK),))


def found(home: Path, **settings: object) -> Findings:
    return examine_all(Workspace(Settings(home=home, **settings)), now=NOW)


def named(findings: Findings, name: str) -> list[tuple[State, str, str | None]]:
    return [(check.state, check.sentence, check.mend) for check in findings.checks if check.name == name]


def test_before_the_first_run_nothing_is_broken_and_nothing_is_made(tmp_path: Path) -> None:
    findings = found(tmp_path / "home")
    assert findings.exit_code == 0
    ((state, sentence, mend),) = named(findings, "database")
    assert state is State.LOOK and "there is none yet" in sentence and mend == "callcoach run FOLDER"
    assert named(findings, "weights") == [(State.OK, "whisper-base: 1 file, each with its pinned sha256.", None)]
    assert "opus" in named(findings, "decoders")[0][1]
    assert not (tmp_path / "home").exists()


def test_a_damaged_database_ends_with_5_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "callcoach.db").write_bytes(b"no database at all" * 100)
    findings = found(tmp_path)
    assert findings.exit_code == 5
    ((state, sentence, _),) = named(findings, "database")
    assert state is State.BROKEN and "this is no database" in sentence
    assert named(findings, "disk") and named(findings, "judge")[0][0] is State.OK
    assert (tmp_path / "callcoach.db").read_bytes() == b"no database at all" * 100


def test_a_missing_judge_and_an_altered_weight_end_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = FileCheck(model="whisper-base", path="a.bin", status=FileStatus.ALTERED, repair="pip install whisper-weights")
    monkeypatch.setattr(doctor, "verify", lambda: (altered,))
    findings = found(tmp_path, judge=tmp_path / "no-judge")
    assert findings.exit_code == 3
    assert named(findings, "weights") == [(State.BROKEN, "whisper-base: a.bin is altered.", "pip install whisper-weights")]
    assert named(findings, "judge")[0][0] is State.BROKEN and "no-judge" in named(findings, "judge")[0][1]


def test_settings_nothing_can_be_sent_with_are_broken(tmp_path: Path) -> None:
    findings = found(tmp_path, webhook_url="https://example.com/hook")
    assert findings.exit_code == 3
    assert "Set CALLCOACH_WEBHOOK_SECRET_FILE" in named(findings, "settings")[0][1]


def test_a_late_run_a_changed_model_and_calls_left_alone_are_named(tmp_path: Path) -> None:
    workspace = Workspace(Settings(home=tmp_path))
    runs = Runs(workspace.store)
    begun = NOW - timedelta(days=3)
    runs.end(runs.begin(begun, versions={**workspace.versions, "judge": "an older one"}), begun, counts={})
    for _ in range(3):
        workspace.store.keep_failure("wren-02", "hear", "no sound", at=NOW, key="k")
    findings = found(tmp_path)
    assert findings.exit_code == 0
    assert named(findings, "database")[0][0] is State.OK
    sentences = {sentence: mend for state, sentence, mend in named(findings, "runs") if state is State.LOOK}
    assert sentences["The last run ended 72 h ago."] is not None
    assert "Since the last run something else is in use: judge. What it makes is stale." in sentences
    assert sentences["1 call left alone after three failures."] == "callcoach runs, then callcoach runs retry CALL"
