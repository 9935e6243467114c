"""Invented companies that coach: what takes to coaching, and who coaches well, is found where it is there and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from callcoach.coaching import worked_wording
from callcoach.coaching.choice import COACHABLE
from callcoach.coaching.columns import Columns
from callcoach.coaching.held_coachings import Coaching, coachings
from callcoach.coaching.measures import NO, YES, answers
from callcoach.coaching.shares import Shares
from callcoach.coaching.what_worked import ENOUGH, LEAST_COACHINGS, coachable, for_managers, what_worked
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.goals import Goal, WhatWorked, Worked
from callcoach.domain.people import Coached, Company

WALL, LINK = Behaviour.TELL_THE_WALL, Behaviour.LINK_TO_CUSTOMER
START, DAYS = date(2026, 1, 5), 240
REPS, CALLS, MANAGERS = 48, 70, 6
SEEDS = range(20)


def heard_as(wall: bool, link: bool) -> int:
    """A call in which the two were done, or not."""
    fits = (answers(WALL) == (YES if wall else NO)) & (answers(LINK) == (YES if link else NO))
    return int(np.flatnonzero(fits)[0])


def company_that_coaches(
    seed: int, brings: tuple[float, float], *, of_managers: Sequence[float] = (0.0,) * MANAGERS, most: int = 40
) -> tuple[Shares, list[Coaching]]:
    """Calls of reps who all get a little better, and coachings of those who looked weak just then.

    brings: what a coaching adds to the share of calls, on each of the two behaviours; of_managers: on top of it.
    """
    random = np.random.default_rng(seed)
    rep = np.repeat(np.arange(REPS), CALLS)
    day = np.sort(random.integers(0, DAYS, (REPS, CALLS)), axis=1).ravel()
    practice = 0.5 * (day / DAYS - 0.5)
    chance = 1 / (1 + np.exp(-(random.normal(0, 0.9, (REPS, 2))[rep] + practice[:, None])))
    luck = random.random(chance.shape)
    held: list[Coaching] = []
    for one in random.permutation(REPS)[: REPS * 2 // 3]:
        for place, behaviour in enumerate((WALL, LINK)):
            on = int(random.integers(60, 170))
            just_before = (rep == one) & (day <= on) & (day > on - 90)
            if len(held) == most or (luck < chance)[just_before, place].mean() > 0.6:
                continue
            later = (rep == one) & (day > on)
            manager = int(one % MANAGERS)
            chance[later, place] = np.clip(chance[later, place] + brings[place] + of_managers[manager], 0.01, 0.99)
            since = START + timedelta(days=on)
            held.append(
                Coaching(
                    by=f"m{manager}",
                    rep_id=f"r{one:02d}",
                    initiative_id="main",
                    behaviour=behaviour,
                    on=since,
                    until=since + timedelta(days=60),
                )
            )
    done = luck < chance
    codes = np.array([[heard_as(bool(wall), bool(link)) for link in (0, 1)] for wall in (0, 1)])
    order = np.argsort(day, kind="stable")
    nothing = np.zeros(len(rep), np.intp)
    return Shares(
        Columns(
            reps=tuple(f"r{number:02d}" for number in range(REPS)),
            teams=("team",),
            initiatives=("main",),
            kinds=("",),
            rep=rep[order],
            team_of_rep=np.zeros(REPS, np.intp),
            initiative=nothing,
            kind=nothing,
            length=nothing,
            day=day[order] + START.toordinal(),
            code=codes[done[:, 0].astype(int), done[:, 1].astype(int)][order],
            won=np.full(len(rep), -1, np.int8),
            amount=np.full(len(rep), np.nan),
        )
    ), held


def found_in(brings: tuple[float, float], **more) -> list[WhatWorked]:
    return [what_worked(*company_that_coaches(seed, brings, **more)) for seed in SEEDS]


def told_apart(found: WhatWorked) -> float:
    """How much more coachable the wall is taken to be than it was set, beside the link."""
    learnt = coachable(found)
    return learnt[WALL] / COACHABLE[WALL] - learnt[LINK] / COACHABLE[LINK]


def test_a_behaviour_that_takes_to_coaching_is_found():
    found = [told_apart(each) for each in found_in((0.3, 0.0))]
    assert sum(each > 0 for each in found) >= 19
    assert all(each >= 0 for each in found)


@pytest.mark.parametrize("brings", [(0.0, 0.0), (0.12, 0.12)], ids=["coaching brings nothing", "it brings the same"])
def test_where_there_is_no_difference_none_is_told_and_what_would_have_come_anyhow_is_no_credit(brings):
    found = found_in(brings)
    assert sum(told_apart(each) != 0 for each in found) <= 1
    # reps who looked weak are coached and everybody gets better: neither is taken for what coaching brought
    changes = [each.overall.change for each in found]
    assert np.mean(changes) == pytest.approx(brings[0], abs=0.02)
    inside = [each.overall.low <= brings[0] <= each.overall.high for each in found]
    assert np.mean(inside) >= 0.8


def test_a_manager_whose_coaching_brings_more_is_found_and_no_other():
    found = found_in((0.1, 0.1), of_managers=(0.3, 0, 0, 0, 0, 0))
    sure = [(each.about, each.likely >= 0.95) for one in found for each in one.managers if each.likely is not None]
    assert np.mean([told for about, told in sure if about == "m0"]) >= 0.8
    assert np.mean([told for about, told in sure if about != "m0"]) <= 0.05


def test_few_coachings_say_and_change_nothing():
    shares, held = company_that_coaches(1, (0.4, 0.0))
    few = what_worked(shares, held[: LEAST_COACHINGS - 1])
    assert few.overall == Worked(about="", n=LEAST_COACHINGS - 1)
    assert all(each.change is None for each in (*few.behaviours, *few.managers))
    assert coachable(few) is COACHABLE
    assert len(held) > ENOUGH
    assert coachable(what_worked(shares, held[: ENOUGH - 1])) is COACHABLE
    assert coachable(what_worked(shares, [])) is COACHABLE
    assert worked_wording.overall(few).startswith("Too few coachings to say what they brought: 7 of 7 can be compared.")
    assert worked_wording.HOW_TO_READ not in worked_wording.all_of(few, str)
    assert worked_wording.HOW_TO_READ in worked_wording.all_of(what_worked(shares, held), str)


def test_a_change_has_its_limits():
    overall = Worked(about="", n=60, change=0.3, low=0.2, high=0.4)
    far = Worked(about=WALL.value, n=30, change=0.6, low=0.5, high=0.7, likely=0.999)
    none = Worked(about=LINK.value, n=30, change=0.0, low=-0.1, high=0.1, likely=0.001)
    learnt = coachable(WhatWorked(overall=overall, behaviours=(far, none)))
    assert (learnt[WALL], learnt[LINK]) == (pytest.approx(1.3), pytest.approx(0.9 * 0.7))
    assert {name: value for name, value in learnt.items() if name not in (WALL, LINK)} == {
        name: value for name, value in COACHABLE.items() if name not in (WALL, LINK)
    }


def test_where_nobody_was_left_uncoached_nothing_is_said():
    shares, held = company_that_coaches(3, (0.3, 0.0))
    everybody = [replace(held[0], rep_id=rep) for rep in shares.columns.reps]
    found = what_worked(shares, everybody)
    assert (found.held, found.overall.n, found.overall.change) == (48, 0, None)


def test_the_log_and_the_goals_are_counted_once():
    goal = Goal(
        goal_id="1",
        rep_id="tyler",
        manager_id="ray",
        initiative_id="catchback",
        text="Say why it exists.",
        set_on=date(2026, 10, 1),
        behaviour=WALL,
        target=0.6,
        calls=5,
        due=date(2026, 10, 29),
        agreed_by=("tyler", "ray"),
    )
    log = (
        Coached(on=date(2026, 10, 8), by="ray", rep_id="tyler", initiative_id="catchback"),  # on the goal
        Coached(on=date(2026, 9, 1), by="ray", rep_id="tyler", initiative_id="catchback"),
        Coached(on=date(2026, 9, 20), by="beth", rep_id="walt", initiative_id="catchback"),
        Coached(on=date(2026, 10, 20), by="ray", rep_id="walt", initiative_id="catchback"),
    )
    held = coachings([goal, replace(goal, agreed_by=("ray",))], Company(coached=log), today=date(2026, 11, 16))
    assert [(each.by, each.rep_id, each.behaviour, each.on, each.until) for each in held] == [
        # until the next coaching of the same rep on the same initiative
        ("ray", "tyler", None, date(2026, 9, 1), date(2026, 10, 1)),
        ("beth", "walt", None, date(2026, 9, 20), date(2026, 10, 20)),
        ("ray", "tyler", WALL, date(2026, 10, 1), date(2026, 10, 29)),
        ("ray", "walt", None, date(2026, 10, 20), date(2026, 11, 16)),
    ]


def test_a_team_sees_its_own_manager_alone():
    found = what_worked(*company_that_coaches(1, (0.2, 0.2)))
    shown = for_managers(found, {"m1"})
    assert [each.about for each in shown.managers] == ["m1"]
    assert (shown.behaviours, shown.overall) == (found.behaviours, found.overall)
    said = worked_wording.all_of(shown, {"m1": "Ray Delgado"}.get)
    assert any(sentence.startswith("Ray Delgado: ") for sentence in said) and "m2" not in " ".join(said)
