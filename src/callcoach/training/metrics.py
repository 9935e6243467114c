"""The figures a judge is measured by, from plain sequences. Knows nothing of calls; a figure that has no meaning is None."""

import math
from collections.abc import Sequence
from enum import Enum
from typing import Any

COVERAGE = 0.9
DRAWS = 2000
SEED = 20261005


def kappa(gold: Sequence[str], told: Sequence[str]) -> float | None:
    """Cohen's kappa, unweighted; None where nothing is compared or both sides say one and the same label throughout."""
    from sklearn.metrics import cohen_kappa_score

    if not gold or len({*gold, *told}) < 2:
        return None
    return float(cohen_kappa_score(_names(gold), _names(told)))


def quadratic_weighted_kappa(gold: Sequence[int], told: Sequence[int], *, grades: int) -> float | None:
    """Kappa in which being two grades off costs four times as much as one; grades count from 0 to `grades` - 1."""
    from sklearn.metrics import cohen_kappa_score

    if not gold or len({*gold, *told}) < 2:
        return None
    return float(cohen_kappa_score(list(gold), list(told), labels=list(range(grades)), weights="quadratic"))


def macro_f1(gold: Sequence[str], told: Sequence[str]) -> float | None:
    """Mean F1 over the labels that occur in `gold`: one told but never gold counts by the misses it leaves."""
    from sklearn.metrics import f1_score

    if not gold:
        return None
    labels = sorted(set(_names(gold)))
    return float(f1_score(_names(gold), _names(told), labels=labels, average="macro", zero_division=0.0))


def f1(gold: Sequence[bool], told: Sequence[bool]) -> float | None:
    """F1 of the yes; None where nobody says yes."""
    from sklearn.metrics import f1_score

    if not any(gold) and not any(told):
        return None
    return float(f1_score(list(gold), list(told), zero_division=0.0))


def auc(gold: Sequence[bool], strength: Sequence[float]) -> float | None:
    """Chance that a yes is ranked over a no; None where one of the two is missing."""
    from sklearn.metrics import roc_auc_score

    if len(set(gold)) < 2:
        return None
    return float(roc_auc_score(list(gold), list(strength)))


def average_precision(gold: Sequence[bool], strength: Sequence[float]) -> float | None:
    """Area under precision over recall, a chance ranker reaching the prevalence; None where there is no yes."""
    from sklearn.metrics import average_precision_score

    if not any(gold):
        return None
    return float(average_precision_score(list(gold), list(strength)))


def expected_calibration_error(confidence: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> float | None:
    """Mean distance between confidence and accuracy over `bins` equal steps of confidence, weighted by how many fall in each."""
    if not confidence:
        return None
    members: dict[int, list[int]] = {}
    for number, sure in enumerate(confidence):
        members.setdefault(min(int(sure * bins), bins - 1), []).append(number)
    return sum(
        abs(sum(confidence[number] for number in numbers) - sum(right[number] for number in numbers))
        for numbers in members.values()
    ) / len(confidence)


def accuracy_of_surest(confidence: Sequence[float | None], right: Sequence[bool], *, share: float) -> float | None:
    """Accuracy on the surest `share` of the calls, the rest being left to people; no confidence is the first to be left.

    Where the cut falls among equal confidences, each of them counts by the same fraction, so that order does not matter.
    """
    if not confidence:
        return None
    wanted = math.ceil(share * len(confidence) - 1e-9)
    by_confidence: dict[float, list[bool]] = {}
    for sure, hit in zip(confidence, right, strict=True):
        by_confidence.setdefault(-1.0 if sure is None else sure, []).append(hit)
    taken, hits = 0, 0.0
    for sure in sorted(by_confidence, reverse=True):
        group = by_confidence[sure]
        used = min(len(group), wanted - taken)
        hits += sum(group) / len(group) * used
        taken += used
    return hits / wanted


def share_of(hits: Sequence[bool]) -> float | None:
    """The share of yes; None of nothing."""
    return sum(hits) / len(hits) if hits else None


def kappa_interval(gold: Sequence[str], told: Sequence[str], groups: Sequence[str]) -> tuple[float, float] | None:
    """Where kappa lies in the middle 90% of draws of whole `groups` with replacement; None for fewer than two groups.

    Calls of a group (one initiative's) resemble each other, so drawing single calls would claim too much.
    """
    import numpy as np

    drawn = _draws(groups)
    if drawn is None:
        return None
    weights, members = drawn
    labels = {label: number for number, label in enumerate(sorted({*_names(gold), *_names(told)}))}
    tables = np.zeros((len(members), len(labels), len(labels)))
    for theirs, ours, group in zip(_names(gold), _names(told), groups, strict=True):
        tables[members[group], labels[theirs], labels[ours]] += 1
    table = np.einsum("dg,gij->dij", weights, tables)
    n = table.sum(axis=(1, 2))
    agreed = np.trace(table, axis1=1, axis2=2) / n
    by_chance = (table.sum(axis=2) * table.sum(axis=1)).sum(axis=1) / n**2
    defined = by_chance < 1
    return _middle((agreed[defined] - by_chance[defined]) / (1 - by_chance[defined]))


def share_interval(hits: Sequence[bool], groups: Sequence[str]) -> tuple[float, float] | None:
    """The same for a share of yes."""
    import numpy as np

    drawn = _draws(groups)
    if drawn is None:
        return None
    weights, members = drawn
    tables = np.zeros((len(members), 2))
    for hit, group in zip(hits, groups, strict=True):
        tables[members[group]] += (hit, 1)
    yes, n = (weights @ tables).T
    return _middle(yes / n)


def difference_interval(ours: Sequence[bool], theirs: Sequence[bool], groups: Sequence[str]) -> tuple[float, float] | None:
    """The same for the share of yes in `ours` less that in `theirs`, both about the same things in the same order."""
    import numpy as np

    drawn = _draws(groups)
    if drawn is None:
        return None
    weights, members = drawn
    tables = np.zeros((len(members), 2))
    for mine, other, group in zip(ours, theirs, groups, strict=True):
        tables[members[group]] += (int(mine) - int(other), 1)
    more, n = (weights @ tables).T
    return _middle(more / n)


def _draws(groups: Sequence[str]) -> tuple[Any, dict[str, int]] | None:
    import numpy as np

    members = {group: number for number, group in enumerate(sorted(set(groups)))}
    if len(members) < 2:
        return None
    n_groups = len(members)
    weights = np.random.default_rng(SEED).multinomial(n_groups, [1 / n_groups] * n_groups, size=DRAWS)
    return weights, members


def _middle(figures: Any) -> tuple[float, float] | None:
    import numpy as np

    if not len(figures):
        return None
    low, high = np.quantile(figures, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return float(low), float(high)


def _names(labels: Sequence[str]) -> list[str]:
    # scikit-learn prints and sorts by str(label): give it the plain text behind an enum
    return [str(label.value) if isinstance(label, Enum) else label for label in labels]
