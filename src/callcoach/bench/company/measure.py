"""Count how often the roll-up finds what was planted in invented companies. Shows it what a company has, never the truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from callcoach.bench.company.calls import Size
from callcoach.bench.company.judge import Hearing
from callcoach.bench.company.surroundings import MAIN, Plant
from callcoach.bench.company.world import Seen, Truth, invent
from callcoach.coaching.choice import options
from callcoach.coaching.diagnosis import Surroundings, diagnose
from callcoach.coaching.judge_error import JudgeError
from callcoach.coaching.measures import MEASURES
from callcoach.coaching.outcomes import alarms
from callcoach.coaching.shares import Shares, only
from callcoach.domain.coaching import GAPS, Behaviour
from callcoach.domain.diagnosis import LEADERS_MOVE, AlarmKind, Cause, Diagnosis
from callcoach.domain.people import Company

CALLS_OF_A_REP = 15
"""What recommendations are counted at."""

LEVEL_WITH = 0.02
"""Shares that lie so near no number of calls tells apart; counted beside the strict figure."""

WEIGHED = tuple(behaviour for behaviour in GAPS if behaviour is not Behaviour.RAISE_IT)

NAMED: Mapping[Plant, Cause] = {
    Plant.DEFINITION: Cause.DEFINITION,
    Plant.READINESS: Cause.READINESS,
    Plant.LEADERS: Cause.LEADERS,
    Plant.ONE_REP: Cause.REPS,
    Plant.NOTHING: Cause.NOTHING,
    Plant.TEAM_AUDIO: Cause.MEASUREMENT,
    Plant.NOT_ASSESSED: Cause.MEASUREMENT,
    Plant.STRATEGY: Cause.STRATEGY,
    Plant.SCATTERED: Cause.DEFINITION,
}
"""The right answer to each plant; of a company whose reps merely differ, no cause is asked."""


@dataclass(slots=True)
class Tally:
    """Right ones of all."""

    right: int = 0
    of: int = 0

    def add(self, right: bool | int | np.bool_, of: int = 1) -> None:
        """Count one more, or `of` more of which `right` are right."""
        self.right += int(right)
        self.of += of

    @property
    def share(self) -> float | None:
        """None where nothing was counted."""
        return round(self.right / self.of, 4) if self.of else None


@dataclass(slots=True)
class Findings:
    """What was counted, apart by what it was counted on."""

    coverage: dict[str, Tally] = field(default_factory=dict)
    coverage_by_plant: dict[str, Tally] = field(default_factory=dict)
    weakest: dict[str, Tally] = field(default_factory=dict)
    weakest_or_level: Tally = field(default_factory=Tally)
    causes: dict[str, dict[str, int]] = field(default_factory=dict)
    planted_rep: Tally = field(default_factory=Tally)
    alarms_raised: Tally = field(default_factory=Tally)
    alarms_false: Tally = field(default_factory=Tally)
    scattered_raised: Tally = field(default_factory=Tally)
    scattered_false: Tally = field(default_factory=Tally)
    coverage_unsound: Tally = field(default_factory=Tally)
    calls: int = 0


def measure(
    hearing: Hearing, judge: JudgeError | None, *, companies: int, seed: int, step: Callable[[str], None] = lambda _: None
) -> Findings:
    """Invent so many companies, the plants in turn, and count; each has a second life with 15 calls a rep for recommendations."""
    found = Findings()
    plants = tuple(Plant)
    for number in range(companies):
        plant = plants[number % len(plants)]
        seen, truth = invent(plant, hearing, np.random.default_rng((seed, number)))
        shares = Shares(seen.columns, judge)
        found.calls += len(seen.columns.rep)
        told = _diagnosed(shares, seen)
        _count_coverage(found, shares, truth, sound=told.cause is not Cause.MEASUREMENT)
        _count_cause(found, told, seen, truth)
        _count_alarms(found, shares, seen, truth)
        if plant in (Plant.REPS_DIFFER, Plant.ONE_REP, Plant.NOTHING):
            size = Size(calls=(CALLS_OF_A_REP, CALLS_OF_A_REP))
            seen, truth = invent(plant, hearing, np.random.default_rng((seed, number, CALLS_OF_A_REP)), size)
            _count_weakest(found, Shares(seen.columns, judge), seen, truth)
        step(f"company {number + 1}: {plant.value}")
    return found


def _count_coverage(found: Findings, shares: Shares, truth: Truth, *, sound: bool) -> None:
    """Where the diagnosis says that the measurement cannot be relied on, the figures are counted apart: it says so of them."""
    by_plant = found.coverage_by_plant.setdefault(truth.plant.value, Tally())
    for what in MEASURES:
        fit, true = shares.fit(what, only([MAIN])), truth.shares[what][0]
        counted = shares.counts(what, only([MAIN])).n.sum(axis=1) > 0
        by_measure = found.coverage.setdefault(what.value, Tally()) if sound else found.coverage_unsound
        for rep in np.flatnonzero(counted & ~np.isnan(true)):
            low, high = fit.interval(int(rep))
            for tally in (by_measure, by_plant):
                tally.add(low <= true[rep] <= high)


def _count_cause(found: Findings, told: Diagnosis, seen: Seen, truth: Truth) -> None:
    found.causes.setdefault(truth.plant.value, {}).setdefault(told.cause.value, 0)
    found.causes[truth.plant.value][told.cause.value] += 1
    if truth.plant is Plant.ONE_REP and truth.one is not None:
        found.planted_rep.add(told.reps == (seen.columns.reps[truth.one],))


def _diagnosed(shares: Shares, seen: Seen) -> Diagnosis:
    surroundings = Surroundings(told=seen.leaders[MAIN], agreement=seen.agreement[MAIN], alike=seen.alike)
    return diagnose(seen.initiatives[0], shares, surroundings, Company(), today=seen.today)


def _count_alarms(found: Findings, shares: Shares, seen: Seen, truth: Truth) -> None:
    every = alarms(shares, seen.initiatives[:1])
    raised = {alarm.about for alarm in every if alarm.kind is AlarmKind.GAMING}
    scattered = any(alarm.kind is AlarmKind.SCATTERED for alarm in every)
    if truth.plant is Plant.SCATTERED:
        found.scattered_raised.add(scattered)
    else:
        found.scattered_false.add(scattered)
    if truth.plant is Plant.GAMING and truth.one is not None:
        found.alarms_raised.add(seen.columns.reps[truth.one] in raised)
    elif truth.plant is Plant.NOTHING:
        found.alarms_false.add(len(raised), len(seen.columns.reps))


def _count_weakest(found: Findings, shares: Shares, seen: Seen, truth: Truth) -> None:
    """Of the reps who are recommended something: is it one of the two behaviours that they truly show most seldom?"""
    if _diagnosed(shares, seen).cause in LEADERS_MOVE:
        return
    tally = found.weakest.setdefault(truth.plant.value, Tally())
    true = np.stack([truth.shares[behaviour][0] for behaviour in WEIGHED])
    for rep, rep_id in enumerate(seen.columns.reps):
        weighed = options(shares, rep_id, seen.initiatives[:1])
        if weighed:
            shares_of_rep = np.nan_to_num(true[:, rep], nan=2.0)
            recommended = shares_of_rep[WEIGHED.index(weighed[0].behaviour)] if weighed[0].behaviour in WEIGHED else 2.0
            second = np.sort(shares_of_rep)[1]
            tally.add(recommended <= second)
            found.weakest_or_level.add(recommended <= second + LEVEL_WITH)
