"""Kill nightly runs at random moments, or once at each commit, until one gets to the end; then compare with a run in peace.

The calls are made from labelled text, so that judging is all there is to do. Models are loaded and texts encoded once, by a
process that every run is a fork of (threads of libraries idle in it): what is killed is a whole process, and no run waits for
models.
"""

import gc
import os
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from callcoach.app.bench_crash import CrashPlan
from callcoach.app.crash_watch import Watch
from callcoach.app.invented_company import write_company
from callcoach.app.nightly import nightly
from callcoach.app.progress import Silent
from callcoach.app.workspace import MeasuredCall, Measuring, Workspace
from callcoach.batch.executors import Executor, InProcess
from callcoach.bench.crash import Contents, CrashBench, Moment, Phase, difference, moments
from callcoach.bench.night import load_per_core
from callcoach.language.measure import Measurer
from callcoach.settings import Settings
from callcoach.storage.contents import amount, contents, make_empty
from callcoach.storage.store import Store
from callcoach.training.corpus import LabelledCall, read_corpus

INITIATIVES = 2
LOOK_SECONDS = 0.001
CLOSE_LOOK_SECONDS = 0.0002
CLOSE = 3
"""Commits before a wanted one from which on a run is looked at closely."""
REPEATS = 20

Advance = Callable[[float, str], None]


class _Warm(Workspace):
    """A workspace whose models are loaded and that does everything in its own process."""

    def __init__(self, settings: Settings, loaded: "_Warm | None" = None) -> None:
        super().__init__(settings)
        self._loaded = loaded
        if loaded is not None:
            self.makers, self.judge = loaded.makers, loaded.judge

    @cached_property
    def language(self) -> Measurer:
        """The models of the process that this one is a fork of."""
        return super().language if self._loaded is None else self._loaded.language

    def executor(self, n_items: int, *, preload: Sequence[str] = ()) -> Executor:  # noqa: ARG002 - the workspace's signature
        """This process."""
        return InProcess()

    def measurer(self, n_items: int) -> Callable[[], Callable[[Measuring], MeasuredCall]]:  # noqa: ARG002
        """Loads nothing."""

        def measure(item: Measuring) -> MeasuredCall:
            return MeasuredCall(*self.language.measure_all(item.transcript, item.initiatives, item.reading))

        return lambda: measure


class _Peace(NamedTuple):
    """What a night that nobody kills leaves, and what it took: seconds by phase."""

    contents: Contents
    brief: tuple[bytes, bytes] | None
    commits: int
    rows: int
    seconds: Mapping[Phase, float]


class Victims:
    """Runs to be killed, forked from this process. One bench after the other; a night in peace is done once for so many calls."""

    def __init__(self, settings: Settings, corpus: Path, *, texts: int) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="callcoach-crash-")
        self._room = Path(self._scratch.name)
        nobody = {"smtp_host": None, "webhook_url": None, "opinion_url": None}
        self._settings = settings.model_copy(update={"workers": 1, "executor": "local", **nobody})
        self._chosen = read_corpus(corpus).initiatives[:INITIATIVES]
        calls = [call for each in self._chosen for call in each.calls if call.base_id is None]
        self._texts: list[LabelledCall] = calls[:texts]
        self._today = max(each.initiative.launched for each in self._chosen) + timedelta(days=30)
        self._watch = Watch()
        self._numbers = count()
        self._peaces: dict[int, _Peace] = {}
        self._warm = _Warm(self._with("warm", None))
        self._load()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._scratch.cleanup()

    def bench(self, plan: CrashPlan, advance: Advance) -> CrashBench:
        """The figures of one plan, whose database is empty."""
        load, begun, spent = load_per_core(), time.monotonic(), _processor_seconds()
        name = f"killed-{next(self._numbers)}"
        killed = self._with(name, plan.database or f"sqlite:///{self._room / name}.db")
        with Store(killed.database) as store:
            kind = store.engine.dialect.name
        advance(0.1, "models are loaded")
        peace = self._in_peace(plan.calls)
        advance(0.1, f"undisturbed: {peace.commits} commits, {peace.rows} rows")
        found = CrashBench(
            calls=plan.calls, texts=min(len(self._texts), plan.calls), database=kind, kills=0, lives=0, kills_in_work=0,
            kills_by_phase={}, kills_in_commit=0, rows=0, lost=0, duplicated=0, identical_end_state=True, differing=(),
            seed=plan.seed, seconds=0.0, cpu_seconds=0.0, cores=os.cpu_count() or 1, load=load,
        )  # fmt: skip
        disturbed = self._with_stops if plan.stops else self._at_every_commit if plan.every_commit else self._at_random
        for ended in disturbed(killed, plan, peace, advance):
            with Store(killed.database) as store:
                compared = difference(peace.contents, contents(store))
            same_brief = _brief(killed) == peace.brief
            found = replace(
                found,
                kills=found.kills + ended.kills,
                lives=found.lives + ended.lives,
                kills_in_work=found.kills_in_work + ended.in_work,
                kills_by_phase={phase: found.kills_by_phase.get(phase, 0) + ended.by_phase[phase] for phase in Phase},
                kills_in_commit=found.kills_in_commit + ended.in_commit,
                rows=compared.rows,
                lost=found.lost + compared.lost,
                duplicated=found.duplicated + compared.duplicated,
                identical_end_state=found.identical_end_state and not compared.differing and same_brief,
                differing=tuple(dict.fromkeys((*found.differing, *compared.differing, *(() if same_brief else ("brief",))))),
            )
        return replace(
            found,
            seconds=round(time.monotonic() - begun, 1),
            cpu_seconds=round(_processor_seconds() - spent, 1),
            commit_boundaries=peace.commits if plan.every_commit else None,
            stops=plan.stops.n if plan.stops else 0,
            stop_seconds=plan.stops.seconds if plan.stops else 0.0,
        )

    def _in_peace(self, calls: int) -> _Peace:
        if calls not in self._peaces:
            name = f"peace-{calls}"
            settings = self._with(name, f"sqlite:///{self._room / name}.db")
            self._live(settings, calls)
            with Store(settings.database) as store:
                found = contents(store)
            rows = sum(len(each) for each in found.values())
            self._peaces[calls] = _Peace(found, _brief(settings), self._watch.commits, rows, self._watch.seconds())
        return self._peaces[calls]

    def _at_random(self, killed: Settings, plan: CrashPlan, peace: _Peace, advance: Advance) -> Iterator["_Ended"]:
        """Kill at random until all kills are used; then let a run end. One end state."""
        by_phase: Counter[Phase] = Counter()
        in_work = in_commit = stored = 0
        for kills, moment in enumerate(moments(plan.kills, plan.seed), start=1):
            before, lived = stored, self._begin(killed, plan.calls)
            self._wait_for(lived, moment, peace, stored)
            for tries in range(REPEATS):
                if self._killed(lived):
                    break
                # faster than thought: the next one is killed earlier
                lived = self._begin(killed, plan.calls)
                self._wait_for(lived, moment._replace(share=0.0, further=moment.further / 2 ** (tries + 1)), peace, stored)
            else:
                raise RuntimeError(f"{REPEATS} runs in a row ended before they could be killed.")
            by_phase[self._watch.phase] += 1
            in_commit += self._watch.in_commit
            stored = self._stored(killed)
            in_work += stored > before
            advance(0.8 / plan.kills, f"killed {kills} times, {max(0, peace.rows - stored)} rows are to do")
        self._live(killed, plan.calls)
        yield _Ended(plan.kills, plan.kills + 1, in_work, by_phase, in_commit)

    def _wait_for(self, lived: int, moment: Moment, peace: _Peace, stored: int) -> None:
        """Until the moment has come, or the run has ended."""
        if moment.phase is not Phase.JUDGING:
            while self._watch.phase is not moment.phase and not self._ended(lived):
                time.sleep(LOOK_SECONDS)
            time.sleep(moment.further * peace.seconds[moment.phase])
            return
        wanted = round(moment.share * max(0, peace.rows - stored) * peace.commits / max(1, peace.rows))
        while (commits := self._watch.commits) < wanted and not self._ended(lived):
            time.sleep(LOOK_SECONDS if commits < wanted - CLOSE else CLOSE_LOOK_SECONDS)
        time.sleep(moment.further * (self._watch.seconds_a_commit if moment.in_commit else self._watch.seconds_between_commits))

    def _at_every_commit(self, killed: Settings, plan: CrashPlan, peace: _Peace, advance: Advance) -> Iterator["_Ended"]:
        """For each commit a run that ends right before it and one that goes on from there: an end state each."""
        for number in range(1, peace.commits + 1, plan.step):
            with Store(killed.database) as store:
                make_empty(store)
            (killed.home / "brief.html").unlink(missing_ok=True)
            lived = self._begin(killed, plan.calls, until=number)
            _, status = os.waitpid(lived, 0)
            phase, in_work = self._watch.phase, self._stored(killed) > 0
            if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
                raise RuntimeError(f"The run did not come to commit {number} of {peace.commits}. {self._trouble()}")
            self._live(killed, plan.calls)
            advance(0.8 * plan.step / peace.commits, f"ended before commit {number} of {peace.commits}")
            yield _Ended(1, 2, int(in_work), Counter([phase]), 1)

    def _with_stops(self, killed: Settings, plan: CrashPlan, peace: _Peace, advance: Advance) -> Iterator["_Ended"]:
        """One run that nobody kills, whose server is stopped again and again while it works. One end state."""
        assert plan.stops is not None
        stops, lives, before = plan.stops, 1, 0
        lived = self._begin(killed, plan.calls, patiently=True)
        for number, moment in enumerate(moments(stops.n, plan.seed), start=1):
            wanted = before + round(moment.share * (peace.commits - before)) or 1
            while self._watch.commits < wanted and not self._ended(lived):
                time.sleep(LOOK_SECONDS)
            before = self._watch.commits
            time.sleep(moment.further * self._watch.seconds_between_commits)
            subprocess.run(shlex.split(stops.stop), check=True, stdout=subprocess.DEVNULL)
            time.sleep(stops.seconds)
            subprocess.run(shlex.split(stops.start), check=True, stdout=subprocess.DEVNULL)
            advance(0.8 / stops.n, f"stopped {number} times, after {before} commits")
        _, status = os.waitpid(lived, 0)
        while (code := os.waitstatus_to_exitcode(status)) != 0:
            if lives > REPEATS:
                raise RuntimeError(f"{lives} runs in a row failed (code {code}). {self._trouble()}")
            lives += 1
            _, status = os.waitpid(self._begin(killed, plan.calls, patiently=True), 0)
        yield _Ended(0, lives, 0, Counter(), 0)

    def _load(self) -> None:
        """Load every model, read every text and import every module once: a short night in this process."""
        _ = self._warm.makers, self._warm.judge
        stories = tuple(each.initiative for each in self._chosen)
        self._warm.language.reader.foresee([call.transcript for call in self._texts])
        for call in self._texts:
            self._warm.language.measure_all(call.transcript, stories)
        rehearsal = _Warm(self._with("rehearsal", f"sqlite:///{self._room / 'rehearsal.db'}"), loaded=self._warm)
        self._night(self._folder(1), rehearsal, lambda _: None)
        rehearsal.store.close()
        # what lives now lives on in every fork: left alone by the collector, its pages stay shared
        gc.collect()
        gc.freeze()

    def _live(self, settings: Settings, calls: int) -> None:
        """A run that nobody kills."""
        lived = self._begin(settings, calls)
        _, status = os.waitpid(lived, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            raise RuntimeError(f"A run that nobody killed failed. {self._trouble()}")

    def _begin(self, settings: Settings, calls: int, *, until: int | None = None, patiently: bool = False) -> int:
        """A run as a process of its own, which ends itself before the commit `until`; its number.

        patiently: it waits as a night does before it goes on from a trouble.
        """
        folder = self._folder(calls)
        self._watch.reset()
        sys.stdout.flush()
        sys.stderr.flush()
        lived = os.fork()
        if lived:
            return lived
        code = 70
        try:
            workspace = _Warm(settings, loaded=self._warm)
            self._watch.follow(workspace.store, until)
            self._night(folder, workspace, time.sleep if patiently else lambda _: None)
            self._watch.end()
            code = 0
        except BaseException:
            (self._room / "trouble").write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            os._exit(code)

    def _night(self, folder: Path, workspace: Workspace, sleep: Callable[[float], None]) -> None:
        nightly(
            [folder / "calls"],
            folder / "rubrics",
            workspace,
            today=self._today,
            now=datetime.combine(self._today, datetime.min.time(), tzinfo=UTC),
            progress=Silent(),
            sleep=sleep,
        )

    def _stored(self, settings: Settings) -> int:
        with Store(settings.database) as store:
            return amount(store)

    def _killed(self, lived: int) -> bool:
        """Kill the run; False where it had ended by itself. Raises where that was a failure."""
        if not self._ended(lived):
            os.kill(lived, signal.SIGKILL)
        _, status = os.waitpid(lived, 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, -signal.SIGKILL):
            raise RuntimeError(f"A run failed before it was killed. {self._trouble()}")
        return code == -signal.SIGKILL

    def _ended(self, lived: int) -> bool:
        """Whether the run has ended; it is left to be waited for."""
        return os.waitid(os.P_PID, lived, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _trouble(self) -> str:
        try:
            return (self._room / "trouble").read_text(encoding="utf-8")
        except OSError:
            return "It left no word."

    def _with(self, name: str, database: str | None) -> Settings:
        home = self._room / name
        home.mkdir(parents=True, exist_ok=True)
        return self._settings.model_copy(update={"home": home, "database_url": database})

    def _folder(self, n: int) -> Path:
        """A folder of `n` transcripts with a manifest, and a folder with the initiatives, as a company would have them."""
        folder = self._room / f"{n} calls"
        if not folder.is_dir():
            write_company(folder, n, self._chosen, self._texts)
        return folder


class _Ended(NamedTuple):
    """Kills that led to an end state: how many, of how many runs, by phase; in_commit: between asking for one and its answer."""

    kills: int
    lives: int
    in_work: int
    by_phase: Mapping[Phase, int]
    in_commit: int


def _brief(settings: Settings) -> tuple[bytes, bytes] | None:
    """Both briefs; None where one is missing."""
    files = [settings.home / "brief.html", settings.home / "brief.md"]
    return (files[0].read_bytes(), files[1].read_bytes()) if all(file.is_file() for file in files) else None


def _processor_seconds() -> float:
    """Of this process and of those that it has waited for, killed ones included."""
    whole = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in whole)
