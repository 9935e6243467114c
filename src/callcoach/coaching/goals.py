"""Check a goal, edit it, and hear whether it was reached. Knows nothing of where goals are kept.

A goal is SMART: it names one behaviour (specific), a share of calls (measurable), no more than calls can bring (achievable), what
it is worth to customers (relevant), and a day (time-bound). What is missing is said; nothing is filled in for anybody.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from callcoach.coaching import goal_wording as words
from callcoach.coaching.shares import Shares, Window
from callcoach.domain.behaviour import Estimate
from callcoach.domain.goals import Goal, GoalProgress, GoalVerdict

FEWEST_CALLS = 3
LONGEST_DAYS = 92
HIGHEST_TARGET = 0.95
"""Nobody does anything in every call: a goal of "always" is lost with the first one."""

FARTHEST = 0.5
"""From where the rep stands: who does it in one of ten calls will not do it in nine of ten by next month."""

LIKELY = 0.8


def missing(goal: Goal, now: Estimate | None = None) -> tuple[str, ...]:
    """What keeps it from being a goal, a sentence each; none where it is one. now: where the rep stands on its behaviour."""
    found = []
    if len(goal.text.split()) < 4:
        found.append(words.SAY_WHAT)
    if goal.behaviour is None:
        found.append(words.NAME_ONE_BEHAVIOUR)
    if goal.target is None or not 0 < goal.target <= 1:
        found.append(words.NAME_A_SHARE)
    elif goal.target > HIGHEST_TARGET:
        found.append(words.too_high(HIGHEST_TARGET))
    elif now is not None and now.share is not None and goal.target <= now.share:
        found.append(words.already_there(now))
    elif now is not None and now.high is not None and goal.target > now.high + FARTHEST:
        found.append(words.too_far(now))
    if goal.calls is None or goal.calls < FEWEST_CALLS:
        found.append(words.name_calls(FEWEST_CALLS))
    if not goal.why.strip():
        found.append(words.SAY_WHY)
    if goal.due is None:
        found.append(words.NAME_A_DAY)
    elif not goal.set_on < goal.due <= goal.set_on + timedelta(days=LONGEST_DAYS):
        found.append(words.day_out_of_reach(LONGEST_DAYS))
    if goal.manager_id is None:
        found.append(words.NAME_THE_MANAGER)
    return tuple(found)


def edited(goal: Goal, by: str, **changes: object) -> Goal:
    """The goal with changes by one of its two owners, who thereby agrees; the other has to agree again.

    Raises ValueError where somebody else edits it, or it is closed.
    """
    _owner(goal, by)
    return replace(goal, **changes, agreed_by=(by,))  # type: ignore[arg-type]


def agreed(goal: Goal, by: str) -> Goal:
    """The goal with one more who agrees to it as it stands. Raises ValueError where something is missing, or by anybody else."""
    _owner(goal, by)
    lacking = missing(goal)
    if lacking:
        raise ValueError(f"{goal.goal_id}: {' '.join(lacking)}")
    return replace(goal, agreed_by=tuple(dict.fromkeys((*goal.agreed_by, by))))


def progress(goal: Goal, shares: Shares, *, today: date) -> GoalProgress:
    """The calls before the goal beside those since, until it was due. Raises ValueError without a behaviour and a share."""
    if goal.behaviour is None or goal.target is None:
        raise ValueError(f"{goal.goal_id}: a goal without a behaviour and a share cannot be heard.")
    last = min(today, goal.closed_on or today, goal.due or today)
    whole = Window(initiatives=frozenset({goal.initiative_id}))
    earlier, later = whole._replace(last=goal.set_on), whole._replace(first=goal.set_on + timedelta(days=1), last=last)
    before = shares.of_rep(goal.rep_id, goal.behaviour, earlier)
    since = shares.of_rep(goal.rep_id, goal.behaviour, later)
    rose = _rose(goal, shares, earlier, later) if before.n and since.n else None
    verdict = _verdict(goal, since, rose)
    sure = None if rose is None else round(max(rose, 1 - rose), 6)
    return GoalProgress(before=before, since=since, sure=sure, verdict=verdict, sentence=words.progress(verdict, before, since))


def closed(goal: Goal, shares: Shares, *, today: date) -> Goal:
    """The goal with its verdict, from the calls until today or until it was due."""
    return replace(goal, closed_on=today, verdict=progress(goal, shares, today=today).verdict)


def open_goals(goals: Sequence[Goal], rep_id: str) -> tuple[Goal, ...]:
    """What both agreed on and nobody has closed, the oldest first."""
    running = [goal for goal in goals if goal.rep_id == rep_id and goal.agreed and goal.closed_on is None]
    return tuple(sorted(running, key=lambda goal: (goal.set_on, goal.goal_id)))


def _owner(goal: Goal, by: str) -> None:
    if goal.closed_on is not None:
        raise ValueError(f"{goal.goal_id}: this goal is closed.")
    if by not in (goal.rep_id, goal.manager_id):
        raise ValueError(f"{goal.goal_id}: a goal is the rep's and the manager's; {by} is neither.")


def _rose(goal: Goal, shares: Shares, earlier: Window, later: Window) -> float:
    assert goal.behaviour is not None, "asked for goals with a behaviour only"
    rep, grid = shares.columns.rep_number[goal.rep_id], np.linspace(0, 1, 201)
    was, is_now = (shares.fit(goal.behaviour, window).reached(rep, grid) for window in (earlier, later))
    return float((np.diff(is_now) * (was[1:] + was[:-1]) / 2).sum())


def _verdict(goal: Goal, since: Estimate, rose: float | None) -> GoalVerdict:
    if since.n < (goal.calls or FEWEST_CALLS) or since.share is None:
        return GoalVerdict.TOO_FEW_CALLS
    if goal.target is not None and since.share >= goal.target:
        return GoalVerdict.REACHED
    if rose is not None and rose >= LIKELY:
        return GoalVerdict.IMPROVED
    return GoalVerdict.WORSE if rose is not None and rose <= 1 - LIKELY else GoalVerdict.UNCHANGED
