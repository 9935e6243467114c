"""Have nightly runs killed, and tell what became of their databases. The killing is done elsewhere, in a process of its own."""

import multiprocessing
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from callcoach.app.progress import Progress
from callcoach.bench.crash import CrashBench
from callcoach.errors import CallcoachError, StorageError
from callcoach.settings import Settings
from callcoach.storage.contents import amount
from callcoach.storage.store import Store

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

FOR_ALL = 0
"""The number of an answer that is of no single bench: there will be no other."""
TEXTS = 60
"""Calls of different words; more calls than these say the same under other ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashPlan:
    """What is killed how often. database: a URL of an empty database, None for a scratch SQLite file.

    every_commit: instead of random kills, one run per commit that ends right before it, each in a database made empty again;
    with a step of 3 before every third commit.
    stops: instead of killing, stop the database's server so often within one run.
    """

    calls: int
    kills: int
    database: str | None = None
    every_commit: bool = False
    step: int = 1
    seed: int = 20_261_122
    stops: "Stops | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """How often a server is stopped, for how long, and the commands that stop and start it."""

    n: int
    seconds: float
    stop: str
    start: str


class Crashing:
    """A process that has loaded the models and kills runs for as many benches as are asked of it, one after the other."""

    def __init__(self, settings: Settings, corpus: Path, *, texts: int = TEXTS) -> None:
        """corpus: labelled calls to take words from. Raises CallcoachError where this system cannot fork."""
        if not hasattr(os, "fork"):
            raise CallcoachError("This bench forks processes, which this system cannot. Run it on Linux.")
        spawning = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawning.Pipe()
        self._numbers = count(1)
        self._process: SpawnProcess = spawning.Process(target=_serve, args=(settings, corpus, texts, theirs))
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._pipe.close()
        self._process.join()

    def bench(self, plan: CrashPlan, progress: Progress) -> CrashBench:
        """The figures. Raises StorageError where the database holds anything, and whatever a run that is not killed raises."""
        if plan.database is not None:
            with Store(plan.database) as store:
                if amount(store):
                    raise StorageError(f"{plan.database}: it holds something already. Give this bench an empty database.")
        progress.stage("Crashing", 1.0)
        number = next(self._numbers)
        try:
            self._pipe.send((number, plan))
            while True:
                of, *said = self._pipe.recv()
                if of not in (number, FOR_ALL):
                    continue  # of a bench that nobody waited for until its end
                match said:
                    case "advance", (float(share), str(sentence)):
                        progress.advance(share, sentence)
                    case "done", CrashBench() as found:
                        return found
                    case "failed", CallcoachError() as error:
                        raise error
                    case _, sentence:
                        raise RuntimeError(f"The bench broke off. {sentence}")
        except (EOFError, ConnectionError):
            self._process.join()
            raise RuntimeError(f"The bench's process ended with code {self._process.exitcode}.") from None


def bench_crash(settings: Settings, corpus: Path, plan: CrashPlan, progress: Progress) -> CrashBench:
    """One bench. Raises as `Crashing` does."""
    with Crashing(settings, corpus, texts=min(TEXTS, plan.calls)) as crashing:
        return crashing.bench(plan, progress)


def bench_json(bench: CrashBench) -> bytes:
    """Every figure."""
    return msgspec.json.format(msgspec.json.encode(bench, order="deterministic"))


def _serve(settings: Settings, corpus: Path, texts: int, pipe: Connection) -> None:
    # read by the libraries of models when they are imported, which nobody has done in this process yet
    os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"})

    try:
        from callcoach.app.crash_victims import Victims

        with Victims(settings, corpus, texts=texts) as victims:
            while True:
                number, plan = pipe.recv()
                pipe.send((number, *_outcome(partial(victims.bench, plan, partial(_advance, pipe, number)))))
    except (EOFError, ConnectionError):
        return  # whoever asked has what they wanted, or does not want it any more
    except CallcoachError as error:
        pipe.send((FOR_ALL, "failed", error))
    except BaseException:
        pipe.send((FOR_ALL, "broken", traceback.format_exc()))


def _advance(pipe: Connection, number: int, share: float, sentence: str) -> None:
    pipe.send((number, "advance", (share, sentence)))


def _outcome(bench: Callable[[], CrashBench]) -> tuple[str, object]:
    try:
        return "done", bench()
    except CallcoachError as error:
        return "failed", error
    except ConnectionError:
        raise
    except Exception:
        return "broken", traceback.format_exc()
