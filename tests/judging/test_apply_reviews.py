from datetime import UTC, datetime, timedelta

import pytest

from callcoach.domain.review import EVIDENCE, NO_EVIDENCE, VERDICT, Review, about_level, about_quote
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.judging.apply_reviews import apply_reviews

MACHINE = CallScore(
    call_id="c1",
    initiative_id="catchback",
    verdict=Verdict.RECITES,
    confidence=0.8,
    why_score=20.0,
    levels={Component.WALL: Level.MENTIONED, Component.HAMMER: Level.MENTIONED, Component.PART: Level.ABSENT},
    asked_why=False,
    answer=Answer.NOT_ASKED,
    behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
    evidence=(
        Evidence(act="wall", turn=2, quote="Twenty-seven of every hundred."),
        Evidence(act="hammer", turn=4, quote="They get a text."),
    ),
    statements=("Twelve words stand in the script.",),
)


def review(person: str, said: str, *, about: str = VERDICT, minute: int = 0, **rest: object) -> Review:
    return Review(
        call_id="c1",
        initiative_id="catchback",
        person_id=person,
        at=datetime(2026, 11, 16, 9, tzinfo=UTC) + timedelta(minutes=minute),
        about=about,
        machine="recites",
        person=said,
        because="She says it back to him.",
        **rest,
    )


def test_without_a_correction_the_machine_is_read():
    read = apply_reviews(MACHINE, [])

    assert read.score == read.machine == MACHINE and not read.corrected


def test_a_persons_word_is_read_and_the_machines_is_kept():
    read = apply_reviews(MACHINE, [review("ann", "explains")])

    assert read.score.verdict is Verdict.EXPLAINS
    assert (read.score.confidence, read.score.why_score, read.score.statements) == (None, None, ())
    assert read.machine == MACHINE


def test_the_latest_of_one_person_counts_and_people_who_differ_are_shown():
    read = apply_reviews(
        MACHINE, [review("ann", "partial", minute=9), review("ann", "explains"), review("ben", "recites", minute=5)]
    )

    assert [(each.person_id, each.person) for each in read.counted] == [("ben", "recites"), ("ann", "partial")]
    assert read.score.verdict is Verdict.PARTIAL, "of people who differ the latest is read"
    assert [[each.person for each in conflict] for conflict in read.conflicts] == [["recites", "partial"]]


def test_a_level_rises_only_with_a_quote():
    bare = apply_reviews(MACHINE, [review("ann", "2", about=about_level(Component.PART))])
    assert bare.score.levels[Component.PART] is Level.ABSENT

    quoted = review("ann", "2", about=about_level(Component.PART), turn=6, quote="Saturdays at noon, that is you.", start=41.0)
    read = apply_reviews(MACHINE, [quoted])
    assert read.score.levels[Component.PART] is Level.EXPLAINED
    assert read.score.evidence[-1] == Evidence(act="part", turn=6, quote="Saturdays at noon, that is you.", start=41.0)


def test_a_level_that_loses_its_last_quote_falls_to_absent():
    struck = review("ann", NO_EVIDENCE, about=about_quote("wall"), turn=2, quote="Twenty-seven of every hundred.")
    read = apply_reviews(MACHINE, [struck])

    assert read.score.levels[Component.WALL] is Level.ABSENT
    assert [quote.act for quote in read.score.evidence] == ["hammer"]
    assert len(read.machine.evidence) == 2


def test_words_a_person_heard_are_evidence_a_level_can_rest_on():
    added = review("ann", EVIDENCE, about=about_quote("part"), turn=6, quote="That is you.")
    level = review("ann", "1", about=about_level(Component.PART), minute=1)

    assert apply_reviews(MACHINE, [level, added]).score.levels[Component.PART] is Level.MENTIONED
    assert apply_reviews(MACHINE, [added, added]).score.evidence.count(Evidence(act="part", turn=6, quote="That is you.")) == 1


def test_a_call_that_cannot_be_judged_after_all_says_why_and_back():
    read = apply_reviews(MACHINE, [review("ann", "not_assessed")])
    assert (read.score.verdict, read.score.reason) == (Verdict.NOT_ASSESSED, "She says it back to him.")
    assert apply_reviews(read.score, [review("ann", "recites")]).score.reason is None


@pytest.mark.parametrize("field", ["call_id", "initiative_id"])
def test_corrections_of_another_call_or_initiative_change_nothing(field):
    import dataclasses

    elsewhere = dataclasses.replace(review("ann", "explains"), **{field: "other"})
    assert apply_reviews(MACHINE, [elsewhere]).score == MACHINE
