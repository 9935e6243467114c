"""Whenever a night is killed, the next one comes to the same database, byte for byte."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callcoach.app.bench_crash import Crashing, CrashPlan, Stops
from callcoach.app.progress import Silent
from callcoach.bench.crash import CrashBench
from callcoach.domain.call import Call
from callcoach.errors import StorageError
from callcoach.settings import Settings
from callcoach.storage.contents import amount, at_each_commit, contents, make_empty
from callcoach.storage.store import Store
from callcoach.weights import locate

Crashed = Callable[..., CrashBench]


@pytest.fixture(scope="module")
def crashing() -> Iterator[Crashing]:
    """Models are loaded once for all these nights."""
    with Crashing(Settings(), locate.models_folder() / "corpus", texts=8) as one:
        yield one


@pytest.fixture
def crashed(crashing: Crashing, place: str | Path) -> Crashed:
    database = place if isinstance(place, str) else f"sqlite:///{place}"
    return lambda **plan: crashing.bench(CrashPlan(database=database, **plan), Silent())


@pytest.mark.slow
def test_twenty_kills_over_forty_calls_lose_and_double_nothing(crashed: Crashed) -> None:
    found = crashed(calls=40, kills=20)
    assert (found.lost, found.duplicated, found.differing) == (0, 0, ())
    assert found.identical_end_state
    assert found.kills == 20 and found.kills_in_work >= 10 and found.rows > 40 * 4
    assert sum(found.kills_by_phase.values()) == 20
    assert found.kills_by_phase["taking in"] and found.kills_by_phase["judging"] and found.kills_by_phase["rolling up"]


@pytest.mark.slow
def test_a_night_that_ends_before_any_one_of_its_commits_is_made_good_by_the_next(place: str | Path, crashed: Crashed) -> None:
    # the boundaries are those of the run and not of the database: on the server every third one is enough
    step = 3 if isinstance(place, str) else 1
    found = crashed(calls=6, kills=0, every_commit=True, step=step)
    assert found.commit_boundaries is not None and found.commit_boundaries >= 40
    assert found.kills == len(range(1, found.commit_boundaries + 1, step)) and found.lives == 2 * found.kills
    assert (found.lost, found.duplicated, found.differing) == (0, 0, ())
    assert found.identical_end_state


@pytest.mark.slow
def test_a_night_whose_server_is_stopped_again_and_again_gets_to_its_end_by_itself(
    crashing: Crashing, empty_on_server: str, server
) -> None:
    stops = Stops(n=3, seconds=1.0, stop=server.stop, start=server.start)
    found = crashing.bench(CrashPlan(database=empty_on_server, calls=40, kills=0, stops=stops), Silent())
    assert (found.stops, found.lives) == (3, 1)
    assert (found.lost, found.duplicated, found.differing) == (0, 0, ()) and found.identical_end_state


class _Impatient(Silent):
    """Does not wait for more than a bench's first word."""

    def advance(self, share: float, sentence: str) -> None:
        raise TimeoutError(sentence)


@pytest.mark.slow
def test_a_bench_that_nobody_waited_for_is_not_taken_for_the_next(crashing: Crashing, tmp_path: Path) -> None:
    plans = [CrashPlan(calls=6, kills=kills, database=f"sqlite:///{tmp_path / f'{kills}.db'}") for kills in (2, 1)]
    with pytest.raises(TimeoutError):
        crashing.bench(plans[0], _Impatient())
    found = crashing.bench(plans[1], Silent())
    assert (found.kills, found.lives) == (1, 2) and found.identical_end_state


@pytest.mark.slow
def test_a_database_that_holds_something_is_left_alone(crashing: Crashing, tmp_path: Path) -> None:
    with Store(tmp_path / "callcoach.db") as store:
        store.add_calls([Call(call_id="a", content="ab" * 32, transcript_path="a.txt")])
    with pytest.raises(StorageError, match=r"it holds something already\. Give this bench an empty database"):
        crashing.bench(CrashPlan(database=f"sqlite:///{tmp_path / 'callcoach.db'}", calls=1, kills=1), Silent())
    with Store(tmp_path / "callcoach.db") as store:
        assert [call.call_id for call in store.calls()] == ["a"]


def test_contents_are_every_row_but_bookkeeping_and_commits_are_those_of_writes(store: Store) -> None:
    counted: Counter[str] = Counter()
    at_each_commit(store, lambda: counted.update(["commit"]))
    store.add_calls([Call(call_id="a", content="ab" * 32, transcript_path="a.txt")])
    store.calls()
    assert counted["commit"] == 1
    found = contents(store)
    assert set(found["calls"]) == {("a",)} and "runs" not in found and "run_locks" not in found
    assert {"transcripts", "signals", "scores", "failures", "labels", "readings", "groundworks"} <= found.keys()
    assert amount(store) == 1
    make_empty(store)
    assert amount(store) == 0
