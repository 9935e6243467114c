"""What heads and sequence models say together of a call's turns."""

from dataclasses import dataclass, field

import numpy as np

from callcoach.judging.heads import Forest, Head, Linear, Matrix, TurnMatrix
from callcoach.judging.sequence import Read
from callcoach.judging.turn_heads import SEQUENCE_WEIGHT, TurnHeads

NOBODY = TurnMatrix(turns=(), names=("loud",), plain=np.zeros((0, 1)), blocks={})


def turns(*loudness: float, at: tuple[int, ...]) -> TurnMatrix:
    return TurnMatrix(turns=at, names=("loud",), plain=np.array(loudness)[:, None], blocks={})


def head(coefficient: float) -> Head:
    """One yes/no output, the logistic of the only feature; the forest has no say."""
    return Head(
        names=("loud",),
        outputs=("wall",),
        kind="each",
        projections=(),
        linear=Linear(mean=np.zeros(1), scale=np.ones(1), coefficients=np.array([[coefficient]]), intercepts=np.zeros(1)),
        forest=Forest(
            roots=np.zeros(1, dtype=np.int32),
            feature=np.full(1, -1, dtype=np.int16),
            threshold=np.zeros(1, dtype=np.float32),
            left=np.zeros(1, dtype=np.int32),
            right=np.zeros(1, dtype=np.int32),
            share=np.zeros((1, 1), dtype=np.float16),
        ),
        linear_weight=1.0,
    )


@dataclass
class Sequence:
    """Reads the same into every call, and notes how long the calls are."""

    reads: float
    of_call: tuple[str, ...] = ("explains", "recites")
    lengths: list[int] = field(default_factory=list)

    def read(self, rep: TurnMatrix, customer: TurnMatrix, n_turns: int) -> Read:
        self.lengths.append(n_turns)
        return Read(self._all(rep), self._all(customer), np.array([self.reads, 1 - self.reads]))

    def _all(self, matrix: TurnMatrix) -> Matrix:
        return np.full((len(matrix.turns), 1), self.reads)


def test_without_sequence_models_the_heads_alone_are_heard_and_nothing_of_the_call() -> None:
    heard = TurnHeads(rep=head(1.0), customer=head(-1.0)).hear(turns(0.0, 2.0, at=(0, 2)), turns(2.0, at=(1,)), 3)
    assert heard.rep is not None and heard.customer is not None
    assert np.allclose(heard.rep[:, 0], [0.5, 1 / (1 + np.exp(-2))])
    assert np.allclose(heard.customer[:, 0], [1 / (1 + np.exp(2))])
    assert heard.call == {}


def test_sequence_models_have_their_share_of_every_turn() -> None:
    one, other = Sequence(0.2), Sequence(0.6)
    heads = TurnHeads(rep=head(1.0), customer=head(1.0), sequences=(one, other))  # type: ignore[arg-type]
    heard = heads.hear(turns(0.0, at=(0,)), turns(0.0, at=(2,)), 4)
    expected = (1 - SEQUENCE_WEIGHT) * 0.5 + SEQUENCE_WEIGHT * 0.4
    assert heard.rep is not None and heard.customer is not None
    assert np.allclose([heard.rep[0, 0], heard.customer[0, 0]], expected)
    assert one.lengths == other.lengths == [4]  # turns of unknown speakers are counted


def test_the_outcomes_of_the_call_are_the_mean_of_the_sequence_models() -> None:
    heads = TurnHeads(rep=head(1.0), customer=head(1.0), sequences=(Sequence(0.2), Sequence(0.6)))  # type: ignore[arg-type]
    heard = heads.hear(turns(0.0, at=(0,)), NOBODY, 1)
    assert list(heard.call) == ["explains", "recites"]
    assert np.allclose(list(heard.call.values()), [0.4, 0.6])


def test_a_side_that_says_nothing_is_none_and_not_zero() -> None:
    heads = TurnHeads(rep=head(1.0), customer=head(1.0), sequences=(Sequence(0.2),))  # type: ignore[arg-type]
    heard = heads.hear(NOBODY, turns(0.0, at=(0,)), 1)
    assert heard.rep is None
    assert heard.customer is not None
