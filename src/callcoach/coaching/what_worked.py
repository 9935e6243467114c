"""Learn what changed after coaching beyond what changes without it, by behaviour and by manager. Knows no words for it.

What is counted of a coaching: the rep's share in the calls since, less the share that reps who were not coached
came to from where this rep stood. That takes out practice, which lifts everybody, and the luck of the draw: who is coached for
three bad calls does better in the next three anyhow. What reps come to without coaching is a line (share since on share before)
through all reps who were not coached on that initiative in the same weeks, weighed by their calls.

What single coachings brought is then pooled: every group (behaviour or manager) lies round the mean of all, and how far apart
groups lie is not fixed but weighed on a grid by how well it explains what was seen, times a half-normal prior. So with few
coachings groups are told apart by nothing, and only what the calls insist on is said. Nothing is drawn at random.

The judge's errors are those before and since alike; they make a change look smaller, never larger, and are not taken out.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import erf

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching.choice import COACHABLE
from callcoach.coaching.columns import NO_DAY
from callcoach.coaching.goals import FEWEST_CALLS
from callcoach.coaching.held_coachings import Coaching
from callcoach.coaching.measures import NOT_ASKED, YES, Measure, answers
from callcoach.coaching.shares import Shares
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.goals import WhatWorked, Worked
from callcoach.domain.verdict import Verdict

Floats = NDArray[np.float64]

DAYS_BEFORE = 90
"""A quarter says where a rep stood."""

FEWEST_UNCOACHED = 12
"""Reps without coaching below which nobody can say what would have come anyhow."""

LEAST_COACHINGS = 8
"""As with calls: below eight nothing is said of a behaviour or a manager."""

ENOUGH = 30
"""Coachings altogether before any changes what is recommended."""

SURE = 0.95
"""How sure it must be that a behaviour takes better, or worse, to coaching than the rest before it counts in a recommendation."""

PER_SHARE, MOST = 2.0, 0.3
"""Ten more calls in a hundred than coaching usually brings make a behaviour a fifth more coachable, at most three tenths."""

COVERAGE = 0.9
_TYPICAL_SPREAD = 0.1
_SPREADS = np.array([0.0, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brought:
    """What one coaching brought in the share of calls, and how unsure that is (variances).

    shared: what is not known of the line it was compared with, and so is off in all coachings of that kind alike.
    """

    of: Coaching
    change: float
    variance: float
    shared: float


def what_worked(shares: Shares, held: Sequence[Coaching]) -> WhatWorked:
    """What coaching brought. Figures are None where there are too few coachings, or too few reps without one to compare with."""
    brought = _brought(shares, held)
    overall = _pooled(brought, lambda _: "")
    by_behaviour = _pooled([each for each in brought if each.of.behaviour is not None], lambda each: str(each.of.behaviour))
    by_manager = _pooled(brought, lambda each: each.of.by)
    return WhatWorked(
        overall=overall.get("") or Worked(about="", n=0),
        held=len(held),
        behaviours=tuple(by_behaviour[each.value] for each in Behaviour if each.value in by_behaviour),
        managers=tuple(by_manager[each] for each in sorted(by_manager)),
    )


def for_managers(found: WhatWorked | None, managers: Collection[str]) -> WhatWorked | None:
    """What may be shown where these managers are: behaviours of the whole company, and no other manager's figures."""
    if found is None:
        return None
    return replace(found, managers=tuple(each for each in found.managers if each.about in managers))


def coachable(found: WhatWorked) -> Mapping[Behaviour, float]:
    """How far coaching changes each behaviour: as it was set, until enough of them are sure that one takes better or worse."""
    known = [each for each in found.behaviours if each.change is not None and each.likely is not None]
    n = sum(each.n for each in known)
    if n < ENOUGH or len(known) < 2:
        return COACHABLE
    mean = sum(each.n * (each.change or 0.0) for each in known) / n
    learnt = dict(COACHABLE)
    for each in known:
        if not 1 - SURE < (each.likely or 0.0) < SURE:
            off = PER_SHARE * ((each.change or 0.0) - mean)
            learnt[Behaviour(each.about)] *= 1 + float(np.clip(off, -MOST, MOST))
    return learnt


def _brought(shares: Shares, held: Sequence[Coaching]) -> list[_Brought]:
    """What each coaching brought that has calls enough before and since."""
    columns = shares.columns
    lines: dict[Measure, _Line | None] = {}
    known: dict[tuple[str, Measure], _Calls] = {}
    counted = []
    for each in held:
        rep, measure = columns.rep_number.get(each.rep_id), _measure(each)
        if rep is None or each.initiative_id not in columns.initiative_number or each.until <= each.on:
            continue
        key = (each.initiative_id, measure)
        if key not in known:
            known[key] = _Calls(shares, *key)
        before = known[key].between(each.on - timedelta(days=DAYS_BEFORE - 1), each.on)
        since = known[key].between(each.on + timedelta(days=1), each.until)
        if before.n[rep] < FEWEST_CALLS or since.n[rep] < FEWEST_CALLS:
            continue
        counted.append((each, rep, before, since))
    weeks = {name: _Weeks(columns.rep_number, held, name) for name in {each.initiative_id for each, *_ in counted}}
    for measure in dict.fromkeys(_measure(each) for each, *_ in counted):
        points = [
            _uncoached(before, since, weeks[each.initiative_id].busy(each))
            for each, _, before, since in counted
            if _measure(each) is measure
        ]
        lines[measure] = _line(points)
    found = []
    for each, rep, before, since in counted:
        line = lines[_measure(each)]
        if line is None:
            continue
        # half a call more on either side: three of three is not certainty
        was = (before.done[rep] + 0.5) / (before.n[rep] + 1)
        usual = min(max(line.level + line.slope * (before.done[rep] / before.n[rep]), 0.02), 0.98)
        chance = usual * (1 - usual) / since.n[rep] + line.slope**2 * was * (1 - was) / before.n[rep]
        change = float(since.done[rep] / since.n[rep] - usual)
        found.append(_Brought(of=each, change=change, variance=float(chance + line.spread), shared=line.unsure))
    return found


def _measure(each: Coaching) -> Measure:
    return each.behaviour if each.behaviour is not None else Verdict.EXPLAINS


@dataclass(frozen=True, slots=True)
class _Counted:
    """Calls with an opportunity and those that show it, per rep."""

    n: Floats
    done: Floats


class _Calls:
    """The calls of one initiative with an opportunity for one behaviour, so that each coaching looks at those alone."""

    def __init__(self, shares: Shares, initiative_id: str, measure: Measure) -> None:
        columns = shares.columns
        answer = answers(measure)[columns.code]
        inside = (columns.initiative == columns.initiative_number[initiative_id]) & (columns.rep >= 0)
        rows = np.flatnonzero(inside & (answer != NOT_ASKED) & (columns.day != NO_DAY))
        self._rep, self._day, self._yes = columns.rep[rows], columns.day[rows], (answer[rows] == YES).astype(float)
        self._reps = len(columns.reps)

    def between(self, first: date, last: date) -> _Counted:
        """Of every rep, from one day to another, both included."""
        rows = np.flatnonzero((self._day >= first.toordinal()) & (self._day <= last.toordinal()))
        n = np.bincount(self._rep[rows], minlength=self._reps).astype(float)
        done = np.bincount(self._rep[rows], weights=self._yes[rows], minlength=self._reps).astype(float)
        return _Counted(n, done)


@dataclass(frozen=True, slots=True)
class _Line:
    """What reps come to without coaching: share since = level + slope x share before, give or take `spread` (a variance).

    unsure: how far the line itself may be off (a variance).
    """

    level: float
    slope: float
    spread: float
    unsure: float


class _Weeks:
    """Who was coached on an initiative from when to when, by number of the rep."""

    def __init__(self, rep_number: Mapping[str, int], held: Iterable[Coaching], initiative_id: str) -> None:
        mine = [each for each in held if each.initiative_id == initiative_id and each.rep_id in rep_number]
        self._rep = np.array([rep_number[each.rep_id] for each in mine], dtype=int)
        self._on = np.array([each.on.toordinal() for each in mine])
        self._until = np.array([each.until.toordinal() for each in mine])
        self._reps = len(rep_number)

    def busy(self, each: Coaching) -> NDArray[np.bool_]:
        """By rep, whether anybody coached them from before a coaching until its end."""
        found = np.zeros(self._reps, dtype=bool)
        first = (each.on - timedelta(days=DAYS_BEFORE)).toordinal()
        found[self._rep[(self._on <= each.until.toordinal()) & (self._until >= first)]] = True
        return found


def _uncoached(before: _Counted, since: _Counted, busy: NDArray[np.bool_]) -> Floats:
    """Of reps whom nobody coached on the initiative then: rep, n and share before, n and share since."""
    rows = np.flatnonzero(~busy & (before.n >= FEWEST_CALLS) & (since.n >= FEWEST_CALLS))
    return np.stack((rows, before.n[rows], before.done[rows] / before.n[rows], since.n[rows], since.done[rows] / since.n[rows]))


def _line(points: Sequence[Floats]) -> _Line | None:
    """The line through all of them; None below twelve different reps."""
    rep, n_before, before, n_since, since = np.concatenate(points, axis=1) if points else np.zeros((5, 0))
    if len(np.unique(rep)) < FEWEST_UNCOACHED:
        return None
    weight = n_before * n_since / (n_before + n_since)
    middle_before, middle_since = np.average(before, weights=weight), np.average(since, weights=weight)
    spread = float(np.average((before - middle_before) ** 2, weights=weight))
    together = float(np.average((before - middle_before) * (since - middle_since), weights=weight))
    # nobody is expected to overtake: a line steeper than one, or falling, is chance
    slope = float(np.clip(together / spread, 0.0, 1.0)) if spread > 0 else 0.0
    level = float(middle_since - slope * middle_before)
    usual = np.clip(level + slope * before, 0.02, 0.98)
    off = since - usual
    by_chance = usual * (1 - usual) / n_since + slope**2 * usual * (1 - usual) / n_before
    # a rep is compared with many times; how many reps there are says how sure the line is
    _, place = np.unique(rep, return_inverse=True)
    of_rep = np.bincount(place, weights=weight * off) / np.bincount(place, weights=weight)
    unsure = float(of_rep.var(ddof=1) / len(of_rep))
    return _Line(level, slope, max(0.0, float(np.average(off**2 - by_chance, weights=weight))), unsure)


def _pooled(brought: Sequence[_Brought], group: Callable[[_Brought], str]) -> dict[str, Worked]:
    """Every group round the mean of all; figures only of groups with enough coachings."""
    names = sorted({group(each) for each in brought})
    if not names:
        return {}
    weight, mean, shared = np.zeros((3, len(names)))
    counts = dict.fromkeys(names, 0)
    for each in brought:
        place = names.index(group(each))
        counts[names[place]] += 1
        weight[place] += 1 / each.variance
        mean[place] += each.change / each.variance
        shared[place] += each.shared / each.variance
    mean, variance = mean / weight, (1 + shared) / weight
    share = np.array([counts[name] for name in names]) / len(brought)
    parts = [_part(mean, variance, share, spread) for spread in (_SPREADS if len(names) > 1 else _SPREADS[:1])]
    evidence = np.array([part.evidence for part in parts])
    chance = np.exp(evidence - evidence.max())
    chance = chance / chance.sum()
    found = {}
    for place, name in enumerate(names):
        if counts[name] < LEAST_COACHINGS:
            found[name] = Worked(about=name, n=counts[name])
            continue
        middle = np.array([part.middle[place] for part in parts])
        deviation = np.array([part.deviation[place] for part in parts])
        above = [_above(part.off[place], part.off_deviation[place]) for part in parts]
        low, high = _range(chance, middle, deviation)
        found[name] = Worked(
            about=name,
            n=counts[name],
            change=round(float(chance @ middle), 6),
            low=round(low, 6),
            high=round(high, 6),
            coverage=COVERAGE,
            likely=round(float(chance @ above), 6) if len(names) > 1 else None,
        )
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """One way the groups could lie apart: what it makes of each, and of how far each is off the average coaching."""

    evidence: float
    middle: Floats
    deviation: Floats
    off: Floats
    off_deviation: Floats


def _part(mean: Floats, variance: Floats, share: Floats, spread: float) -> _Part:
    """A middle that is not known at all, groups with this spread round it, each seen with its variance.

    share: of the coachings, which says what the average one brought.
    """
    whole = 1 / (variance + spread**2)
    centre, centre_variance = float((whole * mean).sum() / whole.sum()), float(1 / whole.sum())
    own = spread**2 / (spread**2 + variance)
    middle = own * mean + (1 - own) * centre
    inner = own * variance
    deviation = np.sqrt(inner + (1 - own) ** 2 * centre_variance)
    beside = np.eye(len(mean)) - share[None, :]
    off_deviation = np.sqrt(beside**2 @ inner + (beside @ (1 - own)) ** 2 * centre_variance)
    seen = -0.5 * (whole * (mean - centre) ** 2).sum() + 0.5 * np.log(whole).sum() + 0.5 * np.log(centre_variance)
    evidence = float(seen - spread**2 / (2 * _TYPICAL_SPREAD**2))
    return _Part(evidence, middle, deviation, beside @ middle, off_deviation)


def _above(middle: float, deviation: float) -> float:
    """The probability of more than nothing; a half where nothing can be told apart."""
    return 0.5 if deviation <= 0 else 0.5 * (1 + erf(middle / deviation / np.sqrt(2)))


def _range(chance: Floats, middle: Floats, deviation: Floats) -> tuple[float, float]:
    """The middle part of the mixture that holds the coverage."""
    from scipy.special import ndtr

    grid = np.linspace(-1.0, 1.0, 4001)
    reached = sum(
        weight * ndtr((grid - at) / max(wide, 1e-9)) for weight, at, wide in zip(chance, middle, deviation, strict=True)
    )
    return float(np.interp((1 - COVERAGE) / 2, reached, grid)), float(np.interp((1 + COVERAGE) / 2, reached, grid))
