import pytest

from callcoach.coaching.estimates import NOTHING, Tally, estimate


def test_no_call_is_no_share_and_not_zero():
    found = estimate(NOTHING, Tally(count=3, n=4))
    assert (found.n, found.share, found.low, found.high) == (0, None, None, None)


def test_one_call_cannot_make_a_pattern():
    found = estimate(Tally(count=1, n=1))
    assert found.low < 0.3
    assert found.share < 0.8


@pytest.mark.parametrize(
    ("count", "n"),
    # never, always, half; few and many
    [(0, 2), (2, 2), (1, 2), (0, 50), (50, 50), (25, 50)],
)
def test_the_interval_holds_the_estimate(count, n):
    found = estimate(Tally(count=count, n=n), Tally(count=1, n=2))
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert (found.count, found.n, found.coverage) == (count, n, 0.9)


def test_more_calls_make_it_narrower():
    widths = [(found := estimate(Tally(count=n // 2, n=n))).high - found.low for n in (2, 8, 32)]
    assert widths == sorted(widths, reverse=True)


def test_few_calls_lean_toward_the_team_and_many_do_not():
    few = [estimate(Tally(count=1, n=2), team).share for team in (Tally(count=0, n=20), Tally(count=20, n=20))]
    many = [estimate(Tally(count=50, n=100), team).share for team in (Tally(count=0, n=20), Tally(count=20, n=20))]
    assert few[1] - few[0] > 0.4
    assert many[1] - many[0] < 0.02


def test_the_interval_is_the_beta_quantile():
    # two successes of two, even prior: Beta(3, 1), whose 5% quantile is the cube root of 0.05
    assert estimate(Tally(count=2, n=2)).low == pytest.approx(0.05 ** (1 / 3), abs=1e-5)
