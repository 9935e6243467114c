"""Calls in stretches: whole, in order, narrowed, and of nobody who may not be seen."""

from datetime import UTC, date, datetime

import pytest

from callcoach.domain.call import Call
from callcoach.domain.people import VisibleReps
from callcoach.storage.listing import Listing, WantedCalls

EVERYBODY = VisibleReps(everybody=True)


@pytest.fixture
def listing(store):
    store.add_calls(
        Call(
            call_id=f"call-{number:02}",
            content=f"bytes {number}",
            audio_path="x.ogg",
            rep_id=("A", "B", None)[number % 3],
            started_at=datetime(2026, 11, 1 + number, 9, tzinfo=UTC) if number < 20 else None,
        )
        for number in range(25)
    )
    return Listing(store)


def ids(calls):
    return [call.call_id for call in calls]


def test_stretches_put_together_are_everything_once(listing):
    seen, behind = [], None
    while calls := listing.calls(EVERYBODY, behind=behind, size=7):
        assert len(calls) <= 7
        seen += ids(calls)
        behind = seen[-1]
    assert seen == [f"call-{number:02}" for number in range(25)]


def test_nobodys_call_is_for_those_who_see_everybody(listing):
    seen = listing.calls(VisibleReps(rep_ids=frozenset({"A"})), size=100)
    assert {call.rep_id for call in seen} == {"A"} and len(seen) == 9
    assert listing.calls(VisibleReps(), size=100) == ()


def test_calls_are_narrowed_to_reps_and_days(listing):
    found = listing.calls(EVERYBODY, WantedCalls(first=date(2026, 11, 3), last=date(2026, 11, 5)), size=100)
    assert ids(found) == ["call-02", "call-03", "call-04"]
    assert listing.calls(EVERYBODY, WantedCalls(rep_ids=frozenset()), size=100) == ()
    both = listing.calls(VisibleReps(rep_ids=frozenset({"A"})), WantedCalls(rep_ids=frozenset({"B"})), size=100)
    assert both == (), "asking for somebody shows nobody more"
    assert listing.calls(EVERYBODY, WantedCalls(initiative_id="none"), size=100) == ()


def test_bytes_that_are_known_are_told_with_their_call(listing):
    assert listing.same_contents({"bytes 3", "other"}) == {"bytes 3": "call-03"}
    assert listing.same_contents(set()) == {}
