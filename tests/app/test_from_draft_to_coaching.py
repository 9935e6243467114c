"""The commands of docs/calibration.md, on the sample company: three initiatives from a draft to coaching. Real models."""

import contextlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callcoach.app.workspace import Workspace
from callcoach.cli.main import app
from callcoach.domain.calibration import Label
from callcoach.domain.story import Component
from callcoach.intake.rubrics import read_initiative
from callcoach.settings import Settings
from callcoach.storage.labels import Labels

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_calls"

pytestmark = pytest.mark.slow

spec = importlib.util.spec_from_file_location("make_labels", SAMPLE / "make_labels.py")
make_labels = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_labels)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company before anything was published or labelled; its calls as transcripts, which spares hearing them."""
    place = tmp_path_factory.mktemp("company")
    folder = place / "sample_calls"
    folder.mkdir()
    for file in (SAMPLE / "reference").glob("*.transcript.json"):
        shutil.copy(file, folder)
    (folder / "manifest.csv").write_text(re.sub(r"audio/[\w-]+\.ogg", "", (SAMPLE / "manifest.csv").read_text()))
    shutil.copy(SAMPLE / "people.yaml", folder)
    rubrics = place / "rubrics"
    rubrics.mkdir()
    for file in (ROOT / "rubrics").glob("*.yaml"):
        (rubrics / file.name).write_text(file.read_text().split("\npublished:")[0] + "\n")
    return place


def callcoach(*arguments: str, cwd: Path, typed: str = "") -> str:
    """What the command printed; it has to succeed. What loads models has a process of its own, as it has for a user."""
    if arguments[0] != "run" and arguments[:2] != ("initiative", "publish"):
        with contextlib.chdir(cwd):
            here = CliRunner().invoke(app, [*arguments, "--home", "home"], input=typed)
        assert here.exit_code == 0, (arguments, here.output[-600:], here.exception)
        return here.stdout
    ended = subprocess.run(
        [sys.executable, "-m", "callcoach.cli.main", *arguments, "--home", "home"],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200"},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, (arguments, ended.stdout[-600:], ended.stderr)
    return ended.stdout


def stands(company: Path, initiative_id: str, *, today: str = "2026-11-16") -> dict:
    return json.loads(callcoach("gate", "show", initiative_id, "--today", today, "--json", cwd=company))[0]


def answers(label: Label) -> str:
    """What a person types to say this of a call."""
    lines = [label.verdict.value]
    if label.verdict.value != "not_raised":
        lines += [str(int(label.levels[component])) for component in Component]
        lines += ["yes", label.answer.value] if label.asked_why else ["no"]
    return "\n".join([*lines, label.quote or "", label.note or ""]) + "\n"


def typed_by(company: Path, round_id: str, person: str, *, as_gold: bool = False) -> str:
    """Everything a person types for a round; `as_gold`: what the reference labels say, whoever it is."""
    workspace = Workspace(Settings(home=company / "home"))
    calibration = Labels(workspace.store).round(round_id)
    workspace.store.close()
    initiative = read_initiative(company / "rubrics" / f"{calibration.initiative_id}.yaml")
    said_by = "E01" if as_gold else person
    return "".join(answers(make_labels.label(initiative, call_id, said_by)) for call_id in calibration.call_ids) + "y\n"


def commands_of(page: Path) -> list[list[str]]:
    """Every command of the page's sh blocks, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("callcoach ")]


def run_command(company: Path, words: list[str]) -> str:
    arguments = words[1:]
    typed = ""
    if arguments[:2] == ["calibrate", "label"]:
        typed = typed_by(company, arguments[2], arguments[4])
    if "--until" in arguments:  # the page's day has passed one day
        arguments[arguments.index("--until") + 1] = (datetime.now(UTC).date() + timedelta(days=9)).isoformat()
    return callcoach(*arguments, cwd=company, typed=typed)


def test_the_page_takes_the_sample_company_from_a_draft_to_coaching(company: Path) -> None:
    commands = commands_of(ROOT / "docs" / "calibration.md")
    printed = {" ".join(words[1:4]): run_command(company, words) for words in commands[:3]}
    assert "drafted" in printed["gate show"]
    first_brief = (company / "home" / "brief.md").read_text()
    assert "To practise" not in first_brief and "not coached yet: its text is not finished" in first_brief

    for words in commands[3:]:
        printed[" ".join(words[1:4])] = run_command(company, words)
        if words[1:3] == ["calibrate", "label"]:
            assert "Done: 20 labels kept" in printed[" ".join(words[1:4])]
    assert "Where people differ" in printed["calibrate show catchback-1"]
    assert "catchback: coaching" in printed["gate show catchback"]
    second_brief = (company / "home" / "brief.md").read_text()
    assert "To practise" in second_brief and "SafeSeat: drafted" in second_brief
    assert "verdict: partial (machine: " in printed["score wren-13 --initiative"]

    for initiative_id, by in (("safeseat", "V01"), ("known-by-name", "M02")):
        assert stands(company, initiative_id)["state"] == "drafted"
        callcoach("initiative", "publish", initiative_id, "--by", by, cwd=company)
        assert stands(company, initiative_id)["state"] == "defined"
        people = ("--people", "E01,M01", "--calls", "20", "--seed", "1")
        callcoach("calibrate", "new", initiative_id, *people, cwd=company)
        for person in ("E01", "M01"):
            typed = typed_by(company, f"{initiative_id}-1", person)
            callcoach("calibrate", "label", f"{initiative_id}-1", "--person", person, cwd=company, typed=typed)
    assert stands(company, "known-by-name")["state"] == "calibrated", "it starts on November 23"
    assert stands(company, "known-by-name", today="2026-12-08")["state"] == "coaching"

    safeseat = stands(company, "safeseat")
    assert (safeseat["state"], [problem["about"] for problem in safeseat["problems"]]) == ("coaching", ["part"])
    report = json.loads(callcoach("run", "sample_calls", "--rubrics", "rubrics", "--today", "2026-11-16", "--json", cwd=company))
    recommended = [(each["initiative_id"], each["behaviour"]) for rep in report["reps"] for each in rep["recommendations"]]
    assert recommended and ("safeseat", "link_to_customer") not in recommended
    assert (
        "People do not agree on part (what it means for the customer) of SafeSeat" in (company / "home" / "brief.md").read_text()
    )
    assert [one["call_id"] for one in report["corrections"]] == ["wren-13"]

    # the owner mends the part, and two people hear the same in it
    rubric = company / "rubrics" / "safeseat.yaml"
    old = re.search(r"  part: >\n(?:    .*\n)+", rubric.read_text())[0]
    mended = "  part: >\n    Ask who sent them a form, go through it line by line, and show which lines the sheet answers.\n"
    rubric.write_text(rubric.read_text().replace(old, mended))
    assert stands(company, "safeseat")["state"] == "drafted"
    callcoach("initiative", "publish", "safeseat", "--by", "V01", cwd=company)
    assert stands(company, "safeseat")["problems"], "labels of the earlier text still say so"
    callcoach("calibrate", "new", "safeseat", "--people", "E01,M01", "--calls", "22", "--seed", "1", cwd=company)
    for person in ("E01", "M01"):
        typed = typed_by(company, "safeseat-2", person, as_gold=True)
        callcoach("calibrate", "label", "safeseat-2", "--person", person, cwd=company, typed=typed)
    mended_gate = stands(company, "safeseat")
    assert (mended_gate["state"], mended_gate["problems"]) == ("coaching", [])
