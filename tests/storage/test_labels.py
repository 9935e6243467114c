from datetime import UTC, date, datetime

import pytest

from callcoach.domain.calibration import Decision, Label, Override, Pick, Round
from callcoach.domain.call import Call, Transcript, Turn
from callcoach.domain.review import VERDICT, Review
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.errors import UsageError
from callcoach.storage.labels import Labels
from callcoach.storage.store import Store

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
ROUND = Round(
    round_id="catchback-1",
    initiative_id="catchback",
    version="v1",
    people=("ann", "ben"),
    picks=(Pick(call_id="c1", why="random"), Pick(call_id="c2", why="unsure")),
    seed=7,
    at=AT,
)


def label(call_id: str, person: str, verdict: str = "explains", *, round_id: str | None = "catchback-1", day: int = 16) -> Label:
    return Label(
        call_id=call_id,
        initiative_id="catchback",
        person_id=person,
        at=datetime(2026, 11, day, 10, tzinfo=UTC),
        version="v1",
        verdict=Verdict(verdict),
        levels=dict.fromkeys(Component, Level.EXPLAINED),
        asked_why=True,
        answer=Answer.FULL,
        criteria={"proof": True, "count": None},
        quote="Thirty-seven.",
        round_id=round_id,
    )


def review(person: str, verdict: str, *, minute: int = 0) -> Review:
    return Review(
        call_id="c1",
        initiative_id="catchback",
        person_id=person,
        at=AT.replace(minute=minute),
        about=VERDICT,
        machine="recites",
        person=verdict,
        because="She says it back.",
        versions={"judge": "j1"},
    )


@pytest.fixture
def labels(store: Store) -> Labels:
    return Labels(store)


def test_a_round_is_kept_as_it_is_and_its_name_is_taken(labels: Labels) -> None:
    labels.begin(ROUND)

    assert labels.round("catchback-1") == ROUND
    assert labels.rounds("catchback") == (ROUND,) and labels.rounds("safeseat") == ()
    with pytest.raises(UsageError, match="There is a round catchback-1 already"):
        labels.begin(ROUND)


def test_nobody_is_given_anothers_labels_before_everybody_is_done(labels: Labels) -> None:
    labels.begin(ROUND)
    labels.keep_draft("catchback-1", "ben", "c1", {"verdict": "recites"})
    labels.finish([label("c1", "ann"), label("c2", "ann")])

    assert labels.done(ROUND) == {"ann": True, "ben": False}
    assert labels.labels_of(ROUND, seen_by="ben") == ()
    assert labels.labels_of(ROUND) == () and labels.finished_labels("catchback") == ()
    assert [each.call_id for each in labels.labels_of(ROUND, seen_by="ann")] == ["c1", "c2"]
    assert labels.draft("catchback-1", "ann") == {}
    assert labels.draft("catchback-1", "ben") == {"c1": {"verdict": "recites"}}

    labels.finish([label("c1", "ben", "recites"), label("c2", "ben")])
    assert {each.person_id for each in labels.labels_of(ROUND)} == {"ann", "ben"}
    assert labels.finished_labels("catchback")[0] in (label("c1", "ann"), label("c1", "ben", "recites"))
    assert labels.draft("catchback-1", "ben") == {}


def test_answers_are_kept_one_by_one_and_are_final_once_a_person_is_done(labels: Labels, reopened) -> None:
    labels.begin(ROUND)
    labels.keep_draft("catchback-1", "ann", "c1", {"verdict": "recites"})
    labels.keep_draft("catchback-1", "ann", "c1", {"verdict": "explains", "wall": "2"})
    assert Labels(reopened()).draft("catchback-1", "ann") == {"c1": {"verdict": "explains", "wall": "2"}}

    labels.finish([label("c1", "ann"), label("c2", "ann")])
    with pytest.raises(UsageError, match="labels are never changed"):
        labels.keep_draft("catchback-1", "ann", "c1", {"verdict": "recites"})
    with pytest.raises(UsageError, match="labels are never changed"):
        labels.finish([label("c1", "ann", "recites", day=17), label("c2", "ann", day=17)])


def test_labels_from_a_file_are_taken_in_once(labels: Labels) -> None:
    written = [label("c1", "ann", round_id=None), label("c1", "ben", round_id="elsewhere-1")]

    assert labels.take_in(written) == 2
    assert labels.take_in(written) == 0
    assert labels.finished_labels() == tuple(written)


def test_a_file_makes_nobody_done_with_a_round_of_the_same_name(labels: Labels) -> None:
    labels.begin(ROUND)
    labels.take_in([label("c1", "ann"), label("c2", "ann"), label("c1", "ben")])

    assert labels.done(ROUND) == {"ann": False, "ben": False}
    assert labels.labels_of(ROUND, seen_by="ann") == ()
    labels.keep_draft("catchback-1", "ann", "c1", {"verdict": "recites"})
    assert len(labels.finished_labels("catchback")) == 3, "what stands in a file is open to all"


def test_decisions_and_overrides_are_added_and_never_replaced(labels: Labels) -> None:
    first = Decision(round_id="catchback-1", call_id="c1", verdict=Verdict.EXPLAINS, because="Her sum.", by="ann", at=AT)
    second = Decision(
        round_id="catchback-1", call_id="c1", verdict=Verdict.PARTIAL, because="No wall.", by="ben", at=AT.replace(hour=10)
    )
    labels.decide(first)
    labels.decide(second)
    assert labels.decisions("catchback-1") == (first, second)

    word = Override(initiative_id="catchback", by="ada", because="Pilot.", at=AT, until=date(2026, 12, 1))
    labels.override(word)
    assert labels.overrides() == (word,)


def test_corrections_stand_beside_the_score_and_outlive_it(labels: Labels) -> None:
    labels.add_review(review("ann", "explains"))
    labels.add_review(review("ann", "explains"))
    labels.add_review(review("ben", "partial", minute=5))

    assert [each.person for each in labels.reviews("c1")] == ["explains", "partial"]
    assert labels.reviews("c2") == ()


def test_what_can_be_learnt_is_what_people_settled_with_the_words_it_was_said_of(store: Store, labels: Labels) -> None:
    heard = Transcript(call_id="c1", turns=(Turn(speaker="rep", text="Thirty-seven."),))
    store.add_calls([Call(call_id="c1", content="a" * 64, audio_path="a"), Call(call_id="c2", content="b" * 64, audio_path="b")])
    store.keep_transcript(heard, "a" * 64, "whisper-0")
    store.keep_transcript(Transcript(call_id="c1", turns=()), "a" * 64, "whisper-1")
    store.point_at({"c1": "whisper-0", "c2": "whisper-0"})
    labels.begin(ROUND)
    labels.finish([label("c1", "ann"), label("c2", "ann")])
    labels.finish([label("c1", "ben", "recites"), label("c2", "ben")])

    (one,) = labels.labels_to_learn_from()
    assert (one.call_id, one.transcript, one.verdict) == ("c1", heard, None), "two people differ, c2 has no words here"
    assert [each.person_id for each in one.labels] == ["ann", "ben"]

    labels.add_review(review("ann", "explains"))
    assert labels.labels_to_learn_from("catchback")[0].verdict is Verdict.EXPLAINS
    labels.add_review(review("ben", "partial"))
    assert labels.labels_to_learn_from()[0].verdict is None, "two corrections that differ settle nothing"
    labels.decide(Decision(round_id="catchback-1", call_id="c1", verdict=Verdict.RECITES, because="Track.", by="ann", at=AT))
    assert labels.labels_to_learn_from()[0].verdict is Verdict.RECITES
    assert labels.labels_to_learn_from("safeseat") == ()


def test_the_words_to_read_are_those_the_latest_run_pointed_at(store: Store) -> None:
    store.add_calls([Call(call_id="c1", content="a" * 64, audio_path="a")])
    assert store.current_transcript("c1") is None
    for made_by in ("w0", "w1"):
        store.keep_transcript(Transcript(call_id="c1", turns=(Turn(speaker="rep", text=made_by),)), "a" * 64, made_by)
        store.point_at({"c1": made_by})

    assert store.current_transcript("c1").turns[0].text == "w1"
