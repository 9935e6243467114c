from datetime import UTC, datetime, timedelta

from callcoach.domain.calibration import Decision, Label
from callcoach.domain.review import VERDICT, Review, about_level
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.judging.settled import Settled, settle

AT = datetime(2026, 11, 16, tzinfo=UTC)


def label(person: str, verdict: str, part: int = 1, *, answer: Answer = Answer.FULL) -> Label:
    return Label(
        call_id="c1",
        initiative_id="catchback",
        person_id=person,
        at=AT,
        version="v1",
        verdict=Verdict(verdict),
        levels={Component.WALL: Level.EXPLAINED, Component.HAMMER: Level.MENTIONED, Component.PART: Level(part)},
        asked_why=answer is not Answer.NOT_ASKED,
        answer=answer,
    )


def review(person: str, said: str, about: str = VERDICT, *, minute: int = 0) -> Review:
    return Review(
        call_id="c1",
        initiative_id="catchback",
        person_id=person,
        at=AT + timedelta(minutes=minute),
        about=about,
        machine="recites",
        person=said,
        because="So I heard it.",
    )


def decision(verdict: str, **levels: int) -> Decision:
    decided = {Component(name): Level(level) for name, level in levels.items()}
    return Decision(round_id="r1", call_id="c1", verdict=Verdict(verdict), because="Agreed.", by="ann", at=AT, levels=decided)


def test_what_all_say_is_settled_and_what_they_differ_on_is_not():
    found = settle([label("ann", "partial", 1), label("ben", "partial", 2, answer=Answer.DEFLECTS)], None, [])

    assert found == Settled(Verdict.PARTIAL, {Component.WALL: Level.EXPLAINED, Component.HAMMER: Level.MENTIONED}, True, None)


def test_a_correction_goes_before_blind_labels_and_a_decision_before_both():
    labels = [label("ann", "partial"), label("ben", "partial")]
    corrected = [review("ray", "explains"), review("ray", "2", about_level(Component.PART))]
    assert settle(labels, None, corrected).verdict is Verdict.EXPLAINS
    assert settle(labels, None, corrected).levels[Component.PART] is Level.EXPLAINED

    decided = settle(labels, decision("stumbles", part=0), corrected)
    assert (decided.verdict, decided.levels[Component.PART]) == (Verdict.STUMBLES, Level.ABSENT)
    assert settle(labels, decision("stumbles"), corrected).levels[Component.PART] is Level.EXPLAINED


def test_corrections_that_differ_settle_nothing_until_one_of_them_gives_in():
    differ = [review("ray", "explains"), review("beth", "recites", minute=1)]
    assert settle([label("ann", "partial")], None, differ).verdict is None
    assert settle([], None, [*differ, review("ray", "recites", minute=2)]).verdict is Verdict.RECITES


def test_nobody_said_anything():
    assert settle([], None, []) == Settled(None, {}, None, None)
