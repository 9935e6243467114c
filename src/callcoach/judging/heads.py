"""The arithmetic of the trained heads: projections, logistic regressions, tree ensembles and small networks as plain arrays.

Training writes these values and language and judging apply them, so nothing needs scikit-learn to judge a call, and the same
arrays give the same numbers everywhere. Knows nothing of what a feature means, or of files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.errors import WeightsAltered

Matrix = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]

# a network is not asked about values far outside what it has seen
FURTHEST = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnMatrix:
    """The turns of one side of a call as numbers: `plain` has a column per name, `blocks` hold vectors that heads project.

    `turns` are the turns' numbers in the transcript, one a row.
    """

    turns: tuple[int, ...]
    names: tuple[str, ...]
    plain: Matrix
    blocks: Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Principal components of one block: (row - mean) @ directions, shape (width, k)."""

    block: str
    mean: Matrix
    directions: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """Standardise, then a logistic regression a column: coefficients (n_features, n_outputs)."""

    mean: Matrix
    scale: Matrix
    coefficients: Matrix
    intercepts: Matrix

    def logits(self, features: Matrix) -> Matrix:
        """Shape (n, n_outputs)."""
        result: Matrix = self.standard(features) @ self.coefficients + self.intercepts
        return result

    def standard(self, features: Matrix) -> Matrix:
        """Features with mean 0 and spread 1 on the rows that were learnt from."""
        result: Matrix = (features - self.mean) / self.scale
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """All nodes of all trees in one row of arrays: `roots` start a tree; a leaf has feature -1 and its share per output."""

    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    share: NDArray[np.float16]

    def shares(self, features: Matrix) -> Matrix:
        """Mean leaf share over the trees, shape (n, n_outputs): a row's are the same bits whatever rows are beside it."""
        rows = features.astype(np.float32)
        n_trees, values = len(self.roots), rows.ravel()
        node = np.tile(self.roots, len(rows))
        # walks that are not at a leaf yet: their place in `node`, where they are, and where their row's values begin
        walking, here = np.arange(len(node)), node
        begin = np.repeat(np.arange(len(rows)) * rows.shape[1], n_trees)
        while True:
            feature = self.feature.take(here)
            inner = np.flatnonzero(feature >= 0)
            if not len(inner):
                break
            if len(inner) < len(here):
                feature = feature.take(inner)
                walking, here, begin = walking.take(inner), here.take(inner), begin.take(inner)
            goes_left = values.take(begin + feature) <= self.threshold.take(here)
            here = np.where(goes_left, self.left.take(here), self.right.take(here))
            node[walking] = here
        # shares are halves of precision, so that their sums are exact in any order
        leaves = self.share.take(node, axis=0).astype(np.float64)
        result: Matrix = leaves.reshape(len(rows), n_trees, self.share.shape[1]).mean(axis=1)
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One hidden layer over standardised features cut off at +-6: weights (n_features, n_hidden) and (n_hidden, n_outputs)."""

    hidden: Matrix
    hidden_bias: Matrix
    out: Matrix
    out_bias: Matrix

    def logits(self, standard: Matrix) -> Matrix:
        """Shape (n, n_outputs)."""
        result: Matrix = np.maximum(standard @ self.hidden + self.hidden_bias, 0.0) @ self.out + self.out_bias
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What one group of outputs needs: projections of blocks, then models whose probabilities are averaged.

    `kind` is `each` (outputs are yes/no questions of their own) or `one` (exactly one of the outputs is true).
    `linear_weight` and `network_weight` in 0..1 are these models' parts in the average; the forest has the rest.
    `sharpness` is the power that makes the probabilities of `one` honest: averages of models are too modest (above 1 sharpens).
    """

    names: tuple[str, ...]
    outputs: tuple[str, ...]
    kind: str
    projections: tuple[Projection, ...]
    linear: Linear
    forest: Forest
    linear_weight: float = 0.5
    networks: tuple[Network, ...] = ()
    network_weight: float = 0.0
    sharpness: float = 1.0

    def probabilities(self, matrix: TurnMatrix, shares: Matrix | None = None) -> Matrix:
        """Shape (n, n_outputs). shares: what the forest says of these rows, where it was asked already.

        Raises WeightsAltered where the matrix has other columns than the head was trained on.
        """
        if matrix.names != self.names:
            raise WeightsAltered("The trained judge was made for other features. Train it again with `callcoach train`.")
        if not len(matrix.plain):
            return np.zeros((0, len(self.outputs)))
        features = project(matrix, self.projections)
        forest_weight = 1.0 - self.linear_weight - self.network_weight
        result = self.linear_weight * self._likelihoods(self.linear.logits(features))
        result += forest_weight * (self.forest.shares(features) if shares is None else shares)
        if self.networks:
            standard = np.clip(self.linear.standard(features), -FURTHEST, FURTHEST)
            for network in self.networks:
                result += self.network_weight / len(self.networks) * self._likelihoods(network.logits(standard))
        return sharpened(result, self.sharpness) if self.sharpness != 1.0 else result

    def _likelihoods(self, logits: Matrix) -> Matrix:
        if self.kind == "each":
            each: Matrix = 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))
            return each
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        one: Matrix = powers / powers.sum(axis=1, keepdims=True)
        return one


def sharpened(shares: Matrix, sharpness: float) -> Matrix:
    """Shares that sum to 1, each raised to a power and made to sum to 1 again; which is the largest stays."""
    powers = np.clip(shares, 1e-6, 1.0) ** sharpness
    result: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return result


def project(matrix: TurnMatrix, projections: Sequence[Projection]) -> Matrix:
    """The plain columns followed by the projected blocks, shape (n, n_features)."""
    parts = [matrix.plain]
    parts += [(matrix.blocks[projection.block] - projection.mean) @ projection.directions for projection in projections]
    return np.concatenate(parts, axis=1)


def to_arrays(head: Head) -> Arrays:
    """The head as named arrays for a file without code in it; `from_arrays` reads them back."""
    arrays: Arrays = {
        "names": np.array(head.names),
        "outputs": np.array(head.outputs),
        "kind": np.array(head.kind),
        "linear_weight": np.array(head.linear_weight),
        "network_weight": np.array(head.network_weight),
        "sharpness": np.array(head.sharpness),
        "n_networks": np.array(len(head.networks)),
        "blocks": np.array([projection.block for projection in head.projections], dtype=np.str_),
    }
    for field in ("mean", "scale", "coefficients", "intercepts"):
        arrays[f"linear.{field}"] = getattr(head.linear, field).astype(np.float32)
    for field in ("roots", "feature", "threshold", "left", "right", "share"):
        arrays[f"forest.{field}"] = getattr(head.forest, field)
    for place, network in enumerate(head.networks):
        for field in ("hidden", "hidden_bias", "out", "out_bias"):
            arrays[f"network.{place}.{field}"] = getattr(network, field).astype(np.float32)
    for projection in head.projections:
        arrays[f"projection.{projection.block}.mean"] = projection.mean.astype(np.float32)
        arrays[f"projection.{projection.block}.directions"] = projection.directions.astype(np.float32)
    return arrays


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Head:
    """The head that `to_arrays` wrote. Raises KeyError where an array is missing."""
    return Head(
        names=tuple(str(name) for name in arrays["names"]),
        outputs=tuple(str(name) for name in arrays["outputs"]),
        kind=str(arrays["kind"]),
        linear_weight=float(arrays["linear_weight"]),
        network_weight=float(arrays["network_weight"]),
        sharpness=float(arrays["sharpness"]),
        networks=tuple(
            Network(
                **{
                    field: arrays[f"network.{place}.{field}"].astype(np.float64)
                    for field in ("hidden", "hidden_bias", "out", "out_bias")
                }
            )
            for place in range(int(arrays["n_networks"]))
        ),
        projections=tuple(
            Projection(
                block=str(block),
                mean=arrays[f"projection.{block}.mean"].astype(np.float64),
                directions=arrays[f"projection.{block}.directions"].astype(np.float64),
            )
            for block in arrays["blocks"]
        ),
        linear=Linear(
            mean=arrays["linear.mean"].astype(np.float64),
            scale=arrays["linear.scale"].astype(np.float64),
            coefficients=arrays["linear.coefficients"].astype(np.float64),
            intercepts=arrays["linear.intercepts"].astype(np.float64),
        ),
        forest=Forest(
            roots=arrays["forest.roots"],
            feature=arrays["forest.feature"],
            threshold=arrays["forest.threshold"],
            left=arrays["forest.left"],
            right=arrays["forest.right"],
            share=arrays["forest.share"],
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeads:
    """The heads that judge a whole call from its signals; `fingerprint` names their content."""

    verdict: Head
    levels: Mapping[str, Head]
    asked_why: Head
    answer: Head
    behaviours: Mapping[str, Head]
    fingerprint: str = ""
