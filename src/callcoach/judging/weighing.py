"""Ask the call-level heads about a call's rows: how likely each verdict, level and answer is. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from callcoach.judging.heads import CallHeads, Head, Matrix, TurnMatrix
from callcoach.judging.rows import CallRows

Shares = Mapping[str, Matrix]
"""What the forest of each head (`verdict`, `level_wall` ..., `asked_why`, `answer`, a behaviour's name) says of one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What the heads say of one call: by output the probability (0..1), as they come, unrounded."""

    verdict: Mapping[str, float]
    levels: Mapping[str, Mapping[str, float]]
    asked_why: Mapping[str, float]
    answer: Mapping[str, float]
    behaviours: Mapping[str, Mapping[str, float]]


def weigh(judge: CallHeads, rows: CallRows, shares: Shares | None = None) -> Weighed:
    """What every head says. shares: of each head's forest, where it was asked already.

    Raises WeightsAltered where the rows have other columns than the heads were trained on.
    """
    known = shares or {}
    return Weighed(
        verdict=_distribution(judge.verdict, rows.call, known.get("verdict")),
        levels={name: _distribution(head, rows.call, known.get(f"level_{name}")) for name, head in judge.levels.items()},
        asked_why=_distribution(judge.asked_why, rows.call, known.get("asked_why")),
        answer=_distribution(judge.answer, rows.call, known.get("answer")),
        behaviours={name: _distribution(head, rows.conduct, known.get(name)) for name, head in judge.behaviours.items()},
    )


def _distribution(head: Head, row: TurnMatrix, shares: Matrix | None) -> dict[str, float]:
    probabilities = head.probabilities(row, shares)[0]
    total = float(np.sum(probabilities)) if head.kind == "one" else 1.0
    return {name: float(share) / max(total, 1e-9) for name, share in zip(head.outputs, probabilities, strict=True)}
