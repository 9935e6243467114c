"""Run one function over many items, here or in worker processes. Knows nothing of calls; whoever asks writes the results."""

import concurrent.futures
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from multiprocessing.context import BaseContext
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import pebble

from callcoach.batch.memory_limit import TOO_MUCH, at_most
from callcoach.errors import CallcoachError

AHEAD = 4
"""Items that are made ready for each worker before it asks: more would only lie in memory."""

Item = TypeVar("Item")
Value = TypeVar("Value")


class Outcome(NamedTuple, Generic[Item, Value]):
    """What became of one item: a value, or the sentence that says why there is none. late: it was stopped for its time."""

    item: Item
    value: Value | None
    failure: str | None
    late: bool = False


class Executor(Protocol):
    """Runs work. `make_worker` is called once per process, so that models are loaded once; outcomes come as they are ready."""

    def outcomes(
        self, make_worker: Callable[[], Callable[[Item], Value]], items: Iterable[Item]
    ) -> Iterator[Outcome[Item, Value]]:
        """One outcome per item, in the order of completion; items are asked for as they are needed."""
        ...


class InProcess:
    """Everything in this process, one after the other."""

    def outcomes(
        self, make_worker: Callable[[], Callable[[Item], Value]], items: Iterable[Item]
    ) -> Iterator[Outcome[Item, Value]]:
        """One outcome per item, in the order given."""
        waiting = iter(items)
        first = list(islice(waiting, 1))
        if not first:
            return
        work = make_worker()
        for item in chain(first, waiting):
            try:
                outcome: Outcome[Item, Value] = Outcome(item, work(item), None)
            except Exception as error:  # a single bad call must never end the night
                outcome = Outcome(item, None, failure_sentence(error))
            yield outcome


class WorkerProcesses:
    """Worker processes that may crash or hang without taking the batch along."""

    def __init__(self, count: int, *, time_limit: float, memory_limit: int = 0, preload: Sequence[str] = ()) -> None:
        """`count` processes; an item that takes longer than `time_limit` seconds or more than `memory_limit` MB fails.

        Its worker is replaced. memory_limit 0: none. preload: modules that are imported once for all workers, on Linux; of
        several executors of a process the first one's count.
        """
        self._preload = list(preload)
        self._count = count
        self._time_limit = time_limit
        self._memory_limit = memory_limit

    def outcomes(
        self, make_worker: Callable[[], Callable[[Item], Value]], items: Iterable[Item]
    ) -> Iterator[Outcome[Item, Value]]:
        """One outcome per item, in the order of completion."""
        waiting = iter(items)
        first = list(islice(waiting, AHEAD * self._count))
        if not first:
            return
        pool = pebble.ProcessPool(
            max_workers=min(self._count, len(first)),
            context=_context(self._preload),
            initializer=_prepare,
            initargs=(make_worker, self._memory_limit),
        )
        try:
            futures: dict[concurrent.futures.Future[Value], Item] = {}
            for item in first:
                futures[pool.schedule(_work, args=(item,), timeout=self._time_limit)] = item
            while futures:
                done, _ = concurrent.futures.wait(futures, return_when=concurrent.futures.FIRST_COMPLETED)
                ended = [(futures.pop(future), future) for future in done]
                # workers get new items before whoever asked does something with the outcomes
                for item in islice(waiting, len(ended)):
                    futures[pool.schedule(_work, args=(item,), timeout=self._time_limit)] = item
                for item, future in ended:
                    error = future.exception()
                    if error is None:
                        yield Outcome(item, future.result(), None)
                    else:
                        late = isinstance(error, concurrent.futures.TimeoutError)
                        yield Outcome(item, None, self._sentence(error), late)
            pool.close()  # type: ignore[no-untyped-call]
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise
        finally:
            pool.join()

    def _sentence(self, error: BaseException) -> str:
        return failure_sentence(error, time_limit=self._time_limit, memory_limit=self._memory_limit)


_worker: Callable[[Any], Any] | None = None
_memory_limit = 0


def _context(preload: list[str]) -> BaseContext:
    """How processes are made: models do not survive a fork, but a fork of a process that has only imported what they need is a
    sixth of the work of importing it anew, and each worker that dies is replaced.
    """
    if sys.platform != "linux":  # elsewhere libraries start threads when they are imported
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(preload)
    return context


def _prepare(make_worker: Callable[[], Callable[[Any], Any]], memory_limit: int) -> None:
    global _worker, _memory_limit
    threading.Thread(target=_end_with_parent, daemon=True, name="orphan").start()
    _worker, _memory_limit = make_worker(), memory_limit


def _end_with_parent() -> None:
    """A worker in a call that hangs would outlive a parent that was killed, with all its memory."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "the pool calls _prepare in processes that it has begun"
    parent.join()
    os._exit(1)


def _work(item: Any) -> Any:
    assert _worker is not None, "the pool calls _prepare before any work"
    with at_most(_memory_limit):
        return _worker(item)


def failure_sentence(error: BaseException, *, time_limit: float | None = None, memory_limit: int = 0) -> str:
    """The sentence that is stored and shown for a failure: our own errors speak for themselves."""
    if isinstance(error, CallcoachError):
        return str(error)
    if isinstance(error, concurrent.futures.TimeoutError) and time_limit is not None:
        return f"Took longer than {time_limit:.0f} s and was stopped. Raise CALLCOACH_CALL_TIME_LIMIT if it is really that long."
    if isinstance(error, pebble.ProcessExpired) and error.exitcode == TOO_MUCH:
        return (
            f"Took more than {memory_limit} MB of memory and was stopped. Raise CALLCOACH_CALL_MEMORY_LIMIT if the machine has "
            "it, or leave the call out."
        )
    if isinstance(error, pebble.ProcessExpired):
        return (
            f"The worker process died (exit code {error.exitcode}), most likely out of memory. The call is tried again next run."
        )
    if isinstance(error, MemoryError):
        return "Not enough memory for this call. Run with fewer workers (CALLCOACH_WORKERS=1) or on a larger machine."
    return f"Unexpected {type(error).__name__}: {error}. Please report it with this sentence; the call is tried again next run."
