"""How far an initiative is really told, and where that is going: adoption, trend, streaks, decay. Knows no causes."""

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching.columns import NO_DAY
from callcoach.coaching.measures import NOT_ASKED, YES, answers
from callcoach.coaching.shares import NOTHING, Shares, Window, only
from callcoach.domain.coaching import Behaviour, Estimate
from callcoach.domain.diagnosis import Adoption, Direction, Momentum, Stretch
from callcoach.domain.verdict import Verdict

THRESHOLD = 0.5
"""Who explains it in more than every second call explains it consistently, if that is sure."""

LEAST_CALLS = 8
"""With fewer calls hardly any rep's lower bound exceeds one half, however good: that would be a count of calls, not of reps."""

SURE = 0.9
STEADY_WITHIN = 0.1
MOST_STRETCHES = 6
LATER_DAYS = 21
"""How long a kick-off is fresh: what is told after three weeks is what stays."""


def adoption(shares: Shares, initiative_id: str) -> Adoption:
    """Reps who consistently explain, of those with calls enough to say so, beside how often it is mentioned."""
    window = only([initiative_id])
    fit = shares.fit(Verdict.EXPLAINS, window)
    n = shares.counts(Verdict.EXPLAINS, window).n.sum(axis=1)
    enough = [int(rep) for rep in np.flatnonzero(n >= LEAST_CALLS)]
    return Adoption(
        consistent=sum(fit.interval(rep)[0] > THRESHOLD for rep in enough),
        reps=len(enough),
        too_few=int(((n > 0) & (n < LEAST_CALLS)).sum()),
        threshold=THRESHOLD,
        least_calls=LEAST_CALLS,
        mentioned=shares.fit(Behaviour.RAISE_IT, window).of_company(),
        explained=fit.of_company(),
    )


def rank_allowed(n: int) -> str | None:
    """None where a rep's share may stand in an order of reps; else why not."""
    return None if n >= LEAST_CALLS else f"Not enough calls yet: {n} of {LEAST_CALLS}."


def momentum(shares: Shares, initiative_id: str, *, rep_id: str | None = None, since: date | None = None) -> Momentum:
    """The share explained before and since a day: a given one (a coaching, a kick-off), or where the stretches that are drawn
    (`in_stretches`) part its calls best in halves, so that a drawing and the sentence beside it count the same calls.

    Of the company (team and reps leaning on each other as ever), or of one rep.
    """
    columns = shares.columns
    window = only([initiative_id])
    inside = shares.within(window)
    rep = columns.rep_number.get(rep_id, -1) if rep_id is not None else None
    mine = inside if rep is None else inside & (columns.rep == rep)
    days = columns.day[mine & (columns.day != NO_DAY)]
    if not len(days) or days.min() == days.max():
        return Momentum(
            direction=Direction.UNKNOWN, before=NOTHING, now=NOTHING, sure=None, streak=_streak(shares, mine), since=since
        )
    start = since or _halved(shares, initiative_id, mine, rep_id)
    before, now = window._replace(last=start - timedelta(days=1)), window._replace(first=start)
    return _compared(shares, before, now, rep, _streak(shares, mine), start)


def in_stretches(shares: Shares, initiative_id: str, *, rep_id: str | None = None) -> tuple[Stretch, ...]:
    """The share explained in at most six stretches of whole weeks that hold eight calls each on average.

    Of the company; or of a rep, in stretches that hold eight calls of the typical rep, the same for every rep.
    """
    window, number = only([initiative_id]), None if rep_id is None else shares.columns.rep_number.get(rep_id)
    begins, last = _stretches(shares, initiative_id, typical_rep=rep_id is not None)
    ends = [*(begin - 1 for begin in begins[1:]), last] if begins else []
    found = []
    for begin, end in zip(begins, ends, strict=True):
        stretch = (date.fromordinal(begin), date.fromordinal(end))
        fit = shares.fit(Verdict.EXPLAINS, window._replace(first=stretch[0], last=stretch[1]))
        explained = fit.of_company() if rep_id is None else NOTHING if number is None else fit.estimate(number)
        found.append(Stretch(first=stretch[0], last=stretch[1], explained=explained))
    return tuple(found)


def _stretches(shares: Shares, initiative_id: str, *, typical_rep: bool) -> tuple[list[int], int]:
    """The first day of each stretch, and the last day of the last one; no stretch where it came up on no known day."""
    columns = shares.columns
    dated = _raised(shares, initiative_id) & (columns.rep >= 0) & (columns.day != NO_DAY)
    days = columns.day[dated]
    if not len(days):
        return [], NO_DAY
    calls = int(np.median(np.unique(columns.rep[dated], return_counts=True)[1])) if typical_rep else len(days)
    first, last = int(days.min()), int(days.max())
    whole = last - first + 1
    most = min(MOST_STRETCHES, max(1, calls // LEAST_CALLS))
    length = 7 * -(-whole // (7 * most))
    begins = list(range(first, last + 1, length))
    if len(begins) > 1 and (last - begins[-1] + 1) * 2 < length:
        # the rest is too short for a stretch of its own
        begins.pop()
    return begins, last


def _halved(shares: Shares, initiative_id: str, mine: NDArray[np.bool_], rep_id: str | None) -> date:
    """The first day of the later half of these calls: of a stretch where both halves have calls, else the middle of the calls."""
    columns = shares.columns
    days = columns.day[mine & _raised(shares, initiative_id) & (columns.rep >= 0) & (columns.day != NO_DAY)]
    begins, _ = _stretches(shares, initiative_id, typical_rep=rep_id is not None)
    parted = [(abs(2 * int((days < begin).sum()) - len(days)), begin) for begin in begins[1:]]
    if parted and min(parted)[0] < len(days):
        return date.fromordinal(min(parted)[1])
    return date.fromordinal(int(np.median(columns.day[mine & (columns.day != NO_DAY)])) + 1)


def _raised(shares: Shares, initiative_id: str) -> NDArray[np.bool_]:
    """The rows of an initiative's calls in which it came up."""
    came_up: NDArray[np.bool_] = answers(Verdict.EXPLAINS)[shares.columns.code] != NOT_ASKED
    return shares.within(only([initiative_id])) & came_up


def after_kick_off(shares: Shares, initiative_id: str, kick_offs: Collection[date]) -> Momentum | None:
    """Decay: the three weeks from a launch or kick-off on, beside all that came later.

    Of several days the latest that has calls in both; None where none has.
    """
    window = only([initiative_id])
    days = shares.columns.day[_raised(shares, initiative_id)]
    for kick_off in sorted(set(kick_offs), reverse=True):
        fresh = kick_off + timedelta(days=LATER_DAYS)
        first, later = kick_off.toordinal(), fresh.toordinal()
        if ((days >= first) & (days < later)).any() and (days >= later).any():
            break
    else:
        return None
    before = window._replace(first=kick_off, last=fresh - timedelta(days=1))
    return _compared(shares, before, window._replace(first=fresh), None, _streak(shares, shares.within(window)), fresh)


def _compared(shares: Shares, before: Window, now: Window, rep: int | None, streak: int, since: date) -> Momentum:
    earlier, later = shares.fit(Verdict.EXPLAINS, before), shares.fit(Verdict.EXPLAINS, now)
    grid = np.linspace(0, 1, 201)
    if rep is None:
        was, is_now = earlier.of_company(), later.of_company()
        reached = (earlier.company_reached(grid), later.company_reached(grid))
    else:
        was, is_now = earlier.estimate(rep), later.estimate(rep)
        reached = (earlier.reached(rep, grid), later.reached(rep, grid))
    if was.share is None or is_now.share is None:
        return Momentum(direction=Direction.UNKNOWN, before=was, now=is_now, sure=None, streak=streak, since=since)
    rose = float((np.diff(reached[1]) * (reached[0][1:] + reached[0][:-1]) / 2).sum())
    direction = _direction(was, is_now, rose)
    sure = round(
        rose if direction is Direction.RISING else 1 - rose if direction is Direction.FALLING else max(rose, 1 - rose), 6
    )
    return Momentum(direction=direction, before=was, now=is_now, sure=sure, streak=streak, since=since)


def _direction(was: Estimate, is_now: Estimate, rose: float) -> Direction:
    assert was.share is not None and is_now.share is not None, "asked for halves with calls only"
    if rose >= SURE:
        return Direction.RISING
    if rose <= 1 - SURE:
        return Direction.FALLING
    wide = max((end.high or 1) - (end.low or 0) for end in (was, is_now))
    return Direction.STEADY if abs(is_now.share - was.share) < STEADY_WITHIN and wide < 0.5 else Direction.UNKNOWN


def _streak(shares: Shares, rows: NDArray[np.bool_]) -> int:
    """Calls in a row up to the latest in which it came up: as many that explain, or minus as many that do not."""
    answer = answers(Verdict.EXPLAINS)[shares.columns.code[rows]]
    answer = answer[answer != NOT_ASKED]
    if not len(answer):
        return 0
    same = int(np.argmax(answer[::-1] != answer[-1])) or len(answer)
    return same if answer[-1] == YES else -same
