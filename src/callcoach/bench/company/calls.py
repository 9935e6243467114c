"""The calls of an invented company: when, of what kind, and what truly happens in each. Knows nothing of how they are heard."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callcoach.bench.company.judge import FLAGS, Hearing
from callcoach.bench.company.surroundings import DAYS, Plant
from callcoach.coaching.measures import YES, Measure, Told, answers, code
from callcoach.domain.coaching import Behaviour
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, Verdict

Floats = NDArray[np.float64]

USUAL: Mapping[Measure, float] = {
    Component.WALL: 0.5,
    Component.HAMMER: 0.3,
    Component.PART: 0.6,
    Behaviour.ANSWER_THE_WHY: 0.5,
    Behaviour.LEAVE_THE_SCRIPT: 1.0,
    Behaviour.RAISE_IT: 1.5,
}
"""What a rep can be good at apart from the rest (asking before offering comes on top), and how good people usually are."""

ASKED = 0.6
_ANSWERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the company is, least and most; calls: of the main initiative per rep.

    spread: how far a rep's single skills lie apart (logits); `healthy_spread` where all but one do well, `differing_spread` where
    reps differ as far as people do: one does in 18 of 100 calls what another does in 82.
    """

    teams: tuple[int, int] = (3, 6)
    reps: tuple[int, int] = (5, 9)
    calls: tuple[int, int] = (12, 45)
    spread: float = 0.9
    healthy_spread: float = 0.35
    differing_spread: float = 1.5


@dataclass(frozen=True)
class Calls:
    """One row per call, in order of the days since the launch. initiative: 0 main, 1 other; length: 1 short to 3 long."""

    rep: NDArray[np.intp]
    initiative: NDArray[np.intp]
    type: NDArray[np.intp]
    length: NDArray[np.intp]
    day: NDArray[np.intp]


class Kinds:
    """What can truly happen in a call: the kinds of labelled calls, with what each shows."""

    def __init__(self, hearing: Hearing) -> None:
        self.codes: NDArray[np.int64] = hearing.kinds * FLAGS
        self.base: Floats = 0.5 * np.log(hearing.often)
        self.asked: NDArray[np.bool_] = (hearing.kinds // _ANSWERS) % 2 == 1
        self.shows: Floats = np.stack([self.yes(skill) for skill in USUAL]).astype(float)
        self.not_assessed = code(
            Told(
                verdict=Verdict.NOT_ASSESSED,
                levels={},
                asked_why=False,
                answer=Answer.NOT_ASKED,
                behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
            )
        )
        self.best = int(np.argmax(self.shows.sum(axis=0) + 0.001 * self.base))

    def yes(self, measure: Measure) -> NDArray[np.bool_]:
        """Which kinds show it."""
        found: NDArray[np.bool_] = answers(measure)[self.codes] == YES
        return found


def hold_calls(reps: int, random: np.random.Generator, size: Size, *, driven: bool = False) -> Calls:
    """Who calls when about what; every rep has an own mix of types and lengths. driven: to ever more calls on the main one."""
    main = random.integers(*size.calls, size=reps, endpoint=True)
    other = main // 2
    rep = np.concatenate((np.repeat(np.arange(reps), main), np.repeat(np.arange(reps), other)))
    initiative = np.concatenate((np.zeros(main.sum(), np.intp), np.ones(other.sum(), np.intp)))
    types, lengths = random.dirichlet((4, 4, 2), reps), random.dirichlet((2, 4, 2), reps)
    type_ = (types.cumsum(axis=1)[rep] < random.random((len(rep), 1))).sum(axis=1).clip(max=2)
    length = 1 + (lengths.cumsum(axis=1)[rep] < random.random((len(rep), 1))).sum(axis=1).clip(max=2)
    day = random.integers(0, DAYS, len(rep))
    if driven:
        later = np.maximum(day, random.integers(0, DAYS, len(rep)))
        day = np.where(initiative == 0, later, day)
    order = np.argsort(day, kind="stable")
    return Calls(rep=rep[order], initiative=initiative[order], type=type_[order], length=length[order], day=day[order])


def chances(
    calls: Calls,
    kinds: Kinds,
    team_of_rep: NDArray[np.intp],
    plant: Plant,
    missing: Component | None,
    one: int | None,
    random: np.random.Generator,
    size: Size,
) -> Floats:
    """How likely each kind is in each call (calls x kinds), from skills, call mix, practice, coaching and what was planted."""
    reps, teams = len(team_of_rep), int(team_of_rep.max()) + 1
    spread = size.healthy_spread if plant.is_healthy else size.differing_spread if plant is Plant.REPS_DIFFER else size.spread
    ability = random.normal(0, 0.5 * spread, reps)
    practice = random.normal(0.3, 0.2, reps)
    since = calls.day / DAYS - 0.5
    logits = np.broadcast_to(kinds.base, (len(calls.rep), len(kinds.base))).copy()
    coached, skill_coached = random.random(reps) < 0.3, random.integers(len(USUAL), size=reps)
    coached_on = random.integers(DAYS // 4, 3 * DAYS // 4, reps)
    for number, (skill, usual) in enumerate(USUAL.items()):
        level = usual + random.normal(0, 0.2 if plant.is_healthy else 0.5) + (0.5 if plant.is_healthy else 0.0)
        of_rep = level + ability + random.normal(0, 0.3, teams)[team_of_rep] + random.normal(0, spread, reps)
        after = coached[calls.rep] & (skill_coached[calls.rep] == number) & (calls.day > coached_on[calls.rep])
        value = of_rep[calls.rep] + practice[calls.rep] * since + 0.8 * after
        if skill is not Behaviour.RAISE_IT:
            value = value + np.array([0.0, -0.4, 0.0, 0.4])[calls.length]
        value = value + random.normal(0, 0.25, 3)[calls.type] + np.where(calls.initiative == 1, random.normal(0, 0.3), 0.0)
        if missing is not None:
            value = value - _lost(skill, missing) * (calls.initiative == 0)
        if one is not None and skill is not Behaviour.RAISE_IT:
            value = value - (3.5 if plant is Plant.ONE_REP else 1.2) * (calls.rep == one)
        logits += value[:, None] * kinds.shows[number][None, :]
    chance: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    for asked, share in ((kinds.asked, ASKED), (~kinds.asked, 1 - ASKED)):
        chance[:, asked] *= share / chance[:, asked].sum(axis=1, keepdims=True)
    return chance


def draw(chance: Floats, random: np.random.Generator) -> NDArray[np.intp]:
    """What happens in each call: a kind drawn by its chance."""
    kind: NDArray[np.intp] = (chance.cumsum(axis=1) < random.random((len(chance), 1))).sum(axis=1)
    return kind.clip(max=chance.shape[1] - 1)


def _lost(skill: Measure, missing: Component) -> float:
    """What nobody can do whose story lacks a component: tell it, and answer the why that it holds."""
    if skill is missing:
        return 4.5
    return 3.0 if skill is Behaviour.ANSWER_THE_WHY and missing is Component.PART else 0.0
