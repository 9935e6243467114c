"""A whole night over calls whose words, names and file names hold a word that nobody else says: in the brief, not in the log."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from callcoach.app.erasure import asked_for, erase
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.settings import Settings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CANARY = "Zanzibarova"
NOBODY_LISTENS = "http://127.0.0.1:9/hook"


def folder_with_canaries(folder: Path) -> Path:
    """Two calls and a file that cannot be read; the canary is said, is a rep, a customer, a team, and in each file's name."""
    folder.mkdir()
    for call_id in ("wren-01", "wren-03"):
        said = json.loads((ROOT / "sample_calls" / "reference" / f"{call_id}.transcript.json").read_text())
        for turn in said["turns"]:
            turn["text"] = f"{turn['text']} {CANARY} asked because of the {CANARY} wall."
        said["call_id"] = f"{CANARY}-{call_id}"
        (folder / f"{CANARY}-{call_id}.transcript.json").write_text(json.dumps(said))
    (folder / f"{CANARY}-unreadable.transcript.json").write_text(f'{{"turns": "{CANARY}"')
    (folder / "people.yaml").write_text(
        f"company: {CANARY} Ltd\nteams:\n  - {{id: river, name: {CANARY} Team, manager: M01}}\npeople:\n"
        f"  - {{id: M01, name: Ray {CANARY}, role: manager, team: river}}\n"
        f"  - {{id: R01, name: Tyler {CANARY}, role: rep, team: river, email: tyler@{CANARY.lower()}.example}}\n"
    )
    (folder / "manifest.csv").write_text(
        "call_id,started_at,rep_id,team,customer_name,transcript_path\n"
        + "".join(
            f"{CANARY}-{each},2026-11-09T09:30,R01,river,{CANARY} Tire,{CANARY}-{each}.transcript.json\n"
            for each in ("wren-01", "wren-03", "unreadable")
        )
    )
    return folder


def test_a_night_leaves_no_word_of_a_call_and_no_name_in_its_log_and_figures(tmp_path: Path) -> None:
    folder, home, log, figures = (
        folder_with_canaries(tmp_path / "in"),
        tmp_path / "home",
        tmp_path / "log",
        tmp_path / "night.prom",
    )
    environment = {
        "CALLCOACH_LOG_FILE": str(log), "CALLCOACH_LOG_LEVEL": "debug", "CALLCOACH_METRICS_FILE": str(figures),
        "CALLCOACH_WEBHOOK_URL": NOBODY_LISTENS, "CALLCOACH_WEBHOOK_SECRET": CANARY, "CALLCOACH_WORKERS": "1",
        "CALLCOACH_HOME": str(home),
    }  # fmt: skip
    command = ["nightly", str(folder), "--rubrics", str(ROOT / "rubrics"), "--today", "2026-11-16"]
    ran = subprocess.run(
        [sys.executable, "-m", "callcoach.cli.main", *command],
        env={**os.environ, **environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 8, ran.stderr
    assert CANARY in ran.stderr and CANARY in (home / "brief.md").read_text(), "the terminal and the brief say it as before"
    assert '"event"' not in ran.stderr

    assert CANARY.lower() not in log.read_text().lower() and CANARY.lower() not in figures.read_text().lower()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    told = [line["event"] for line in lines if line["event"] not in ("model.loaded", "other", "call.done")]
    stages = ["hear", "attribute", "judge", "report"]
    assert told == [
        "run.started", "stage.started", "call.failed", "stage.finished", "stage.finished", "stage.started", "stage.finished",
        "stage.finished", "run.finished", "delivery.failed",
    ]  # fmt: skip
    assert [line["stage"] for line in lines if line["event"] == "stage.finished"] == stages
    assert {line["run"] for line in lines if line["event"].startswith(("run.", "stage.", "call."))} == {1}
    (failed,) = (line for line in lines if line["event"] == "call.failed")
    assert (failed["stage"], failed["error"], failed["attempts"], failed["level"]) == ("hear", "BadTranscript", 1, "warning")
    (ended,) = (line for line in lines if line["event"] == "run.finished")
    assert (ended["calls"], ended["recognised"], ended["problems"]) == (3, 2, 1) and ended["seconds"] > 0
    assert {line["model"] for line in lines if line["event"] == "model.loaded"} >= {"encoder", "sentences"}, "a worker's, too"
    measured = [line for line in lines if line["event"] == "call.done" and line["stage"] == "measure"]
    assert len(measured) == 2 and all(line["seconds"] > 0 for line in measured)

    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(figures.read_text())
        for sample in family.samples
    }
    assert found["callcoach_calls_total", "done", "hear"] == 2 and found["callcoach_calls_total", "failed", "hear"] == 1
    assert found["callcoach_failed_calls", "hear"] == 1 and found["callcoach_quarantined_calls", "hear"] == 0
    assert found["callcoach_deliveries_total", "webhook", "failed"] == 1
    assert found["callcoach_last_run_timestamp_seconds",] > 0

    # what the log calls a call is the start of its hash, and goes with the call
    workspace = Workspace(Settings(home=home, log_file=log))
    call = workspace.store.call(f"{CANARY}-wren-01")
    assert isinstance(call, Call) and call.content[:16] in log.read_text()
    done = erase(workspace, asked_for([], [], [], [call.call_id]), now=call.started_at)  # type: ignore[arg-type]
    assert done.log_lines >= 2 and done.traces == ()
    assert call.content[:16] not in log.read_text() and "run.finished" in log.read_text()
    workspace.store.close()
