"""What was recommended is kept with the run that recommended it."""

from datetime import UTC, date, datetime

from callcoach.domain.coaching import Behaviour, Given
from callcoach.storage.runs import Runs
from callcoach.storage.store import Store

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


def given(behaviour, since=date(2026, 11, 16)):
    return Given(rep_id="tyler", initiative_id="catchback", behaviour=behaviour, since=since)


def test_the_latest_run_that_noted_something_counts(tmp_path):
    with Store(tmp_path / "callcoach.db") as store:
        assert Runs(store).given() == ()
        first = Runs(store).begin(NOW, versions={"judge": "1"})
        Runs(store).keep_given(first, [given(Behaviour.TELL_THE_WALL)])
        second = Runs(store).begin(NOW, versions={"judge": "1"})
        assert Runs(store).given() == (given(Behaviour.TELL_THE_WALL),)
        Runs(store).keep_given(second, [])
        assert Runs(store).given() == ()


def test_a_run_keeps_its_counts_beside_it(tmp_path):
    with Store(tmp_path / "callcoach.db") as store:
        run = Runs(store).begin(NOW, versions={"judge": "1"})
        Runs(store).keep_given(run, [given(Behaviour.TELL_THE_WALL)])
        Runs(store).end(run, NOW, counts={"judged": 3})
        assert (Runs(store).all()[0].counts, Runs(store).all()[0].versions) == ({"judged": 3}, {"judge": "1"})
        assert Runs(store).given() == (given(Behaviour.TELL_THE_WALL),)
