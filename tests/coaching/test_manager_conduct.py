"""Managers are shown by name with what they did; strictness is said from the same calls and only with enough of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from coaching_calls import COMPANY, MONDAY

from callcoach.coaching import manager_wording
from callcoach.coaching.manager_conduct import LEAST, leaning_of, managers, strictness_of
from callcoach.domain.calibration import Label
from callcoach.domain.goals import Goal
from callcoach.domain.people import Coached, PersonRole
from callcoach.domain.review import VERDICT, Review, about_level, about_quote
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def label(call, person, level, *, criteria=None, at=AT):
    return Label(
        call_id=call,
        initiative_id="catchback",
        person_id=person,
        at=at,
        version="v1",
        verdict=Verdict.PARTIAL,
        levels=dict.fromkeys(Component, Level(level)),
        asked_why=False,
        answer=Answer.NOT_ASKED,
        criteria=criteria or {},
    )


def review(call, person, machine, said, *, about=VERDICT):
    return Review(
        call_id=call, initiative_id="catchback", person_id=person, at=AT, about=about, machine=machine, person=said, because="..."
    )


def both(n, ray, beth):
    return [each for number in range(n) for each in (label(f"c{number}", "ray", ray), label(f"c{number}", "beth", beth))]


def test_a_manager_who_hears_one_level_less_in_the_same_calls_is_stricter_and_the_other_milder():
    strict, mild = strictness_of("ray", both(10, 1, 2)), strictness_of("beth", both(10, 1, 2))
    assert (strict.n, strict.gap) == (10, -0.5)
    assert strict.low < -0.5 < strict.high < 0
    assert manager_wording.STRICTER in strict.sentence and manager_wording.MILDER in mild.sentence
    assert mild.gap == 0.5


def test_seven_calls_are_too_few_to_say():
    found = strictness_of("ray", both(LEAST - 1, 0, 2))
    assert (found.n, found.gap, found.low) == (7, None, None)
    assert found.sentence == "Too few to say how strict: 7 of 8 calls that others have labelled, too."


def test_calls_that_nobody_else_labelled_and_older_labels_of_the_same_person_do_not_count():
    alone = [label(f"x{number}", "ray", 0) for number in range(20)]
    earlier = [label(f"c{number}", "ray", 0, at=AT - timedelta(days=1)) for number in range(10)]
    found = strictness_of("ray", [*alone, *earlier, *both(10, 2, 2)])
    assert (found.n, found.gap) == (10, 0)
    assert found.low < 0 < found.high
    assert manager_wording.LIKE_OTHERS in found.sentence


def test_yes_and_no_on_the_same_criterion_count_and_unclear_does_not():
    pairs = [
        each
        for number in range(8)
        for each in (
            label(f"c{number}", "ray", 1, criteria={"proof": False, "count": None}),
            label(f"c{number}", "beth", 1, criteria={"proof": True, "count": True}),
        )
    ]
    # three levels alike and one criterion apart: a quarter of the scale
    assert strictness_of("ray", pairs).gap == -0.25


def test_corrections_are_counted_by_call_and_by_the_way_they_go():
    own = [review(f"c{number}", "ray", "explains", "partial") for number in range(9)]
    own += [review("c0", "ray", "2", "1", about=about_level(Component.WALL)), review("c9", "ray", "recites", "facts_only")]
    own += [review("c9", "ray", "evidence", "no evidence", about=about_quote("wall"))]
    others = [review(f"d{number}", "nina", "recites", "partial") for number in range(12)]
    found = leaning_of("ray", [*own, *others])
    assert (found.own.count, found.own.n, found.others.count, found.others.n) == (9, 9, 0, 12)
    assert found.low > 0
    assert "Corrected downwards in 9 of 9 calls, everybody else in 0 of 12: stricter than the others." in found.sentence
    assert "a question, not a finding" in found.sentence
    assert leaning_of("nina", [*own, *others]).sentence.count(manager_wording.MILDER) == 1


def test_a_few_corrections_say_nothing_of_anybody():
    found = leaning_of("ray", [review("c1", "ray", "explains", "partial"), review("c2", "beth", "partial", "explains")])
    assert (found.difference, found.own.n, found.others.n) == (None, 1, 1)
    assert found.sentence.startswith("Too few to say which way")


def goal(rep, *, manager="ray", agreed=True, closed=None):
    return Goal(
        goal_id=rep,
        rep_id=rep,
        manager_id=manager,
        initiative_id="catchback",
        text="Say why it exists first",
        set_on=date(2026, 11, 1),
        agreed_by=(rep, manager) if agreed else (rep,),
        closed_on=closed,
    )


def test_what_managers_did_is_counted_and_they_come_by_name():
    coached = [
        Coached(on=MONDAY - timedelta(days=3), by="ray", rep_id="tyler", initiative_id="catchback"),
        Coached(on=MONDAY - timedelta(days=9), by="ray", rep_id="tyler", initiative_id="catchback"),
        Coached(on=MONDAY - timedelta(days=60), by="ray", rep_id="walt", initiative_id="catchback"),
        Coached(on=MONDAY - timedelta(days=2), by="ray", rep_id="alicia", initiative_id="safeseat"),
    ]
    goals = [goal("tyler"), goal("walt", agreed=False), goal("alicia", closed=MONDAY)]
    reviews = [review("c1", "ray", "explains", "partial"), review("c1", "ray", "2", "1", about=about_level(Component.WALL))]
    found = managers(COMPANY, coached=coached, goals=goals, reviews=reviews, labels=[], today=MONDAY, initiative_id="catchback")
    assert [each.name for each in found] == ["Beth Kowal", "Ray Delgado"]
    beth, ray = found
    assert (ray.reps, ray.coachings, ray.reps_coached, ray.goals, ray.goals_agreed, ray.corrected) == (3, 2, 1, 2, 1, 1)
    assert ray.sentences[0] == "2 coachings on it with 1 of 3 reps in the last 28 days."
    assert beth.sentences[:3] == (
        "No coaching on it is written down with any of 3 reps in the last 28 days.",
        "No goal with a rep is running.",
        "Corrected no call yet.",
    )
    everywhere = managers(COMPANY, coached=coached, goals=goals, reviews=reviews, labels=[], today=MONDAY)
    assert everywhere[1].sentences[0] == "3 coachings with 2 of 3 reps in the last 28 days."
    assert (everywhere[1].coachings, everywhere[1].reps_coached) == (3, 2)


@pytest.mark.parametrize("seed", range(4))
def test_managers_who_differ_by_chance_alone_are_hardly_ever_called_strict(seed):
    import random

    chance = random.Random(seed)
    called = 0
    for _ in range(100):
        labels = [label(f"c{n}", who, chance.choice((0, 1, 1, 2))) for n in range(12) for who in ("ray", "beth")]
        found = strictness_of("ray", labels)
        called += manager_wording.LIKE_OTHERS not in found.sentence
    # a 90% interval leaves out the truth once in ten
    assert called <= 17


def test_only_managers_of_the_people_file_are_shown():
    found = managers(COMPANY, coached=[], goals=[], reviews=[], labels=[], today=MONDAY)
    # nobody writes coachings down: that is no coaching of nobody
    assert {each.sentences[0] for each in found} == {manager_wording.NO_LOG}
    roles = {COMPANY.person(each.person_id).role for each in found}
    assert roles == {PersonRole.MANAGER}
