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

PAYS_AT_LEAST, PAYS_AT_LEAST_OF = 0.10, 0.4
"""What explaining has to be worth: ten points more wins, or where wins are rare two fifths of those without it. On invented
companies in which it brings nothing five points were excluded in 40 of 100, ten in 83; where it pays, neither in any of 120."""

FEWEST_CLOSED_OF_A_REP = 4
ROSE_BY = 0.15
SURE = 0.97
"""How sure it has to be that a rep's scores rose before their wins are asked for. Of 200 reps on invented companies who game the
judge, 0.95 and wins that had not risen at all found 31 of 100 and asked about 16 of 1000 others; 0.97 and wins below what the
scores would bring find 49 of 100 and ask about 12 of 1000. By scores alone it would be some 60: wins are too few for more."""

_OWN_LEVEL_WEIGHS = 10.0
"""A rep's own way of selling counts beside everybody's as if it had been seen in so many calls fewer."""
MORE_EFFORT, LIKELY_ROSE = 1.25, 0.9
SCATTERED, FEWEST_TOLD_OF_A_REP = 0.75, 8
"""On invented companies the same reps' calls spread by 0.79 where the story is vague or leaders left something out, by 0.70
where reps differ, by 0.52 where nothing is wrong."""


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
    """Whether explaining goes with more wins: False only where no advantage worth having is left possible, None where unclear."""
    if found.low is None or found.high is None:
        return None
    worth_having = min(PAYS_AT_LEAST, PAYS_AT_LEAST_OF * (found.other.share or 0.0))
    return True if found.low > 0 else False if found.high < worth_having else None


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
        fits = _would_fit(shares, rep, before, now, wins)
        if (wins[1].count or 0) <= fits:
            found.append(
                Alarm(
                    kind=AlarmKind.GAMING,
                    about=rep_id,
                    sentence=words.gaming(initiative.name, earlier, later, wins[0], wins[1], fits),
                    leading_before=earlier,
                    leading_now=later,
                    lagging_before=wins[0],
                    lagging_now=wins[1],
                )
            )
    return found


def _would_fit(shares: Shares, rep: int, before: Window, now: Window, wins: Sequence[Estimate]) -> float:
    """Wins that a rep's later calls would bring if what is told sold as it does for everybody else, at the rep's own level.

    Where telling sells nothing elsewhere, as many as before: then more of it lets nobody expect more.
    """
    columns = shares.columns
    answer = answers(Verdict.EXPLAINS)[columns.code]
    closed = (columns.won != NO_OUTCOME) & (answer != NOT_ASKED)
    mine, whole = columns.rep == rep, shares.within(before) | shares.within(now)
    told, other = (_won_of(columns.won[closed & whole & ~mine & (answer == which)]) for which in (YES, NO))
    steady = (wins[0].share or 0.0) * wins[1].n
    if told is None or other is None or told <= other:
        return steady
    n = [
        [int((closed & mine & shares.within(window) & (answer == which)).sum()) for which in (YES, NO)]
        for window in (before, now)
    ]
    if not sum(n[0]) or not sum(n[1]):
        return steady
    sold = int((columns.won[closed & mine & shares.within(before)] == 1).sum())
    level = (sold - n[0][0] * told - n[0][1] * other) / (sum(n[0]) + _OWN_LEVEL_WEIGHS)
    rates = [min(max(rate + level, 0.0), 1.0) for rate in (told, other)]
    raised = n[1][0] * rates[0] + n[1][1] * rates[1]
    share_told = n[0][0] / sum(n[0])
    if raised <= sum(n[1]) * (share_told * rates[0] + (1 - share_told) * rates[1]):
        return steady
    # calls in which it did not come up sell as before
    return raised + steady * (1 - sum(n[1]) / wins[1].n)


def _won_of(won: NDArray[np.int8]) -> float | None:
    return float((won == 1).mean()) if len(won) else None


def _scattered(shares: Shares, initiative: Initiative, before: Window, now: Window) -> Alarm | None:
    """The initiative comes up more often, the why does not surely rise, nor do wins, and no rep's calls have a pattern."""
    columns = shares.columns
    raised = answers(Behaviour.RAISE_IT)[columns.code] == YES
    came_up = [int((shares.within(window) & raised).sum()) for window in (before, now)]
    if min(came_up) < FEWEST_CLOSED or came_up[1] < MORE_EFFORT * came_up[0]:
        return None
    rows = shares.within(now) & raised
    evenness = _evenness_of_reps(columns.rep[rows], verdicts()[columns.code[rows]])
    wins = [_rate(columns.won[shares.within(window) & raised & (columns.won != NO_OUTCOME)]) for window in (before, now)]
    if evenness is None or evenness < SCATTERED or min(win.n for win in wins) < FEWEST_CLOSED:
        return None
    fits = [shares.fit(Verdict.EXPLAINS, window) for window in (before, now)]
    leading, grid = [fit.of_company() for fit in fits], np.linspace(0, 1, 101)
    told_more = _above(fits[1].company_reached(grid), fits[0].company_reached(grid))
    # what may have risen by chance has not risen: every second flat figure is a little above the one before
    if told_more >= LIKELY_ROSE or _difference(wins[1], wins[0])[1] > 0:
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


def _evenness_of_reps(rep: NDArray[np.intp], verdict: NDArray[np.int8]) -> float | None:
    """How evenly the same rep's calls fall on the five ways a raised initiative can be told: 0 always one way, 1 any way alike.

    The mean over reps with enough calls, with Miller and Madow's correction for few calls; None where nobody has enough. Reps
    who each tell it one way, however much they differ from each other, are a pattern.
    """
    found = []
    for number in np.unique(rep[rep >= 0]):
        told = np.bincount(verdict[rep == number])
        told = told[told > 0]
        n = int(told.sum())
        if n >= FEWEST_TOLD_OF_A_REP:
            parts = told / n
            spread = float(-(parts * np.log(parts)).sum()) + (len(told) - 1) / (2 * n)
            found.append(min(1.0, spread / float(np.log(len(JUDGED_VERDICTS) - 1))))
    return float(np.mean(found)) if found else None


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
