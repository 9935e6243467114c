"""requirements.lock pins what pyproject.toml asks for, and everything that brings along."""

import importlib.metadata
import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKED = {
    canonicalize_name(name): version
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)$", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
}


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    return [Requirement(line) for line in [*project["dependencies"], *extras["weights"], *extras["dev"]]]


def test_the_lock_is_a_plain_list_of_exact_versions():
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    assert len(lines) == len(LOCKED), "every line is name==version"
    assert not [name for name in LOCKED if name.startswith(("nvidia", "cuda", "triton"))]


def test_the_lock_pins_what_the_project_asks_for():
    wrong = [str(asked) for asked in asked_for() if not asked.specifier.contains(LOCKED.get(canonicalize_name(asked.name), "0"))]
    assert not wrong, f"requirements.lock does not hold {wrong}: run `make lock`."


def test_the_lock_holds_everything_that_is_brought_along():
    """Walks from the project's own requirements through the installed packages' metadata."""
    ahead, seen, missing = asked_for(), set(), set()
    while ahead:
        asked = ahead.pop()
        name = canonicalize_name(asked.name)
        if (name, frozenset(asked.extras)) in seen:
            continue
        seen.add((name, frozenset(asked.extras)))
        if name not in LOCKED:
            missing.add(name)
            continue
        for line in importlib.metadata.requires(name) or []:
            brought = Requirement(line)
            if brought.marker is None or any(brought.marker.evaluate({"extra": extra}) for extra in {"", *asked.extras}):
                ahead.append(brought)
    # a build of torch for a GPU brings its own libraries, which the lock leaves to torch
    missing = {name for name in missing if not name.startswith(("nvidia", "cuda", "triton"))}
    assert not missing, f"requirements.lock does not hold {sorted(missing)}: run `make lock`."
