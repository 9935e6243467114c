from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from callcoach.domain.calibration import Label
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Verdict
from callcoach.training.agreement import agreement, alpha_with_interval, krippendorff_alpha, mean_pairwise_kappa

krippendorff = pytest.importorskip("krippendorff", reason="krippendorff is a package for tests: pip install 'callcoach[dev]'")

ANSWER = st.one_of(st.none(), st.integers(0, 3))
TABLES = st.integers(2, 4).flatmap(lambda raters: st.lists(st.lists(ANSWER, min_size=raters, max_size=raters), max_size=25))


def reference_alpha(table: list[list[int | None]], metric: str) -> float | None:
    """What the krippendorff package says; it refuses or warns where alpha is not defined."""
    pairable = [row for row in table if sum(answer is not None for answer in row) > 1]
    if len({answer for row in pairable for answer in row if answer is not None}) < 2:
        return None
    ratings = np.array([[np.nan if answer is None else answer for answer in row] for row in table], dtype=float).T
    return float(krippendorff.alpha(reliability_data=ratings, level_of_measurement=metric))


@settings(max_examples=300, deadline=None)
@given(TABLES, st.sampled_from(["nominal", "interval"]))
def test_alpha_is_that_of_the_krippendorff_package_missing_answers_included(table, metric):
    expected = reference_alpha(table, metric)
    found = krippendorff_alpha(table, metric=metric)

    assert (found is None) == (expected is None)
    if expected is not None:
        assert found == pytest.approx(expected, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_kappas_are_those_of_scikit_learn(pairs):
    ours, theirs = [one for one, _ in pairs], [other for _, other in pairs]
    if len({*ours, *theirs}) < 2:
        assert mean_pairwise_kappa(pairs) is None
        assert mean_pairwise_kappa(pairs, grades=3) is None
        return
    assert mean_pairwise_kappa(pairs) == pytest.approx(cohen_kappa_score(ours, theirs))
    weighted = cohen_kappa_score(ours, theirs, labels=[0, 1, 2], weights="quadratic")
    assert mean_pairwise_kappa(pairs, grades=3) == pytest.approx(weighted)


def test_kappa_of_three_people_is_the_mean_over_the_pairs_that_answered():
    table = [[0, 0, None], [1, 1, 1], [0, 1, 0], [1, None, 1], [0, 0, 1]]
    pairs = [(0, 1), (0, 2), (1, 2)]
    expected = []
    for first, second in pairs:
        both = [(row[first], row[second]) for row in table if row[first] is not None and row[second] is not None]
        expected.append(cohen_kappa_score([one for one, _ in both], [other for _, other in both]))

    assert mean_pairwise_kappa(table) == pytest.approx(sum(expected) / 3)


@pytest.mark.parametrize(
    "table",
    [
        [],
        [[1, None], [None, 2]],  # nobody answered the same call
        [[1, 1], [1, 1]],  # everybody said the same throughout: there is no chance to compare with
    ],
)
def test_what_is_not_defined_is_none_and_never_zero(table):
    assert krippendorff_alpha(table, metric="nominal") is None
    assert alpha_with_interval(table, metric="interval", seed=1) == (None, None, None)
    assert mean_pairwise_kappa(table) is None


def test_the_interval_holds_alpha_and_is_the_same_for_the_same_seed():
    table = [[n % 3, n % 3 if n % 4 else (n + 1) % 3] for n in range(30)]
    first = alpha_with_interval(table, metric="nominal", seed=7)

    assert first.low < first.alpha < first.high
    assert first == alpha_with_interval(table, metric="nominal", seed=7)
    assert first != alpha_with_interval(table, metric="nominal", seed=8)


def label(call_id: str, person: str, verdict: str, levels: tuple[int, int, int], *, at: int = 1, **rest) -> Label:
    return Label(
        call_id=call_id,
        initiative_id="catchback",
        person_id=person,
        at=datetime(2026, 11, at, tzinfo=UTC),
        version=rest.pop("version", "v1"),
        verdict=Verdict(verdict),
        levels={} if verdict == "not_assessed" else dict(zip(Component, map(Level, levels), strict=True)),
        asked_why=rest.pop("asked_why", False),
        answer=rest.pop("answer", Answer.NOT_ASKED),
        **rest,
    )


def machine(call_id: str, verdict: str, levels: tuple[int, int, int]) -> CallScore:
    found = dict(zip(Component, map(Level, levels), strict=True))
    return CallScore(
        call_id=call_id,
        initiative_id="catchback",
        verdict=Verdict(verdict),
        confidence=0.8,
        why_score=50.0,
        levels=found,
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=tuple(Evidence(act=part.value, turn=0, quote="...") for part, level in found.items() if level),
    )


ANN = [
    label("c1", "ann", "explains", (2, 2, 2), criteria={"proof": True}),
    label("c2", "ann", "recites", (1, 1, 1), criteria={"proof": False}),
    label("c3", "ann", "not_raised", (0, 0, 0), criteria={"proof": None}),
    label("c4", "ann", "partial", (0, 2, 1), criteria={"proof": True}),
]
BEN = [
    label("c1", "ben", "explains", (2, 2, 2), criteria={"proof": True}),
    label("c2", "ben", "recites", (1, 1, 0), criteria={"proof": True}),
    label("c3", "ben", "not_raised", (0, 0, 0), criteria={"proof": True}),
    label("c4", "ben", "stumbles", (0, 2, 1), criteria={"proof": True}),
]


def test_agreement_of_people_stands_beside_that_with_the_machine_each_with_its_n():
    scores = {"c1": machine("c1", "explains", (2, 2, 2)), "c2": machine("c2", "explains", (2, 2, 2))}
    found = agreement("catchback", [*ANN, *BEN], scores, version="v1")

    assert (found.people, found.n_calls, found.n_raised, found.older) == (("ann", "ben"), 4, 3, 0)
    verdict = found.among_people("verdict")
    assert verdict.n == 4 and verdict.agreed == 0.75
    assert verdict.kappa == pytest.approx(cohen_kappa_score(list("erns"), list("ernp")), abs=1e-6)
    assert found.among_people("wall").kappa == 1.0
    assert found.among_people("part").kappa < 1.0
    assert found.with_machine("verdict").n == 2
    assert found.with_machine("verdict").agreed == 0.5
    proof = found.among_people("criterion:proof")
    assert proof.n == 3, "an unclear answer is no answer"
    assert found.with_machine("criterion:proof").n == 0, "the machine did not say"


def test_the_latest_label_of_a_person_counts_and_older_versions_are_counted_apart():
    changed_mind = label("c4", "ben", "partial", (0, 2, 1), at=3, version="v2")
    found = agreement("catchback", [*ANN, *BEN, changed_mind], {}, version="v2")

    assert found.among_people("verdict").agreed == 1.0
    assert (found.n_labels, found.older) == (8, 7)
    assert found.with_machine("verdict").kappa is None


def test_one_person_alone_agrees_with_nobody():
    found = agreement("catchback", ANN, {}, version="v1")

    assert (found.n_calls, found.n_raised) == (0, 0)
    assert found.among_people("verdict").n == 0
    assert found.among_people("verdict").kappa is None
