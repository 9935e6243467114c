"""Whenever a night is killed, the next one comes to the same database, byte for byte."""

from collections import Counter
from pathlib import Path

import pytest

from callcoach.app.bench_crash import CrashPlan, bench_crash
from callcoach.app.progress import Silent
from callcoach.bench.crash import CrashBench
from callcoach.domain.call import Call
from callcoach.errors import StorageError
from callcoach.settings import Settings
from callcoach.storage.contents import amount, at_each_commit, contents, make_empty
from callcoach.storage.store import Store
from callcoach.weights import locate


def crashed(place: str | Path, **plan: object) -> CrashBench:
    database = place if isinstance(place, str) else f"sqlite:///{place}"
    corpus = locate.models_folder() / "corpus"
    return bench_crash(Settings(), CrashPlan(corpus=corpus, database=database, **plan), Silent())


@pytest.mark.slow
def test_twenty_kills_over_sixty_calls_lose_and_double_nothing(place: str | Path) -> None:
    found = crashed(place, calls=60, kills=20)
    assert (found.lost, found.duplicated, found.differing) == (0, 0, ())
    assert found.identical_end_state
    assert found.kills == 20 and found.kills_in_work >= 10 and found.rows > 60 * 4


@pytest.mark.slow
def test_a_night_that_ends_before_any_one_of_its_commits_is_made_good_by_the_next(place: str | Path) -> None:
    found = crashed(place, calls=4, kills=0, every_commit=True)
    assert found.commit_boundaries is not None and found.commit_boundaries >= 40
    assert found.kills == found.commit_boundaries and found.lives == 2 * found.kills
    assert (found.lost, found.duplicated, found.differing) == (0, 0, ())
    assert found.identical_end_state


@pytest.mark.slow
def test_a_database_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    with Store(tmp_path / "callcoach.db") as store:
        store.add_calls([Call(call_id="a", content="ab" * 32, transcript_path="a.txt")])
    with pytest.raises(StorageError, match=r"it holds something already\. Give this bench an empty database"):
        crashed(tmp_path / "callcoach.db", calls=1, kills=1)
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
    assert {"transcripts", "signals", "scores", "failures", "labels", "readings"} <= found.keys()
    assert amount(store) == 1
    make_empty(store)
    assert amount(store) == 0
