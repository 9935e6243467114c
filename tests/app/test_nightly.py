"""A night as a timer starts it: in order, one at a time, sent once, and what the disk breaks off is gone on with."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from callcoach.app.deliver import Delivery, channels, deliver
from callcoach.app.nightly import PAUSES, persistently
from callcoach.app.past_runs import one_run, past_runs, retry
from callcoach.app.progress import Silent
from callcoach.app.run import RunResult
from callcoach.app.workspace import Workspace
from callcoach.domain.coaching import CallProblem, MorningReport
from callcoach.domain.people import Company
from callcoach.errors import SomethingMissing, StorageAway, StorageError, TakenOver, UsageError
from callcoach.settings import Settings
from callcoach.storage.run_lock import RunLock
from callcoach.storage.runs import Runs
from callcoach.storage.store import Store

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]], list[int]]]:
    """Its address, what it was sent, and the statuses it will answer with before 204."""
    got, statuses = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(statuses.pop(0) if statuses else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/hook", got, statuses
    server.shutdown()
    server.server_close()


def done(home: Path, brief: str = "<p>“because of the wall”</p>") -> RunResult:
    home.mkdir(exist_ok=True)
    (home / "brief.html").write_text(brief)
    problem = CallProblem(call_id="wren-09", sentence="turn 3: because of the wall", attempts=3, quarantined=True)
    report = MorningReport(
        today=TODAY, first_day=None, last_day=None, n_calls=2, n_new_calls=2, reps=(), initiatives=(), flagged=(),
        problems=(problem,), versions={},
    )  # fmt: skip
    return RunResult(report, (), Company(), 2, 2, 4, home / "brief.html", home / "brief.md")


def test_a_webhook_gets_counts_signed_and_no_word_of_a_call(tmp_path: Path, webhook) -> None:
    url, got, _ = webhook
    workspace = Workspace(Settings(home=tmp_path / "home", webhook_url=url, webhook_secret="very-secret"))
    assert deliver(workspace, done(tmp_path / "home"), today=TODAY, now=NOW) == (Delivery("webhook", None),)
    ((headers, body),) = got
    said = json.loads(body)
    assert (said["calls"], said["newly_judged"], said["date"]) == (2, 4, "2026-11-22")
    assert said["failed"] == [{"call_id": "wren-09", "attempts": 3, "quarantined": True}]
    assert b"wall" not in body
    moment, digest = (part.partition("=")[2] for part in headers["X-Callcoach-Signature"].split(","))
    assert digest == hmac.new(b"very-secret", moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def test_a_brief_is_sent_once_and_what_failed_is_tried_again(tmp_path: Path, webhook) -> None:
    url, got, statuses = webhook
    statuses.append(403)
    workspace = Workspace(Settings(home=tmp_path / "home", webhook_url=url, webhook_secret="very-secret"))
    first = deliver(workspace, done(tmp_path / "home"), today=TODAY, now=NOW)
    assert first == (Delivery("webhook", "127.0.0.1 answered with status 403."),)
    assert deliver(workspace, done(tmp_path / "home"), today=TODAY, now=NOW) == (Delivery("webhook", None),)
    assert deliver(workspace, done(tmp_path / "home"), today=TODAY, now=NOW) == (Delivery("webhook", None, already=True),)
    assert len(got) == 2
    assert deliver(workspace, done(tmp_path / "home", "other"), today=TODAY, now=NOW) == (Delivery("webhook", None),)
    assert got[1][0]["X-Callcoach-Delivery"] != got[2][0]["X-Callcoach-Delivery"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"webhook_url": "https://example.com/hook"}, "nothing to sign with. Set CALLCOACH_WEBHOOK_SECRET_FILE"),
        ({"webhook_url": "http://example.com/hook", "webhook_secret": "s"}, "is not encrypted. Use https"),
        ({"webhook_url": "ftp://example.com", "webhook_secret": "s"}, "is no web address"),
        ({"smtp_host": "mail.example.com"}, "Set CALLCOACH_SMTP_FROM and CALLCOACH_SMTP_TO"),
        (
            {"smtp_host": "mail.example.com", "smtp_from": "a@b.c", "smtp_to": "d@e.f", "smtp_user": "u"},
            "but no password. Set CALLCOACH_SMTP_PASSWORD_FILE",
        ),
        (
            {
                "smtp_host": "mail.example.com", "smtp_from": "a@b.c", "smtp_to": "d@e.f", "smtp_user": "u",
                "smtp_password": "p", "smtp_security": "none",
            },
            "would send the password unencrypted",
        ),
        ({"smtp_host": "m", "smtp_from": "a@b.c\nBcc: x@y.z", "smtp_to": "d@e.f"}, "holds a line break"),
    ],
)  # fmt: skip
def test_what_nothing_can_be_sent_with_is_said_before_the_work(settings: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        channels(Settings(**settings))
    assert said in str(refused.value)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("very-secret\n")
    where = channels(Settings(webhook_url="https://example.com/hook", webhook_secret_file=tmp_path / "secret"))
    assert where.webhook is not None and where.webhook.secret == "very-secret"
    with pytest.raises(SomethingMissing, match="Check CALLCOACH_WEBHOOK_SECRET_FILE"):
        channels(Settings(webhook_url="https://example.com/hook", webhook_secret_file=tmp_path / "none"))


def test_work_that_the_disk_breaks_off_is_begun_again_and_given_up_in_the_end() -> None:
    troubles, pauses = [StorageError("full."), StorageError("locked.")], []

    def work() -> str:
        if troubles:
            raise troubles.pop()
        return "done"

    assert persistently(work, Silent(), pauses.append) == "done"
    assert pauses == list(PAUSES[:2])
    troubles += [StorageError("still full.")] * 9
    with pytest.raises(StorageError, match="still full"):
        persistently(work, Silent(), pauses.append)
    assert len(troubles) == 9 - len(PAUSES) - 1


def test_work_that_gets_on_between_two_troubles_has_all_its_tries_again() -> None:
    pauses: list[float] = []
    done = 0

    def work() -> str:
        nonlocal done
        if len(pauses) == 30:
            return "done"
        done += len(pauses) % 3 == 0
        raise StorageError("the server was stopped.")

    assert persistently(work, Silent(), pauses.append, done=lambda: done) == "done"
    assert pauses == [*PAUSES[:3]] * 10


def test_a_night_waits_for_a_database_that_is_away_and_not_for_a_wrong_address() -> None:
    troubles, pauses = [StorageAway("starting up.")], []

    def open_it() -> str:
        if troubles:
            raise troubles.pop()
        return "open"

    assert persistently(open_it, Silent(), pauses.append, where=StorageAway) == "open"
    assert pauses == list(PAUSES[:1])
    troubles.append(StorageError("refuses the login."))
    with pytest.raises(StorageError, match="refuses the login"):
        persistently(open_it, Silent(), lambda _: pytest.fail("there is nothing to wait for"), where=StorageAway)


def test_a_run_that_was_taken_over_is_not_begun_again() -> None:
    def work() -> str:
        raise TakenOver("Number 2 has taken over.")

    with pytest.raises(TakenOver):
        persistently(work, Silent(), lambda _: pytest.fail("there is nothing to wait for"))


def test_runs_are_shown_with_what_failed_and_can_be_retried(tmp_path: Path) -> None:
    workspace = Workspace(Settings(home=tmp_path))
    store: Store = workspace.store
    runs = Runs(store)
    first = runs.begin(NOW, versions={"judge": "j1"}, folder="/calls", rubrics="/rubrics", initiatives=[("catchback", "v1")])
    runs.end(first, NOW + timedelta(minutes=4), counts={"recognised": 3, "judged": 9})
    second = runs.begin(NOW + timedelta(days=1), versions={"judge": "j1"})
    for _ in range(3):
        store.keep_failure("wren-02", "hear", "no sound", at=NOW + timedelta(days=1), key="k")
    store.keep_failure("wren-03", "judge", "odd", at=NOW, key="k")

    found = past_runs(workspace, now=NOW + timedelta(days=1, hours=1))
    assert [(run.number, run.state, run.took) for run in found.runs] == [(second, "not ended", None), (first, "done", 240.0)]
    assert found.runs[1].counts == {"recognised": 3, "judged": 9} and found.runs[0].age == 3600
    assert {stage.stage: (stage.calls, stage.quarantined, stage.oldest_age) for stage in found.stages} == {
        "hear": (1, 1, 3600.0),
        "judge": (1, 0, 90_000.0),
    }
    run, failures = one_run(workspace, first, now=NOW)
    assert run.initiatives == (("catchback", "v1"),) and [failure.call_id for failure in failures] == ["wren-03"]
    assert [failure.call_id for failure in one_run(workspace, second, now=NOW)[1]] == ["wren-02"]
    with pytest.raises(UsageError, match=r"There is no run 9\. Known: 1 to 2\."):
        one_run(workspace, 9, now=NOW)
    with pytest.raises(UsageError, match="wren-09: nothing failed there"):
        retry(workspace, ["wren-09"], everything=False)
    with pytest.raises(UsageError, match="or give --all"):
        retry(workspace, [], everything=False)
    assert retry(workspace, ["wren-02"], everything=False) == 1 and store.quarantined("hear") == frozenset()
    assert retry(workspace, [], everything=True) == 1


def test_a_run_goes_on_as_long_as_its_lock_is_held(tmp_path: Path) -> None:
    workspace = Workspace(Settings(home=tmp_path))
    with RunLock(workspace.store).held():
        Runs(workspace.store).begin(datetime.now(UTC) - timedelta(seconds=5), versions={})
        assert past_runs(workspace, now=datetime.now(UTC)).runs[0].state == "running"
    assert past_runs(workspace, now=datetime.now(UTC)).runs[0].state == "not ended"


def callcoach(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "callcoach.cli.main", *arguments],
        cwd=cwd,
        env={**os.environ, **environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.slow
def test_a_night_over_two_folders_fails_is_mended_is_sent_and_refuses_a_second_beside_it(tmp_path: Path, webhook) -> None:
    url, got, _ = webhook
    for name, call_id in {"east": "wren-01", "west": "wren-03"}.items():
        (tmp_path / name).mkdir()
        source = ROOT / "sample_calls" / "reference" / f"{call_id}.transcript.json"
        (tmp_path / name / source.name).write_bytes(source.read_bytes())
    sent = {"CALLCOACH_WEBHOOK_URL": url, "CALLCOACH_WEBHOOK_SECRET": "very-secret", "CALLCOACH_WORKERS": "1"}
    night = ("nightly", "east", "west", "--rubrics", str(ROOT / "rubrics"), "--home", "home", "--today", "2026-11-16", "--json")

    # the models alone take more than 1 MB: every call fails with its sentence, and the night goes on to its end
    failed = callcoach(*night, cwd=tmp_path, **sent, CALLCOACH_CALL_MEMORY_LIMIT="1")
    assert failed.returncode == 6, failed.stderr
    assert {problem["call_id"] for problem in json.loads(failed.stdout)["problems"]} == {"wren-01", "wren-03"}
    listed = callcoach("runs", "--home", "home", cwd=tmp_path)
    assert listed.returncode == 0 and "Took more than 1 MB of memory and was stopped" in listed.stdout
    assert callcoach("runs", "retry", "--all", "--home", "home", cwd=tmp_path).returncode == 0

    mended = callcoach(*night, cwd=tmp_path, **sent)
    assert mended.returncode == 0, mended.stderr
    said = json.loads(mended.stdout)
    assert (said["calls"], said["recognised"], said["judged"], said["problems"]) == (2, 0, 6, [])
    assert said["deliveries"] == [{"channel": "webhook", "trouble": None, "already": False}]
    assert [json.loads(body)["newly_judged"] for _, body in got] == [0, 6]
    assert (tmp_path / "home" / "brief.html").read_text().rstrip().endswith("</html>")

    with Store(tmp_path / "home" / "callcoach.db") as store, RunLock(store).held():
        second = callcoach(*night, cwd=tmp_path, **sent)
    assert second.returncode == 7
    assert f"process {os.getpid()}" in second.stderr and len(second.stderr.strip().splitlines()) == 1
