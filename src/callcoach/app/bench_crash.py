"""Kill nightly runs at random moments, or once at each commit, until one gets to the end; then compare with a run in peace.

The calls are made from labelled text, so that judging is all there is to do. Models are loaded once, by a process without threads
that every run is a fork of: what is killed is a whole process, and no run waits for models.
"""

import mmap
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from callcoach.app.nightly import nightly
from callcoach.app.progress import Progress, Silent
from callcoach.app.workspace import MeasuredCall, Measuring, Workspace
from callcoach.batch.executors import Executor, InProcess
from callcoach.bench.crash import CrashBench, difference, moments
from callcoach.errors import CallcoachError, StorageError
from callcoach.language.measure import Measurer
from callcoach.settings import Settings
from callcoach.storage.contents import amount, at_each_commit, contents, make_empty
from callcoach.storage.store import Store
from callcoach.training.corpus import LabelledCall, read_corpus

INITIATIVES = 2
TEXTS = 60
"""Calls of different words; more calls than these say the same under other ids."""
REPS = 5
LOOK_SECONDS = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashPlan:
    """What is killed how often. database: a URL of an empty database, None for a scratch SQLite file.

    every_commit: instead of random kills, one run per commit that ends right before it, each in a database made empty again.
    """

    corpus: Path
    calls: int
    kills: int
    database: str | None = None
    every_commit: bool = False
    seed: int = 20_261_122


def bench_crash(settings: Settings, plan: CrashPlan, progress: Progress) -> CrashBench:
    """The figures. Raises StorageError where the database holds anything, and whatever a run that is not killed raises."""
    if not hasattr(os, "fork"):
        raise CallcoachError("This bench forks processes, which this system cannot. Run it on Linux.")
    spawning = multiprocessing.get_context("spawn")
    receiver, sender = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_in_a_process_without_threads, args=(settings, plan, sender))
    process.start()
    sender.close()
    progress.stage("Crashing", 1.0)
    try:
        while True:
            said: tuple[str, object] = receiver.recv()
            match said:
                case ("advance", (float(share), str(sentence))):
                    progress.advance(share, sentence)
                case ("done", CrashBench() as found):
                    return found
                case ("failed", CallcoachError() as error):
                    raise error
                case (_, sentence):
                    raise RuntimeError(f"The bench broke off. {sentence}")
    except EOFError:
        raise RuntimeError(f"The bench's process ended with code {process.exitcode}.") from None
    finally:
        process.join()


def bench_json(bench: CrashBench) -> bytes:
    """Every figure."""
    return msgspec.json.format(msgspec.json.encode(bench, order="deterministic"))


def _in_a_process_without_threads(settings: Settings, plan: CrashPlan, said: Connection) -> None:
    # read by the libraries of models when they are imported, which nobody has done in this process yet
    os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"})
    try:
        with tempfile.TemporaryDirectory(prefix="callcoach-crash-") as scratch:
            found = _Crashes(settings, plan, Path(scratch), lambda share, text: said.send(("advance", (share, text)))).measure()
        said.send(("done", found))
    except CallcoachError as error:
        said.send(("failed", error))
    except BaseException:
        said.send(("broken", traceback.format_exc()))


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

    def executor(self, n_items: int) -> Executor:  # noqa: ARG002 - the workspace's signature
        """This process."""
        return InProcess()

    def measurer(self, n_items: int) -> Callable[[], Callable[[Measuring], MeasuredCall]]:  # noqa: ARG002
        """Loads nothing."""

        def measure(item: Measuring) -> MeasuredCall:
            return MeasuredCall(*self.language.measure_all(item.transcript, item.initiatives, item.reading))

        return lambda: measure


class _Crashes:
    """One bench, in its own process."""

    def __init__(self, settings: Settings, plan: CrashPlan, scratch: Path, advance: Callable[[float, str], None]) -> None:
        self._plan, self._scratch, self._advance = plan, scratch, advance
        self._settings = settings.model_copy(
            update={"workers": 1, "smtp_host": None, "webhook_url": None, "opinion_url": None, "judge": settings.judge}
        )
        self._chosen = read_corpus(plan.corpus).initiatives[:INITIATIVES]
        self._today = max(each.initiative.launched for each in self._chosen) + timedelta(days=30)
        self._warm = _Warm(self._with(scratch / "warm", None))
        # written by the runs and read by the one who kills them
        self._shared = mmap.mmap(-1, 8)

    def measure(self) -> CrashBench:
        begun = time.monotonic()
        place = self._plan.database or f"sqlite:///{self._scratch / 'killed.db'}"
        with Store(place) as store:
            if amount(store):
                raise StorageError(f"{self._plan.database}: it holds something already. Give this bench an empty database.")
            kind = store.engine.dialect.name
        self._write_calls(self._scratch, self._plan.calls)
        self._load()
        self._advance(0.1, "models are loaded")
        peace = self._with(self._scratch / "peace", f"sqlite:///{self._scratch / 'peace.db'}")
        self._live(peace)
        commits = self._committed
        with Store(peace.database) as store:
            expected, brief = contents(store), _brief(peace)
        rows = sum(len(each) for each in expected.values())
        self._advance(0.1, f"undisturbed: {commits} commits, {rows} rows")
        killed = self._with(self._scratch / "killed", place)
        found = CrashBench(
            calls=self._plan.calls, database=kind, kills=0, lives=0, kills_in_work=0, rows=0, lost=0, duplicated=0,
            identical_end_state=True, differing=(), seed=self._plan.seed, seconds=0.0,
        )  # fmt: skip
        ends = self._at_every_commit(killed, commits) if self._plan.every_commit else self._at_random(killed, rows, commits)
        for kills, lives, in_work in ends:
            with Store(killed.database) as store:
                compared = difference(expected, contents(store))
            same_brief = _brief(killed) == brief
            found = replace(
                found,
                kills=found.kills + kills,
                lives=found.lives + lives,
                kills_in_work=found.kills_in_work + in_work,
                rows=compared.rows,
                lost=found.lost + compared.lost,
                duplicated=found.duplicated + compared.duplicated,
                identical_end_state=found.identical_end_state and not compared.differing and same_brief,
                differing=tuple(dict.fromkeys((*found.differing, *compared.differing, *(() if same_brief else ("brief",))))),
            )
        boundaries = commits if self._plan.every_commit else None
        return replace(found, seconds=round(time.monotonic() - begun, 1), commit_boundaries=boundaries)

    def _at_random(self, killed: Settings, whole: int, commits: int) -> Iterator[tuple[int, int, int]]:
        """Kill at random until all kills are used; then let a run end. One end state.

        whole: rows that there are at the end; commits: how many it took to write them in peace.
        """
        kills = in_work = 0
        pace = 0.01
        for share, further in moments(self._plan.kills, self._plan.seed):
            left = max(0, whole - self._stored(killed))
            begun, lived = time.monotonic(), self._begin(killed)
            wanted = round(share * left * commits / max(1, whole))
            while self._committed < wanted and not self._ended(lived):
                time.sleep(LOOK_SECONDS)
            time.sleep(further * pace)
            if not self._killed(lived):
                # faster than thought: the kill comes early in a run that finds nothing to do
                while not self._killed(self._begin(killed)):
                    pass
            kills += 1
            in_work += self._stored(killed) > whole - left
            pace = (time.monotonic() - begun) / max(1, self._committed)
            self._advance(0.8 / self._plan.kills, f"killed {kills} times, {left} rows were to do")
        self._live(killed)
        yield kills, kills + 1, in_work

    def _at_every_commit(self, killed: Settings, commits: int) -> Iterator[tuple[int, int, int]]:
        """For each commit a run that ends right before it and one that goes on from there: an end state each."""
        for number in range(1, commits + 1):
            with Store(killed.database) as store:
                make_empty(store)
            (killed.home / "brief.html").unlink(missing_ok=True)
            lived = self._begin(killed, until=number)
            _, status = os.waitpid(lived, 0)
            in_work = self._stored(killed) > 0
            if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
                raise RuntimeError(f"The run did not come to commit {number} of {commits}. {self._trouble()}")
            self._live(killed)
            self._advance(0.8 / commits, f"ended before commit {number} of {commits}")
            yield 1, 2, int(in_work)

    def _load(self) -> None:
        """Load every model, read every text and import every module once: a short night in this process."""
        _ = self._warm.makers, self._warm.judge
        stories = tuple(each.initiative for each in self._chosen)
        for call in self._texts():
            self._warm.language.measure_all(call.transcript, stories)
        folder = self._scratch / "rehearsal"
        folder.mkdir()
        self._write_calls(folder, 1)
        rehearsal = _Warm(self._with(folder, f"sqlite:///{folder / 'callcoach.db'}"), loaded=self._warm)
        self._night(folder, rehearsal)
        rehearsal.store.close()

    def _live(self, settings: Settings) -> None:
        """A run that nobody kills."""
        lived = self._begin(settings)
        _, status = os.waitpid(lived, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            raise RuntimeError(f"A run that nobody killed failed. {self._trouble()}")

    def _begin(self, settings: Settings, *, until: int | None = None) -> int:
        """A run as a process of its own, which ends itself before the commit `until`; its number."""
        self._count(0)
        sys.stdout.flush()
        sys.stderr.flush()
        lived = os.fork()
        if lived:
            return lived
        code = 70
        try:
            workspace = _Warm(settings, loaded=self._warm)
            at_each_commit(workspace.store, lambda: self._at_commit(until))
            self._night(self._scratch, workspace)
            code = 0
        except BaseException:
            (self._scratch / "trouble").write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            os._exit(code)

    def _night(self, folder: Path, workspace: Workspace) -> None:
        nightly(
            [folder / "calls"],
            folder / "rubrics",
            workspace,
            today=self._today,
            now=datetime.combine(self._today, datetime.min.time(), tzinfo=UTC),
            progress=Silent(),
            sleep=lambda _: None,
        )

    def _at_commit(self, until: int | None) -> None:
        number = self._committed + 1
        if number == until:
            os.kill(os.getpid(), signal.SIGKILL)
        self._count(number)

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
            return (self._scratch / "trouble").read_text(encoding="utf-8")
        except OSError:
            return "It left no word."

    @property
    def _committed(self) -> int:
        """How many commits the run at hand has begun."""
        return int.from_bytes(self._shared[:8], "little")

    def _count(self, commits: int) -> None:
        self._shared[:8] = commits.to_bytes(8, "little")

    def _with(self, home: Path, database: str | None) -> Settings:
        home.mkdir(parents=True, exist_ok=True)
        return self._settings.model_copy(update={"home": home, "database_url": database})

    def _texts(self) -> list[LabelledCall]:
        calls = [call for each in self._chosen for call in each.calls if call.base_id is None]
        return calls[: min(TEXTS, self._plan.calls)]

    def _write_calls(self, folder: Path, n: int) -> None:
        """A folder of `n` transcripts with a manifest, and a folder with the initiatives, as a company would have them."""
        calls, rubrics, texts = folder / "calls", folder / "rubrics", self._texts()
        calls.mkdir()
        rubrics.mkdir()
        first = max(each.initiative.launched for each in self._chosen)
        rows = ["call_id,started_at,rep_id,transcript_path"]
        for number in range(n):
            transcript = texts[number % len(texts)].transcript
            call_id = f"call-{number:05d}"
            turns = [{"speaker": turn.speaker, "text": turn.text} for turn in transcript.turns]
            (calls / f"{call_id}.json").write_bytes(msgspec.json.encode({"call_id": call_id, "language": "en", "turns": turns}))
            day = first + timedelta(days=number % 28)
            rows.append(f"{call_id},{day.isoformat()}T{9 + number % 8:02d}:00,R{number % REPS:02d},{call_id}.json")
        (calls / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        for each in self._chosen:
            story = each.initiative
            fields = {
                "id": story.id,
                "name": story.name,
                "launched": story.launched.isoformat(),
                "terms": story.terms,
                "value_story": {"wall": story.story.wall, "hammer": story.story.hammer, "part": story.story.part},
                "script": story.script,
                "facts": story.facts,
            }
            (rubrics / f"{story.id}.yaml").write_bytes(msgspec.json.format(msgspec.json.encode(fields)))


def _brief(settings: Settings) -> tuple[bytes, bytes] | None:
    """Both briefs; None where one is missing."""
    files = [settings.home / "brief.html", settings.home / "brief.md"]
    return (files[0].read_bytes(), files[1].read_bytes()) if all(file.is_file() for file in files) else None
