"""Read the turns of a call in order, from both ends: what each turn does beside its neighbours, and what the whole comes to.

The heads look at one turn at a time; this network carries what was said from turn to turn, so that a reason is weighed with the
need that came before it and the answer that came after. Plain arrays and a few lines of arithmetic, as in heads. Knows nothing of
what a feature means, or of files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.errors import WeightsAltered
from callcoach.judging.heads import Arrays, Matrix, Projection, TurnMatrix, project

# a network is not asked about values far outside what it has seen
FURTHEST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How the turns of one side become numbers of like size: projected, standardised, cut off."""

    names: tuple[str, ...]
    projections: tuple[Projection, ...]
    mean: Matrix
    scale: Matrix

    def standard(self, matrix: TurnMatrix) -> Matrix:
        """Shape (n_turns, n_features). Raises WeightsAltered where the matrix has other columns than were trained on."""
        if matrix.names != self.names:
            raise WeightsAltered("The trained judge was made for other features. Train it again with `callcoach train`.")
        result: Matrix = np.clip((project(matrix, self.projections) - self.mean) / self.scale, -FURTHEST, FURTHEST)
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """How the turns of one side come in: `weights` (n_features, width) and `bias` (width,) over its columns."""

    columns: Columns
    weights: Matrix
    bias: Matrix

    def inputs(self, matrix: TurnMatrix) -> Matrix:
        """Shape (n_turns, width)."""
        result: Matrix = np.maximum(self.columns.standard(matrix) @ self.weights + self.bias, 0.0)
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A gated recurrent unit (GRU): gates reset, update, new under each other; shapes (3 * units, width), (3 * units, units)."""

    by_input: Matrix
    by_state: Matrix
    input_bias: Matrix
    state_bias: Matrix

    def states(self, inputs: Matrix) -> Matrix:
        """The state after each row of `inputs`, shape (n, units)."""
        units = self.by_state.shape[1]
        state = np.zeros(units)
        drive = inputs @ self.by_input.T + self.input_bias
        found = np.zeros((len(inputs), units))
        for place, row in enumerate(drive):
            recalled = self.by_state @ state + self.state_bias
            gates = _logistic(row[: 2 * units] + recalled[: 2 * units])
            reset, update = gates[:units], gates[units:]
            new = np.tanh(row[2 * units :] + reset * recalled[2 * units :])
            state = (1.0 - update) * new + update * state
            found[place] = state
        return found


class Read(NamedTuple):
    """Probabilities: of each rep output and customer output a turn, and of each outcome of the call."""

    rep: Matrix
    customer: Matrix
    call: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceModel:
    """Two entrances, a recurrent unit in each direction, then what is read off: turns (rep, customer) and the call.

    `of_call`: the outputs of the call; `groups` cuts them into runs of which exactly one is true (verdicts, then levels).
    """

    of_call: tuple[str, ...]
    groups: tuple[int, ...]
    rep: Entrance
    customer: Entrance
    onward: Direction
    backward: Direction
    rep_out: Matrix
    rep_bias: Matrix
    customer_out: Matrix
    customer_bias: Matrix
    attention: Matrix
    attention_bias: Matrix
    call_out: Matrix
    call_bias: Matrix

    def read(self, rep: TurnMatrix, customer: TurnMatrix, n_turns: int) -> Read:
        """What the turns say in this order; `n_turns` counts all, those of unknown speakers too."""
        width = len(self.rep.bias)
        inputs = np.zeros((n_turns, width))
        for side, entrance in ((rep, self.rep), (customer, self.customer)):
            if side.turns:
                inputs[list(side.turns)] = entrance.inputs(side)
        states = np.concatenate([inputs, self.onward.states(inputs), self.backward.states(inputs[::-1])[::-1]], axis=1)
        return Read(
            _logistic(states[list(rep.turns)] @ self.rep_out + self.rep_bias),
            _logistic(states[list(customer.turns)] @ self.customer_out + self.customer_bias),
            self._call(states),
        )

    def _call(self, states: Matrix) -> Matrix:
        if not len(states):
            return np.concatenate([np.full(size, 1.0 / size) for size in self.groups])
        attention = _one_of(states @ self.attention + self.attention_bias, axis=0)
        summary = np.concatenate([(attention.T @ states).ravel(), states.max(axis=0)])
        logits = summary @ self.call_out + self.call_bias
        return np.concatenate([_one_of(part, axis=0) for part in np.split(logits, np.cumsum(self.groups)[:-1])])


def read_all(models: Sequence[SequenceModel], rep: TurnMatrix, customer: TurnMatrix, n_turns: int) -> Read:
    """The mean of what several models read."""
    read = [model.read(rep, customer, n_turns) for model in models]
    return Read(*(np.mean([getattr(one, part) for one in read], axis=0) for part in Read._fields))


def to_arrays(models: Sequence[SequenceModel]) -> Arrays:
    """The models as named arrays for a file without code in it; `from_arrays` reads them back."""
    arrays: Arrays = {"n_models": np.array(len(models))}
    for number, model in enumerate(models):
        for name, value in _named(model):
            arrays[f"{number}.{name}"] = value
    return arrays


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> tuple[SequenceModel, ...]:
    """The models that `to_arrays` wrote. Raises KeyError where an array is missing."""
    return tuple(_model(arrays, f"{number}.") for number in range(int(arrays["n_models"])))


_OUT = (
    "rep_out",
    "rep_bias",
    "customer_out",
    "customer_bias",
    "attention",
    "attention_bias",
    "call_out",
    "call_bias",
)


def _named(model: SequenceModel) -> list[tuple[str, NDArray[Any]]]:
    named: list[tuple[str, NDArray[Any]]] = [("of_call", np.array(model.of_call)), ("groups", np.array(model.groups))]
    named += [(name, getattr(model, name).astype(np.float32)) for name in _OUT]
    for side in ("onward", "backward"):
        direction = getattr(model, side)
        named += [(f"{side}.{field.name}", getattr(direction, field.name).astype(np.float32)) for field in fields(Direction)]
    for side in ("rep", "customer"):
        entrance = getattr(model, side)
        columns = entrance.columns
        named += [
            (f"{side}.names", np.array(columns.names)),
            (f"{side}.blocks", np.array([projection.block for projection in columns.projections], dtype=np.str_)),
            (f"{side}.mean", columns.mean.astype(np.float32)),
            (f"{side}.scale", columns.scale.astype(np.float32)),
            (f"{side}.weights", entrance.weights.astype(np.float32)),
            (f"{side}.bias", entrance.bias.astype(np.float32)),
        ]
        for projection in columns.projections:
            named.append((f"{side}.{projection.block}.mean", projection.mean.astype(np.float32)))
            named.append((f"{side}.{projection.block}.directions", projection.directions.astype(np.float32)))
    return named


def _model(arrays: Mapping[str, NDArray[Any]], at: str) -> SequenceModel:
    def wide(name: str) -> Matrix:
        return arrays[at + name].astype(np.float64)

    def entrance(side: str) -> Entrance:
        return Entrance(
            columns=Columns(
                names=tuple(str(name) for name in arrays[f"{at}{side}.names"]),
                projections=tuple(
                    Projection(block=str(block), mean=wide(f"{side}.{block}.mean"), directions=wide(f"{side}.{block}.directions"))
                    for block in arrays[f"{at}{side}.blocks"]
                ),
                mean=wide(f"{side}.mean"),
                scale=wide(f"{side}.scale"),
            ),
            weights=wide(f"{side}.weights"),
            bias=wide(f"{side}.bias"),
        )

    def direction(side: str) -> Direction:
        return Direction(**{field.name: wide(f"{side}.{field.name}") for field in fields(Direction)})

    return SequenceModel(
        of_call=tuple(str(name) for name in arrays[f"{at}of_call"]),
        groups=tuple(int(size) for size in arrays[f"{at}groups"]),
        rep=entrance("rep"),
        customer=entrance("customer"),
        onward=direction("onward"),
        backward=direction("backward"),
        **{name: wide(name) for name in _OUT},
    )


def _logistic(logits: Matrix) -> Matrix:
    # np.clip does the same, and took as long as all the rest of a recurrent step
    result: Matrix = 1.0 / (1.0 + np.exp(np.minimum(np.maximum(-logits, -30.0), 30.0)))
    return result


def _one_of(logits: Matrix, axis: int) -> Matrix:
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    result: Matrix = powers / powers.sum(axis=axis, keepdims=True)
    return result
