"""Sort stretches of talk by voice: how many people there are and which stretch is whose. Knows no sound, only voiceprints.

Sales calls have two people, three now and then; how many is not told, so it has to be found without splitting one voice in its
moods or joining two that are alike.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Prints = NDArray[np.float32]
Labels = NDArray[np.intp]

# first groups: stretches alike beyond doubt. Groups are then joined by their mean voices: two people reach 0.73 in mono mixes of
# 24 synthetic calls and 0.49 in three real recordings
SURELY_ALIKE = 0.6
ONE_VOICE = 0.76
# two groups of a few seconds of one voice fall to 0.42 in a real call, so a small group counts as a person only where it is
# clearly unlike everybody else
ONE_VOICE_IN_LITTLE_TALK = 0.5
SECONDS_NO_PERSON = 2.5
SECONDS_LITTLE, SHARE_LITTLE = 5.0, 0.02
SECONDS_ENOUGH, SHARE_ENOUGH = 16.0, 0.06
ROUNDS = 2
# all pairs are compared: more stretches than this (an hour of talk) are sorted by the voices found in this many of them
MOST_COMPARED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voiced:
    """`means`: one voiceprint a person, (people, 192); separation: 1 less the cosine of the two most alike, None for one."""

    means: Prints
    separation: float | None

    def likeness(self, prints: Prints) -> Prints:
        """Cosine of each print with each person's voice, shape (prints, people)."""
        alike: Prints = prints @ self.means.T
        return alike


def voices_in(prints: Prints, seconds: NDArray[np.float64]) -> Voiced:
    """The people behind `prints` (n, 192), at least one, each of length 1 and made from that many `seconds` of talk."""
    if len(prints) > MOST_COMPARED:
        chosen = np.linspace(0, len(prints) - 1, MOST_COMPARED).astype(int)
        prints, seconds = prints[chosen], seconds[chosen]
    labels = _joined(prints, seconds, _alike(prints))
    for _ in range(ROUNDS):
        labels = _renumbered((prints @ _means(prints, seconds, labels).T).argmax(axis=1))
    means = _means(prints, seconds, labels)
    pairs = (means @ means.T)[np.triu_indices(len(means), 1)]
    return Voiced(means=means, separation=round(1 - float(pairs.max()), 3) if len(pairs) else None)


def _alike(prints: Prints) -> Labels:
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(prints) == 1:
        return np.zeros(1, dtype=np.intp)
    tree = linkage(prints.astype(np.float64), "average", metric="cosine")
    return _renumbered(fcluster(tree, 1 - SURELY_ALIKE, "distance"))


def _joined(prints: Prints, seconds: NDArray[np.float64], labels: Labels) -> Labels:
    """Groups joined, the most alike first, as long as any two are more alike than two people are."""
    total = float(seconds.sum())
    little, enough = max(SECONDS_LITTLE, SHARE_LITTLE * total), max(SECONDS_ENOUGH, SHARE_ENOUGH * total)
    while labels.max() > 0:
        means, talk = _means(prints, seconds, labels), np.bincount(labels, weights=seconds)
        least = np.interp(talk, (little, enough), (ONE_VOICE_IN_LITTLE_TALK, ONE_VOICE))
        least[talk < SECONDS_NO_PERSON] = -1
        excess = means @ means.T - np.minimum(least[:, None], least)
        np.fill_diagonal(excess, -np.inf)
        one, other = np.unravel_index(int(excess.argmax()), excess.shape)
        if excess[one, other] < 0:
            break
        labels = _renumbered(np.where(labels == other, one, labels))
    return labels


def _means(prints: Prints, seconds: NDArray[np.float64], labels: Labels) -> Prints:
    sums = np.stack([(prints[labels == label] * seconds[labels == label, None]).sum(axis=0) for label in range(labels.max() + 1)])
    means: Prints = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return means


def _renumbered(labels: NDArray[np.integer]) -> Labels:
    numbers: Labels = np.unique(labels, return_inverse=True)[1]
    return numbers
