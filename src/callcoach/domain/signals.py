"""What models measured in a call for one initiative: numbers, no judgement. Knows nothing of how they were made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    """What a turn does. The first six are rep acts; `ask` and `need` are customer acts."""

    WALL = "wall"
    HAMMER = "hammer"
    PART = "part"
    RECITE = "recite"
    STUMBLE = "stumble"
    ANSWER = "answer"
    ASK = "ask"
    NEED = "need"


REP_ACTS = (Act.WALL, Act.HAMMER, Act.PART, Act.RECITE, Act.STUMBLE, Act.ANSWER)
CUSTOMER_ACTS = (Act.ASK, Act.NEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceSignals:
    """One sentence: `begin`..`end` characters of its turn, and its closeness (cosine, -1..1) to each component's story."""

    begin: int
    end: int
    closeness: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSignals:
    """One turn: the probability (0..1) of each act its role can do, closeness to the story, and its sentences.

    `closeness`: names the language models' similarity measures (cosine, -1..1). `link`: for a rep turn, number of the earlier
    customer turn it builds on most, with `link_strength` in 0..1; None where there is none. `explained`: for a rep turn, the
    probability (0..1) that it carries a component so that it makes sense to this customer (level 2), not just in passing.
    """

    turn: int
    acts: Mapping[Act, float]
    closeness: Mapping[str, float]
    sentences: tuple[SentenceSignals, ...] = ()
    link: int | None = None
    link_strength: float | None = None
    explained: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionSignals:
    """How near the rep's words come to a criterion's examples (cosines, -1..1).

    The passage is characters `begin`..`end` of turn `turn`, the one that comes nearest to what the examples ask; None where no
    rep turn has words. `closeness` is to the nearest yes example (number `nearest_yes`), `lean` how much nearer it is to the
    yes examples' middle than to that of the noes and near misses (the nearest: `nearest_no`, counted over both lists). `floor`
    and `gap` are what the examples among themselves say a yes takes of each; None where they cannot be told apart.
    """

    id: str
    turn: int | None = None
    begin: int = 0
    end: int = 0
    closeness: float | None = None
    lean: float | None = None
    floor: float | None = None
    gap: float | None = None
    nearest_yes: int | None = None
    nearest_no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """All that models say of one call and one initiative; `made_by` names models and their fingerprints.

    `outcomes`: the probability (0..1) of each verdict and level (`explains`, `wall_2` ...) as read from the turns in order,
    before the acts are summed up; none where no model reads them so.
    """

    call_id: str
    initiative_id: str
    turns: tuple[TurnSignals, ...]
    made_by: Mapping[str, str]
    criteria: tuple[CriterionSignals, ...] = ()
    outcomes: Mapping[str, float] = field(default_factory=dict)
