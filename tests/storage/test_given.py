"""What was recommended is kept with the run that recommended it."""

from datetime import UTC, date, datetime

from callcoach.domain.coaching import Behaviour, Given
from callcoach.storage.store import Store

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


def given(behaviour, since=date(2026, 11, 16)):
    return Given(rep_id="tyler", initiative_id="catchback", behaviour=behaviour, since=since)


def test_the_latest_run_that_noted_something_counts(tmp_path):
    with Store(tmp_path / "callcoach.db") as store:
        assert store.given() == ()
        first = store.begin_run(NOW, versions={"judge": "1"})
        store.keep_given(first, [given(Behaviour.TELL_THE_WALL)])
        second = store.begin_run(NOW, versions={"judge": "1"})
        assert store.given() == (given(Behaviour.TELL_THE_WALL),)
        store.keep_given(second, [])
        assert store.given() == ()


def test_a_run_keeps_its_counts_beside_it(tmp_path):
    with Store(tmp_path / "callcoach.db") as store:
        run = store.begin_run(NOW, versions={"judge": "1"})
        store.keep_given(run, [given(Behaviour.TELL_THE_WALL)])
        store.end_run(run, NOW, counts={"judged": 3})
        assert (store.runs()[0].counts, store.runs()[0].versions) == ({"judged": 3}, {"judge": "1"})
        assert store.given() == (given(Behaviour.TELL_THE_WALL),)
