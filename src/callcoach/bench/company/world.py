"""Invent a company: who is how good at what, what went wrong, and the calls that come of it.

`Seen` is all that a roll-up may read; `Truth` is for whoever counts how often the roll-up is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from callcoach.bench.company.calls import Calls, Kinds, Size, chances, draw, hold_calls
from callcoach.bench.company.judge import Hearing, NoisyJudge
from callcoach.bench.company.surroundings import DAYS, LAUNCHED, MAIN, OTHER, Plant, agreement, initiatives, judged_alike, leaders
from callcoach.coaching.columns import Columns
from callcoach.coaching.measures import MEASURES, NOT_ASKED, YES, Measure, answers, verdicts
from callcoach.domain.coaching import Behaviour, LeaderTelling
from callcoach.domain.diagnosis import Alike
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a real company would have: judged calls, the initiatives' dates, leaders' recordings, people's agreement.

    alike: by team, how often the judge gives the verdict of people who labelled the same calls of the main initiative.
    """

    columns: Columns
    initiatives: tuple[Initiative, ...]
    leaders: Mapping[str, tuple[LeaderTelling, ...]]
    agreement: Mapping[str, Mapping[Component, float | None]]
    alike: Mapping[str, Alike]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What nobody can see: each rep's expected share of each question over the own calls, by initiative, and what was planted.

    shares: measure -> initiative number -> share per rep (nan without a call). one: the rep who fails, or games the judge.
    """

    plant: Plant
    shares: Mapping[Measure, tuple[NDArray[np.float64], ...]]
    one: int | None


USUAL_SIZE = Size()
_GARBLED = 0.8
_NOT_ASSESSED = (0.45, 0.75)
"""Share of calls, from and to: where it is no more than chance that a call can be judged."""


def invent(plant: Plant, hearing: Hearing, random: np.random.Generator, size: Size = USUAL_SIZE) -> tuple[Seen, Truth]:
    """One company with one thing wrong, or nothing."""
    kinds = Kinds(hearing)
    teams = int(random.integers(*size.teams, endpoint=True))
    team_of_rep = np.repeat(np.arange(teams), random.integers(*size.reps, size=teams, endpoint=True))
    reps = len(team_of_rep)
    one = int(random.integers(reps)) if plant in (Plant.ONE_REP, Plant.GAMING) else None
    missing = (Component.WALL, Component.PART)[int(random.integers(2))] if plant.takes_a_component else None
    calls = hold_calls(reps, random, size, driven=plant is Plant.SCATTERED)
    chance = chances(calls, kinds, team_of_rep, plant, missing, one, random, size)
    kind = draw(chance, random)
    asking = 1 / (1 + np.exp(-(0.3 + random.normal(0, size.spread, reps)[calls.rep] + 0.5 * (calls.length == 3))))
    first = random.random(len(calls.rep)) < asking
    judge = NoisyJudge(hearing, random)
    told = judge.hear(kind, first)
    explains = kinds.yes(Verdict.EXPLAINS)[kind]
    if plant is Plant.GAMING:
        # from the middle on, the judge takes most of this rep's calls for explained ones; the customers do not
        fooled = (calls.rep == one) & (calls.day > DAYS // 2) & (random.random(len(kind)) < 0.9)
        told[fooled] = judge.hear(np.full(int(fooled.sum()), kinds.best), first[fooled])
    team = team_of_rep[calls.rep]
    if plant is Plant.TEAM_AUDIO:
        # what is heard of most of this team's calls has nothing to do with what happens in them
        garbled = (team == int(random.integers(teams))) & (random.random(len(kind)) < _GARBLED)
        told[garbled] = judge.hear(random.integers(0, len(kinds.codes), int(garbled.sum())), first[garbled])
    if plant is Plant.NOT_ASSESSED:
        told[random.random(len(kind)) < random.uniform(*_NOT_ASSESSED)] = kinds.not_assessed
    sells = random.normal(0, 0.3, reps)[calls.rep]
    pays = 0.0 if plant is Plant.STRATEGY else 1.0
    won = random.random(len(kind)) < 1 / (1 + np.exp(-(-0.9 + pays * explains + sells)))
    main, columns = calls.initiative == 0, _columns(calls, team_of_rep, told, won, random)
    verdict = verdicts()
    labels = verdict[kinds.codes[kind]][main], verdict[told][main]
    return (
        Seen(
            columns=columns,
            initiatives=initiatives(plant, random),
            leaders={MAIN: leaders(plant, missing, kinds, judge, random)},
            agreement={MAIN: agreement(missing if plant.is_vague else None, random)},
            alike=judged_alike(columns.teams, team[main], *labels, random),
            today=LAUNCHED + timedelta(days=DAYS),
        ),
        Truth(plant=plant, shares=_shares(calls, chance, asking, kinds, reps), one=one),
    )


def _columns(
    calls: Calls,
    team_of_rep: NDArray[np.intp],
    told: NDArray[np.int64],
    won: NDArray[np.bool_],
    random: np.random.Generator,
) -> Columns:
    closed = random.random(len(told)) < 0.8
    return Columns(
        reps=tuple(f"rep-{number:03d}" for number in range(len(team_of_rep))),
        teams=tuple(f"team-{number}" for number in range(int(team_of_rep.max()) + 1)),
        initiatives=(MAIN, OTHER),
        kinds=("discovery", "prospecting", "renewal"),
        rep=calls.rep,
        team_of_rep=team_of_rep,
        initiative=calls.initiative,
        kind=calls.type,
        length=calls.length,
        day=calls.day + LAUNCHED.toordinal(),
        code=told,
        won=np.where(closed, won, -1).astype(np.int8),
        amount=np.full(len(told), np.nan),
    )


def _shares(
    calls: Calls, chance: NDArray[np.float64], asking: NDArray[np.float64], kinds: Kinds, reps: int
) -> Mapping[Measure, tuple[NDArray[np.float64], ...]]:
    found: dict[Measure, tuple[NDArray[np.float64], ...]] = {}
    for measure in MEASURES:
        if measure is Behaviour.ASK_BEFORE_OFFERING:
            with_, without = (answers(measure)[kinds.codes + flag] for flag in (1, 0))
            yes = asking * (chance @ (with_ == YES)) + (1 - asking) * (chance @ (without == YES))
            could = asking * (chance @ (with_ != NOT_ASKED)) + (1 - asking) * (chance @ (without != NOT_ASKED))
        else:
            answer = answers(measure)[kinds.codes]
            yes, could = chance @ (answer == YES), chance @ (answer != NOT_ASKED)
        shares = []
        for initiative in (0, 1):
            rows = calls.initiative == initiative
            n = np.bincount(calls.rep[rows], weights=could[rows], minlength=reps)
            with np.errstate(invalid="ignore", divide="ignore"):
                shares.append(np.bincount(calls.rep[rows], weights=yes[rows], minlength=reps) / n)
        found[measure] = tuple(shares)
    return found
