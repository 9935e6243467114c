"""A judge that errs as the shipped one does: each true call is heard as a labelled call like it was heard out of fold.

Knows nothing of companies or coaching.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching.hierarchy import Rates
from callcoach.coaching.judge_error import Compared

FEWEST_ALIKE = 4
"""A kind of call that was labelled less often cannot say how it is heard."""

FLAGS = 4
"""A code ends in the two flags of conduct; what was labelled per call says nothing of them."""


@dataclass(frozen=True)
class Hearing:
    """What was labelled and how it was heard, and the rates for asking before offering, which only sums are known of."""

    compared: Compared
    asks_first: Rates

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """The codes of the calls that can happen, without the flags of conduct."""
        kinds, count = np.unique(self.compared.given // FLAGS, return_counts=True)
        found: NDArray[np.int64] = kinds[count >= FEWEST_ALIKE]
        return found

    @cached_property
    def often(self) -> NDArray[np.float64]:
        """How often each kind was labelled."""
        return np.array([(self.compared.given // FLAGS == kind).sum() for kind in self.kinds], dtype=float)


class NoisyJudge:
    """One company's judge: labelled calls of writers drawn with replacement, so that it errs a little otherwise each time."""

    def __init__(self, hearing: Hearing, random: np.random.Generator) -> None:
        self._random = random
        writers = np.unique(hearing.compared.writer)
        drawn = np.bincount(random.choice(writers, len(writers)), minlength=int(writers.max()) + 1)
        weight = drawn[hearing.compared.writer].astype(float)
        given, told = hearing.compared.given // FLAGS, hearing.compared.told // FLAGS
        self._told, self._cumulated = [], []
        for kind in hearing.kinds:
            alike = np.flatnonzero(given == kind)
            weights = weight[alike] if weight[alike].sum() else np.ones(len(alike))
            self._told.append(told[alike])
            self._cumulated.append(np.cumsum(weights) / weights.sum())
        rates = hearing.asks_first
        self._hit = float(np.clip(random.normal(rates.hit, rates.hit_sd), 0.05, 0.99))
        self._false_alarm = float(np.clip(random.normal(rates.false_alarm, rates.false_alarm_sd), 0.01, 0.95))

    def hear(self, kind: NDArray[np.intp], asks_first: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The codes it tells for calls of these kinds (places in `Hearing.kinds`)."""
        heard = np.empty(len(kind), dtype=np.int64)
        chance = self._random.random(len(kind))
        for place, (told, cumulated) in enumerate(zip(self._told, self._cumulated, strict=True)):
            rows = kind == place
            heard[rows] = told[np.minimum(np.searchsorted(cumulated, chance[rows]), len(told) - 1)]
        first = self._random.random(len(kind)) < np.where(asks_first, self._hit, self._false_alarm)
        return heard * FLAGS + first
