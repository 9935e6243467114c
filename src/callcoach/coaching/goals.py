"""Check a goal, edit it, and hear whether it was reached. Knows nothing of where goals are kept.

A goal is SMART: it names one behaviour (specific), a share of calls (measurable), no more than calls can bring (achievable), what
it is worth to customers (relevant), and a day (time-bound). What is missing is said; nothing is filled in for anybody.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from callcoach.coaching import goal_wording as words
from callcoach.coaching.shares import Shares, Window
from callcoach.domain.behaviour import GAPS, Estimate
from callcoach.domain.coaching import Recommendation
from callcoach.domain.goals import Goal, GoalProgress, GoalVerdict

FEWEST_CALLS = 3
LONGEST_DAYS = 92
HIGHEST_TARGET = 0.95
"""Nobody does anything in every call: a goal of "always" is lost with the first one."""

FARTHEST = 0.5
"""From where the rep stands: who does it in one of ten calls will not do it in nine of ten by next month."""

LIKELY = 0.8


class NotAnOwner(ValueError):
    """Somebody who is neither the rep nor the manager of a goal."""


def missing(goal: Goal, now: Estimate | None = None, today: date | None = None) -> tuple[str, ...]:
    """What keeps it from being a goal, a sentence each; none where it is one.

    now: where the rep stands on its behaviour. today: its day must not have passed; None where that is not asked.
    """
    found = []
    if len(goal.text.split()) < 4:
        found.append(words.SAY_WHAT)
    if goal.behaviour not in GAPS:
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
    elif today is not None and goal.due < today:
        found.append(words.DAY_HAS_PASSED)
    if goal.manager_id is None:
        found.append(words.NAME_THE_MANAGER)
    return tuple(found)


def edited(goal: Goal, by: str, **changes: object) -> Goal:
    """The goal with changes by one of its two owners, who thereby agrees; the other has to agree again.

    Raises NotAnOwner where somebody else edits it, ValueError where it is closed.
    """
    _owner(goal, by)
    return replace(goal, **changes, agreed_by=(by,))  # type: ignore[arg-type]


def agreed(goal: Goal, by: str, now: Estimate | None = None, today: date | None = None) -> Goal:
    """The goal with one more who agrees to it as it stands. now, today: as in `missing`.

    Raises ValueError where something is missing or it is closed, NotAnOwner.
    """
    _owner(goal, by)
    lacking = missing(goal, now, today)
    if lacking:
        raise ValueError(f"Goal {goal.goal_id} cannot be agreed to yet. {' '.join(lacking)}")
    return replace(goal, agreed_by=tuple(dict.fromkeys((*goal.agreed_by, by))))


def progress(goal: Goal, shares: Shares, *, today: date) -> GoalProgress:
    """The calls before the goal beside those since, until it was due. Raises ValueError without a behaviour and a share."""
    if goal.behaviour is None or goal.behaviour not in GAPS or goal.target is None:
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


def closed(goal: Goal, found: GoalProgress | None, *, today: date) -> Goal:
    """The goal with its verdict; without one where it was never agreed to, or nothing can be said.

    Raises ValueError where it is closed already.
    """
    if goal.closed_on is not None:
        raise ValueError(f"Goal {goal.goal_id} is closed. Set a new one to go on with it.")
    return replace(goal, closed_on=today, verdict=found.verdict if found and goal.agreed else None)


def drafted(recommendation: Recommendation, today: date) -> Goal:
    """What a recommendation says of a goal already; the share, how many calls and the day are for the two to name."""
    return Goal(
        goal_id="",
        rep_id=recommendation.rep_id,
        manager_id=recommendation.owner,
        initiative_id=recommendation.initiative_id,
        text=recommendation.headline,
        set_on=today,
        behaviour=recommendation.behaviour,
        why=recommendation.intent,
    )


def owned(goal: Goal, by: str) -> Goal:
    """The goal itself, where it is open and `by` is one of its two owners; else as `edited` raises."""
    _owner(goal, by)
    return goal


def _owner(goal: Goal, by: str) -> None:
    if goal.closed_on is not None:
        raise ValueError(f"Goal {goal.goal_id} is closed. Set a new one to go on with it.")
    if by not in (goal.rep_id, goal.manager_id):
        owners = " and ".join(each for each in (goal.rep_id, goal.manager_id) if each)
        raise NotAnOwner(f"A goal is the rep's and the manager's ({owners}); {by} is neither. Ask one of them.")


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
