"""What the trained heads and sequence models say together of a call's turns. Knows nothing of features, labels or files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from callcoach.judging.heads import Head, Matrix, TurnMatrix
from callcoach.judging.sequence import SequenceModel, read_all
from callcoach.judging.tuned_head import Tuned

# Experiment, mean average precision of the six acts over seven groups of writers, each judged by models that saw none of its
# calls: heads 0.784, sequence models 0.783, half each 0.797.
SEQUENCE_WEIGHT = 0.5
TUNED_WEIGHT = 1 / 3


class Heard(NamedTuple):
    """Probabilities, a row per turn of each side (None: the side says nothing); `call`: of each outcome of the whole call."""

    rep: Matrix | None
    customer: Matrix | None
    call: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnHeads:
    """What says what a turn does: the rep's acts (and `wall_explained` ...), and the customer's.

    `rep` and `customer` look at one turn at a time, `sequences` read the turns in order. `tuned`: an encoder trained for it,
    which reads the rep's turns (language/tuned.py); its answers are mixed in by `with_tuned`.
    """

    rep: Head
    customer: Head
    sequences: tuple[SequenceModel, ...] = ()
    tuned: Tuned | None = None
    fingerprint: str = ""

    def hear(self, rep: TurnMatrix, customer: TurnMatrix, n_turns: int) -> Heard:
        """The outputs of `rep` and `customer` for each turn of theirs. Raises WeightsAltered as Head does."""
        by_rep = self.rep.probabilities(rep) if rep.turns else None
        by_customer = self.customer.probabilities(customer) if customer.turns else None
        read = read_all(self.sequences, rep, customer, n_turns) if self.sequences else None
        return Heard(
            _mean(by_rep, read.rep if read else None),
            _mean(by_customer, read.customer if read else None),
            dict(zip(self.sequences[0].of_call, map(float, read.call), strict=True)) if read else {},
        )


def with_tuned(heard: Matrix, tuned: Matrix, places: Sequence[int]) -> Matrix:
    """What the tuned encoder says of the rows at `places`, mixed into what heads and sequence models say of all."""
    result: Matrix = heard.copy()
    result[list(places)] = (1.0 - TUNED_WEIGHT) * heard[list(places)] + TUNED_WEIGHT * tuned
    return result


def _mean(of_heads: Matrix | None, of_sequences: Matrix | None) -> Matrix | None:
    if of_heads is None or of_sequences is None:
        return of_heads
    result: Matrix = (1.0 - SEQUENCE_WEIGHT) * of_heads + SEQUENCE_WEIGHT * of_sequences
    return result
