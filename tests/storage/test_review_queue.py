"""The review queue and the kept reports, in SQLite and PostgreSQL alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from callcoach.domain.behaviour import Behaviour
from callcoach.domain.call import Call
from callcoach.domain.coaching import Given
from callcoach.domain.people import VisibleReps
from callcoach.domain.queue import Asked, Order, QueuedCall, QueueState, Reason, Why
from callcoach.domain.remark import Withdrawal
from callcoach.domain.review import VERDICT, Review
from callcoach.domain.verdict import Verdict
from callcoach.storage.kept_reports import KeptReports
from callcoach.storage.labels import Labels
from callcoach.storage.queue import Neighbours, ReviewQueue
from callcoach.storage.remarks import Remarks
from callcoach.storage.store import Store

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)
ALL = VisibleReps(everybody=True)
WAITING = Asked()
TYLERS = VisibleReps(rep_ids=frozenset({"tyler"}))


def queued(
    call_id: str, rep: str | None, day: int, *whys: Why, sure: float | None = 0.8, verdict: Verdict = Verdict.RECITES
) -> QueuedCall:
    return QueuedCall(
        call_id=call_id,
        initiative_id="catchback",
        verdict=verdict,
        reasons=tuple(Reason(why=why, sentence=f"{why}.") for why in whys or (Why.FLAGGED,)),
        rep_id=rep,
        team="river",
        started_at=datetime(2026, 11, day, 9, tzinfo=UTC),
        uncertainty=None if sure is None else 1 - sure,
    )


CALLS = (
    queued("t1", "tyler", 2, Why.FLAGGED, Why.RANDOM),
    queued("t2", "tyler", 9, Why.UNCERTAIN, sure=0.4),
    queued("t3", "tyler", 10, Why.RANDOM, sure=None, verdict=Verdict.EXPLAINS),
    queued("a1", "alicia", 10, Why.FLAGGED),
    queued("n1", None, 11, Why.RANDOM),
)


@pytest.fixture
def queue(store: Store) -> ReviewQueue:
    store.add_calls(
        Call(call_id=each.call_id, content=each.call_id, rep_id=each.rep_id, started_at=each.started_at) for each in CALLS
    )
    filled = ReviewQueue(store)
    filled.fill(1, CALLS)
    return filled


def ids(queue: ReviewQueue, visible: VisibleReps = ALL, asked: Asked = WAITING, first: int = 0, size: int = 50) -> list[str]:
    return [row.call.call_id for row in queue.page(visible, asked, first=first, size=size)]


def agreed(call_id: str, *, at: datetime = NOW) -> Review:
    return Review(
        call_id=call_id,
        initiative_id="catchback",
        person_id="ray",
        at=at,
        about=VERDICT,
        machine="recites",
        person="recites",
        because="Heard it.",
    )


def test_calls_come_newest_first_or_as_asked_and_pages_hold_still(queue: ReviewQueue) -> None:
    assert ids(queue) == ["n1", "t3", "a1", "t2", "t1"]
    assert ids(queue, first=0, size=2) + ids(queue, first=2, size=2) + ids(queue, first=4, size=2) == ids(queue)
    assert ids(queue, asked=Asked(order=Order.OLDEST)) == ["t1", "t2", "a1", "t3", "n1"]
    # what the judge says nothing of comes last, not first
    assert ids(queue, asked=Asked(order=Order.LEAST_SURE))[0] == "t2"
    assert ids(queue, asked=Asked(order=Order.LEAST_SURE))[-1] == "t3"


def test_only_visible_reps_are_in_it_and_a_call_without_a_rep_is_nobodys(queue: ReviewQueue) -> None:
    assert ids(queue, TYLERS) == ["t3", "t2", "t1"]
    assert ids(queue, VisibleReps()) == []
    assert queue.one(TYLERS, "a1", "catchback") is None
    assert queue.reps(TYLERS) == (("tyler", "river"),)
    assert queue.counted(TYLERS, Asked()).all == 3


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(why=Why.RANDOM), ["n1", "t3", "t1"]),
        (Asked(rep_id="alicia"), ["a1"]),
        (Asked(team="ridge"), []),
        (Asked(initiative_id="safeseat"), []),
        (Asked(verdict=Verdict.EXPLAINS), ["t3"]),
        (Asked(first=date(2026, 11, 10)), ["n1", "t3", "a1"]),
        (Asked(first=date(2026, 11, 9), last=date(2026, 11, 10)), ["t3", "a1", "t2"]),
        (Asked(state=QueueState.REVIEWED), []),
    ],
)
def test_each_filter_narrows(queue: ReviewQueue, asked: Asked, found: list[str]) -> None:
    assert ids(queue, asked=asked) == found
    counted = queue.counted(ALL, asked)
    assert (counted.all if asked.state is None else counted.states[asked.state]) == len(found)


def test_whoever_says_something_has_reviewed_it_until_they_take_it_back(queue: ReviewQueue, store: Store) -> None:
    review = agreed("t2")
    Labels(store).add_review(review)
    assert ids(queue, asked=Asked(state=QueueState.REVIEWED)) == ["t2"]
    assert "t2" not in ids(queue)
    assert queue.counted(ALL, Asked()).states == {QueueState.WAITING: 4, QueueState.REVIEWED: 1, QueueState.DISMISSED: 0}
    Remarks(store).take_back([Withdrawal(what_id=review.review_id, call_id="t2", person_id="ray", at=NOW)])
    assert "t2" in ids(queue)


def test_a_dispute_asks_for_an_ear_again(queue: ReviewQueue, store: Store) -> None:
    Labels(store).add_review(agreed("t1"))
    queue.replace("t1", [replace(CALLS[0], reasons=(Reason(why=Why.DISPUTED, sentence="I did."), *CALLS[0].reasons))])
    assert ids(queue, asked=Asked(why=Why.DISPUTED)) == ["t1"]
    queue.replace("t1", [])
    assert queue.of_call("t1") == ()
    assert len(ids(queue)) == 4


def test_a_dismissal_says_why_holds_over_runs_and_can_be_taken_back(queue: ReviewQueue) -> None:
    pairs = [("t1", "catchback"), ("a1", "catchback"), ("gone", "catchback")]
    done = queue.dismiss(TYLERS, pairs, batch_id="b", by="ray", because="Too old.", at=NOW)
    assert done == (("t1", "catchback"),), "neither another team's call nor one that is not there"
    (row,) = queue.page(ALL, Asked(state=QueueState.DISMISSED), first=0, size=5)
    assert row.dismissal is not None
    assert (row.dismissal.by, row.dismissal.because) == ("ray", "Too old.")
    queue.fill(2, CALLS)
    assert "t1" not in ids(queue)
    assert queue.dismiss(ALL, pairs[:1], batch_id="c", by="ray", because="Again.", at=NOW) == ()
    assert queue.put_back(VisibleReps(rep_ids=frozenset({"alicia"})), batch_id="b") == ()
    assert queue.put_back(TYLERS, batch_id="b") == (("t1", "catchback"),)
    assert "t1" in ids(queue)


def test_a_new_verdict_brings_a_dismissed_call_back(queue: ReviewQueue) -> None:
    queue.dismiss(ALL, [("t1", "catchback")], batch_id="b", by="ray", because="Fine.", at=NOW)
    queue.fill(2, [replace(CALLS[0], verdict=Verdict.STUMBLES), *CALLS[1:]])
    assert "t1" in ids(queue)


def test_the_way_on_keeps_the_order_though_the_call_has_left_the_list(queue: ReviewQueue, store: Store) -> None:
    assert queue.neighbours(ALL, Asked(), "a1", "catchback") == Neighbours(("t3", "catchback"), ("t2", "catchback"))
    Labels(store).add_review(agreed("a1"))
    assert queue.neighbours(ALL, Asked(), "a1", "catchback") == Neighbours(("t3", "catchback"), ("t2", "catchback"))
    oldest = Asked(order=Order.OLDEST)
    assert queue.neighbours(ALL, oldest, "t1", "catchback") == Neighbours(None, ("t2", "catchback"))
    assert queue.neighbours(TYLERS, Asked(), "a1", "catchback") == Neighbours(None, None), "not theirs to stand at"


def test_the_latest_week_says_how_far_one_is(queue: ReviewQueue) -> None:
    queue.dismiss(ALL, [("a1", "catchback")], batch_id="b", by="ray", because="Fine.", at=NOW)
    found = queue.progress(ALL)
    assert found is not None
    assert (found.first, found.done, found.calls) == (date(2026, 11, 9), 1, 4)
    assert ReviewQueue.progress(queue, VisibleReps()) is None


def test_a_call_that_goes_takes_its_row_and_its_dismissal(queue: ReviewQueue, store: Store) -> None:
    from sqlalchemy import delete, select

    from callcoach.storage import schema
    from callcoach.storage.connection import writing

    queue.dismiss(ALL, [("t1", "catchback")], batch_id="b", by="ray", because="Fine.", at=NOW)
    with writing(store.engine) as connection:
        connection.execute(delete(schema.calls).where(schema.calls.c.call_id == "t1"))
        assert connection.execute(select(schema.dismissals)).all() == []
    assert "t1" not in ids(queue, asked=Asked(state=None))


# kept reports


def test_a_run_takes_the_place_of_the_run_before(store: Store) -> None:
    reports = KeptReports(store)
    assert reports.report("rep", "tyler", dict) is None
    reports.keep(1, NOW, [("rep", "tyler", {"n": 1}), ("rep", "walt", {"n": 2})])
    reports.keep(2, NOW + timedelta(days=1), [("rep", "tyler", {"n": 3})])
    kept = reports.report("rep", "tyler", dict)
    assert kept is not None
    assert (kept.run_id, kept.at, kept.report) == (2, NOW + timedelta(days=1), {"n": 3})
    assert reports.known("rep") == ("tyler",)
    reports.forget()
    assert reports.known("rep") == ()


def test_corrections_since_are_counted_and_agreements_are_none(store: Store, queue: ReviewQueue) -> None:
    labels, reports = Labels(store), KeptReports(store)
    later = NOW + timedelta(hours=1)
    corrected = replace(agreed("t1", at=later), person="explains")
    for review in (replace(agreed("t2", at=NOW - timedelta(days=1)), person="explains"), agreed("a1", at=later), corrected):
        labels.add_review(review)
    assert reports.corrected_since(NOW) == 1
    assert reports.corrected_since(NOW, rep_ids={"alicia"}) == 0
    assert reports.corrected_since(NOW, rep_ids={"tyler"}, initiative_id="catchback") == 1
    Remarks(store).take_back([Withdrawal(what_id=corrected.review_id, call_id="t1", person_id="ray", at=later)])
    assert reports.corrected_since(NOW) == 0


def test_advice_is_noted_from_its_first_day_to_its_latest(store: Store) -> None:
    reports = KeptReports(store)
    given = Given(rep_id="tyler", initiative_id="catchback", behaviour=Behaviour.RAISE_IT, since=date(2026, 11, 2))
    reports.note_advice([given], date(2026, 11, 2))
    reports.note_advice([given], date(2026, 11, 9))
    (advice,) = reports.advice("tyler")
    assert (advice.since, advice.until) == (date(2026, 11, 2), date(2026, 11, 9))
    assert reports.advice("walt") == ()
