"""Every share a report speaks of, for a rep, an initiative or the company, each computed once and on demand.

Knows how calls are counted, nothing of what is to be done about it.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching.columns import NO_DAY, Columns, columns
from callcoach.coaching.heard import Hearings
from callcoach.coaching.hierarchy import PERFECT, Counts, Fit, Rates, fit
from callcoach.coaching.judge_error import JudgeError
from callcoach.coaching.measures import NOT_ASKED, YES, Measure, answers
from callcoach.domain.coaching import Estimate
from callcoach.domain.people import Company

NOTHING = Estimate(n=0, share=None, low=None, high=None, count=0)


class Window(NamedTuple):
    """Which calls count: of these initiatives (None: all), from one day to another (both included; None: open)."""

    initiatives: frozenset[str] | None = None
    first: date | None = None
    last: date | None = None


EVERYTHING = Window()
_LENGTHS = 4


class Shares:
    """The calls of a company, and what they say of each question. `judge`: how the judge errs, where that was measured."""

    def __init__(self, columns: Columns, judge: JudgeError | None = None) -> None:
        self.columns = columns
        self._judge = judge
        self._fits: dict[tuple[Measure, Window], Fit] = {}
        self._weights: dict[Window, NDArray[np.float64]] = {}

    def fit(self, measure: Measure, window: Window = EVERYTHING) -> Fit:
        """The model of one question over the calls of a window; the numbers of the reps are those of the columns."""
        key = (measure, window)
        if key not in self._fits:
            self._fits[key] = fit(self.counts(measure, window), self.rates(measure, window))
        return self._fits[key]

    def rates(self, measure: Measure, window: Window = EVERYTHING) -> Rates:
        """How the judge errs on one question in the calls of a window; perfect where that was not measured."""
        if self._judge is None:
            return PERFECT
        if window not in self._weights:
            self._weights[window] = self._judge.weights(self.columns.code[self.within(window)])
        return self._judge.rates(measure, self._weights[window])

    def of_rep(self, rep_id: str, measure: Measure, window: Window = EVERYTHING) -> Estimate:
        """One rep's share; without a call that could show it, no share."""
        number = self.columns.rep_number.get(rep_id)
        return NOTHING if number is None else self.fit(measure, window).estimate(number)

    def of_team(self, team_id: str, measure: Measure, window: Window = EVERYTHING) -> Estimate:
        """A team's share; without a call that could show it, no share."""
        teams = self.columns.teams
        return self.fit(measure, window).of_team(teams.index(team_id)) if team_id in teams else NOTHING

    def within(self, window: Window) -> NDArray[np.bool_]:
        """The rows of a window, with or without a rep."""
        columns = self.columns
        inside = np.ones(len(columns.rep), dtype=bool)
        if window.initiatives is not None:
            numbers = [columns.initiative_number[each] for each in window.initiatives if each in columns.initiative_number]
            inside &= np.isin(columns.initiative, numbers)
        if window.first is not None:
            inside &= columns.day >= window.first.toordinal()
        if window.last is not None:
            inside &= (columns.day <= window.last.toordinal()) & (columns.day != NO_DAY)
        return inside

    def counts(self, measure: Measure, window: Window = EVERYTHING) -> Counts:
        """Calls with an opportunity, and those of them that show it, by rep and kind of call."""
        columns = self.columns
        answer = answers(measure)[columns.code]
        rows = np.flatnonzero(self.within(window) & (answer != NOT_ASKED) & (columns.rep >= 0))
        each, per_initiative = _LENGTHS, _LENGTHS * max(1, len(columns.kinds))
        known = columns.initiative[rows] * per_initiative + columns.kind[rows] * each + columns.length[rows]
        found, kind = np.unique(known, return_inverse=True) if len(rows) else (np.zeros(1, int), np.zeros(0, int))
        kinds = np.stack((found // per_initiative, found % per_initiative // each, found % each), axis=1)
        n = np.zeros((len(columns.reps), len(kinds)))
        done = np.zeros_like(n)
        np.add.at(n, (columns.rep[rows], kind.ravel()), 1.0)
        np.add.at(done, (columns.rep[rows], kind.ravel()), (answer[rows] == YES).astype(float))
        # reps without a team stand together, after the last team
        team = np.where(columns.team_of_rep < 0, len(columns.teams), columns.team_of_rep)
        return Counts(done=done, n=n, team=team, mix=_ones_and_zeros(kinds))


def shares_of(hearings: Hearings, company: Company, judge: JudgeError | None = None) -> Shares:
    """The shares of these hearings: one row of the columns per call, in the same order. Made once per hearings."""
    if Shares not in hearings.computed:
        hearings.computed[Shares] = Shares(columns(hearings.calls, company), judge)
    found: Shares = hearings.computed[Shares]
    return found


def only(initiative_ids: Collection[str]) -> Window:
    """The calls of these initiatives."""
    return Window(initiatives=frozenset(initiative_ids))


def _ones_and_zeros(kinds: NDArray[np.intp]) -> NDArray[np.float64]:
    """A column for every initiative, type and length but the first of each."""
    parts = [(kinds[:, [place]] == np.unique(kinds[:, place])[None, 1:]).astype(float) for place in range(kinds.shape[1])]
    return np.concatenate(parts, axis=1)
