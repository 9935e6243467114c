"""Run one function over many items on a Ray cluster whose workers may crash, hang or vanish. Knows nothing of calls.

Items and values travel through Ray, so they must be small: names and words, never sound. Only as many as the workers are busy
with are on their way at any time. Whoever asks writes the results.
"""

import queue
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from typing import Any, Generic, NamedTuple

import pebble

import callcoach
from callcoach.batch.executors import Item, Outcome, Value, failure_sentence
from callcoach.batch.memory_limit import TOO_MUCH, at_most
from callcoach.batch.ray_cluster import GUIDE, Cluster, Needs
from callcoach.errors import ClusterUnusable

TRIES = 2
"""Deaths of a worker after which the call it had fails: the first may be the machine's fault."""
AHEAD = 2
"""Items given to a worker: the one it is busy with and the next, so that it never waits for the database."""
STILLBORN = 3
"""Workers in a row that died before they could begin: the cluster is at fault, not a call."""
LAST_WORDS_SECONDS = 2.0


class RayWorkers:
    """Actors on a cluster. One that dies, hangs or takes too much memory is replaced, and the rest goes on."""

    def __init__(self, cluster: Cluster, needs: Needs, *, most: int, time_limit: float, memory_limit: int = 0) -> None:
        """`most` actors, each with what it `needs`, 0: as many as have room.

        An item that takes longer than `time_limit` seconds or more than `memory_limit` MB fails, 0: no limit. One whose actor
        dies is tried once more, alone.
        """
        self._cluster, self._needs, self._most = cluster, needs, most
        self._time_limit, self._memory_limit = time_limit, memory_limit

    def outcomes(
        self, make_worker: Callable[[], Callable[[Item], Value]], items: Iterable[Item]
    ) -> Iterator[Outcome[Item, Value]]:
        """One outcome per item, in the order of completion. Raises ClusterUnusable; what has come out by then holds."""
        waiting = iter(items)
        first = list(islice(waiting, 1))
        if not first:
            return
        ray, room = self._cluster.connected(), self._cluster.room(self._needs)
        asked = {"num_cpus": self._needs.cpus, "num_gpus": self._needs.gpus, "memory": self._needs.memory or None}
        actor = ray.remote(
            **asked, max_restarts=0, max_task_retries=0, scheduling_strategy="SPREAD", concurrency_groups={"watch": 1}
        )(_Actor)
        pool = _Pool[Item, Value](
            ray,
            lambda: actor.remote(make_worker, self._memory_limit),
            chain(first, waiting),
            count=min(room, self._most or room),
            time_limit=self._time_limit,
            memory_limit=self._memory_limit,
            wait=self._cluster.wait,
            where=self._cluster.name,
        )
        try:
            yield from pool.outcomes()
        except (ray.exceptions.RayError, ConnectionError) as trouble:
            said = str(trouble).strip().partition("\n")[0]
            raise ClusterUnusable(
                f"{self._cluster.name} was lost ({said}). What is done is stored; run again to go on there. {GUIDE}"
            ) from trouble
        finally:
            pool.end()


class Ready(NamedTuple):
    """What an actor says of itself before any work. trouble: why it cannot begin."""

    version: str
    host: str
    trouble: str | None


class Answer(NamedTuple, Generic[Value]):
    """What became of one item in an actor; an exception travels as its sentence, so that no log of Ray ever holds it."""

    value: Value | None
    failure: str | None


class _Actor:
    """Lives in a process of the cluster: makes its worker once and does one item after the other."""

    def __init__(self, make_worker: Callable[[], Callable[[Any], Any]], memory_limit: int) -> None:
        self._memory_limit, self._said = memory_limit, queue.SimpleQueue[int]()
        self._worker: Callable[[Any], Any] | None = None
        self._trouble: str | None = None
        try:
            self._worker = make_worker()
        except Exception as error:  # an exception here would reach the driver as a dead actor without a sentence
            self._trouble = failure_sentence(error)

    def ready(self) -> Ready:
        """Whether it can begin."""
        return Ready(callcoach.__version__, socket.gethostname(), self._trouble)

    def work(self, number: int, item: Any) -> Answer[Any]:
        """One item; number: its place among all."""
        assert self._worker is not None, "nothing is given to an actor that said it cannot begin"

        def last_words() -> None:
            self._said.put(number)
            time.sleep(LAST_WORDS_SECONDS)  # the driver hears it and ends this process well before

        try:
            with at_most(self._memory_limit, last_words=last_words):
                return Answer(self._worker(item), None)
        except Exception as error:
            return Answer(None, failure_sentence(error))

    def last_words(self) -> int:
        """Answered only when an item takes too much memory: which. Ray does not tell how a process ended."""
        return self._said.get()


class _Task(Generic[Item]):
    """An item with its place among all, and how many actors died over it."""

    def __init__(self, number: int, item: Item) -> None:
        self.number, self.item, self.deaths = number, item, 0


class _Hand(Generic[Item]):
    """An actor as the driver sees it. given: the tasks it has, each with the reference of its answer; the first is being done.

    since: when that one was begun. host: where it is, None until it said that it can begin.
    """

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self.ready = actor.ready.remote()
        self.last_words = actor.last_words.options(concurrency_group="watch").remote()
        self.given: deque[tuple[_Task[Item], Any]] = deque()
        self.host: str | None = None
        self.since = 0.0

    def give(self, task: _Task[Item]) -> None:
        """Raises whatever an item raises that cannot be sent."""
        answer = self.actor.work.remote(task.number, task.item)
        if not self.given:
            self.since = time.monotonic()
        self.given.append((task, answer))

    def done(self) -> _Task[Item]:
        """The first task is behind it."""
        self.since = time.monotonic()
        return self.given.popleft()[0]

    @property
    def waits_for(self) -> list[Any]:
        """The references that tell what comes next."""
        return [self.ready] if self.host is None else [self.last_words, *(answer for _, answer in self.given)]


class _Pool(Generic[Item, Value]):
    """One piece of work: who has what, and what comes next."""

    def __init__(
        self,
        ray: Any,
        hire: Callable[[], Any],
        items: Iterator[Item],
        *,
        count: int,
        time_limit: float,
        memory_limit: int,
        wait: float,
        where: str,
    ) -> None:
        self._ray, self._hire, self._count, self._wait, self._where = ray, hire, count, wait, where
        self._time_limit, self._memory_limit = time_limit, memory_limit
        self._tasks = (_Task(number, item) for number, item in enumerate(items))
        self._todo: deque[_Task[Item]] = deque()
        self._hands: list[_Hand[Item]] = []
        self._came: list[Outcome[Item, Value]] = []
        self._stillborn = 0
        self._nobody_since = time.monotonic()
        known = ray.exceptions
        self._dead = (known.RayActorError, known.ObjectLostError, known.OutOfMemoryError, known.WorkerCrashedError)

    def outcomes(self) -> Iterator[Outcome[Item, Value]]:
        while self._prepared():
            self._give()
            self._hear()
            self._give()  # workers get new items before whoever asked does something with the outcomes
            came, self._came = self._came, []
            yield from came

    def _prepared(self) -> bool:
        """Whether anything is left to do; items are made ready, and as many actors as they need."""
        self._todo.extend(islice(self._tasks, max(0, AHEAD * self._count - len(self._todo))))
        busy = sum(bool(hand.given) for hand in self._hands)
        while len(self._hands) < min(self._count, len(self._todo) + busy):
            self._hands.append(_Hand(self._hire()))
        return bool(self._todo) or busy > 0

    def end(self) -> None:
        """No actor stays behind, whatever it does."""
        while self._hands:
            self._dismiss(self._hands[0])

    def _give(self) -> None:
        """First to those who have nothing; one more each while there is plenty. What an actor died over goes alone."""
        for ahead in range(AHEAD):
            for hand in self._hands:
                if hand.host is None or len(hand.given) != ahead or not self._todo:
                    continue
                alone = self._todo[0].deaths > 0 or any(task.deaths for task, _ in hand.given)
                if ahead and (alone or len(self._todo) <= len(self._hands)):
                    continue
                task = self._todo.popleft()
                try:
                    hand.give(task)
                except Exception as error:  # a single bad call must never end the night
                    self._came.append(Outcome(task.item, None, failure_sentence(error)))

    def _hear(self) -> None:
        awaited = [reference for hand in self._hands for reference in hand.waits_for]
        if not awaited:
            return
        self._ray.wait(awaited, num_returns=1, timeout=self._patience())
        come = set(self._ray.wait(awaited, num_returns=len(awaited), timeout=0, fetch_local=False)[0])
        for hand in list(self._hands):
            if hand.host is None:
                if hand.ready in come:
                    self._greet(hand)
                continue
            while hand.given and hand.given[0][1] in come and self._answered(hand):
                pass
            if hand.last_words in come or (hand.given and hand.given[0][1] in come):
                self._bury(hand)
            elif hand.given and time.monotonic() - hand.since > self._time_limit:
                self._fail(hand, hand.given[0][0], self._sentence(TimeoutError()), late=True)
        if not any(hand.host for hand in self._hands) and time.monotonic() - self._nobody_since > self._wait:
            raise ClusterUnusable(
                f"{self._where} gave no worker within {self._wait:.0f} s; its machines may be busy with other work. What is done "
                f"is stored. Raise CALLCOACH_RAY_WAIT, or ask it for less. {GUIDE}"
            )

    def _patience(self) -> float:
        """Seconds until something has to be done though nobody says anything."""
        now, ends = time.monotonic(), [hand.since + self._time_limit for hand in self._hands if hand.given]
        if not any(hand.host for hand in self._hands):
            ends.append(self._nobody_since + self._wait)
        return max(0.0, min(ends, default=now + self._wait) - now) + 0.01

    def _greet(self, hand: _Hand[Item]) -> None:
        """The actor begins, or says why it cannot. Raises ClusterUnusable."""
        try:
            ready: Ready = self._ray.get(hand.ready)
        except self._ray.exceptions.RayError as trouble:
            self._stillborn += 1
            # the last line names the exception; a process that was killed leaves none worth reading
            own = getattr(trouble, "actor_init_failed", False)
            said = str(trouble).strip().rpartition("\n")[2].strip() if own else "its process died"
            if own or self._stillborn == STILLBORN:
                raise ClusterUnusable(
                    f"{self._where} cannot start a worker ({said}). Install callcoach {callcoach.__version__} with the same "
                    f"packages on each of its machines. {GUIDE}"
                ) from None
            self._dismiss(hand)
            return
        if ready.version != callcoach.__version__:
            raise ClusterUnusable(
                f"callcoach is {ready.version} on {ready.host} and {callcoach.__version__} here. Install the same on both, then "
                f"run again. {GUIDE}"
            )
        if ready.trouble is not None:
            raise ClusterUnusable(f"The worker on {ready.host} cannot begin. {ready.trouble} {GUIDE}")
        hand.host, self._stillborn = ready.host, 0

    def _answered(self, hand: _Hand[Item]) -> bool:
        """Takes in what came of the first task; False where the actor died over it."""
        task, reference = hand.given[0]
        try:
            answer: Answer[Value] = self._ray.get(reference)
        except self._dead:
            return False
        except Exception as error:  # an item or a value that cannot be sent
            answer = Answer(None, failure_sentence(getattr(error, "cause", None) or error))
        hand.done()
        self._came.append(Outcome(task.item, answer.value, answer.failure))
        return True

    def _bury(self, hand: _Hand[Item]) -> None:
        """An actor that is dead, or that said over which item it dies."""
        try:
            number = self._ray.get(hand.last_words, timeout=LAST_WORDS_SECONDS)
        except self._ray.exceptions.RayError:
            number = None
        guilty = next((task for task, _ in hand.given if number in (None, task.number)), None)
        if guilty is not None and number is not None:
            ended = pebble.ProcessExpired("", TOO_MUCH)  # type: ignore[no-untyped-call]
            self._fail(hand, guilty, self._sentence(ended))
            return
        if guilty is not None:
            guilty.deaths += 1
            if guilty.deaths == TRIES:
                died = f"The worker process died {TRIES} times, last on {hand.host}, most likely out of memory."
                self._fail(hand, guilty, f"{died} The call is tried again next run.")
                return
        self._dismiss(hand)

    def _fail(self, hand: _Hand[Item], task: _Task[Item], sentence: str, *, late: bool = False) -> None:
        """The task fails, and its actor goes."""
        self._came.append(Outcome(task.item, None, sentence, late))
        self._dismiss(hand, but=task)

    def _sentence(self, error: BaseException) -> str:
        return failure_sentence(error, time_limit=self._time_limit, memory_limit=self._memory_limit)

    def _dismiss(self, hand: _Hand[Item], *, but: _Task[Item] | None = None) -> None:
        """End the actor; what it had goes back, all but one."""
        self._hands.remove(hand)
        self._todo.extendleft(task for task, _ in reversed(hand.given) if task is not but)
        if not any(each.host for each in self._hands):
            self._nobody_since = time.monotonic()
        with suppress(self._ray.exceptions.RayError, ConnectionError):  # of a cluster that is gone
            self._ray.kill(hand.actor, no_restart=True)
