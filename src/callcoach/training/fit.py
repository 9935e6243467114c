"""Fit the judge's heads from rows of numbers and labels. Knows nothing of how the rows were made or where calls come from.

Fixed seeds and one thread: the same rows give the same arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.judging.heads import Forest, Head, Linear, Matrix, Network, Projection, TurnMatrix, from_arrays, project, to_arrays
from callcoach.judging.sequence import Columns
from callcoach.training.fit_network import NetworkRecipe, fit_networks

SEED = 20261005


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one head is fitted: projected dimensions per block, strength of the linear model, size of the forest, networks."""

    dimensions: Mapping[str, int]
    strength: float
    trees: int
    smallest_leaf: int
    features_tried: float
    linear_weight: float = 0.5
    network: NetworkRecipe | None = None
    network_weight: float = 0.0


class Rows(NamedTuple):
    """Rows of many calls under each other, with the yes/no (or one-of) targets, shape (n, n_outputs), and a weight each."""

    matrix: TurnMatrix
    targets: Matrix
    weights: NDArray[np.float64]


# Chosen on three of seven folds by mean average precision of the six acts: networks alone 0.793, linear and forest 0.784,
# all together 0.801; twice the dimensions gave the networks 0.788.
REP_RECIPE = Recipe(
    dimensions={
        "turn": 16,
        "with_before": 8,
        "before": 6,
        "after": 6,
        "times_wall": 8,
        "times_hammer": 8,
        "times_part": 8,
        "times_facts": 4,
    },
    strength=0.02,
    trees=100,
    smallest_leaf=6,
    features_tried=0.15,
    linear_weight=0.25,
    network=NetworkRecipe(),
    network_weight=0.5,
)
CUSTOMER_RECIPE = Recipe(
    dimensions={"turn": 32, "before": 12, "times_wall": 12},
    strength=0.02,
    trees=60,
    smallest_leaf=6,
    features_tried=0.15,
    linear_weight=0.25,
    network=NetworkRecipe(),
    network_weight=0.5,
)
CALL_RECIPE = Recipe(dimensions={}, strength=0.02, trees=150, smallest_leaf=4, features_tried=0.2)


def stack(matrices: Sequence[TurnMatrix]) -> TurnMatrix:
    """Many calls' rows under each other; a call without rows adds none. Raises ValueError where columns differ."""
    filled = [matrix for matrix in matrices if matrix.turns]
    if not filled:
        raise ValueError("There is no turn to learn from.")
    if any(matrix.names != filled[0].names for matrix in filled):
        raise ValueError("Calls were measured with different columns; measure them all again.")
    return TurnMatrix(
        turns=tuple(turn for matrix in filled for turn in matrix.turns),
        names=filled[0].names,
        plain=np.concatenate([matrix.plain for matrix in filled]),
        blocks={name: np.concatenate([matrix.blocks[name] for matrix in filled]) for name in filled[0].blocks},
    )


def part_of(rows: Rows, chosen: NDArray[np.bool_]) -> Rows:
    """The chosen rows."""
    matrix = rows.matrix
    return Rows(
        TurnMatrix(
            turns=tuple(turn for turn, kept in zip(matrix.turns, chosen, strict=True) if kept),
            names=matrix.names,
            plain=matrix.plain[chosen],
            blocks={name: block[chosen] for name, block in matrix.blocks.items()},
        ),
        rows.targets[chosen],
        rows.weights[chosen],
    )


def columns_of(rows: Rows, dimensions: Mapping[str, int]) -> Columns:
    """How these rows become numbers of like size: the plain columns and the chosen principal components, standardised."""
    projections = tuple(_principal(name, rows.matrix.blocks[name], rows.weights, n_kept) for name, n_kept in dimensions.items())
    mean, scale = _standard(project(rows.matrix, projections), rows.weights)
    return Columns(names=rows.matrix.names, projections=projections, mean=mean, scale=scale)


def fit_each(rows: Rows, outputs: Sequence[str], recipe: Recipe) -> Head:
    """A head whose outputs are yes/no questions of their own: one logistic regression each, one forest for all."""
    return _fit(rows, tuple(outputs), recipe, kind="each")


def fit_one(rows: Rows, outputs: Sequence[str], recipe: Recipe) -> Head:
    """A head whose outputs exclude each other: a multinomial logistic regression and a forest."""
    return _fit(rows, tuple(outputs), recipe, kind="one")


def _fit(rows: Rows, outputs: tuple[str, ...], recipe: Recipe, kind: str) -> Head:
    projections = tuple(
        _principal(name, rows.matrix.blocks[name], rows.weights, n_kept) for name, n_kept in recipe.dimensions.items()
    )
    features = project(rows.matrix, projections)
    weights = rows.weights
    linear = (
        _linear_each(features, rows.targets, weights, recipe)
        if kind == "each"
        else _linear_one(features, rows.targets, weights, recipe)
    )
    networks: tuple[Network, ...] = ()
    if recipe.network:
        networks = fit_networks(linear.standard(features), rows.targets, weights, recipe.network, seed=SEED)
    head = Head(
        names=rows.matrix.names,
        outputs=outputs,
        kind=kind,
        projections=projections,
        linear=linear,
        forest=_forest(features, rows.targets, weights, recipe),
        linear_weight=recipe.linear_weight,
        networks=networks,
        network_weight=recipe.network_weight if networks else 0.0,
    )
    # what is measured in cross-validation is what will be read back from the file, rounding included
    return from_arrays(to_arrays(head))


def _principal(name: str, block: NDArray[np.float32], weights: NDArray[np.float64], n_kept: int) -> Projection:
    mean = np.average(block.astype(np.float64), axis=0, weights=weights)
    centred = block - mean
    covariance = (centred * weights[:, None]).T @ centred / weights.sum()
    values, vectors = np.linalg.eigh(covariance)
    kept = vectors[:, ::-1][:, :n_kept]
    # eigenvectors have no sign of their own: point each so that its largest entry is positive
    kept = kept * np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])
    scale = np.sqrt(np.maximum(values[::-1][:n_kept], 1e-12))
    return Projection(block=name, mean=mean, directions=kept / scale)


def _standard(features: Matrix, weights: NDArray[np.float64]) -> tuple[Matrix, Matrix]:
    mean = np.average(features, axis=0, weights=weights)
    scale = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=weights))
    return mean, np.where(scale > 1e-6, scale, 1.0)


def _linear_each(features: Matrix, targets: Matrix, weights: NDArray[np.float64], recipe: Recipe) -> Linear:
    from sklearn.linear_model import LogisticRegression

    mean, scale = _standard(features, weights)
    standard = (features - mean) / scale
    columns, intercepts = [], []
    for output in targets.T:
        if 0 < output.sum() < len(output):
            model = LogisticRegression(C=recipe.strength, max_iter=300, tol=1e-4).fit(standard, output, sample_weight=weights)
            columns.append(model.coef_[0])
            intercepts.append(float(model.intercept_[0]))
        else:
            columns.append(np.zeros(features.shape[1]))
            intercepts.append(-6.0 if output.sum() == 0 else 6.0)
    return Linear(mean=mean, scale=scale, coefficients=np.array(columns).T, intercepts=np.array(intercepts))


def _linear_one(features: Matrix, targets: Matrix, weights: NDArray[np.float64], recipe: Recipe) -> Linear:
    from sklearn.linear_model import LogisticRegression

    mean, scale = _standard(features, weights)
    present = [place for place in range(targets.shape[1]) if targets[:, place].sum() > 0]
    coefficients = np.zeros((features.shape[1], targets.shape[1]))
    intercepts = np.full(targets.shape[1], -20.0)
    chosen = targets.argmax(axis=1)
    if len(present) > 1:
        model = LogisticRegression(C=recipe.strength, max_iter=500, tol=1e-4)
        model.fit((features - mean) / scale, chosen, sample_weight=weights)
        if len(present) == 2:
            coefficients[:, present[1]] = model.coef_[0]
            intercepts[present] = 0.0, float(model.intercept_[0])
        else:
            coefficients[:, present], intercepts[present] = model.coef_.T, model.intercept_
    else:
        intercepts[present] = 0.0
    return Linear(mean=mean, scale=scale, coefficients=coefficients, intercepts=intercepts)


def _forest(features: Matrix, targets: Matrix, weights: NDArray[np.float64], recipe: Recipe) -> Forest:
    from sklearn.ensemble import ExtraTreesRegressor

    # a regression on 0/1 targets: one forest answers all outputs, and a leaf's mean is the share of yes in it
    model = ExtraTreesRegressor(
        n_estimators=recipe.trees,
        min_samples_leaf=recipe.smallest_leaf,
        max_features=recipe.features_tried,
        random_state=SEED,
        n_jobs=1,
    ).fit(features.astype(np.float32), targets, sample_weight=weights)
    return _flatten([estimator.tree_ for estimator in model.estimators_])


def _flatten(trees: Sequence[Any]) -> Forest:
    starts = np.cumsum([0, *(tree.node_count for tree in trees)])[:-1]

    def joined(values: list[NDArray[Any]], kind: type) -> NDArray[Any]:
        return np.concatenate(values).astype(kind)

    return Forest(
        roots=starts.astype(np.int32),
        feature=joined([np.where(tree.children_left < 0, -1, tree.feature) for tree in trees], np.int16),
        threshold=joined([np.where(tree.children_left < 0, 0.0, tree.threshold) for tree in trees], np.float32),
        left=joined(
            [np.where(tree.children_left < 0, 0, tree.children_left + s) for tree, s in zip(trees, starts, strict=True)], np.int32
        ),
        right=joined(
            [np.where(tree.children_left < 0, 0, tree.children_right + s) for tree, s in zip(trees, starts, strict=True)],
            np.int32,
        ),
        share=joined([tree.value[:, :, 0] * (tree.children_left < 0)[:, None] for tree in trees], np.float16),
    )
