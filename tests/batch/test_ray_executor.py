"""On a Ray cluster, too, a bad call never takes the night along, whichever process dies and in whichever moment."""

import json
import os
import pickle
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from callcoach.app.nightly import nightly
from callcoach.app.progress import Silent
from callcoach.app.workspace import Listening, Workspace, _measurer_elsewhere, _on_this_machine
from callcoach.batch.executors import Outcome
from callcoach.batch.ray_cluster import QUIET, Cluster, Needs, unreachable
from callcoach.batch.ray_executor import RayWorkers
from callcoach.domain.call import Call
from callcoach.errors import BadAudio, ClusterUnusable, SomethingMissing, UsageError, WeightsMissing
from callcoach.settings import Settings
from callcoach.storage.contents import contents
from callcoach.storage.store import Store

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]


def gone(pid: int | str, *, within: float = 20.0) -> bool:
    """Whether the process ends in time."""
    give_up_at = time.monotonic() + within
    while Path(f"/proc/{pid}").exists() and time.monotonic() < give_up_at:
        time.sleep(0.05)
    return not Path(f"/proc/{pid}").exists()


@pytest.fixture(scope="module")
def head() -> Iterator[str]:
    """The address of a cluster of one machine with room for two workers; it ends with the tests, whatever happens to them."""
    # workers import this module by its name
    os.environ.update({**QUIET, "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])})
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'callcoach[ray]'")
    import ray
    from ray.cluster_utils import Cluster as Machines

    own = {"num_cpus": 2, "object_store_memory": 100_000_000, "include_dashboard": False}
    machines = Machines(initialize_head=True, head_node_args=own)
    yield machines.address
    ray.shutdown()
    machines.shutdown()


def make_worker() -> Callable[[str], str]:
    """A worker that does what the item says, as those of test_executors do; the file that an item names counts its tries."""

    def work(item: str) -> str:
        order, _, file = item.partition(" ")
        if file:
            with Path(file).open("a") as tries:
                tries.write(f"{os.getpid()}\n")
        if order == "refused":
            raise BadAudio("call.wav: is a text file. Give a recording.")
        if order == "dies" or (order == "dies-once" and len(Path(file).read_text().splitlines()) == 1):
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "pid":
            return str(os.getpid())
        if order == "hangs":
            time.sleep(60)
        if order == "grows":
            held = []
            for _ in range(40):
                held.append(bytearray(os.urandom(1)) * 20_000_000)
                time.sleep(0.02)
        return order.upper()

    return work


def workers(head: str, *, most: int = 2, **limits: float) -> RayWorkers:
    cluster = Cluster(head, cores=2, wait=60.0)
    return RayWorkers(cluster, Needs(), most=most, **{"time_limit": 60.0, **limits})


def by_item(outcomes: Iterator[Outcome[str, str]]) -> dict[str, Outcome[str, str]]:
    found = list(outcomes)
    assert len(found) == len({outcome.item for outcome in found}), "one outcome per item"
    return {outcome.item.partition(" ")[0]: outcome for outcome in found}


@pytest.mark.slow
def test_actors_survive_a_call_that_kills_hangs_or_fills_them(head: str, tmp_path: Path) -> None:
    tries = {order: tmp_path / order for order in ("dies", "dies-once", "hangs", "grows")}
    items = ["one", "refused", *(f"{order} {file}" for order, file in tries.items()), "two", "three", "four", "pid"]
    outcomes = by_item(workers(head, time_limit=5.0, memory_limit=200).outcomes(make_worker, items))
    assert {item for item, outcome in outcomes.items() if outcome.value} == {"one", "dies-once", "two", "three", "four", "pid"}
    assert outcomes["refused"].failure == "call.wav: is a text file. Give a recording."
    assert outcomes["dies"].failure == (
        f"The worker process died 2 times, last on {socket.gethostname()}, most likely out of memory. The call is tried again "
        "next run."
    )
    assert "Took longer than 5 s and was stopped" in (outcomes["hangs"].failure or "")
    assert "Took more than 200 MB of memory and was stopped" in (outcomes["grows"].failure or "")
    counted = {order: len(file.read_text().splitlines()) for order, file in tries.items()}
    assert counted == {"dies": 2, "dies-once": 2, "hangs": 1, "grows": 1}
    started = {pid for file in tries.values() for pid in file.read_text().split()}
    assert all(gone(pid) for pid in started)


@pytest.mark.slow
def test_models_are_made_once_an_actor_and_items_are_asked_for_as_they_are_needed(head: str) -> None:
    asked = 0

    def items() -> Iterator[str]:
        nonlocal asked
        for number in range(40):
            asked += 1
            yield f"pid-{number}"

    ahead = []
    for done, outcome in enumerate(workers(head).outcomes(make_counting_worker, items()), 1):
        assert outcome.failure is None
        ahead.append(asked - done)
    assert asked == 40 and max(ahead) <= 8


def make_counting_worker() -> Callable[[str], str]:
    """Fails if the same process makes a second one."""
    assert "made" not in globals(), "a worker was made twice in one process"
    globals()["made"] = True
    return lambda item: str(os.getpid())


@pytest.mark.slow
def test_nothing_to_do_reaches_no_cluster_and_what_cannot_be_sent_fails_alone(head: str) -> None:
    nowhere = RayWorkers(Cluster("127.0.0.1:1", cores=1, wait=0.0), Needs(), most=1, time_limit=5)
    assert list(nowhere.outcomes(make_worker, [])) == []
    lock = threading.Lock()
    outcomes = {type(outcome.item): outcome for outcome in workers(head).outcomes(make_any_worker, ["fine", lock])}
    assert outcomes[str].value == "fine"
    assert "cannot pickle" in (outcomes[type(lock)].failure or "")


def make_any_worker() -> Callable[[object], object]:
    """Gives back what it got."""
    return lambda item: item


@pytest.mark.slow
def test_a_cluster_that_cannot_do_the_work_ends_it_with_a_sentence(head: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClusterUnusable, match="no machine with room for a worker of 1 CPU, 2 GPU; there is 2 CPU and 0 GPU"):
        list(RayWorkers(Cluster(head, cores=2, wait=60), Needs(gpus=2), most=1, time_limit=5).outcomes(make_worker, ["one"]))
    with pytest.raises(ClusterUnusable, match=r"The worker on \S+ cannot begin\. The weights are not here\. Install them\."):
        list(workers(head, most=1).outcomes(make_no_worker, ["one"]))
    elsewhere = ModuleType("only_here")
    exec("def make(): pass", vars(elsewhere))
    monkeypatch.setitem(sys.modules, "only_here", elsewhere)
    with pytest.raises(ClusterUnusable, match=r"cannot start a worker \(ModuleNotFoundError: No module named 'only_here'\)"):
        list(workers(head, most=1).outcomes(elsewhere.make, ["one"]))
    monkeypatch.setattr("callcoach.__version__", "99.0")
    with pytest.raises(ClusterUnusable, match=r"callcoach is \S+ on \S+ and 99\.0 here\. Install the same on both"):
        list(workers(head, most=1).outcomes(make_worker, ["one"]))


def make_no_worker() -> Callable[[str], str]:
    """Cannot, and says why."""
    raise WeightsMissing("The weights are not here. Install them.")


DRIVER = """
import sys
from callcoach.batch.ray_cluster import Cluster, Needs
from callcoach.batch.ray_executor import RayWorkers
from test_ray_executor import make_worker

cluster = Cluster(None if sys.argv[1] == "own" else sys.argv[1], cores=1, wait=60)
workers = RayWorkers(cluster, Needs(), most=1, time_limit=60)
for outcome in workers.outcomes(make_worker, ["pid", "hangs"]):
    print(outcome.value, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("own", [False, True], ids=["of a cluster", "of a cluster of its own"])
def test_an_actor_whose_driver_is_killed_ends_even_in_a_call_that_hangs(head: str, own: bool, tmp_path: Path) -> None:
    (tmp_path / "driver.py").write_text(DRIVER)
    command = [sys.executable, str(tmp_path / "driver.py"), "own" if own else head]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(HERE)})
    assert driver.stdout is not None
    actor = driver.stdout.readline().strip()
    assert Path("/proc", actor).exists()
    driver.kill()
    driver.wait()
    assert gone(actor)


def night(home: Path, calls: Path, head: str, said: Path) -> subprocess.Popen[str]:
    """A night of one worker on the cluster, as a timer begins it."""
    command = ["nightly", str(calls), "--rubrics", str(ROOT / "rubrics"), "--home", str(home), "--today", "2026-11-16", "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "callcoach.cli.main", *command, "--executor", "ray", "--address", head],
        env={**os.environ, "CALLCOACH_WORKERS": "1", "OMP_NUM_THREADS": "1"},
        stdout=said.open("w"),
        stderr=said.with_suffix(".err").open("w"),
        text=True,
    )


def until_judged(more_than: int, database: Path, run: subprocess.Popen[str]) -> int:
    """Waits until more stories than these are judged, or the run has ended; how many are."""
    while run.poll() is None and judged(database) <= more_than:
        time.sleep(0.02)
    return judged(database)


def actors(doing: str = "") -> list[int]:
    """The processes on this machine that are actors of ours, and are at this method: Ray writes both into their titles."""
    titles = {int(file.parent.name): _title(file) for file in Path("/proc").glob("[0-9]*/cmdline")}
    return [pid for pid, title in titles.items() if title.startswith(f"ray::_Actor{doing}")]


def until_at_work(run: subprocess.Popen[str]) -> int:
    """Waits until an actor is at a call, or the run has ended; which process, 0 where none was."""
    while run.poll() is None:
        for pid in actors(".work"):
            return pid
        time.sleep(0.01)
    return 0


def _title(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:  # it has just ended
        return ""


def judged(database: Path) -> int:
    """How many stories are judged in a database that a run may be making now."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute("select count(*) from scores").fetchone()[0])
    return 0


@pytest.mark.slow
def test_a_night_whose_driver_and_actor_are_killed_ends_as_one_in_peace_on_this_machine(head: str, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.mkdir()
    for source in (ROOT / "sample_calls" / "reference").glob("wren-[01]*.transcript.json"):
        (calls / source.name).write_bytes(source.read_bytes())

    peace = Workspace(Settings(home=tmp_path / "peace", workers=1))
    nightly([calls], ROOT / "rubrics", peace, today=date(2026, 11, 16), now=datetime.now(UTC), progress=Silent())

    home, said = tmp_path / "home", tmp_path / "said"
    run = night(home, calls, head, said)
    before = until_judged(0, home / "callcoach.db", run)
    run.kill()
    assert run.wait() == -signal.SIGKILL, said.with_suffix(".err").read_text()
    assert 0 < before < judged(tmp_path / "peace" / "callcoach.db")
    assert all(gone(pid) for pid in actors()), "an actor ends with its driver"

    run = night(home, calls, head, said)
    killed = until_at_work(run)
    assert killed, f"no actor was seen at work: {said.with_suffix('.err').read_text()}"
    os.kill(killed, signal.SIGKILL)
    assert run.wait() == 0, said.with_suffix(".err").read_text()
    assert json.loads(said.read_text())["problems"] == [], "nothing but JSON goes to standard output"
    assert "Ray" not in said.with_suffix(".err").read_text()
    assert gone(killed) and not actors()
    with Store(home / "callcoach.db") as store:
        assert contents(store) == contents(peace.store)
    for name in ("brief.html", "brief.md"):
        assert (home / name).read_bytes() == (tmp_path / "peace" / name).read_bytes()


@pytest.mark.slow
def test_a_recording_that_the_other_machine_does_not_have_fails_alone_with_where_to_put_it(head: str, tmp_path: Path) -> None:
    workspace = Workspace(Settings(home=tmp_path, executor="ray", ray_address=head, workers=1))
    item = Listening(Call(call_id="wren-01", content="ab" * 32, audio_path="wren-01.ogg"), Path("nowhere/wren-01.ogg"))
    (outcome,) = workspace.listening_executor(1).outcomes(workspace.listener(1), [item])
    assert outcome.item == item and outcome.failure is not None
    assert outcome.failure.startswith(f"{Path.cwd() / item.audio}: this recording is not on {socket.gethostname()}. ")
    assert "shared folder" in outcome.failure


def test_what_travels_to_workers_holds_no_password_and_no_way_to_the_database() -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'callcoach[ray]'")
    secret = {"smtp_password": "very-secret", "webhook_secret": "very-secret", "opinion_key": "very-secret"}
    settings = Settings(executor="ray", ray_address="head:6379", database_url="postgresql://coach:very-secret@db/calls", **secret)
    workspace = Workspace(settings)
    for travels in (workspace.listener(2), workspace.measurer(2)):
        assert b"very-secret" not in pickle.dumps(travels)
    assert workspace.measuring_executor(2) is not workspace.listening_executor(2)


@pytest.mark.slow
def test_a_worker_with_other_models_is_refused_and_one_with_the_same_computes_with_the_cpus_it_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Settings, "cores", property(lambda _: 16))
    assert [_on_this_machine(Settings(ray_cpus=cpus)).threads_per_worker for cpus in (1, 4, 16, 0.5)] == [1, 4, 16, 1]
    with pytest.raises(SomethingMissing, match=r"others than on the machine that asks \([0-9a-f]+, not of-here\)"):
        _measurer_elsewhere(Settings(), "of-here")


def test_an_address_where_nobody_answers_is_given_up_in_time_and_a_wrong_one_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.monotonic()
    sentence = unreachable(f"127.0.0.1:{port}", wait=1.5)
    assert time.monotonic() - begun < 5
    assert sentence is not None and sentence.startswith(f"No Ray cluster answers at 127.0.0.1:{port} within 2 s (")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert unreachable(f"127.0.0.1:{listening.getsockname()[1]}", wait=1.5) is None
    assert unreachable("auto", wait=0) is None
    for wrong in ("head", "ray://head:10001", "http://head:8265", "head:0", "head:99999", ""):
        with pytest.raises(UsageError, match="is no address of a Ray cluster"):
            unreachable(wrong, wait=0)


def test_without_ray_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcoach.batch.ray_cluster.is_installed", lambda: False)
    with pytest.raises(SomethingMissing, match=r"pip install 'callcoach\[ray\]'"):
        Cluster(None, cores=1, wait=1)


@pytest.mark.slow
def test_what_is_no_head_of_a_cluster_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'callcoach[ray]'")
    monkeypatch.setattr("callcoach.batch.ray_cluster.HEAD_SECONDS", 4.0)
    import ray

    ray.shutdown()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(ClusterUnusable, match=f"What listens at {address} does not answer as the head of a Ray cluster"):
            Cluster(address, cores=1, wait=1.0).connected()
