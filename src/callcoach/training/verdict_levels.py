"""Levels by nothing but a verdict: what the judge's level heads must beat, and what they would reach if no verdict were wrong."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from callcoach.domain.story import Component
from callcoach.domain.verdict import Level, Verdict
from callcoach.training import metrics
from callcoach.training.evaluation import Prediction


class VerdictLevels(NamedTuple):
    """Quadratic weighted kappas (-1..1; None: cannot be told) with the labels, where each verdict stands for one level.

    told: by the verdict that the judge gave; labelled: by the one that people gave.
    """

    told: float | None
    labelled: float | None


def verdict_levels(predictions: Sequence[Prediction]) -> dict[str, VerdictLevels]:
    """By component. A verdict's level is the commonest in the labels of the other writers' calls; absent where they have none."""
    return {
        part.value: VerdictLevels(
            told=_kappa(predictions, part.value, lambda call: call.verdict),
            labelled=_kappa(predictions, part.value, lambda call: call.gold),
        )
        for part in Component
    }


def _kappa(predictions: Sequence[Prediction], part: str, verdict_of: Callable[[Prediction], Verdict]) -> float | None:
    level_of = {
        writer: _commonest([call for call in predictions if call.writer != writer], part)
        for writer in {call.writer for call in predictions}
    }
    return metrics.quadratic_weighted_kappa(
        [call.gold_levels[part] for call in predictions],
        [level_of[call.writer].get(verdict_of(call), int(Level.ABSENT)) for call in predictions],
        grades=len(Level),
    )


def _commonest(predictions: Sequence[Prediction], part: str) -> Mapping[Verdict, int]:
    """Of two that are as common, the lower one."""
    counts = Counter((call.gold, call.gold_levels[part]) for call in predictions)
    verdicts = {verdict for verdict, _ in counts}
    return {verdict: max(map(int, Level), key=lambda level: counts[verdict, level]) for verdict in verdicts}
