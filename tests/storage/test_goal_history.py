"""A goal's history only grows: what somebody read and what somebody else wrote meanwhile are never mixed up or lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from callcoach.coaching.goals import agreed, edited
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.goals import Goal, GoalAct
from callcoach.errors import EditConflict, GoalUnfinished, UsageError
from callcoach.storage.goals import Goals
from callcoach.storage.store import Store

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
GOAL = Goal(
    goal_id="",
    rep_id="tyler",
    manager_id="ray",
    initiative_id="catchback",
    text="Say why CatchBack exists.",
    set_on=date(2026, 11, 16),
    behaviour=Behaviour.TELL_THE_WALL,
    target=0.6,
    calls=5,
    why="Customers hear what it is for.",
    due=date(2026, 12, 14),
    agreed_by=("ray",),
)


def test_every_change_is_kept_with_who_when_and_how_it_then_read(store: Store, reopened: Callable[[], Store]):
    goals = Goals(store)
    first = goals.set(GOAL, by="ray", at=AT)
    assert first.goal == replace(GOAL, goal_id="1")
    goals.change(
        "1", GoalAct.EDITED, lambda goal: edited(goal, "tyler", target=0.5), by="tyler", at=AT + timedelta(1), revision=1
    )
    goals.change("1", GoalAct.COACHED, lambda goal: goal, by="ray", at=AT + timedelta(2), note="Played wren-01.")
    kept = Goals(reopened()).history("1")
    assert [(each.revision, each.act, each.by, each.goal.target) for each in kept] == [
        (1, GoalAct.SET, "ray", 0.6),
        (2, GoalAct.EDITED, "tyler", 0.5),
        (3, GoalAct.COACHED, "ray", 0.5),
    ]
    assert (kept[1].at, kept[2].note, kept[0]) == (AT + timedelta(1), "Played wren-01.", first)


def test_a_stale_edit_is_refused_with_both_texts_and_changes_nothing(store: Store):
    goals = Goals(store)
    goals.set(GOAL, by="ray", at=AT)
    goals.change("1", GoalAct.EDITED, lambda goal: edited(goal, "tyler", text="Ask first, then say why."), by="tyler", at=AT)
    with pytest.raises(EditConflict) as conflict:
        goals.change("1", GoalAct.EDITED, lambda goal: edited(goal, "ray", target=0.7), by="ray", at=AT, revision=1)
    said = str(conflict.value)
    assert "“Ask first, then say why.”" in said and "“Say why CatchBack exists.”" in said and "70%" in said
    assert "tyler has changed it since you read it (you read revision 1, it is at 2 now)" in said
    assert len(goals.history("1")) == 2


def test_a_stale_agreement_is_a_conflict_whatever_the_text_that_was_read_lacked(store: Store):
    goals = Goals(store)
    goals.set(replace(GOAL, due=None), by="ray", at=AT)
    goals.change("1", GoalAct.EDITED, lambda goal: edited(goal, "ray", due=date(2026, 12, 14)), by="ray", at=AT)

    def agree(goal: Goal) -> Goal:
        if goal.due is None:
            raise GoalUnfinished("Name the day it is due.")
        return agreed(goal, "tyler")

    with pytest.raises(EditConflict, match="due Dec 14, 2026") as conflict:
        goals.change("1", GoalAct.AGREED, agree, by="tyler", at=AT, revision=1)
    assert "You wrote" not in str(conflict.value), "whoever agrees wrote nothing"


def test_an_agreement_in_between_is_no_conflict_and_is_not_lost(store: Store):
    goals = Goals(store)
    goals.set(GOAL, by="ray", at=AT)
    goals.change("1", GoalAct.COACHED, lambda goal: goal, by="ray", at=AT)
    both = goals.change("1", GoalAct.AGREED, lambda goal: agreed(goal, "tyler"), by="tyler", at=AT, revision=1)
    assert (both.revision, both.goal.agreed) == (3, True)


def test_of_two_edits_at_once_one_is_kept_and_the_other_refused(store: Store):
    goals = Goals(store)
    goals.set(GOAL, by="ray", at=AT)

    def edit(by: str) -> bool:
        try:
            goals.change("1", GoalAct.EDITED, lambda goal: edited(goal, by, text=f"As {by} says it."), by=by, at=AT, revision=1)
        except EditConflict:
            return False
        return True

    with ThreadPoolExecutor(4) as several:
        assert sum(several.map(edit, ["ray", "tyler", "ray", "tyler"])) == 1
    assert [each.revision for each in goals.history("1")] == [1, 2]


def test_goals_are_found_by_rep_and_an_unknown_one_is_said(store: Store):
    goals = Goals(store)
    goals.set(GOAL, by="ray", at=AT)
    goals.set(replace(GOAL, rep_id="walt"), by="ray", at=AT)
    assert [history[-1].goal.rep_id for history in goals.all()] == ["tyler", "walt"]
    assert [history[-1].goal.goal_id for history in goals.all(rep_id="walt")] == ["2"]
    for unknown in ("7", "one", "1; drop table goals", "99999999999999999999"):
        with pytest.raises(UsageError, match="callcoach goal list"):
            goals.history(unknown)
    with pytest.raises(UsageError, match="no revision 9: it is at 1"):
        goals.change("1", GoalAct.EDITED, lambda goal: goal, by="ray", at=AT, revision=9)
