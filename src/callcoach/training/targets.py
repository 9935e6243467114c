"""From labels to what the heads are to answer: targets and weights per turn and per call. Knows nothing of features."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import JUDGED_VERDICTS, Answer, Level
from callcoach.judging.heads import Matrix
from callcoach.training.corpus import LabelledCall

REP_OUTPUTS = (*(act.value for act in REP_ACTS), *(f"{component.value}_explained" for component in Component))
CUSTOMER_OUTPUTS = tuple(act.value for act in CUSTOMER_ACTS)
VERDICT_OUTPUTS = tuple(verdict.value for verdict in JUDGED_VERDICTS)
LEVEL_OUTPUTS = tuple(str(int(level)) for level in Level)
YES_NO = ("no", "yes")
BEHAVIOURS = ("offer_hunting", "feature_dump", "diagnosed_first")
ANSWER_OUTPUTS = tuple(answer.value for answer in Answer if answer is not Answer.NOT_ASKED)


def rep_targets(call: LabelledCall, turns: Sequence[int]) -> Matrix:
    """Shape (n_turns, 9): the six acts, then whether the turn carries a component that the call explains (level 2)."""
    explained = {component for component, level in call.labels.levels.items() if level is Level.EXPLAINED}
    rows = []
    for turn in turns:
        tags = call.tags[turn]
        rows.append([act in tags for act in REP_ACTS] + [Act(part.value) in tags and part in explained for part in Component])
    return np.array(rows, dtype=np.float64).reshape(len(turns), len(REP_OUTPUTS))


def customer_targets(call: LabelledCall, turns: Sequence[int]) -> Matrix:
    """Shape (n_turns, 2): ask, need."""
    rows = [[act in call.tags[turn] for act in CUSTOMER_ACTS] for turn in turns]
    return np.array(rows, dtype=np.float64).reshape(len(turns), len(CUSTOMER_OUTPUTS))


def turn_weights(calls: Sequence[LabelledCall], turns: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """One weight per row, calls under each other: a turn that a twin repeats unchanged shares one weight with its base."""
    keys = []
    for call, numbers in zip(calls, turns, strict=True):
        texts = [turn.text for turn in call.transcript.turns]
        for turn in numbers:
            keys.append((call.initiative_id, *texts[max(0, turn - 1) : turn + 2], texts[turn]))
    count = Counter(keys)
    return np.array([1.0 / count[key] for key in keys])


def one_hot(chosen: Sequence[str], outputs: Sequence[str]) -> Matrix:
    """Shape (n, n_outputs) of zeros and ones."""
    return np.array([[float(choice == output) for output in outputs] for choice in chosen]).reshape(len(chosen), len(outputs))
