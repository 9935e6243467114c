"""What a forest says of many rows at once is what its trees say, followed one by one."""

import numpy as np

from callcoach.judging.heads import Forest, Matrix

N_FEATURES, N_OUTPUTS = 5, 3


def grown(dice: np.random.Generator, depths: list[int]) -> Forest:
    """Trees that end at any depth up to these; depth 0 is a leaf alone."""
    roots, feature, threshold, left, right, share = [], [], [], [], [], []

    def grow(depth: int) -> int:
        number = len(feature)
        is_leaf = depth == 0 or (number not in roots and dice.random() < 0.3)
        feature.append(-1 if is_leaf else int(dice.integers(N_FEATURES)))
        threshold.append(float(np.float32(dice.normal())))
        share.append(dice.random(N_OUTPUTS) if is_leaf else np.zeros(N_OUTPUTS))
        left.append(0)
        right.append(0)
        if not is_leaf:
            left[number], right[number] = grow(depth - 1), grow(depth - 1)
        return number

    for depth in depths:
        roots.append(len(feature))
        grow(depth)
    return Forest(
        roots=np.array(roots, dtype=np.int32),
        feature=np.array(feature, dtype=np.int16),
        threshold=np.array(threshold, dtype=np.float32),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        share=np.array(share, dtype=np.float16),
    )


def followed(forest: Forest, row: Matrix) -> Matrix:
    leaves = []
    for root in forest.roots:
        node = root
        while forest.feature[node] >= 0:
            goes_left = np.float32(row[forest.feature[node]]) <= forest.threshold[node]
            node = (forest.left if goes_left else forest.right)[node]
        leaves.append(forest.share[node].astype(np.float64))
    mean: Matrix = np.mean(leaves, axis=0)
    return mean


def test_shares_are_the_mean_of_the_leaves_that_each_tree_leads_to() -> None:
    dice = np.random.default_rng(7)
    forest = grown(dice, [0, 1, 7, 4, 0, 9])
    features = dice.normal(size=(40, N_FEATURES))
    features[0] = forest.threshold[forest.roots[1]]  # as large as a threshold goes left
    found = forest.shares(features)
    assert np.array_equal(found, [followed(forest, row) for row in features])
    assert len(np.unique(found, axis=0)) > 10
    for n in (1, 7):
        assert np.array_equal(forest.shares(features[:n]), found[:n])
    assert forest.shares(features[:0]).shape == (0, N_OUTPUTS)


def test_trees_that_are_leaves_say_the_same_of_every_row() -> None:
    forest = grown(np.random.default_rng(3), [0, 0])
    assert np.array_equal(forest.shares(np.zeros((3, N_FEATURES))), np.tile(followed(forest, np.zeros(N_FEATURES)), (3, 1)))
