"""Runs and intake: what failed and is tried again, and how files that somebody hands in become calls."""

import re
import sys
import time
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from callcoach.app import run_now as running
from callcoach.app.alone import said_of
from callcoach.app.audit import audit_page
from callcoach.app.progress import Silent, Watched
from callcoach.app.receiving import MOST_FILES, Receiving, safe_name
from callcoach.app.uploads import checked_upload, watched_folder
from callcoach.errors import BadInput
from callcoach.intake.calls import read_call_folder
from callcoach.storage.run_lock import RunLock
from callcoach.storage.runs import Runs

HTMX = {"HX-Request": "true"}
NOW = {"begin": "now"}
VTT = """WEBVTT

00:00.000 --> 00:04.000
<v rep>Every fourth of your calls rings out.

00:04.500 --> 00:06.000
<v customer>Is that so?
"""
MANIFEST = "call_id,started_at,rep_id,customer_name,transcript_path\nnew-1,2026-11-14T09:30,R01,Kimball Tire,transcripts/a.vtt\n"


def words_of(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def watched(company, tmp_path):
    """The latest run read a folder of this test's own."""
    folder = tmp_path / "calls"
    folder.mkdir()
    (folder / "people.yaml").write_bytes((Path(__file__).parents[2] / "sample_calls" / "people.yaml").read_bytes())
    runs = Runs(company.store)
    number = runs.begin(datetime.now(UTC), versions={}, folder=str(folder), rubrics=str(tmp_path))
    runs.end(number, datetime.now(UTC), counts={"recognised": 3, "judged": 5})
    return folder


def hand_in(client, *files):
    return client.post("/intake", files=[("files", file) for file in files])


# runs


def test_runs_are_for_operations_alone(client):
    for role in ("rep", "manager", "executive"):
        assert client(role).get("/runs").status_code == 403
        assert client(role).get("/intake").status_code == 403
        assert client(role).post("/runs/now", data=NOW).status_code == 403
    assert client("enablement").get("/runs").status_code == 200


def test_the_page_shows_runs_and_asks_for_nothing_again_while_none_goes_on(client, watched):
    text = client("enablement").get("/runs").text
    shown = words_of(text)
    assert "What fails now Nothing." in shown and "done" in shown and "Run now" in shown
    assert "hx-trigger" not in text


def test_a_failure_stands_there_with_its_cause_and_is_tried_again(client, company):
    now = datetime.now(UTC)
    for _ in range(3):
        company.store.keep_failure("wren-01", "hear", "wren-01.ogg: it cannot be decoded. Export it again.", now, "k")
    company.store.keep_failure("wren-02", "judge", "The judge was not there.", now, "k")
    admin = client("admin")
    shown = words_of(admin.get("/runs").text)
    assert "it cannot be decoded. Export it again." in shown and "left alone" in shown and "try 1 of 3" in shown
    answer = admin.post("/runs/retry", data={"call": "wren-01"}, headers=HTMX)
    assert answer.status_code == 200 and "1 call will be tried again" in answer.headers["hx-trigger"]
    assert "it cannot be decoded" not in answer.text and "The judge was not there." in answer.text
    answer = admin.post("/runs/retry", data={"everything": "true"})
    assert answer.headers["location"] == "/runs?done=retried-1"
    assert "1 call will be tried again" in admin.get("/runs?done=retried-1").text
    assert company.store.failures() == ()
    assert [line.subject for line in audit_page(company).lines if line.action == "runs.retry"] == ["all", "wren-01"]
    assert admin.post("/runs/retry", data={"call": "no-such"}).status_code == 422
    assert admin.post("/runs/retry").status_code == 422


def test_one_run_says_what_it_read(client, watched):
    number = re.search(r"/runs/(\d+)\"", client("admin").get("/runs").text)[1]
    shown = words_of(client("admin").get(f"/runs/{number}").text)
    assert str(watched) in shown and "Put into words 3" in shown
    assert client("admin").get("/runs/999999").status_code == 404
    assert client("admin").get("/runs/x").status_code == 404


def test_while_a_run_goes_on_the_page_asks_again_and_none_else_begins(client, company, watched):
    Runs(company.store).begin(datetime.now(UTC), versions={}, folder=str(watched))
    with RunLock(company.store).held():
        text = client("admin").get("/runs").text
        assert 'hx-trigger="load delay:3s"' in text and "A run goes on" in text and "Run now" not in text
        answer = client("admin").post("/runs/now", data=NOW)
        assert answer.status_code == 409 and "A run goes on" in answer.text


def test_a_run_that_a_timer_began_says_how_far_it_is(client, company, watched):
    Runs(company.store).begin(datetime.now(UTC), versions={}, folder=str(watched))
    watched_over = Watched(Silent())
    with RunLock(company.store).held(beat_seconds=0.02, telling=lambda: said_of(watched_over)):
        assert "%" not in client("admin").get("/runs").text, "nothing is said before a stage begins"
        watched_over.stage("Judging", 40)
        watched_over.advance(17, "wren-07 catchback: partial")
        end = time.monotonic() + 20
        while "42%" not in (text := client("admin").get("/runs").text):
            assert time.monotonic() < end
    assert 'value="42"' in text and "<strong>Judging</strong>" in text and "wren-07 catchback: partial" in text


def test_a_run_is_begun_in_a_process_of_its_own_and_tells_how_far_it_is(client, company, watched, monkeypatch, tmp_path):
    script = tmp_path / "night.py"
    go = tmp_path / "go"
    script.write_text(
        "import pathlib, sys, time\nprint('Listening  45% wren-01', flush=True)\n"
        f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(.02)\nprint('The disk is full.')\nsys.exit(5)\n"
    )
    assert client("admin").post("/runs/now").status_code == 422, "no empty request begins a run"
    begun = []
    real = running.subprocess.Popen

    def popen(command, **options):
        begun.append(command)
        return real([sys.executable, str(script)], **options)

    monkeypatch.setattr(running.subprocess, "Popen", popen)
    admin = client("admin")
    assert admin.post("/runs/now", data=NOW).headers["location"] == "/runs?done=begun"
    assert begun[0][1:5] == ["-m", "callcoach.cli.main", "nightly", str(watched)] and "--rubrics" in begun[0]
    until(lambda: "45%" in admin.get("/runs").text)
    assert "wren-01" in admin.get("/runs", headers=HTMX).text
    assert admin.post("/runs/now", data=NOW, headers=HTMX).status_code == 409
    go.touch()
    until(lambda: not running.begun_here(company).going)
    until(lambda: "The disk is full." in admin.get("/runs").text)
    assert "did not get far" in admin.get("/runs").text


def until(true, seconds=10.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


# intake


def test_files_are_looked_at_taken_in_and_found_by_the_next_run(client, company, watched):
    operator = client("enablement")
    answer = hand_in(operator, ("a.vtt", VTT), ("manifest.csv", MANIFEST))
    assert answer.status_code == 303
    look = operator.get(answer.headers["location"])
    shown = words_of(look.text)
    assert "1 call" in shown and "new-1 Tyler Boone Nov 14, 2026 Kimball Tire transcripts/a.vtt new" in shown, shown
    assert list(watched.iterdir()) == [watched / "people.yaml"], "nothing is taken in before somebody says so"
    taken = operator.post(answer.headers["location"] + "/take-in")
    assert taken.headers["location"] == "/intake?taken=1&same=0&left=0"
    assert "1 call taken in." in operator.get(taken.headers["location"]).text
    (call,) = read_call_folder(watched).calls
    assert (call.call_id, call.rep_id, call.team, call.customer_name) == ("new-1", "R01", "river", "Kimball Tire")
    assert call.started_at.isoformat() == "2026-11-14T09:30:00+00:00"
    assert operator.get(answer.headers["location"]).status_code == 404, "the staged files are gone"
    actions = [line.action for line in audit_page(company).lines]
    assert actions[:2] == ["intake.take_in", "intake.hand_in"]


def test_handing_in_the_same_again_does_nothing_and_says_so(client, watched):
    operator = client("enablement")
    for _ in range(2):
        place = hand_in(operator, ("a.vtt", VTT), ("manifest.csv", MANIFEST)).headers["location"]
        shown = words_of(operator.get(place).text)
        last = operator.post(place + "/take-in")
    assert "All of this is there already. There is nothing to do." in shown
    assert "Nothing was done: the one call was there already." in operator.get(last.headers["location"]).text
    assert len(read_call_folder(watched).calls) == 1


def test_a_call_that_is_stored_already_is_not_taken_twice(client, company, watched):
    sample = Path(__file__).parents[2] / "sample_calls"
    kept = company.store.call("wren-01")
    recording = (sample / kept.audio_path).read_bytes()
    operator = client("admin")
    place = hand_in(operator, ("another-name.ogg", recording)).headers["location"]
    assert "is there already, as wren-01" in words_of(operator.get(place).text)
    place = hand_in(operator, ("wren-01.vtt", VTT)).headers["location"]
    assert "Another call is called wren-01 already" in words_of(operator.get(place).text)
    assert operator.post(place + "/take-in").status_code == 422


def test_rows_that_cannot_be_used_say_what_to_mend_and_the_rest_go_on(client, watched):
    manifest = MANIFEST + "new-2,yesterday,R01,Sun Tan City,b.vtt\nnew-3,2026-11-14,R99,,a2.vtt\nnew-1,,R01,,a.vtt\n"
    operator = client("enablement")
    place = hand_in(
        operator, ("a.vtt", VTT), ("a2.vtt", VTT + "\n"), ("b.vtt", VTT + "\n\n"), ("list.csv", manifest), ("all.zip", "PK")
    ).headers["location"]
    shown = words_of(operator.get(place).text)
    assert "manifest.csv line 3: started_at 'yesterday' is not a date and time. Write 2026-10-31T09:30." in shown
    assert "call_id new-1 stands in line 2 too" in shown
    assert "all.zip : archives are not opened here" in shown
    assert "Nobody is called R99 in the people file" in shown
    answer = operator.post(place + "/take-in")
    assert answer.headers["location"] == "/intake?taken=2&same=0&left=2"
    assert sorted(call.call_id for call in read_call_folder(watched).calls) == ["new-1", "new-3"]


def test_what_is_thrown_away_leaves_nothing(client, company, watched):
    operator = client("enablement")
    place = hand_in(operator, ("a.vtt", VTT)).headers["location"]
    assert "not decided on yet" in operator.get("/intake").text
    assert operator.post(place + "/throw-away").headers["location"] == "/intake"
    assert operator.get(place).status_code == 404 and operator.post(place + "/take-in").status_code == 404
    assert [each for each in (company.settings.home / "intake").iterdir() if each.is_dir()] == []


def test_without_a_run_calls_go_into_the_home_folder(company, tmp_path):
    empty = type(company)(company.settings.model_copy(update={"home": tmp_path / "new"}))
    assert watched_folder(empty) == tmp_path / "new" / "calls"
    empty.store.close()


def test_nothing_chosen_and_no_form_are_told(client):
    operator = client("enablement")
    answer = operator.post("/intake", files=[("files", ("", b""))])
    assert answer.status_code == 422 and "No file was chosen" in answer.text
    assert operator.post("/intake", data={"x": "y"}).status_code == 422
    broken = operator.post("/intake", content=b"--x\r\nnonsense", headers={"content-type": "multipart/form-data; boundary=x"})
    assert broken.status_code == 422


def test_what_is_too_large_is_refused_while_it_comes(company):
    small = type(company)(company.settings.model_copy(update={"max_recording_bytes": 1000}))
    receiving = Receiving(small, by="x", at=datetime.now(UTC))
    receiving.begin("a.ogg")
    for _ in range(5):
        receiving.write(b"x" * 300)
    receiving.end()
    staged = small.settings.home / "intake" / receiving.done() / "files"
    assert list(staged.iterdir()) == []
    (refused,) = checked_upload(small, receiving.upload_id).refused
    assert "larger than 1,000 bytes" in refused.sentence
    small.store.close()


def test_too_many_files_are_refused_one_by_one(company):
    receiving = Receiving(company, by="x", at=datetime.now(UTC))
    for number in range(MOST_FILES + 2):
        receiving.begin(f"{number}.txt")
        receiving.write(b"rep: hello")
        receiving.end()
    receiving.done()
    assert len(list((company.settings.home / "intake" / receiving.upload_id / "files").iterdir())) == MOST_FILES


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.ogg", "a.ogg"),
        ("../../etc/cron.d/a.ogg", "a.ogg"),  # of a path the last part is kept
        ("C:\\Users\\me\\a.WAV", "a.WAV"),
        ("calls of today.csv", "manifest.csv"),
        ("Gespräch 1.vtt", "Gespräch 1.vtt"),
    ],
)
def test_a_file_is_staged_under_a_plain_name(given, kept):
    assert safe_name(given) == kept


@pytest.mark.parametrize(
    "given",
    ["", "..", ".", "a/..", ".hidden.ogg", "a.exe", "a", "calls.zip", "a.tar.gz", "people.yaml",
     "a\x00.ogg", "a\n.ogg", "\u202egpj.ogg",
     "x" * 300 + ".ogg", "a.ogg/",
     "a.svg", "a.html", "\ud800.ogg"],
)  # fmt: skip
def test_a_name_that_is_none_is_refused(given):
    with pytest.raises(BadInput):
        safe_name(given)
