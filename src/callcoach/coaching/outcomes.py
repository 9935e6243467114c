"""Put what reps do beside what comes of it: wins with and without the why, and two alarms. Knows no causes.

Calls differ in more than their telling, so that every relation comes with its interval and its caveat.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching import diagnosis_wording as words
from callcoach.coaching.columns import NO_DAY, NO_OUTCOME
from callcoach.coaching.measures import NO, NOT_ASKED, YES, answers, verdicts
from callcoach.coaching.shares import Shares, Window, only
from callcoach.domain.coaching import Behaviour, Estimate
from callcoach.domain.diagnosis import Alarm, AlarmKind, Relation
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import JUDGED_VERDICTS, Verdict

COVERAGE = 0.9
FEWEST_CLOSED = 30
"""Closed calls on either side below which a difference in wins is weather."""

PAYS_AT_LEAST = 0.05
FEWEST_CLOSED_OF_A_REP = 6
ROSE_BY = 0.15
SURE = 0.95
MORE_EFFORT = 1.25
SCATTERED = 0.85


def relation(shares: Shares, window: Window) -> Relation:
    """Wins among closed calls that explain beside those in which it came up otherwise."""
    columns = shares.columns
    answer = answers(Verdict.EXPLAINS)[columns.code]
    closed = shares.within(window) & (answer != NOT_ASKED) & (columns.won != NO_OUTCOME)
    explained, other = (_rate(columns.won[closed & (answer == which)]) for which in (YES, NO))
    if min(explained.n, other.n) < FEWEST_CLOSED:
        sentence = words.too_few_outcomes(explained.n, other.n, FEWEST_CLOSED)
        return Relation(
            explained=explained, other=other, difference=None, low=None, high=None, sentence=sentence, caveat=words.CAVEAT
        )
    difference, low, high = _difference(explained, other)
    return Relation(
        explained=explained,
        other=other,
        difference=difference,
        low=low,
        high=high,
        sentence=words.relation(explained, other, low, high),
        caveat=words.CAVEAT,
    )


def pays(found: Relation) -> bool | None:
    """Whether explaining goes with more wins: False only where hardly any advantage is left possible, None where unclear."""
    if found.low is None or found.high is None:
        return None
    return True if found.low > 0 else False if found.high < PAYS_AT_LEAST else None


def alarms(shares: Shares, initiatives: Sequence[Initiative]) -> tuple[Alarm, ...]:
    """Reps whose scores rose while their wins did not, and initiatives with more effort and no pattern in what comes of it."""
    found = []
    for initiative in initiatives:
        halves = _halves(shares, only([initiative.id]))
        if halves is not None:
            found += _gaming(shares, initiative, *halves)
            scattered = _scattered(shares, initiative, *halves)
            found += [scattered] if scattered else []
    return tuple(found)


def _gaming(shares: Shares, initiative: Initiative, before: Window, now: Window) -> list[Alarm]:
    columns = shares.columns
    first, second = shares.fit(Verdict.EXPLAINS, before), shares.fit(Verdict.EXPLAINS, now)
    grid = np.linspace(0, 1, 101)
    found = []
    for rep, rep_id in enumerate(columns.reps):
        earlier, later = first.estimate(rep), second.estimate(rep)
        if earlier.share is None or later.share is None or later.share - earlier.share < ROSE_BY:
            continue
        rose = _above(second.reached(rep, grid), first.reached(rep, grid))
        closed = (columns.rep == rep) & (columns.won != NO_OUTCOME)
        wins = [_rate(columns.won[closed & shares.within(window)]) for window in (before, now)]
        if rose < SURE or min(win.n for win in wins) < FEWEST_CLOSED_OF_A_REP:
            continue
        if (wins[1].share or 0.0) <= (wins[0].share or 0.0):
            found.append(
                Alarm(
                    kind=AlarmKind.GAMING,
                    about=rep_id,
                    sentence=words.gaming(initiative.name, earlier, later, wins[0], wins[1]),
                    leading_before=earlier,
                    leading_now=later,
                    lagging_before=wins[0],
                    lagging_now=wins[1],
                )
            )
    return found


def _scattered(shares: Shares, initiative: Initiative, before: Window, now: Window) -> Alarm | None:
    """The initiative comes up more often, the why does not rise, wins do not, and what happens in calls has no pattern."""
    columns = shares.columns
    raised = answers(Behaviour.RAISE_IT)[columns.code] == YES
    came_up = [int((shares.within(window) & raised).sum()) for window in (before, now)]
    if min(came_up) < FEWEST_CLOSED or came_up[1] < MORE_EFFORT * came_up[0]:
        return None
    verdict = verdicts()[columns.code[shares.within(now) & raised]]
    parts = np.bincount(verdict, minlength=len(Verdict)) / len(verdict)
    told = parts[parts > 0]
    # five ways in which a raised initiative can be told
    evenness = float(-(told * np.log(told)).sum() / np.log(len(JUDGED_VERDICTS) - 1))
    wins = [_rate(columns.won[shares.within(window) & raised & (columns.won != NO_OUTCOME)]) for window in (before, now)]
    leading = [shares.fit(Verdict.EXPLAINS, window).of_company() for window in (before, now)]
    if evenness < SCATTERED or (leading[1].share or 0) > (leading[0].share or 0) or min(win.n for win in wins) < FEWEST_CLOSED:
        return None
    if (wins[1].share or 0.0) > (wins[0].share or 0.0):
        return None
    return Alarm(
        kind=AlarmKind.SCATTERED,
        about=initiative.id,
        sentence=words.scattered(initiative.name, came_up[0], came_up[1], wins[0], wins[1]),
        leading_before=leading[0],
        leading_now=leading[1],
        lagging_before=wins[0],
        lagging_now=wins[1],
    )


def _halves(shares: Shares, window: Window) -> tuple[Window, Window] | None:
    days = shares.columns.day[shares.within(window)]
    days = days[days != NO_DAY]
    if not len(days) or days.min() == days.max():
        return None
    middle = date.fromordinal(int(days.min() + days.max()) // 2)
    return window._replace(last=middle), window._replace(first=middle + timedelta(days=1))


def _above(later: NDArray[np.float64], earlier: NDArray[np.float64]) -> float:
    """The probability that the one is larger, from the two probabilities to be at most each share of a grid."""
    return float((np.diff(later) * (earlier[1:] + earlier[:-1]) / 2).sum())


def _rate(won: NDArray[np.int8]) -> Estimate:
    """The share won with its interval, of closed calls alone, leaning on nothing."""
    n, count = len(won), int((won == 1).sum())
    if n == 0:
        return Estimate(n=0, share=None, low=None, high=None, count=0)
    from scipy.special import betaincinv

    low, high = (float(betaincinv(count + 0.5, n - count + 0.5, end)) for end in ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2))
    return Estimate(n=n, share=count / n, low=round(min(low, count / n), 6), high=round(max(high, count / n), 6), count=count)


def _difference(one: Estimate, other: Estimate) -> tuple[float, float, float]:
    """Newcombe's interval: the ends of the two intervals, squared apart."""
    assert one.share is not None and one.low is not None and one.high is not None, "asked for closed calls only"
    assert other.share is not None and other.low is not None and other.high is not None, "asked for closed calls only"
    middle = one.share - other.share
    down = float(np.hypot(one.share - one.low, other.high - other.share))
    up = float(np.hypot(one.high - one.share, other.share - other.low))
    return round(middle, 6), round(middle - down, 6), round(middle + up, 6)
