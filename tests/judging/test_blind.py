from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from callcoach.domain.calibration import Label, Pick, Round
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.judging.blind import everybody_is_done, finished, visible_labels

AT = datetime(2026, 11, 16, tzinfo=UTC)
CALLS = ("c1", "c2", "c3")
PEOPLE = ("ann", "ben", "cleo")
ROUND = Round(
    round_id="r1",
    initiative_id="catchback",
    version="v1",
    people=PEOPLE,
    picks=tuple(Pick(call_id=call_id, why="at random") for call_id in CALLS),
    seed=1,
    at=AT,
)


def label(person: str, call_id: str, *, round_id: str = "r1") -> Label:
    return Label(
        call_id=call_id,
        initiative_id="catchback",
        person_id=person,
        at=AT,
        version="v1",
        verdict=Verdict.RECITES,
        levels=dict.fromkeys(Component, Level.MENTIONED),
        asked_why=False,
        answer=Answer.NOT_ASKED,
        round_id=round_id,
    )


SOME_LABELS = st.sets(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(CALLS)))


@given(SOME_LABELS, st.sampled_from([*PEOPLE, "a stranger", None]))
def test_before_all_are_done_a_person_sees_their_own_labels_and_a_stranger_none(said, viewer):
    labels = [label(person, call_id) for person, call_id in sorted(said)]
    seen = visible_labels(ROUND, labels, seen_by=viewer)

    if len(said) == len(PEOPLE) * len(CALLS):
        assert len(seen) == len(labels)
    else:
        assert {each.person_id for each in seen} <= {viewer}
        assert len(seen) == sum(person == viewer for person, _ in said)


@given(SOME_LABELS, SOME_LABELS, st.sampled_from(PEOPLE))
def test_what_a_person_sees_before_the_end_does_not_hang_on_what_others_did(mine, others, viewer):
    """A pure function of the person's own labels: nothing others say or do shows through before all are done."""
    own = [label(viewer, call_id) for _, call_id in sorted(mine)]
    rest = [label(person, call_id) for person, call_id in sorted(others) if person != viewer]
    if not everybody_is_done(ROUND, [*own, *rest]):
        assert visible_labels(ROUND, [*own, *rest], seen_by=viewer) == visible_labels(ROUND, own, seen_by=viewer)


def test_a_person_is_done_with_the_last_call_and_labels_of_another_round_count_for_nothing():
    half = [label("ann", "c1"), label("ann", "c2"), label("ann", "c3", round_id="r2")]

    assert finished(ROUND, half) == {"ann": False, "ben": False, "cleo": False}
    assert finished(ROUND, [*half, label("ann", "c3")])["ann"]
