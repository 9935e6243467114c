"""One night at a time, and a run that was given up for dead writes nothing when it wakes."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcoach.domain.call import Call
from callcoach.errors import AlreadyRunning, StorageError, TakenOver
from callcoach.storage import run_lock
from callcoach.storage.connection import patient, writing
from callcoach.storage.deliveries import Deliveries
from callcoach.storage.failures import Failures
from callcoach.storage.run_lock import RunLock, Said, database_clock
from callcoach.storage.store import Store

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def at(moment: datetime):
    return lambda connection: moment


def a_call(number: int) -> Call:
    return Call(call_id=f"call-{number}", content="ab" * 32, transcript_path=f"{number}.txt")


def test_a_second_night_is_told_who_holds_the_lock_and_since_when(store, reopened) -> None:
    RunLock(store, clock=at(NOW)).take()
    with pytest.raises(AlreadyRunning) as refused:
        RunLock(reopened(), clock=at(NOW + timedelta(seconds=119))).take()
    assert refused.value.exit_code == 7
    assert f"number 1 on {os.uname().nodename} (process {os.getpid()}), since 2026-11-22" in str(refused.value)


def test_a_heartbeat_keeps_the_lock_and_its_release_gives_it_back(store, reopened) -> None:
    lock = RunLock(store, clock=at(NOW))
    number = lock.take()
    RunLock(store, clock=at(NOW + timedelta(minutes=5))).beat(number)
    with pytest.raises(AlreadyRunning):
        RunLock(reopened(), clock=at(NOW + timedelta(minutes=6))).take()
    lock.release(number)
    assert RunLock(reopened(), clock=at(NOW)).take() == number + 1


def test_a_hundred_writes_of_a_run_that_was_taken_over_are_refused(store, reopened) -> None:
    old = RunLock(store, clock=at(NOW))
    number = old.take()
    store.add_calls([a_call(0)])
    newer = reopened()
    assert RunLock(newer, clock=at(NOW + timedelta(seconds=121))).take() == number + 1
    refused = 0
    for count in range(1, 101):
        with pytest.raises(TakenOver):
            store.add_calls([a_call(count)])
        refused += 1
    assert refused == 100
    with pytest.raises(TakenOver):
        old.beat(number)
    newer.add_calls([a_call(101)])
    assert [call.call_id for call in newer.calls()] == ["call-0", "call-101"]


def test_a_holder_whose_process_is_gone_is_not_waited_for(place, store) -> None:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from callcoach.storage.store import Store\nfrom callcoach.storage.run_lock import RunLock\n"
        "place = sys.argv[1] if '://' in sys.argv[1] else Path(sys.argv[1])\n"
        "RunLock(Store(place)).take()\n"
    )
    subprocess.run([sys.executable, "-c", program, str(place)], check=True, timeout=60)
    holder = RunLock(store).holder()
    assert holder is not None and not holder.free and holder.alive is False
    assert RunLock(store).take() == holder.fence + 1


def test_a_holder_on_another_machine_is_told_by_its_heartbeat_alone(store, reopened, monkeypatch) -> None:
    monkeypatch.setattr(run_lock, "_room", lambda: "another boot")
    RunLock(store, clock=at(NOW)).take()
    monkeypatch.undo()
    holder = RunLock(reopened()).holder()
    assert holder is not None and holder.alive is None
    with pytest.raises(AlreadyRunning):
        RunLock(reopened(), clock=at(NOW + timedelta(seconds=60))).take()
    assert RunLock(reopened(), clock=at(NOW + timedelta(seconds=121))).take() == 2


def test_the_lock_is_held_for_a_block_and_beats_meanwhile(store, reopened) -> None:
    with RunLock(store).held(beat_seconds=0.02) as number:
        first = RunLock(reopened()).holder()
        time.sleep(1.2)  # moments are kept to the second
        later = RunLock(reopened()).holder()
        assert first is not None and later is not None
        assert later.fence == number and later.beat_at > first.beat_at
    ended = RunLock(reopened()).holder()
    assert ended is not None and ended.free


def test_whatever_ends_the_block_the_lock_is_given_back(store) -> None:
    with pytest.raises(ZeroDivisionError), RunLock(store).held():
        raise ZeroDivisionError
    holder = RunLock(store).holder()
    assert holder is not None and holder.free
    store.add_calls([a_call(1)])  # no run's, and nobody minds


def test_of_many_that_begin_at_once_one_gets_the_lock(place, store) -> None:
    taken, refused = [], []

    def begin() -> None:
        with Store(place) as own:
            try:
                taken.append(RunLock(own, clock=database_clock).take())
            except AlreadyRunning as error:
                refused.append(error)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [1] and len(refused) == 5


def test_a_database_that_is_locked_for_a_while_is_waited_for(tmp_path: Path) -> None:
    place = tmp_path / "callcoach.db"
    with Store(place, busy_seconds=0.05) as hurried, Store(place) as other:

        def keep_it_locked() -> None:
            with writing(other.engine):
                locked.set()
                time.sleep(1.0)

        locked = threading.Event()
        thread = threading.Thread(target=keep_it_locked)
        thread.start()
        locked.wait()
        with pytest.raises(StorageError, match="another program has been writing"):
            hurried.add_calls([a_call(1)])
        patient(hurried.engine, 20)
        assert hurried.add_calls([a_call(1)]) == 1
        thread.join()


def test_failures_are_listed_by_stage_and_forgotten_one_by_one_or_all(store) -> None:
    for attempt in range(3):
        store.keep_failure("call-1", "hear", f"no sound ({attempt})", at=NOW + timedelta(minutes=attempt), key="a")
    store.keep_failure("call-2", "judge", "too odd", at=NOW, key="b")
    store.keep_failure("call-2", "judge", "too odd still", at=NOW + timedelta(hours=1), key="c")
    failures = Failures(store)
    assert [(each.stage, each.call_id, each.attempts, each.quarantined, each.sentence) for each in failures.all()] == [
        ("hear", "call-1", 3, True, "no sound (2)"),
        ("judge", "call-2", 1, False, "too odd still"),
    ]
    assert failures.forget(["call-1", "call-9"]) == 1
    assert store.quarantined("hear") == frozenset()
    assert failures.forget(None) == 1
    assert failures.all() == ()


def test_what_was_sent_is_remembered_by_channel(store) -> None:
    deliveries = Deliveries(store)
    deliveries.keep("mail", "a" * 32, NOW)
    deliveries.keep("mail", "a" * 32, NOW)
    assert deliveries.is_sent("mail", "a" * 32)
    assert not deliveries.is_sent("webhook", "a" * 32) and not deliveries.is_sent("mail", "b" * 32)


def test_a_run_that_was_taken_over_may_still_look(store, reopened) -> None:
    RunLock(store, clock=at(NOW)).take()
    store.add_calls([a_call(1)])
    RunLock(reopened(), clock=at(NOW + timedelta(minutes=3))).take()
    assert [call.call_id for call in store.calls()] == ["call-1"]


SLEEPER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from callcoach.domain.call import Call
from callcoach.errors import TakenOver
from callcoach.storage.run_lock import RunLock
from callcoach.storage.store import Store

store = Store(sys.argv[1] if "://" in sys.argv[1] else Path(sys.argv[1]))
RunLock(store, clock=lambda connection: datetime.now(UTC) - timedelta(minutes=3)).take()
store.add_calls([Call(call_id="before", content="ab" * 32, transcript_path="a.txt")])
print("ready", flush=True)
sys.stdin.readline()
try:
    store.add_calls([Call(call_id="after", content="ab" * 32, transcript_path="b.txt")])
except TakenOver as error:
    print(error)
"""


def test_a_process_that_was_stopped_and_woken_up_after_another_took_over_is_refused(place, store) -> None:
    sleeper = subprocess.Popen(
        [sys.executable, "-c", SLEEPER, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert sleeper.stdout is not None and sleeper.stdout.readline() == "ready\n"
    sleeper.send_signal(signal.SIGSTOP)
    assert RunLock(store).take() == 2  # three minutes without a sign of life, though its process is there
    sleeper.send_signal(signal.SIGCONT)
    said, _ = sleeper.communicate("go on\n", timeout=60)
    assert "This run (number 1) gave no sign of life" in said and "number 2" in said
    assert [call.call_id for call in store.calls()] == ["before"]


@pytest.mark.slow
def test_a_server_that_is_away_for_a_while_is_waited_for(postgresql, tmp_path) -> None:
    import psycopg

    with psycopg.connect(postgresql.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE restarted")
    scratch = Path(postgresql.rpartition("host=")[2])
    binary = shutil.which("pg_ctl") or str(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1])
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    pg_ctl = [*as_user, binary, "-D", str(scratch / "cluster"), "-w", "-s"]
    quiet = {"check": True, "cwd": scratch, "stdout": subprocess.DEVNULL}
    with Store(postgresql.format("restarted")) as store:
        store.add_calls([a_call(0)])
        patient(store.engine, 60)
        subprocess.run([*pg_ctl, "-m", "immediate", "stop"], **quiet)
        options = f"-k {scratch} -c listen_addresses='' -c fsync=off"
        start = [*pg_ctl, "-l", str(scratch / "log"), "-o", options, "start"]
        back = threading.Timer(1.5, lambda: subprocess.run(start, **quiet))
        back.start()
        assert store.add_calls([a_call(1)]) == 1
        back.join()
        assert [call.call_id for call in store.calls()] == ["call-0", "call-1"]


FULL = """
import resource, signal, sys
from pathlib import Path
from callcoach.domain.call import Call, Transcript, Turn
from callcoach.errors import StorageError
from callcoach.storage.store import Store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
place, failed = Path(sys.argv[1]), 0
with Store(place) as store:
    store.add_calls([Call(call_id="a", content="ab" * 32, transcript_path="a.txt")])
for point in range(60):
    resource.setrlimit(resource.RLIMIT_FSIZE, (500 + 2000 * point, resource.RLIM_INFINITY))
    said = Transcript(call_id="a", turns=(Turn(speaker="rep", text=f"{point:04d} " * 30_000),), language="en")
    try:
        with Store(place) as store:
            store.keep_transcript(said, content="ab" * 32, made_by=f"m{point}")
    except StorageError as error:
        failed += 1
        assert "the database says" not in str(error), error
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with Store(place) as store, store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        store.keep_transcript(said, content="ab" * 32, made_by=f"m{point}")
        assert store.missing_transcripts({"a": f"m{point}"}) == set()
print(failed)
"""


def test_a_disk_that_is_full_at_any_point_is_a_sentence_and_the_next_run_goes_on(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "callcoach.db")], capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) >= 50


def test_a_run_says_with_each_beat_how_far_it_is(store, reopened) -> None:
    lock = RunLock(store, clock=at(NOW))
    number = lock.take()
    assert (lock.holder().stage, lock.holder().share) == (None, None)
    lock.beat(number, Said("Judging", 42, "wren-07"))
    found = RunLock(reopened()).holder()
    assert (found.stage, found.share, found.latest) == ("Judging", 42, "wren-07")
    assert found.pid == os.getpid()
    lock.release(number)
    assert RunLock(store, clock=at(NOW)).take() == number + 1
    assert lock.holder().share is None, "the next run has not said anything yet"
