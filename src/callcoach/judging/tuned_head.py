"""From the tuned vectors of a turn and of a story to what the turn does: a small network. Knows nothing of encoders or files."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.errors import WeightsAltered
from callcoach.judging.heads import Matrix

Arrays = dict[str, NDArray[Any]]

_NEAREST = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedHead:
    """`near` brings turns to stories, (width, width); `hidden` and `out` answer `outputs` from both.

    A turn is two vectors (its beginning, its mean), a story one for each component. Rows of `hidden`: the turn's two, its
    mean brought near times each component, and the cosine of both for each component.
    """

    outputs: tuple[str, ...]
    near: Matrix
    near_bias: Matrix
    hidden: Matrix
    hidden_bias: Matrix
    out: Matrix
    out_bias: Matrix

    def probabilities(self, turns: NDArray[Any], story: NDArray[Any]) -> Matrix:
        """Shape (n, n_outputs), for turns of shape (n, 2 * width) and a story of (n_components, width)."""
        rows = turns.astype(np.float64)
        means = rows[:, rows.shape[1] // 2 :]
        brought = means @ self.near + self.near_bias
        lengths = np.linalg.norm(brought, axis=1)
        blocks = [rows]
        cosines = []
        for component in story.astype(np.float64):
            blocks.append(brought * component)
            cosines.append(brought @ component / np.maximum(lengths * np.linalg.norm(component), _NEAREST))
        features = np.concatenate([*blocks, np.stack(cosines, axis=1)], axis=1)
        inner = np.maximum(features @ self.hidden + self.hidden_bias, 0.0)
        answers: Matrix = 1.0 / (1.0 + np.exp(-np.clip(inner @ self.out + self.out_bias, -30.0, 30.0)))
        return answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What training made: the encoder's upper layers (arrays by the layer's number from 0 and the name in it), and the head."""

    layers: Mapping[str, NDArray[np.float32]]
    head: TunedHead
    fingerprint: str = ""

    @property
    def n_layers(self) -> int:
        """How many of the encoder's layers are replaced, from the last."""
        return 1 + max(int(name.partition(".")[0]) for name in self.layers)


def to_arrays(head: TunedHead) -> Arrays:
    """By name, in half precision, to be kept."""
    arrays: Arrays = {name: getattr(head, name).astype(np.float16) for name in _names()}
    return arrays


def from_arrays(arrays: Arrays, outputs: tuple[str, ...]) -> TunedHead:
    """What `to_arrays` gave. Raises WeightsAltered where something is missing."""
    missing = [name for name in _names() if name not in arrays]
    if missing:
        raise WeightsAltered(f"The tuned encoder has no {', '.join(missing)}: train the judge again with `callcoach train`.")
    return TunedHead(outputs=outputs, **{name: arrays[name].astype(np.float64) for name in _names()})


def _names() -> list[str]:
    return [field.name for field in fields(TunedHead) if field.name != "outputs"]


def pooled(torch: Any, states: Any, own: Any) -> Any:
    """Of states (n, length, width): the first one and the mean over `own` (n, length) beside each other."""
    weights = own[:, :, None]
    return torch.cat([states[:, 0], (states * weights).sum(1) / weights.sum(1)], -1)
