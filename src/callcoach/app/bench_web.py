"""Measure how long pages take with a large company stored and people at work: a real server, a real database. Prints nothing."""

import math
import os
import secrets
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx
import msgspec
import numpy as np

from callcoach.app.bench_coaching import SEED, needed_evaluation
from callcoach.app.judge_error import compared_calls
from callcoach.app.kept_reports import keep_for_screens
from callcoach.app.morning import the_report
from callcoach.app.progress import Progress
from callcoach.app.sign_in import secret_hash
from callcoach.app.workspace import Workspace
from callcoach.bench.company.calls import Size
from callcoach.bench.company.judge import Hearing
from callcoach.bench.company.stored import stored, words_of
from callcoach.bench.company.surroundings import Plant
from callcoach.bench.company.world import Seen, invent
from callcoach.bench.web_load import Opened, Visitor, quantile, visit
from callcoach.domain.accounts import Account, Session
from callcoach.domain.call import Call
from callcoach.domain.people import Company, Person, PersonRole, Team
from callcoach.domain.signals import Signals
from callcoach.domain.verdict import CallScore
from callcoach.errors import StorageError
from callcoach.settings import Settings
from callcoach.storage.accounts import Accounts
from callcoach.storage.given import GivenToRuns
from callcoach.storage.judgements import Judgements, ToJudge
from callcoach.storage.runs import Runs

KINDS = ("queue", "call", "rep", "initiative")
TEAMS, REPS = 25, 12
THINK = (0.5, 1.5)
"""Seconds between two pages of one person: faster than anybody reads."""
OPENED_CALLS = 1000
"""So many calls have ten minutes of words with their times, and are those that people open; the rest have a few turns."""
COOKIE = "callcoach"
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPlan:
    """How much: calls stored, people at work, seconds that they work."""

    calls: int = 100_000
    users: int = 20
    seconds: float = 30.0


QUICK = WebPlan(calls=3_000, users=5, seconds=4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebBench:
    """The first five are the contract. requests: pages opened, by kind; slowest: the address of each kind's slowest page.

    think_s: seconds between two pages of one person; memory_mb: of the server at the end; cpu_ms_per_page: of a processor, which
    other programs do not stretch; load: what wanted a processor in the minute before; filled_s: how long storing took.
    """

    calls: int
    users: int
    p50_ms: Mapping[str, float | None]
    p95_ms: Mapping[str, float | None]
    errors: int
    requests: Mapping[str, int]
    p99_ms: Mapping[str, float | None]
    slowest: Mapping[str, str]
    seconds: float
    think_s: tuple[float, float]
    cores: int
    memory_mb: float | None
    cpu_ms_per_page: float | None
    load: float | None
    filled_s: float


def bench_web(settings: Settings, plan: WebPlan, progress: Progress) -> WebBench:
    """Fill a database, serve it, let people work, and say how long pages took."""
    with TemporaryDirectory(prefix="callcoach-bench-web-") as scratch:
        home = Path(scratch) / "home"
        workspace = Workspace(settings.model_copy(update={"home": home, "database_url": None}))
        started = time.perf_counter()
        people, pairs = _fill(workspace, plan, progress)
        visitors = _visitors(workspace, plan, people, pairs)
        workspace.store.close()
        filled = time.perf_counter() - started
        with _served(home) as (address, process):
            progress.stage("Opening pages", 2)
            visit(address, visitors, seconds=min(3.0, plan.seconds), think=THINK, seed=SEED)
            progress.advance(1, "warm")
            worked, load = _processor_s(process.pid), _load()
            opened = visit(address, visitors, seconds=plan.seconds, think=THINK, seed=SEED + 1000)
            spent = None if worked is None else (_processor_s(process.pid) or worked) - worked
            progress.advance(1, "measured")
            memory = _memory_mb(process.pid)
    return _figures(plan, opened, len(pairs), _Server(memory, spent, load), filled)


def bench_json(bench: WebBench) -> bytes:
    """The contract JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(bench), indent=2) + b"\n"


def bench_lines(bench: WebBench) -> Iterator[str]:
    """What was measured, for a terminal."""
    yield f"{bench.calls:,} calls stored, {bench.users} people at work for {bench.seconds:.0f} s on {bench.cores} cores."
    for kind in KINDS:
        yield (
            f"{kind:<11} {bench.requests[kind]:>5} pages   half within {_ms(bench.p50_ms[kind])}   "
            f"95 of 100 within {_ms(bench.p95_ms[kind])}   slowest {bench.slowest[kind]}"
        )
    memory = "n/a" if bench.memory_mb is None else f"{bench.memory_mb:.0f} MB"
    yield f"Errors: {bench.errors}. The server took {memory} and {_ms(bench.cpu_ms_per_page)} of a processor for each page."
    if bench.load is not None and bench.load > bench.cores / 2:
        yield f"The machine was busy with other work (load {bench.load:.1f}): on a quiet one pages come sooner."


def _ms(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.0f} ms"


def _fill(workspace: Workspace, plan: WebPlan, progress: Progress) -> tuple[Company, list[tuple[Call, CallScore]]]:
    compared, asks_first = compared_calls(needed_evaluation(workspace))
    assert asks_first is not None, "the evaluation that ships says it"
    per_rep = max(2, math.ceil(plan.calls / (TEAMS * REPS * 1.5)))
    size = Size(teams=(TEAMS, TEAMS), reps=(REPS, REPS), calls=(per_rep, per_rep))
    seen, _ = invent(Plant.REPS_DIFFER, Hearing(compared, asks_first), np.random.default_rng(SEED), size)
    people = _people(seen)
    versions = {each.id: f"{each.id} {each.version}" for each in seen.initiatives}
    pairs = [
        (call, replace(score, versions={**score.versions, "rubric": versions[score.initiative_id]}))
        for call, score in stored(seen)
    ]
    progress.stage("Storing", len(pairs))
    store = workspace.store
    store.add_calls(call for call, _ in pairs)
    for initiative in seen.initiatives:
        store.keep_initiative(initiative)
    GivenToRuns(store).keep(people, {})
    judgements = Judgements(store)
    step = max(1, len(pairs) // OPENED_CALLS)
    for first in range(0, len(pairs), _AT_ONCE):
        some = pairs[first : first + _AT_ONCE]
        keys = [ToJudge(call.call_id, score.initiative_id, "heard", "measured", "judged") for call, score in some]
        heard = [
            (
                key,
                words_of(score, minutes=10 if (first + place) % step == 0 else 1),
                Signals(call_id=key.call_id, initiative_id=key.initiative_id, turns=(), made_by={}),
            )
            for place, (key, (_, score)) in enumerate(zip(keys, some, strict=True))
        ]
        judgements.keep_measured(heard, content="bench")
        judgements.keep(list(zip(keys, (score for _, score in some), strict=True)), stage="judge")
        progress.advance(len(some), some[-1][0].call_id)
    store.point_at({call.call_id: "heard" for call, _ in pairs})
    progress.stage("Rolling up", 1)
    runs, now = Runs(store), datetime.now(UTC)
    run_id = runs.begin(now, versions=workspace.versions, initiatives=[(each.id, each.version) for each in seen.initiatives])
    runs.end(run_id, now, counts={"recognised": len(pairs), "judged": len(pairs)})
    made = the_report(workspace, seen.initiatives, people, today=seen.today)
    keep_for_screens(workspace, run_id, made, seen.initiatives, people, at=now)
    progress.advance(1, "kept")
    return people, pairs


def _people(seen: Seen) -> Company:
    teams = seen.columns.teams
    return Company(
        name="Bench",
        teams=tuple(Team(id=team, name=team, manager=f"manager-{team}") for team in teams),
        people=tuple(
            Person(id=rep_id, name=rep_id, role=PersonRole.REP, team=teams[seen.columns.team_of_rep[number]])
            for number, rep_id in enumerate(seen.columns.reps)
        )
        + tuple(Person(id=f"manager-{team}", name=f"Manager of {team}", role=PersonRole.MANAGER) for team in teams),
    )


def _visitors(
    workspace: Workspace, plan: WebPlan, people: Company, pairs: Sequence[tuple[Call, CallScore]]
) -> tuple[Visitor, ...]:
    """Managers of different teams, and every fourth somebody of enablement, who sees everybody."""
    accounts, now = Accounts(workspace.store), datetime.now(UTC)
    step = max(1, len(pairs) // OPENED_CALLS)
    whole: defaultdict[str, list[str]] = defaultdict(list)
    for call, score in pairs[::step]:
        address = f"/calls/{call.call_id}?initiative={score.initiative_id}"
        whole[call.team or ""].append(address)
        whole["*"].append(address)
    queues = ["/queue", "/queue?page=2", "/queue?why=flagged", "/queue?state=any&page=5", "/queue?order=least_sure"]
    initiatives = sorted({f"/initiatives/{score.initiative_id}" for _, score in pairs})
    found = []
    for number in range(plan.users):
        team = people.teams[number % len(people.teams)]
        everybody = number % 4 == 3
        account = Account(
            account_id=f"user-{number}",
            email=f"user-{number}@bench.example",
            role=PersonRole.ENABLEMENT if everybody else PersonRole.MANAGER,
            made_at=now,
            person_id=None if everybody else team.manager,
        )
        accounts.add(account, "no password fits this")
        secret = secrets.token_urlsafe(32)
        session = Session(session_id=secrets.token_hex(8), account_id=account.account_id, begun_at=now, seen_at=now)
        accounts.begin_session(session, secret_hash(secret))
        reps = [each.id for each in people.people if each.role is PersonRole.REP and (everybody or each.team == team.id)]
        pages = {
            "queue": queues,
            "call": whole["*" if everybody else team.id],
            "rep": [f"/reps/{rep_id}" for rep_id in reps],
            "initiative": initiatives,
        }
        found.append(Visitor({COOKIE: secret}, {kind: paths for kind, paths in pages.items() if paths}))
    return tuple(found)


@contextmanager
def _served(home: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "callcoach.cli.main", "serve", "--workspace", str(home), "--port", str(port)]
    log = home / "server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                httpx.get(f"{address}/sign-in", timeout=5)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        else:
            raise StorageError(f"The server did not begin to answer. It said: {log.read_text(errors='replace')[-500:]}")
        yield address, process
    finally:
        process.terminate()
        process.wait(30)


class _Server(NamedTuple):
    """What the server took: memory in MB, seconds of a processor; and how busy the machine was before."""

    memory: float | None
    processor: float | None
    load: float | None


def _figures(plan: WebPlan, opened: Sequence[Opened], calls: int, server: _Server, filled: float) -> WebBench:
    good = [each for each in opened if each.status == 200]

    def slowest(kind: str) -> str:
        return max((each for each in good if each.kind == kind), key=lambda each: each.seconds, default=Opened("", "", 0, 0)).path

    return WebBench(
        calls=calls,
        users=plan.users,
        p50_ms={kind: quantile(good, kind, 0.5) for kind in KINDS},
        p95_ms={kind: quantile(good, kind, 0.95) for kind in KINDS},
        errors=len(opened) - len(good),
        requests={kind: sum(each.kind == kind for each in good) for kind in KINDS},
        p99_ms={kind: quantile(good, kind, 0.99) for kind in KINDS},
        slowest={kind: slowest(kind) for kind in KINDS},
        seconds=plan.seconds,
        think_s=THINK,
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_mb=server.memory,
        cpu_ms_per_page=None if server.processor is None or not opened else round(1000 * server.processor / len(opened), 1),
        load=server.load,
        filled_s=round(filled, 1),
    )


def _processor_s(pid: int) -> float | None:
    """Seconds of a processor that a process has taken so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return None


def _load() -> float | None:
    """How many programs wanted a processor in the last minute, on average."""
    try:
        return round(os.getloadavg()[0], 2)
    except OSError:
        return None


def _memory_mb(pid: int) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmRSS:")), None)
