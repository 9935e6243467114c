"""What surrounds the calls of an invented company: dates of readiness, leaders' recordings, people's blind labels."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from callcoach.bench.company.judge import NoisyJudge
from callcoach.domain.coaching import LeaderTelling
from callcoach.domain.diagnosis import Alike
from callcoach.domain.story import Component, Initiative, Readiness, Training, ValueStory
from callcoach.domain.verdict import JUDGED_VERDICTS, Level, Verdict

if TYPE_CHECKING:
    from callcoach.bench.company.calls import Kinds

LAUNCHED = date(2026, 3, 2)
DAYS = 84
MAIN, OTHER = "main", "other"
LABELLED = 60
"""Calls that two people label blind before anybody is coached."""
_SLIPS = 0.06
"""How often a careful person slips."""

_STORY = ValueStory(wall="Every fifth call goes unanswered.", hammer="A text goes out at once.", part="Count your own calls.")


class Plant(StrEnum):
    """What is wrong with the main initiative, or with one rep; in a company whose reps merely differ, nothing but that.

    team_audio: the judge hears one team's calls as if they were others. not_assessed: too many calls cannot be judged. strategy:
    everything is sound, and explaining sells no more than not explaining. scattered: the definition is vague, and the field is
    driven to raise it more and more.
    """

    DEFINITION = "definition"
    READINESS = "readiness"
    LEADERS = "leaders"
    ONE_REP = "one_rep"
    NOTHING = "nothing"
    GAMING = "gaming"
    REPS_DIFFER = "reps_differ"
    TEAM_AUDIO = "team_audio"
    NOT_ASSESSED = "not_assessed"
    STRATEGY = "strategy"
    SCATTERED = "scattered"

    @property
    def takes_a_component(self) -> bool:
        """Whether everybody fails at one component."""
        return self in (Plant.DEFINITION, Plant.READINESS, Plant.LEADERS, Plant.SCATTERED)

    @property
    def is_vague(self) -> bool:
        """Whether people mean different things by one component."""
        return self in (Plant.DEFINITION, Plant.SCATTERED)

    @property
    def is_healthy(self) -> bool:
        """Whether all the other reps do well."""
        return self in (
            Plant.ONE_REP, Plant.NOTHING, Plant.GAMING, Plant.TEAM_AUDIO, Plant.NOT_ASSESSED, Plant.STRATEGY,
        )  # fmt: skip


def initiatives(plant: Plant, random: np.random.Generator) -> tuple[Initiative, ...]:
    """The main initiative with its dates, and another without fault. One in seven fields is a little late for no harm."""
    late = int(random.integers(10, 26)) if plant is Plant.READINESS else int(random.integers(1, 4)) * (random.random() < 0.15)
    trained = 0 if plant is Plant.READINESS and random.random() < 0.7 else 90
    market_first = plant is Plant.READINESS and random.random() < 0.5
    main = Readiness(
        announced=LAUNCHED - timedelta(days=7),
        training=(Training(date=LAUNCHED - timedelta(days=3), format="webinar", minutes=trained or 15),),
        materials_ready=LAUNCHED + timedelta(days=late if late else -2),
        market_awareness_start=LAUNCHED + timedelta(days=-14 if market_first else 3),
    )
    other = Readiness(announced=LAUNCHED - timedelta(days=60), materials_ready=LAUNCHED - timedelta(days=30))
    return (
        Initiative(id=MAIN, name="Main", launched=LAUNCHED, story=_STORY, owner="owner", priority=1, readiness=main),
        Initiative(
            id=OTHER,
            name="Other",
            launched=LAUNCHED - timedelta(days=30),
            story=_STORY,
            owner="owner",
            priority=2,
            readiness=other,
        ),
    )


def leaders(
    plant: Plant, missing: Component | None, kinds: "Kinds", judge: NoisyJudge, random: np.random.Generator
) -> tuple[LeaderTelling, ...]:
    """Three to six recordings, heard by the same judge. Where leaders differ, at most one in four tells the missing component."""
    found = []
    recordings = int(random.integers(3, 7))
    for number in range(recordings):
        tells = {component: random.random() < 0.93 for component in Component}
        if plant is Plant.LEADERS and missing is not None:
            tells[missing] = number < recordings // 4
            tells[Component.WALL] = tells[Component.WALL] and random.random() < 0.5
        fits = np.all([kinds.yes(component) == told for component, told in tells.items()], axis=0)
        likely = np.where(fits, 1.0, 1e-6) * np.exp(kinds.base)
        code = int(judge.hear(random.choice(len(likely), 1, p=likely / likely.sum()), np.array([False]))[0])
        levels = (code // 40) % 27
        found.append(
            LeaderTelling(
                call_id=f"leader-{number}",
                person_id=f"leader-{number}",
                started_at=None,
                levels={
                    Component.WALL: Level(levels // 9),
                    Component.HAMMER: Level(levels // 3 % 3),
                    Component.PART: Level(levels % 3),
                },
            )
        )
    return tuple(found)


def judged_alike(
    teams: Sequence[str],
    team: NDArray[np.intp],
    truth: NDArray[np.int8],
    told: NDArray[np.int8],
    random: np.random.Generator,
) -> Mapping[str, Alike]:
    """Of the calls that people label blind, drawn from all: on how many of each team the judge gives the verdict they give."""
    drawn = random.choice(len(team), min(LABELLED, len(team)), replace=False)
    slips = random.random(len(drawn)) < _SLIPS
    given = np.where(slips, random.integers(0, len(JUDGED_VERDICTS), len(drawn)), truth[drawn])
    # what the judge could not assess is compared with nobody's verdict
    judged = told[drawn] != list(Verdict).index(Verdict.NOT_ASSESSED)
    same = given == told[drawn]
    found = {}
    for number, name in enumerate(teams):
        rows = judged & (team[drawn] == number)
        if rows.any():
            found[name] = Alike(agreed=int((same & rows).sum()), n=int(rows.sum()))
    return found


def agreement(vague: Component | None, random: np.random.Generator) -> Mapping[Component, float | None]:
    """Kappa of two people who label the same calls; on a vague component every second label is a guess."""
    return {component: _kappa(0.5 if component is vague else _SLIPS, random) for component in Component}


def _kappa(slips: float, random: np.random.Generator) -> float:
    truth = random.integers(0, 3, LABELLED)
    labels = [np.where(random.random(LABELLED) < slips, random.integers(0, 3, LABELLED), truth) for _ in range(2)]
    same = float((labels[0] == labels[1]).mean())
    by_chance = float(sum((labels[0] == level).mean() * (labels[1] == level).mean() for level in range(3)))
    return (same - by_chance) / (1 - by_chance)
