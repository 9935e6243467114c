"""Where calls are worked on is said once, clearly, and before any work."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from callcoach.app.doctor import State, _cluster
from callcoach.app.workspace import Workspace
from callcoach.cli.main import app
from callcoach.cli.workspace import workspace
from callcoach.errors import SomethingMissing, UsageError
from callcoach.settings import Settings


@pytest.fixture(autouse=True)
def ray_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcoach.batch.ray_cluster.is_installed", lambda: True)


def test_the_command_line_goes_before_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCOACH_RAY_ADDRESS", "elsewhere:6379")
    assert workspace(tmp_path).cluster is None
    used = workspace(tmp_path, executor="ray", address="head.example:6379")
    assert used.cluster is not None and used.cluster.name == "The cluster at head.example:6379"
    monkeypatch.setenv("CALLCOACH_EXECUTOR", "ray")
    named = workspace(tmp_path).cluster
    assert named is not None and named.name == "The cluster at elsewhere:6379"
    assert workspace(tmp_path, executor="local").cluster is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"executor": "spark"}, "--executor spark: there is none of this name. Write local or ray."),
        (
            {"address": "head.example:6379"},
            "--address names a Ray cluster, but nothing is to be done on one. Add --executor ray.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, said: dict[str, str], sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        workspace(tmp_path, **said)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("command", ["run", "nightly"])
def test_without_ray_nothing_is_begun(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcoach.batch.ray_cluster.is_installed", lambda: False)
    (tmp_path / "calls").mkdir()
    ended = CliRunner().invoke(app, [command, str(tmp_path / "calls"), "--home", str(tmp_path / "home"), "--executor", "ray"])
    assert isinstance(ended.exception, SomethingMissing)
    assert "pip install 'callcoach[ray]'" in str(ended.exception)


def test_doctor_looks_whether_the_cluster_answers_where_one_is_asked_for(tmp_path: Path) -> None:
    def looked(**settings: object) -> list[tuple[State, str]]:
        return [(check.state, check.sentence) for check in _cluster(Workspace(Settings(home=tmp_path, **settings)))]

    assert looked() == []
    assert looked(executor="ray") == [(State.OK, "Calls are worked on in a Ray cluster that each run starts on this machine.")]
    ((state, sentence),) = looked(executor="ray", ray_address="127.0.0.1:1")
    assert state is State.BROKEN and sentence.startswith("No Ray cluster answers at 127.0.0.1:1 within 3 s")
