"""Say how sure shares from few calls are: every rep's own long-run share, leaning on the team and the team on the company.

The model. A call shows the behaviour with log-odds `skill of the rep + offset of the call`; reps' skills are normal round
their team's (but for one in twelve, who may stand far off), teams' round the company's. How far reps and teams lie apart is
not fixed: every spread on a small grid is weighed by how well it explains all the calls (its marginal likelihood) times a
half-normal prior. A judge that errs sees not the share p but `false_alarm + (hit - false_alarm) * p`; what is not known of
its two rates is averaged over, with the weights that the labelled calls give (the company's own calls may not change them:
they would take differences between reps for errors of the judge, and on invented companies intervals then held the truth in
85 of 100 cases instead of 90). Everything is summed on a grid of skills, so the same calls give the same figures to the last
digit; nothing is drawn at random. Offsets (the call mix) are fitted first, by penalised likelihood, with the reps' skills
free.

The share that is estimated: how often this rep would show it in ever more calls of the kind that the rep has had.

Knows nothing of what is counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.coaching import Estimate

COVERAGE = 0.9

Floats = NDArray[np.float64]

_EDGE = 8.0
"""Skills from -8 to 8 in log-odds: shares from 0.03% to 99.97%."""
_COARSEST, _FINEST = 0.25, 0.08
_REP_SPREADS = (0.2, 0.45, 0.8, 1.2, 1.8)
_TEAM_SPREADS = (0.15, 0.5, 1.0)
_TYPICAL_SPREAD = 1.0
"""Scale of the half-normal prior on both spreads: one logit takes a rep from 50% to 73%."""
_COMPANY_SPREAD = 3.0
_STANDS_OFF, _FAR_OFF = 0.08, 3.0
"""One rep in twelve may lie far off the team; without that, the one who fails among good ones is drawn to their level."""

_NEGLIGIBLE = 1e-3
_ENDS = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How a judge errs on one question: `hit` is the chance to say yes to a true yes, `false_alarm` to a true no.

    The two `_sd` say how well each is known from labelled calls.
    """

    hit: float
    hit_sd: float
    false_alarm: float
    false_alarm_sd: float


PERFECT = Rates(hit=1.0, hit_sd=0.0, false_alarm=0.0, false_alarm_sd=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Calls that showed it (`done`) of those that could have (`n`), reps x kinds of call; `team`: a team number per rep.

    mix: kinds of call x what is known of them (ones and zeros); no column where all calls are of one kind.
    """

    done: Floats
    n: Floats
    team: NDArray[np.intp]
    mix: Floats


class Fit:
    """What the calls say: a probability for each skill of each rep. Made by `fit`."""

    def __init__(self, counts: Counts, grid: Floats, offsets: Floats, densities: Floats, teams: Floats, company: Floats) -> None:
        self._counts, self._grid, self._offsets, self._densities = counts, grid, offsets, densities
        self._teams, self._company = teams, company

    @cached_property
    def mean(self) -> Floats:
        """Expected share of each rep; nan where the rep had no opportunity."""
        inner = (self._shares[:, 1:] + self._shares[:, :-1]) / 2
        found = (self._densities * inner).sum(axis=1)
        return np.where(self._counts.n.sum(axis=1) > 0, found, np.nan)

    def reached(self, rep: int, shares: Floats) -> Floats:
        """The probability that one rep's share is at most each of these."""
        found: Floats = np.interp(shares, self._shares[rep], self._cumulated[rep], left=0.0, right=1.0)
        found[shares >= 1] = 1.0
        return found

    def below(self, share: float) -> Floats:
        """The probability that each rep's share is below `share`; nan where the rep had no opportunity."""
        at = np.array([share])
        reached = np.array([self.reached(rep, at)[0] for rep in range(len(self._shares))])
        return np.where(self._counts.n.sum(axis=1) > 0, reached, np.nan)

    def interval(self, rep: int, coverage: float = COVERAGE) -> tuple[float, float]:
        """The shortest range of shares that holds this much probability; it reaches 0 or 1 where nothing speaks against that."""
        return _shortest(self._cumulated[rep], self._shares[rep], coverage)

    def estimate(self, rep: int, coverage: float = COVERAGE) -> Estimate:
        """One rep's share with its interval and the calls behind it."""
        n, count = int(self._counts.n[rep].sum()), int(self._counts.done[rep].sum())
        if n == 0:
            return Estimate(n=0, share=None, low=None, high=None, coverage=coverage, count=0)
        low, high = self.interval(rep, coverage)
        # rounded, so that the last bits of one machine's arithmetic do not change the report
        return Estimate(
            n=n, share=round(float(self.mean[rep]), 6), low=round(low, 6), high=round(high, 6), coverage=coverage, count=count
        )

    def of_company(self, coverage: float = COVERAGE) -> Estimate:
        """The share of a typical rep of the company in the company's own mix of calls."""
        return self._typical(self._company, self._counts.n, self._counts.done, coverage)

    def of_team(self, team: int, coverage: float = COVERAGE) -> Estimate:
        """The share of a typical rep of one team in the team's own mix of calls."""
        mine = self._counts.team == team
        return self._typical(self._teams[team], self._counts.n[mine], self._counts.done[mine], coverage)

    def _typical(self, density: Floats, n: Floats, done: Floats, coverage: float) -> Estimate:
        if n.sum() == 0:
            return Estimate(n=0, share=None, low=None, high=None, coverage=coverage, count=0)
        shares, cumulated = self._in_mix(n), np.concatenate(([0.0], np.cumsum(density)))
        low, high = _shortest(cumulated, shares, coverage)
        middle = float((density * (shares[1:] + shares[:-1]) / 2).sum())
        return Estimate(
            n=int(n.sum()),
            share=round(middle, 6),
            low=round(low, 6),
            high=round(high, 6),
            coverage=coverage,
            count=int(done.sum()),
        )

    def company_reached(self, shares: Floats) -> Floats:
        """The probability that the share of a typical rep is at most each of these."""
        known, cumulated = self._of_company
        found: Floats = np.interp(shares, known, cumulated, left=0.0, right=1.0)
        found[shares >= 1] = 1.0
        return found

    @cached_property
    def _of_company(self) -> tuple[Floats, Floats]:
        """Shares at the edges of the grid's steps in the company's mix of calls, and the probability up to each."""
        return self._in_mix(self._counts.n), np.concatenate(([0.0], np.cumsum(self._company)))

    def _in_mix(self, calls: Floats) -> Floats:
        """Shares at the edges of the grid's steps in the mix of these calls, reps x kinds."""
        n = calls.sum(axis=0)
        weights = n / n.sum() if n.sum() else np.full(len(n), 1 / max(1, len(n)))
        shares: Floats = _logistic(_edges(self._grid)[:, None] + self._offsets[None, :]) @ weights
        return shares

    @cached_property
    def _cumulated(self) -> Floats:
        zero = np.zeros((len(self._densities), 1))
        return np.concatenate((zero, np.cumsum(self._densities, axis=1)), axis=1)

    @cached_property
    def _shares(self) -> Floats:
        """The share of each rep at the edges of the grid's steps, in the rep's own mix of calls."""
        n = self._counts.n
        total = n.sum(axis=1, keepdims=True)
        weights = np.where(total > 0, n / np.maximum(total, 1), 1 / max(1, n.shape[1]))
        shares: Floats = weights @ _logistic(self._offsets[:, None] + _edges(self._grid)[None, :])
        return shares


def fit(counts: Counts, rates: Rates = PERFECT) -> Fit:
    """Fit the model to the calls of one company. `rates`: how the judge errs on this question."""
    grid = _grid(float(counts.n.sum(axis=1).max(initial=0)))
    offsets = _offsets(counts, rates)
    teams = np.zeros((int(counts.team.max(initial=-1)) + 1, len(counts.team)))
    teams[counts.team, np.arange(len(counts.team))] = 1.0
    parts, weights = [], []
    for hit, false_alarm, weight in _possible(rates):
        some = list(_parts(counts, hit, false_alarm, grid, offsets, teams))
        parts += some
        weights += list(weight * _normal(np.array([part.evidence for part in some])))
    densities = np.zeros((len(counts.team), len(grid)))
    by_team, company = np.zeros((len(teams), len(grid))), np.zeros(len(grid))
    for part, weight in zip(parts, weights, strict=True):
        if weight > _NEGLIGIBLE:
            of_teams = part.of_teams(grid)
            densities += weight * part.densities(grid, counts.team, of_teams)
            by_team += weight * _even(_peaked(of_teams))
            company += weight * _normal(part.total)
    return Fit(counts, grid, offsets, _even(densities), _even(by_team), company / company.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One way the company could be: judge's rates, spread of reps and of teams, with the calls' likelihood under it."""

    evidence: float
    likelihood: Floats
    rep_spread: float
    team_spread: float
    per_rep: Floats
    per_team: Floats
    by_company: Floats
    total: Floats

    def of_teams(self, grid: Floats) -> Floats:
        """The logarithm of the chance of each skill of each team: its own calls, and the company without the team."""
        without_team = _peaked(self.total - self.by_company)
        of_teams: Floats = np.log(without_team @ _kernel(_key(grid), self.team_spread) + 1e-300) + self.per_team
        return of_teams

    def densities(self, grid: Floats, team: NDArray[np.intp], of_teams: Floats) -> Floats:
        """The probability of each skill of each rep: the own calls, the team without the rep, the company without the team."""
        of_rep = _peaked(of_teams[team] - self.per_rep)
        return _even((of_rep @ _of_rep(_key(grid), self.rep_spread)) * self.likelihood)


def _parts(counts: Counts, hit: float, false_alarm: float, grid: Floats, offsets: Floats, teams: Floats) -> Iterator[_Part]:
    company = -0.5 * (grid / _COMPANY_SPREAD) ** 2
    seen = false_alarm + (hit - false_alarm) * _logistic(offsets[:, None] + grid[None, :])
    seen = np.clip(seen, 1e-9, 1 - 1e-9)
    likely = counts.done @ np.log(seen) + (counts.n - counts.done) @ np.log1p(-seen)
    peaks = likely.max(axis=1, keepdims=True)
    likelihood = np.exp(likely - peaks)
    for rep_spread in _REP_SPREADS:
        per_rep = np.log(likelihood @ _of_rep(_key(grid), rep_spread).T + 1e-300) + peaks
        per_team = teams @ per_rep
        top = per_team.max(axis=1, keepdims=True)
        for team_spread in _TEAM_SPREADS:
            by_company = np.log(np.exp(per_team - top) @ _kernel(_key(grid), team_spread).T + 1e-300) + top
            total = by_company.sum(axis=0) + company
            highest = total.max()
            spreads = (rep_spread**2 + team_spread**2) / (2 * _TYPICAL_SPREAD**2)
            yield _Part(
                evidence=float(highest + np.log(np.exp(total - highest).sum()) - spreads),
                likelihood=likelihood,
                rep_spread=rep_spread,
                team_spread=team_spread,
                per_rep=per_rep,
                per_team=per_team,
                by_company=by_company,
                total=total,
            )


def _possible(rates: Rates) -> Iterator[tuple[float, float, float]]:
    """Points and weights with the mean and the spread of the judge's two rates: the middle, and each rate out at either side."""
    if rates.hit_sd == 0 and rates.false_alarm_sd == 0:
        yield rates.hit, rates.false_alarm, 1.0
        return
    yield rates.hit, rates.false_alarm, 1 / 3
    out = np.sqrt(3)
    for side in (-out, out):
        hit = float(np.clip(rates.hit + side * rates.hit_sd, 0.02, 0.999))
        false_alarm = float(np.clip(rates.false_alarm + side * rates.false_alarm_sd, 0.001, 0.98))
        yield max(hit, rates.false_alarm + 0.02), rates.false_alarm, 1 / 6
        yield rates.hit, min(false_alarm, rates.hit - 0.02), 1 / 6


def _offsets(counts: Counts, rates: Rates) -> Floats:
    """What each kind of call adds to the log-odds, 0 on average over the company's calls."""
    kinds, known = counts.mix.shape
    n = counts.n.sum()
    if known == 0 or n == 0:
        return np.zeros(kinds)
    from scipy.optimize import minimize

    slope = rates.hit - rates.false_alarm
    reps = len(counts.team)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        skills, effects = parameters[:reps], parameters[reps:-1]
        level = parameters[-1]
        share = _logistic(level + skills[:, None] + (counts.mix @ effects)[None, :])
        seen = np.clip(rates.false_alarm + slope * share, 1e-9, 1 - 1e-9)
        lost = -(counts.done * np.log(seen) + (counts.n - counts.done) * np.log1p(-seen)).sum()
        toward = (counts.n * seen - counts.done) / (seen * (1 - seen)) * slope * share * (1 - share)
        gradient = np.concatenate((toward.sum(axis=1) + skills, counts.mix.T @ toward.sum(axis=0) + effects, [toward.sum()]))
        return float(lost + 0.5 * (skills**2).sum() + 0.5 * (effects**2).sum()), gradient

    start = np.zeros(reps + known + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60}).x
    offsets = counts.mix @ found[reps:-1]
    centred: Floats = offsets - (counts.n.sum(axis=0) / n) @ offsets
    return centred


def _grid(most_calls: float) -> Floats:
    """Steps no wider than the narrowest peak: a rep with n calls is known to about 2 / sqrt(n) logits."""
    step = float(np.clip(1.6 / np.sqrt(max(most_calls, 1.0)), _FINEST, _COARSEST))
    return _grid_of(int(np.ceil(_EDGE / step)))


@cache
def _grid_of(half: int) -> Floats:
    return np.linspace(-_EDGE, _EDGE, 2 * half + 1)


def _key(grid: Floats) -> int:
    return len(grid) // 2


@cache
def _kernel(half: int, spread: float) -> Floats:
    """Row: where the middle is; column: the chance of each skill of the grid round it."""
    grid = _grid_of(half)
    weights = np.exp(-0.5 * ((grid[None, :] - grid[:, None]) / spread) ** 2)
    kernel: Floats = weights / weights.sum(axis=1, keepdims=True)
    return kernel


def _shortest(cumulated: Floats, shares: Floats, coverage: float) -> tuple[float, float]:
    left_out = np.linspace(0, 1 - coverage, _ENDS)
    shares = np.concatenate(([0.0], shares[1:-1], [1.0]))
    low, high = np.interp(left_out, cumulated, shares), np.interp(left_out + coverage, cumulated, shares)
    low[0], high[-1] = 0.0, 1.0
    best = int(np.argmin(high - low))
    return float(low[best]), float(high[best])


@cache
def _of_rep(half: int, spread: float) -> Floats:
    """Row: the team's skill; column: the chance of each skill of a rep."""
    kernel: Floats = (1 - _STANDS_OFF) * _kernel(half, spread) + _STANDS_OFF * _kernel(half, _FAR_OFF)
    return kernel


def _edges(grid: Floats) -> Floats:
    step = grid[1] - grid[0]
    return np.concatenate((grid - step / 2, [grid[-1] + step / 2]))


def _peaked(logarithms: Floats) -> Floats:
    peaked: Floats = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    return peaked


def _even(weights: Floats) -> Floats:
    """Each row adds up to one."""
    even: Floats = weights / weights.sum(axis=1, keepdims=True)
    return even


def _normal(logarithms: Floats) -> Floats:
    weights = np.exp(logarithms - logarithms.max())
    normal: Floats = weights / weights.sum()
    return normal


def _logistic(values: Floats) -> Floats:
    logistic: Floats = 1 / (1 + np.exp(-values))
    return logistic
