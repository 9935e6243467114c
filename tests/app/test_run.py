"""The main job as a manager runs it: a folder of calls, a manifest, the rubrics; real models, a real database."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from callcoach.domain.call import Transcript
from callcoach.domain.verdict import CallScore, Verdict

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_calls"
CALLS = ("wren-01", "wren-03", "wren-04", "wren-07")

pytestmark = pytest.mark.slow


class Ran(msgspec.Struct):
    """One call of the command."""

    code: int
    out: str
    err: str


def callcoach(*arguments: str, cwd: Path, **environment: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "callcoach.cli.main", *arguments],
        cwd=cwd,
        env={**os.environ, **environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def folder_of_calls(place: Path, *, recordings: tuple[str, ...] = ()) -> Path:
    """A manager's folder: four calls as transcripts, some as recordings, with the sample company's manifest and people."""
    folder = place / "calls"
    folder.mkdir(parents=True)
    rows = (SAMPLE / "manifest.csv").read_text().splitlines()
    kept = [rows[0]]
    for row in rows[1:]:
        call_id = row.split(",", 1)[0]
        if call_id in recordings:
            (folder / "audio").mkdir(exist_ok=True)
            shutil.copy(SAMPLE / "audio" / f"{call_id}.ogg", folder / "audio")
            kept.append(row)
        elif call_id in CALLS:
            shutil.copy(SAMPLE / "reference" / f"{call_id}.transcript.json", folder)
            kept.append(row.replace(f"audio/{call_id}.ogg", ""))
    (folder / "manifest.csv").write_text("\n".join(kept) + "\n")
    shutil.copy(SAMPLE / "people.yaml", folder)
    return folder


def kept(home: Path, table: str, kind: type) -> Iterator[object]:
    with sqlite3.connect(home / "callcoach.db") as database:
        for (body,) in database.execute(f"select body from {table}"):
            yield msgspec.json.decode(body, type=kind)


def test_a_folder_is_judged_once_and_only_new_work_is_done_after(tmp_path: Path) -> None:
    folder = folder_of_calls(tmp_path, recordings=("wren-10",))
    arguments = ("run", str(folder), "--rubrics", str(ROOT / "rubrics"), "--home", "home", "--today", "2026-11-16")

    first = callcoach(*arguments, cwd=tmp_path)
    assert first.code == 0, first.err
    assert "Done: 5 of 5 calls newly transcribed, 5 stories newly judged." in first.out
    scores = {(score.call_id, score.initiative_id): score for score in kept(tmp_path / "home", "scores", CallScore)}
    assert set(scores) == {(call_id, "catchback") for call_id in (*CALLS, "wren-10")}
    assert scores["wren-10", "catchback"].verdict is Verdict.NOT_ASSESSED
    assert "voicemail" in (scores["wren-10", "catchback"].reason or "")

    said: dict[str, list[str]] = {}
    for transcript in kept(tmp_path / "home", "transcripts", Transcript):
        said.setdefault(transcript.call_id, []).append(json.dumps([turn.text for turn in transcript.turns], ensure_ascii=False))
    quotes = [(score.call_id, quote) for score in scores.values() for quote in score.evidence]
    assert quotes
    for call_id, quote in quotes:
        assert any(json.dumps(quote.quote, ensure_ascii=False)[1:-1] in text for text in said[call_id]), quote
    brief = (tmp_path / "home" / "brief.html").read_text()
    assert "Tyler Boone" in brief and "Morning brief" in brief

    again = callcoach(*arguments, cwd=tmp_path)
    assert again.code == 0, again.err
    assert "Nothing to do" in again.out
    assert "Listening" not in again.err and "Judging" not in again.err

    (folder / "new-call.txt").write_text(
        "Rep: Hi, this is Ann at Wrenfield, about your CatchBack list.\nCustomer: Go ahead.\n" * 8
    )
    third = callcoach(*arguments, cwd=tmp_path)
    assert third.code == 0, third.err
    judged = [line for line in third.err.splitlines() if line.startswith("Judging")]
    assert judged and all("new-call" in line for line in judged)
    # a call without a date is judged for every initiative
    assert "Done: 1 of 6 calls newly transcribed, 3 stories newly judged." in third.out


def test_narrowing_leaves_the_rest_alone(tmp_path: Path) -> None:
    folder = folder_of_calls(tmp_path)
    arguments = ("run", str(folder), "--rubrics", str(ROOT / "rubrics"), "--home", "home", "--today", "2026-11-16")
    one_rep = callcoach(*arguments, "--rep", "R02", "--since", "2026-10-10", cwd=tmp_path)
    assert one_rep.code == 0, one_rep.err
    assert {score.call_id for score in kept(tmp_path / "home", "scores", CallScore)} == {"wren-07"}
    assert (tmp_path / "home" / "brief-narrowed.html").is_file() and not (tmp_path / "home" / "brief.html").exists()
    unknown = callcoach(*arguments, "--initiative", "catchbak", cwd=tmp_path)
    assert unknown.code == 2
    assert "catchback" in unknown.err


def test_every_bad_input_gets_its_sentence_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = folder_of_calls(tmp_path)
    (folder / "trap.wav").write_text("ffconcat version 1.0\nfile other.wav\n")
    with (folder / "manifest.csv").open("a") as manifest:
        manifest.write("wren-99,call,31.10.26,R01,,river,outbound,prospecting,0,audio/none.ogg,Nobody,en,won,1\n")
    rubrics = tmp_path / "rubrics"
    shutil.copytree(ROOT / "rubrics", rubrics)
    (rubrics / "renewals.yaml").write_text(
        "id: renewals\nname: Renewals\nlaunched: 2026-10-01\nvalue_story:\n  hammer: We call first.\n  part: Ask what changed.\n"
    )
    result = callcoach("run", str(folder), "--rubrics", str(rubrics), "--home", "home", "--today", "2026-11-16", cwd=tmp_path)
    assert result.code == 6, result.err
    for words in ("trap.wav", "31.10.26", "renewals.yaml: value_story has no wall"):
        assert words in result.err + result.out, words
    assert "Traceback" not in result.err
    assert {score.call_id for score in kept(tmp_path / "home", "scores", CallScore)} == set(CALLS)


def test_an_empty_or_absent_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in ("empty", "absent"):
        result = callcoach("run", folder, "--rubrics", str(ROOT / "rubrics"), "--home", "home", cwd=tmp_path)
        assert result.code == 4
        assert folder in result.err and len(result.err.strip().splitlines()) == 1


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = folder_of_calls(tmp_path)
    arguments = ["run", str(folder), "--rubrics", str(ROOT / "rubrics"), "--home", "home", "--today", "2026-11-16"]
    killed = subprocess.Popen(
        [sys.executable, "-m", "callcoach.cli.main", *arguments],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert killed.stderr is not None
    for line in killed.stderr:
        if line.startswith("Judging"):
            break
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    before = {score.call_id for score in kept(tmp_path / "home", "scores", CallScore)}
    assert 0 < len(before) < len(CALLS)

    resumed = callcoach(*arguments, cwd=tmp_path)
    assert resumed.code == 0, resumed.err
    scores = list(kept(tmp_path / "home", "scores", CallScore))
    assert sorted(score.call_id for score in scores) == sorted(CALLS)
    judged = {line.split()[2] for line in resumed.err.splitlines() if line.startswith("Judging")}
    assert judged == set(CALLS) - before
