"""Measure a whole night over transcripts, as a timer would start it, and what calls that cannot be judged cost the others.

Calls are made from labelled text. Nothing of it is kept, and nothing that is kept is touched.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from callcoach.app.invented_company import POISON, poison_in, write_company
from callcoach.app.nightly import nightly
from callcoach.app.progress import Progress
from callcoach.app.workspace import MeasuredCall, Measuring, Workspace
from callcoach.bench.memory import family_kilobytes, family_processor_seconds, own_kilobytes
from callcoach.bench.night import load_per_core, peak_of_family
from callcoach.bench.transcripts import Held, NightTook, Poisoned, TranscriptBench
from callcoach.errors import StorageError
from callcoach.events import Event, StageFinished, listen
from callcoach.settings import Settings
from callcoach.storage.contents import amount, make_empty
from callcoach.storage.failures import Failures
from callcoach.storage.store import Store
from callcoach.training.corpus import LabelledCall, LabelledInitiative, read_corpus

INITIATIVES = 2
TIME_LIMIT, MEMORY_LIMIT = 60.0, 1500
"""Seconds and MB that a poisoned night gives a call: what hangs or grows is then stopped while somebody waits for the figures."""
NIGHTS = 3
PARTS = 5
REASON_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptPlan:
    """How many calls, of how many texts; the share of turns with a word of their own; of calls that cannot be judged, 0: none.

    database: a URL of an empty database, None for a scratch SQLite file.
    """

    calls: int
    texts: int = 60
    new_words: float = 0.05
    poison: float = 0.0
    database: str | None = None


def bench_transcripts(settings: Settings, corpus: Path, plan: TranscriptPlan, progress: Progress) -> TranscriptBench:
    """The figures. corpus: labelled calls to take words from. Raises StorageError where the database holds anything."""
    load, initiatives = load_per_core(), read_corpus(corpus).initiatives
    texts = [call for each in initiatives for call in each.calls if call.base_id is None][: plan.texts]
    with TemporaryDirectory(prefix="callcoach-night-") as scratch, peak_of_family() as peak:
        nights = _Nights(settings, plan, Path(scratch), initiatives[:INITIATIVES], texts, progress)
        took, memory = nights.clean()
        workspace = nights.workspace
        with Store(workspace.settings.database) as store:
            kind, judged = store.engine.dialect.name, len(store.scores())
        poisoned = nights.poisoned(took) if plan.poison else None
    return TranscriptBench(
        calls=plan.calls,
        texts=min(len(texts), plan.calls),
        new_words=plan.new_words,
        initiatives=INITIATIVES,
        judged=judged,
        database=kind,
        workers=settings.worker_count,
        cores=settings.cores,
        load=load,
        took=took,
        calls_per_hour=round(3600 * plan.calls / took.seconds, 1),
        memory=memory,
        peak_mb=peak.megabytes,
        poisoned=poisoned,
    )


def bench_json(bench: TranscriptBench) -> bytes:
    """Every figure."""
    return msgspec.json.format(msgspec.json.encode(bench, order="deterministic"))


class _Poisonable(Workspace):
    """A workspace whose workers do what a poisoned call says."""

    def measurer(self, n_items: int) -> Callable[[], Callable[[Measuring], MeasuredCall]]:
        """Makes workers that can be poisoned."""
        return partial(_poisonable, super().measurer(n_items))


def _poisonable(make_worker: Callable[[], Callable[[Measuring], MeasuredCall]]) -> Callable[[Measuring], MeasuredCall]:
    return _Poisoned(make_worker())


class _Poisoned:
    """Works as any other until it meets poison."""

    def __init__(self, work: Callable[[Measuring], MeasuredCall]) -> None:
        self._work = work
        self.foresee = getattr(work, "foresee", None)

    def __call__(self, item: Measuring) -> MeasuredCall:
        match poison_in(item.transcript):
            case "dies":
                os._exit(9)
            case "hangs":
                time.sleep(10 * TIME_LIMIT)
            case "grows":
                held = []
                while True:
                    held.append(bytearray(os.urandom(1)) * 10_000_000)
                    time.sleep(0.01)
        return self._work(item)


@dataclass(slots=True)
class _Sampling:
    """Passes progress on, and notes what is held in memory at each fifth of the judging."""

    to: Progress
    held: list[Held] = field(default_factory=list)
    _total: float = 0.0
    _done: float = 0.0

    def stage(self, name: str, total: float) -> None:
        """A stage begins."""
        self._total, self._done = total, 0.0
        self.to.stage(name, total)

    def advance(self, amount: float, sentence: str) -> None:
        """More is done."""
        self._done += amount
        if self._done * PARTS >= (len(self.held) + 1) * self._total:
            mine = os.getpid()
            own, everything = own_kilobytes(mine), family_kilobytes(mine)
            share = round(self._done / self._total, 2)
            self.held.append(Held(share=share, own_mb=round(own * 1.024e-3, 1), all_mb=round(everything * 1.024e-3, 1)))
        self.to.advance(amount, sentence)

    def warn(self, sentence: str) -> None:
        """A poisoned call fails as it should; the figures tell it."""


class _Nights:
    """Nights over the same calls, with and without poison, each beginning with an empty database."""

    def __init__(
        self,
        settings: Settings,
        plan: TranscriptPlan,
        scratch: Path,
        initiatives: tuple[LabelledInitiative, ...],
        texts: list[LabelledCall],
        progress: Progress,
    ) -> None:
        self._plan, self._scratch, self._progress = plan, scratch, progress
        self._initiatives, self._texts = initiatives, texts
        self._today = max(each.initiative.launched for each in initiatives) + timedelta(days=30)
        limits = {"call_time_limit": TIME_LIMIT, "call_memory_limit": MEMORY_LIMIT} if plan.poison else {}
        silent = {"smtp_host": None, "webhook_url": None, "opinion_url": None}
        self._settings = settings.model_copy(update={**silent, **limits})
        self.workspace = self._empty("clean")

    def clean(self) -> tuple[NightTook, tuple[Held, ...]]:
        """A night in which every call can be judged."""
        folder = self._folder("calls", {})
        sampling = _Sampling(self._progress)
        return self._night(folder, sampling), tuple(sampling.held)

    def poisoned(self, without: NightTook) -> Poisoned:
        """The same night with poison, and two more that find it again."""
        every = max(1, round(1 / self._plan.poison))
        kinds = {number: POISON[number // every % len(POISON)] for number in range(every // 2, self._plan.calls, every)}
        folder = self._folder("poisoned calls", kinds)
        self.workspace.store.close()
        self.workspace = self._empty("poisoned")
        took = self._night(folder, _Sampling(self._progress))
        done = {score.call_id for score in self.workspace.store.scores()}
        for _ in range(NIGHTS - 1):
            self._night(folder, _Sampling(self._progress))
        alone = {each.call_id: each.sentence for each in Failures(self.workspace.store).all() if each.quarantined}
        reasons = Counter(" ".join(sentence.split(": ")[-1].split()[:REASON_WORDS]) for sentence in alone.values())
        others = self._plan.calls - len(kinds)
        return Poisoned(
            share=self._plan.poison,
            calls=Counter(kinds.values()),
            done=len(done),
            left=others - len(done),
            took=took,
            ratio=round(took.seconds / without.seconds, 3),
            cpu_ratio=round(took.cpu_seconds / without.cpu_seconds, 3),
            quarantined=reasons,
        )

    def _night(self, folder: Path, progress: Progress) -> NightTook:
        stages: dict[str, float] = {}

        def heard(event: Event, _: Mapping[str, object]) -> None:
            if isinstance(event, StageFinished):
                stages[event.stage.value] = round(event.seconds, 1)

        stop, begun, spent = listen(heard), time.monotonic(), family_processor_seconds(os.getpid())
        try:
            nightly(
                [folder / "calls"],
                folder / "rubrics",
                self.workspace,
                today=self._today,
                now=datetime.combine(self._today, datetime.min.time(), tzinfo=UTC),
                progress=progress,
            )
        finally:
            stop()
        cpu = family_processor_seconds(os.getpid()) - spent
        return NightTook(seconds=round(time.monotonic() - begun, 1), cpu_seconds=round(cpu, 1), by_stage=stages)

    def _empty(self, name: str) -> _Poisonable:
        home = self._scratch / name
        home.mkdir()
        workspace = _Poisonable(
            self._settings.model_copy(update={"home": home, "database_url": self._plan.database}), unattended=True
        )
        if self._plan.database is not None:
            if name == "clean" and amount(workspace.store):
                raise StorageError(f"{self._plan.database}: it holds something already. Give this bench an empty database.")
            make_empty(workspace.store)
        return workspace

    def _folder(self, name: str, poison: Mapping[int, str]) -> Path:
        folder = self._scratch / name
        write_company(folder, self._plan.calls, self._initiatives, self._texts, new_words=self._plan.new_words, poison=poison)
        return folder
