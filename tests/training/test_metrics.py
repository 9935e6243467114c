import pytest
from sklearn.metrics import average_precision_score, cohen_kappa_score, f1_score, roc_auc_score

from callcoach.domain.verdict import Verdict
from callcoach.training import metrics


def test_kappa_by_hand() -> None:
    gold = ["a", "a", "a", "b", "b", "b"]
    # by chance (3*2 + 3*4) / 36 = 1/2 agree; 5 of 6 do
    assert metrics.kappa(gold, ["a", "a", "b", "b", "b", "b"]) == pytest.approx((5 / 6 - 1 / 2) / (1 - 1 / 2))
    # 3 of 6 do, which is chance
    assert metrics.kappa(gold, ["a", "b", "b", "b", "b", "a"]) == pytest.approx(0.0)


def test_kappa_takes_enum_members_and_counts_a_label_never_given_as_wrong() -> None:
    gold = [Verdict.EXPLAINS, Verdict.RECITES, Verdict.EXPLAINS]
    told = [Verdict.EXPLAINS, Verdict.NOT_ASSESSED, Verdict.EXPLAINS]
    # observed 2/3; chance: explains 2/3 * 2/3, the others never meet
    assert metrics.kappa(gold, told) == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))


def test_quadratic_weights_forgive_a_near_miss_and_not_a_far_one() -> None:
    gold = [0, 0, 1, 1, 2, 2]
    near, far = [0, 1, 1, 1, 2, 2], [0, 2, 1, 1, 2, 2]
    assert metrics.quadratic_weighted_kappa(gold, near, grades=3) == pytest.approx(
        cohen_kappa_score(gold, near, weights="quadratic")
    )
    # by hand for `far`: disagreement 4 of 6; expected sum of (i-j)^2 * row * column / 36 with rows 2,2,2 and columns 1,2,3
    expected = (2 * 2 * 1 + 2 * 3 * 4 + 2 * 1 * 1 + 2 * 3 * 1 + 2 * 1 * 4 + 2 * 2 * 1) / 36
    assert metrics.quadratic_weighted_kappa(gold, far, grades=3) == pytest.approx(1 - (4 / 6) / expected)


def test_macro_f1_is_over_the_labels_that_are_gold() -> None:
    gold = ["explains", "explains", "recites", "recites"]
    told = ["explains", "not_assessed", "recites", "explains"]
    # explains: 2*1/(2+2) = 1/2; recites: 2*1/(2+1) = 2/3; not_assessed is no class of its own
    assert metrics.macro_f1(gold, told) == pytest.approx((1 / 2 + 2 / 3) / 2)


def test_the_rest_agrees_with_scikit_learn() -> None:
    gold = [True, False, True, True, False, False, True]
    told = [True, True, False, True, False, False, True]
    strength = [0.9, 0.8, 0.3, 0.7, 0.2, 0.4, 0.6]
    assert metrics.f1(gold, told) == pytest.approx(f1_score(gold, told))
    assert metrics.auc(gold, strength) == pytest.approx(roc_auc_score(gold, strength))
    assert metrics.average_precision(gold, strength) == pytest.approx(average_precision_score(gold, strength))


def test_average_precision_by_hand() -> None:
    # ranked yes, no, yes: precision 1 at the first, 2/3 at the second
    assert metrics.average_precision([True, True, False], [0.9, 0.1, 0.5]) == pytest.approx((1 + 2 / 3) / 2)


def test_calibration_error_by_hand() -> None:
    # 0.9 twice, one right: |1.8 - 1|; 0.55 once, right: |0.55 - 1|; over three calls
    assert metrics.expected_calibration_error([0.9, 0.92, 0.55], [True, False, True]) == pytest.approx((0.82 + 0.45) / 3)
    assert metrics.expected_calibration_error([1.0, 1.0], [True, True]) == 0.0


def test_the_least_sure_are_left_out() -> None:
    confidence = [0.9, 0.8, 0.7, 0.6, 0.5]
    right = [True, True, False, True, False]
    assert metrics.accuracy_of_surest(confidence, right, share=0.8) == pytest.approx(3 / 4)
    assert metrics.accuracy_of_surest(confidence, right, share=0.4) == pytest.approx(1.0)


def test_equal_confidences_at_the_cut_count_by_fraction_and_no_confidence_is_left_out_first() -> None:
    # two of the three at 0.5 are taken: their mean counts twice
    assert metrics.accuracy_of_surest([0.9, 0.5, 0.5, 0.5], [True, True, False, False], share=0.75) == pytest.approx(
        (1 + 2 / 3) / 3
    )
    assert metrics.accuracy_of_surest([None, 0.1], [False, True], share=0.5) == 1.0


def test_the_interval_of_a_share_draws_whole_groups() -> None:
    # one group all right, one all wrong: a draw of two groups gives 0, 1/2 or 1, the ends a quarter of the time each
    assert metrics.share_interval([True, True, False, False], ["a", "a", "b", "b"]) == (0.0, 1.0)
    # groups alike: no draw differs
    assert metrics.share_interval([True, False] * 4, ["a", "a", "b", "b", "c", "c", "d", "d"]) == (0.5, 0.5)


def test_the_interval_of_kappa_holds_kappa_and_closes_with_more_groups() -> None:
    gold, told = ["x", "x", "y", "y", "x", "y"], ["x", "y", "y", "y", "x", "x"]
    few = metrics.kappa_interval(gold, told, list("aabbcc"))
    many = metrics.kappa_interval(gold * 20, told * 20, [f"{n}{group}" for n in range(20) for group in "aabbcc"])
    point = metrics.kappa(gold, told)
    assert few is not None and many is not None and point is not None
    assert few[0] <= many[0] <= point <= many[1] <= few[1]
    assert metrics.kappa_interval(gold, gold, list("aabbcc")) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize(
    "figure",
    [
        metrics.kappa([], []),
        metrics.kappa(["a", "a"], ["a", "a"]),  # nothing to tell apart
        metrics.quadratic_weighted_kappa([1, 1], [1, 1], grades=3),
        metrics.macro_f1([], []),
        metrics.f1([False], [False]),
        metrics.auc([True, True], [0.1, 0.2]),
        metrics.average_precision([False, False], [0.1, 0.2]),
        metrics.expected_calibration_error([], []),
        metrics.accuracy_of_surest([], [], share=0.8),
        metrics.share_of([]),
        metrics.share_interval([True, False], ["a", "a"]),  # one group tells nothing of another
        metrics.kappa_interval([], [], []),
    ],
)
def test_a_figure_without_meaning_is_none_and_not_zero(figure: object) -> None:
    assert figure is None
