"""The documentation is held to the code: every link leads somewhere, and everything that can be met or set has its heading."""

import inspect
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import BaseModel

from callcoach import errors
from callcoach.intake import call_files, manifest, people, rubrics
from callcoach.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "sample_calls").glob("*.md"),
        *(ROOT / "models").glob("**/*.md"),
    ]
)
PAGES = [page for page in PAGES if "corpus" not in page.relative_to(ROOT).parts]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def headings(page: str) -> set[str]:
    return set(HEADING.findall((ROOT / "docs" / page).read_text(encoding="utf-8")))


def tracked_files() -> list[Path]:
    """What git tracks or would, as far as it is text that people wrote."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so nothing says which files belong to it")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in {".ogg", ".skops", ".npz"}]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(page):
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    broken = [target for target in targets if not (page.parent / target.split("#")[0]).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_tables_are_shown_as_tables(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    columns = [len(re.findall(r"(?<!\\)\|", line)) for line in lines]
    # a row of dashes with more or fewer columns than the heads above it makes Markdown show them all as text
    broken = [
        lines[i - 1]
        for i, line in enumerate(lines)
        if re.fullmatch(r"(\|\s*:?-+:?\s*)+\|", line) and columns[i] != columns[i - 1]
    ]
    assert not broken


def test_every_page_is_on_the_map_or_beside_the_code_it_describes():
    on_the_map = set(LINK.findall((ROOT / "docs" / "index.md").read_text(encoding="utf-8")))
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert pages <= on_the_map


def test_every_error_has_its_heading():
    classes = {name for name, item in inspect.getmembers(errors, inspect.isclass) if item.__module__ == errors.__name__}
    assert classes
    assert headings("errors.md") - {"Errors"} == classes


def test_every_exit_code_is_in_the_table():
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    for name, item in inspect.getmembers(errors, inspect.isclass):
        assert f"| {item.exit_code} |" in page
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert f"Exit code {item.exit_code}." in section, name


def test_every_setting_has_its_heading():
    assert {f"CALLCOACH_{name.upper()}" for name in Settings.model_fields} <= headings("settings.md")


def field_names(form: type[BaseModel], within: str = "") -> set[str]:
    """Every field a person can write, as `readiness.training.date`."""
    names = set()
    for name, field in form.model_fields.items():
        names.add(within + name)
        for inner in forms_in(field.annotation):
            names |= field_names(inner, f"{within}{name}.")
    return names


def forms_in(annotation: Any) -> list[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    return [form for part in get_args(annotation) for form in forms_in(part)]


def test_every_rubric_field_has_its_heading_and_no_other():
    described = headings("rubrics.md") - {"Rubrics: one YAML file per initiative"}
    assert described == field_names(rubrics._Initiative)


def test_every_manifest_column_file_ending_and_role_is_described():
    page = (ROOT / "docs" / "call-folders.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", page, flags=re.DOTALL)))
    assert set(manifest.COLUMNS) <= named
    assert {*call_files.AUDIO_ENDINGS, *call_files.TRANSCRIPT_ENDINGS} <= named
    assert set(people.ROLES) <= named


def test_the_readme_names_the_two_commands():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in page
    assert "make test" in page


def test_the_readme_names_only_targets_that_the_makefile_has():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)(?=[ `]|$)", (ROOT / "README.md").read_text(encoding="utf-8"))) - {"make"}
    assert named
    assert named <= targets


def test_the_changelog_has_an_unreleased_part_with_something_in_it():
    unreleased = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("## Unreleased")[1].split("\n## ")[0]
    assert re.search(r"^- \S", unreleased, re.MULTILINE)


def test_third_party_names_every_locked_package_with_its_version():
    page = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    rows = {(canonicalize_name(name), version) for name, version in re.findall(r"^\| (\S+) \| (\S+) \|", page, re.MULTILINE)}
    rows |= {(canonicalize_name(name), version) for name, version in re.findall(r"([\w.-]+) (\d[\w.]*)(?=[,; |(])", page)}
    locked = re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert locked
    missing = [f"{name} {version}" for name, version in locked if (canonicalize_name(name), version) not in rows]
    assert not missing, "name them in THIRD_PARTY.md, with their licences"


def test_third_party_names_every_direct_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    page = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    words = {canonicalize_name(word) for word in re.findall(r"[\w.-]+\w", page)}
    assert not [line for line in asked if canonicalize_name(Requirement(line).name) not in words]


def test_third_party_names_every_weight_with_its_licence():
    weights = tomllib.loads((ROOT / "models" / "manifest.toml").read_text(encoding="utf-8"))["weights"]
    rows = [line for line in (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for weight in weights:
        (row,) = [row for row in rows if row.startswith(f"| {weight['name']} |")]
        assert row.endswith(f"| {weight['licence']} |")
        assert all(package["name"].replace("_", "-") in row.replace("_", "-") for package in weight["packages"])


def test_no_registry_and_no_path_of_one_machine_in_any_file():
    """The lock, the docs and the code must work wherever they are checked out, with whatever registry pip is set to."""
    registry = re.compile(r"--(?:extra-)?index-url|--find-links|https?://[^\s\"')]*(?:/simple/|pypi|pythonhosted|registry\.)")
    machine = re.compile(r"(?<![\w.$}])/(?:work|tmp|root|home)/[\w.-]+")
    found = []
    for path in tracked_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for pattern in (registry, machine) for match in pattern.finditer(text)]
    this_file = str(Path(__file__).resolve().relative_to(ROOT))
    assert not [line for line in found if not line.startswith(this_file)]
