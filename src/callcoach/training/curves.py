"""What more labels bring, in figures, and how calls are chosen for it. Knows nothing of how a judge is fitted."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from callcoach.domain.verdict import Verdict
from callcoach.training import metrics
from callcoach.training.corpus import LabelledCall

SHARES = (0.25, 0.5, 1.0)
WRITERS_STEP = 2
LEAST_JUDGED = 6
"""An initiative is left out of a size that would leave fewer calls to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPoint:
    """What a judge reaches that learnt from the calls of `writers` writers, of each a `share` of the calls (with their twins).

    calls: labelled calls it learnt from, without the copies made of them. judged, pairs: what accuracy and both_right rest on.
    """

    writers: int
    share: float
    calls: int
    judged: int
    accuracy: float | None
    kappa: float | None
    pairs: int
    both_right: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningCurve:
    """Points judged on the calls of the same held-out writers."""

    held_out: tuple[str, ...]
    points: tuple[LearningPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FewShotPoint:
    """What `calls` labelled calls of an initiative bring for its other calls, whose writer the judge does not know.

    with_turns: the acts of their turns were learnt too, which a team does not label. gain: right verdicts a call more than with
    no call of the initiative, on the same calls; gain_interval: 90%, drawing whole initiatives with replacement.
    """

    calls: int
    with_turns: bool
    initiatives: int
    judged: int
    accuracy: float | None
    kappa: float | None
    gain: float | None
    gain_interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FewShotCurve:
    """not_measurable: the sizes that no initiative of those chosen can give, and why. Nothing is extrapolated."""

    initiatives: tuple[str, ...]
    points: tuple[FewShotPoint, ...]
    not_measurable: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """recipe: how the judges behind the points were fitted, where that is not as the judge that ships."""

    recipe: str
    learning: LearningCurve | None = None
    few_shot: FewShotCurve | None = None


class Told(NamedTuple):
    """A verdict told of a labelled call."""

    call: LabelledCall
    verdict: Verdict

    @property
    def right(self) -> bool:
        """Whether people said the same."""
        return self.verdict is self.call.labels.verdict


class Shots(NamedTuple):
    """Calls of an initiative to learn from, by how many, and the others, the same for every number."""

    learn: Mapping[int, tuple[LabelledCall, ...]]
    judge: tuple[LabelledCall, ...]


def in_families(calls: Sequence[LabelledCall], *, seed: str) -> tuple[tuple[LabelledCall, ...], ...]:
    """Each base call with its twins, in an order by the seed: a twin repeats most of its base call's words."""
    families: dict[str, list[LabelledCall]] = {}
    for call in calls:
        families.setdefault(call.base_id or call.call_id, []).append(call)
    order = sorted(families)
    random.Random(seed).shuffle(order)
    return tuple(tuple(families[name]) for name in order)


def shots(calls: Sequence[LabelledCall], sizes: Sequence[int], *, seed: str) -> Shots:
    """Divide an initiative's calls; a size that leaves fewer than LEAST_JUDGED untouched calls is not among the keys."""
    families = in_families(calls, seed=seed)
    ordered = [call for family in families for call in family]
    given: dict[int, tuple[LabelledCall, ...]] = {}
    judged = tuple(ordered)
    for size in sorted({0, *sizes}):
        taken = {call.call_id for call in ordered[:size]}
        left = tuple(call for family in families if not any(one.call_id in taken for one in family) for call in family)
        if len(left) < LEAST_JUDGED:
            break
        given[size], judged = tuple(ordered[:size]), left
    return Shots(given, judged)


def few_shot_point(size: int, told: Sequence[Told], without: Sequence[Told], *, with_turns: bool) -> FewShotPoint:
    """`without`: what is told of the same calls, in the same order, by a judge that saw none of the initiative."""
    gold, ours = [each.call.labels.verdict for each in told], [each.verdict for each in told]
    initiatives = [each.call.initiative_id for each in told]
    mine, others = [each.right for each in told], [each.right for each in without]
    return FewShotPoint(
        calls=size,
        with_turns=with_turns,
        initiatives=len(set(initiatives)),
        judged=len(told),
        accuracy=metrics.share_of(mine),
        kappa=metrics.kappa(gold, ours),
        gain=(sum(mine) - sum(others)) / len(told) if told else None,
        gain_interval=metrics.difference_interval(mine, others, initiatives) if size else None,
    )
