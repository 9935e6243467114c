from dataclasses import replace
from datetime import date

import pytest
from coaching_calls import CATCHBACK, COMPANY, judged

from callcoach.coaching import goals
from callcoach.coaching.heard import hear
from callcoach.coaching.shares import shares_of
from callcoach.domain.behaviour import Behaviour, Estimate
from callcoach.domain.goals import Goal, GoalVerdict

GOAL = Goal(
    goal_id="g1",
    rep_id="tyler",
    manager_id="ray",
    initiative_id="catchback",
    text="Say why CatchBack exists before saying how it works.",
    set_on=date(2026, 10, 15),
    behaviour=Behaviour.TELL_THE_WALL,
    target=0.6,
    calls=5,
    why="Customers hear what it is for before they hear the price.",
    due=date(2026, 11, 20),
)
NOVEMBER = date(2026, 11, 16)


def shares(before, since, rep="tyler"):
    """Calls before and after the middle of October: `+` says why it exists, `-` only how it works."""
    pairs = [
        judged(f"{rep}-{day}", rep, day, "explains" if mark == "+" else "partial", levels=(2, 2, 2) if mark == "+" else (0, 2, 1))
        for day, mark in [*enumerate(before, 1), *enumerate(since, 17)]
    ]
    return shares_of(hear([call for call, _ in pairs], [score for _, score in pairs], [CATCHBACK]), COMPANY)


def test_a_goal_whose_day_has_passed_is_not_agreed_to():
    waiting = replace(GOAL, agreed_by=("ray",))
    assert goals.agreed(waiting, "tyler", today=GOAL.due).agreed
    with pytest.raises(ValueError, match="Its day has passed before both agreed"):
        goals.agreed(waiting, "tyler", today=date(2026, 11, 21))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": "Be better."}, "Say in a sentence what will be done."),
        ({"behaviour": None}, "Name one behaviour that can be heard in a call."),
        ({"target": None}, "Name the share of calls in which it will be heard."),
        # nobody does anything in every call
        ({"target": 1.0}, "A share over 95% is lost with one call: name a lower one."),
        ({"calls": 1}, "Name how many calls will be counted, 3 or more."),
        ({"why": " "}, "Say what it is worth to the customers."),
        ({"due": None}, "Name the day it is due."),
        # a year is no goal
        ({"due": date(2027, 10, 15)}, "Name a day after the one on which it was set, and within 92 days of it."),
        ({"manager_id": None}, "Name the manager it is agreed with."),
    ],
)
def test_what_is_missing_is_said(change, says):
    assert goals.missing(replace(GOAL, **change)) == (says,)


def test_a_whole_goal_misses_nothing():
    assert goals.missing(GOAL) == ()


def test_a_target_is_measured_by_where_the_rep_stands():
    there = Estimate(n=12, share=0.7, low=0.5, high=0.85)
    assert goals.missing(GOAL, there) == ("That is where the calls stand already (70% of 12 calls): name a higher share.",)
    far = Estimate(n=12, share=0.02, low=0.0, high=0.08)
    assert goals.missing(GOAL, far) == ("From 2% that is far in one step: name a share that a few weeks can bring.",)


def test_both_must_agree_and_an_edit_asks_the_other_again():
    both = goals.agreed(goals.agreed(GOAL, "tyler"), "ray")
    assert both.agreed
    edited = goals.edited(both, "ray", target=0.5)
    assert (edited.agreed, edited.agreed_by) == (False, ("ray",))
    assert goals.agreed(edited, "tyler").agreed


def test_nobody_else_edits_or_agrees_and_nothing_incomplete_is_agreed():
    with pytest.raises(ValueError, match="carol is neither"):
        goals.edited(GOAL, "carol", target=0.5)
    with pytest.raises(ValueError, match="Name the day it is due"):
        goals.agreed(replace(GOAL, due=None), "ray")
    with pytest.raises(ValueError, match="closed"):
        goals.edited(replace(GOAL, closed_on=NOVEMBER), "ray", target=0.5)


def test_a_goal_is_heard_in_the_calls_before_and_since():
    found = goals.progress(GOAL, shares("------", "++-+++++++++"), today=NOVEMBER)
    assert (found.before.count, found.before.n, found.since.count, found.since.n) == (0, 6, 11, 12)
    assert found.verdict is GoalVerdict.REACHED
    assert found.sentence == "reached: 0.06 to 0.90, 12 calls"


def test_better_but_not_there_is_improved():
    found = goals.progress(replace(GOAL, target=0.9), shares("--------", "+-+-+-++-+-+"), today=NOVEMBER)
    assert found.verdict is GoalVerdict.IMPROVED
    assert found.sentence.startswith("improved, likely: ")
    assert found.sure > 0.8


def test_the_same_as_before_is_no_change_and_less_is_said():
    assert goals.progress(GOAL, shares("+-+---+-", "-+--+-+-"), today=NOVEMBER).verdict is GoalVerdict.UNCHANGED
    assert goals.progress(GOAL, shares("++++++++", "----+---"), today=NOVEMBER).verdict is GoalVerdict.WORSE


def test_too_few_calls_since_close_nothing():
    found = goals.progress(GOAL, shares("----", "++"), today=NOVEMBER)
    assert (found.verdict, found.sentence) == (GoalVerdict.TOO_FEW_CALLS, "not enough calls since: 2")


def test_a_closed_goal_keeps_its_verdict_and_is_closed_once():
    both = goals.agreed(goals.agreed(GOAL, "tyler"), "ray")
    found = goals.progress(both, shares("------", "++++++"), today=NOVEMBER)
    closed = goals.closed(both, found, today=NOVEMBER)
    assert (closed.verdict, closed.closed_on) == (GoalVerdict.REACHED, NOVEMBER)
    with pytest.raises(ValueError, match="closed"):
        goals.closed(closed, found, today=NOVEMBER)


def test_what_was_never_agreed_to_is_closed_without_a_verdict():
    found = goals.progress(GOAL, shares("------", "++++++"), today=NOVEMBER)
    assert goals.closed(GOAL, found, today=NOVEMBER).verdict is None
