"""Words said to several customers, from a store of stored transcripts to what the brief shows."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from callcoach.app.same_words import said_again
from callcoach.domain.call import Call, CallKind
from callcoach.domain.story import Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Verdict
from callcoach.storage.store import Store
from callcoach.testing import make_call

CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    story=ValueStory(
        wall="Twenty-seven of every hundred callers rang out and dialed the next business.",
        hammer="The missed caller gets a text within ten seconds.",
        part="Read out the customer's own count of missed callers.",
    ),
)
CANNED = "what happens is every missed caller gets a text within ten seconds so they never dial the next business down the street"


def call(call_id: str, customer: str, day: date, rep: str | None = "tyler") -> Call:
    started = datetime.combine(day, datetime.min.time())
    return Call(call_id=call_id, content=call_id, started_at=started, rep_id=rep, customer_name=customer)


def score(call_id: str, verdict: Verdict = Verdict.NOT_RAISED) -> CallScore:
    return CallScore(
        call_id=call_id,
        initiative_id="catchback",
        verdict=verdict,
        confidence=0.9,
        why_score=20.0,
        levels={},
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(),
    )


def key(known: Call) -> str:
    return f"made of {known.call_id}"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "calls.db")


def kept(store: Store, calls: list[Call]) -> None:
    store.add_calls(calls)
    for known in calls:
        transcript = make_call(
            f"customer 0:00 Who is it? / rep 0:05 {known.call_id}. {CANNED.capitalize()}. / customer 0:30 Okay.",
            call_id=known.call_id,
        )
        store.keep_transcript(transcript, content=known.content, made_by=key(known))


def test_a_passage_comes_with_calls_customers_quotes_and_the_times_of_its_words(store: Store) -> None:
    calls = [call("a", "Ann", date(2026, 10, 5)), call("b", "Bob", date(2026, 10, 6))]
    kept(store, calls)
    scores = [score(each.call_id, Verdict.RECITES) for each in calls]
    (again,) = said_again(store, calls, scores, [CATCHBACK], key)
    assert (again.rep_id, again.initiative_id, again.customers, again.in_script) == ("tyler", "catchback", 2, False)
    assert again.words == len(CANNED.split())
    for moment in again.said:
        assert moment.quote == CANNED.capitalize()
        assert moment.start == pytest.approx(5.3) and moment.turn == 1 and moment.rep_id == "tyler"
    assert [moment.customer_name for moment in again.said] == ["Ann", "Bob"]


def test_only_calls_in_which_it_came_up_with_customers_in_the_last_weeks_are_compared(store: Store) -> None:
    latest = date(2026, 11, 16)
    calls = [
        call("now", "Ann", latest),
        call("long-ago", "Bob", latest - timedelta(weeks=7)),
        call("not-raised", "Cy", latest),
        call("somebody", "Di", latest, rep=None),
        call("other-rep", "Ed", latest, rep="alicia"),
        replace(call("leader", "Flo", latest), kind=CallKind.LEADER_RECORDING),
    ]
    kept(store, calls)
    scores = [score(each.call_id, Verdict.RECITES) for each in calls if each.call_id != "not-raised"] + [score("not-raised")]
    assert said_again(store, calls, scores, [CATCHBACK], key) == ()
    more = call("now-too", "Gus", latest - timedelta(weeks=5))
    kept(store, [more])
    found = said_again(store, [*calls, more], [*scores, score("now-too", Verdict.PARTIAL)], [CATCHBACK], key)
    assert [[moment.call_id for moment in again.said] for again in found] == [["now-too", "now"]]


def test_a_call_whose_words_are_not_there_is_left_out(store: Store) -> None:
    calls = [call("a", "Ann", date(2026, 10, 5)), call("b", "Bob", date(2026, 10, 6))]
    kept(store, calls[:1])
    store.add_calls(calls)
    assert said_again(store, calls, [score("a", Verdict.RECITES), score("b", Verdict.RECITES)], [CATCHBACK], key) == ()
