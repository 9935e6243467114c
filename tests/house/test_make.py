"""The two commands say clearly what is missing, ask for torch first, and the CI run cannot pass without a test."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files set-up reads, in a folder with a space in its name."""
    folder = tmp_path / "call coach"
    folder.mkdir()
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=checkout, env=settings, capture_output=True, text=True, timeout=60, check=False
    )


def test_without_arguments_make_lists_what_it_can_do(checkout):
    listed = make(checkout).stdout
    assert re.search(r"^make demo +\S", listed, re.MULTILINE)
    assert re.search(r"^make test +\S", listed, re.MULTILINE)


def test_a_missing_python_is_one_sentence_with_the_next_step(checkout):
    ran = make(checkout, "test", "PYTHON=no-such-python")
    assert ran.returncode != 0
    assert "Python 3.11 was not found. Install it" in ran.stderr
    assert not (checkout / ".venv").exists()


def test_torch_is_installed_first_and_by_its_exact_version(checkout):
    steps = make(checkout, "-n", "test", "PYTHON=python3").stdout
    assert (
        steps.index("^torch==") < steps.index("-r requirements.lock") < steps.index("--no-deps -e .") < steps.index("-m pytest")
    )


def test_set_up_that_is_done_is_skipped_and_a_changed_lock_does_it_again(checkout):
    names = re.findall(r'touch "(\.stamps/\S+)"', make(checkout, "-n", "setup", "PYTHON=python3").stdout)
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").touch()
    (checkout / ".stamps").mkdir()
    for name in names:
        (checkout / name).touch()
    assert "pip install" not in make(checkout, "-n", "setup").stdout
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("another-package==1.0\n")
    assert "-r requirements.lock" in make(checkout, "-n", "setup").stdout
    shutil.rmtree(checkout / ".venv")
    assert "-m venv .venv" in make(checkout, "-n", "setup", "PYTHON=python3").stdout


@pytest.mark.parametrize(
    ("make_prints", "make_exits", "passes"),
    [
        ("12 passed, 1 skipped in 3.20s", 0, True),
        ("1 failed, 11 passed in 3.20s", 1, False),
        ("no tests ran in 0.01s", 5, False),
        ("3 skipped in 0.01s", 0, False),  # a run in which everything was skipped has checked nothing
    ],
)
def test_the_ci_run_ends_with_pytests_summary_and_fails_without_a_passed_test(tmp_path, make_prints, make_exits, passes):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    stand_in = tmp_path / "bin" / "make"
    stand_in.parent.mkdir()
    stand_in.write_text(f"#!/bin/sh\necho '{make_prints}'\nexit {make_exits}\n")
    stand_in.chmod(0o755)
    settings = {**os.environ, "PATH": f"{stand_in.parent}:{os.environ['PATH']}"}
    ran = subprocess.run([tmp_path / ".ci" / "run"], env=settings, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode == 0) == passes
    if passes:
        assert ran.stdout.splitlines()[-1] == make_prints
