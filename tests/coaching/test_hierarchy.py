import numpy as np
import pytest

from callcoach.coaching.hierarchy import Counts, Rates, fit


def counts(*reps, team=None):
    """One kind of call: (done, n) per rep, all in one team unless it is said."""
    done, n = (np.array([[float(pair[place])] for pair in reps]) for place in (0, 1))
    return Counts(done=done, n=n, team=np.array(team or [0] * len(reps)), mix=np.zeros((1, 0)))


def test_no_call_is_no_share_and_not_zero():
    found = fit(counts((0, 0), (3, 4))).estimate(0)
    assert (found.n, found.share, found.low, found.high) == (0, None, None, None)


def test_one_call_cannot_make_a_pattern():
    found = fit(counts((1, 1))).estimate(0)
    assert found.low < 0.5
    assert found.high - found.low > 0.5


@pytest.mark.parametrize(
    ("count", "n"),
    # never, always, half; few and many
    [(0, 2), (2, 2), (1, 2), (0, 50), (50, 50), (25, 50)],
)
def test_the_interval_holds_the_estimate(count, n):
    found = fit(counts((count, n), (1, 2))).estimate(0)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert (found.count, found.n, found.coverage) == (count, n, 0.9)


def test_a_rep_who_always_does_it_may_do_it_in_every_call_to_come():
    assert fit(counts((30, 30), (28, 30), (29, 30))).estimate(0).high == 1.0


def test_more_calls_make_it_narrower():
    widths = [(found := fit(counts((n // 2, n))).estimate(0)).high - found.low for n in (2, 8, 32)]
    assert widths == sorted(widths, reverse=True)


def test_few_calls_lean_toward_the_team_and_many_do_not():
    def share(own, team):
        return fit(counts(own, *[team] * 5)).estimate(0).share

    few = share((1, 2), (19, 20)) - share((1, 2), (1, 20))
    many = share((100, 200), (19, 20)) - share((100, 200), (1, 20))
    assert few > 0.25
    assert many < 0.06


def test_a_rep_leans_on_the_own_team_more_than_on_another():
    reps = [(2, 4)] + [(36, 40)] * 4 + [(4, 40)] * 4
    in_the_good = fit(counts(*reps, team=[0, 0, 0, 0, 0, 1, 1, 1, 1])).estimate(0).share
    in_the_other = fit(counts(*reps, team=[1, 0, 0, 0, 0, 1, 1, 1, 1])).estimate(0).share
    assert in_the_good > in_the_other + 0.1


def test_one_who_fails_among_good_ones_is_not_drawn_to_their_level():
    found = fit(counts((1, 25), *[(20, 25)] * 12))
    assert found.below(1 / 3)[0] > 0.95
    assert found.below(1 / 3)[1:].max() < 0.05


def test_what_a_judge_hears_too_often_is_taken_off_and_the_interval_widens():
    heard = counts((5, 20), (6, 20), (5, 20), (4, 20))
    plain = fit(heard).estimate(0)
    honest = fit(heard, Rates(hit=0.9, hit_sd=0.03, false_alarm=0.2, false_alarm_sd=0.05)).estimate(0)
    assert honest.share < plain.share - 0.05
    assert (honest.high - honest.low) / honest.share > (plain.high - plain.low) / plain.share


def test_a_rep_with_the_hard_calls_is_not_the_weaker_rep():
    # both do it in every second hard call and in nine of ten easy ones; the first has mostly hard ones
    others = [(10.0, 20.0, 18.0, 20.0)] * 6
    rows = [(15.0, 30.0, 9.0, 10.0), (5.0, 10.0, 27.0, 30.0), *others]
    done = np.array([[row[0], row[2]] for row in rows])
    n = np.array([[row[1], row[3]] for row in rows])
    team = np.zeros(len(rows), dtype=int)
    known = fit(Counts(done=done, n=n, team=team, mix=np.array([[1.0], [0.0]])))
    assert known.estimate(0).share == pytest.approx(0.6, abs=0.06)
    assert known.estimate(1).share == pytest.approx(0.8, abs=0.06)
    same_mix = [known.company_reached(np.array([0.5]))[0]]
    assert same_mix[0] < 0.1


def test_the_same_counts_give_the_same_figures():
    first, again = (fit(counts((3, 7), (1, 9), (5, 5))).estimate(1) for _ in range(2))
    assert first == again


def test_a_team_is_known_by_its_own_calls_and_leans_on_the_company():
    found = fit(counts(*[(18, 20)] * 3, *[(2, 20)] * 3, (1, 1), (0, 0), team=[0, 0, 0, 1, 1, 1, 2, 3]))
    good, poor, one_call, none = (found.of_team(team) for team in range(4))
    assert (good.count, good.n, poor.count, poor.n) == (54, 60, 6, 60)
    assert poor.high < 0.5 < good.low
    assert one_call.high - one_call.low > 0.5
    assert (none.n, none.share, none.low) == (0, None, None)


def test_nine_of_ten_intervals_of_a_team_hold_its_share():
    """The share of a rep in the middle of the team, in companies drawn as the model says; 0.9 of 150 within three errors."""
    draw, held = np.random.default_rng(5), 0
    for _ in range(30):
        teams = draw.normal(draw.normal(0, 1), 0.7, 5)
        skills = np.repeat(teams, 4) + draw.normal(0, 0.6, 20)
        done = draw.binomial(12, 1 / (1 + np.exp(-skills)))
        found = fit(counts(*((int(each), 12) for each in done), team=list(np.repeat(range(5), 4))))
        estimates = [found.of_team(team) for team in range(5)]
        held += sum(each.low <= share <= each.high for each, share in zip(estimates, 1 / (1 + np.exp(-teams)), strict=True))
    assert 0.83 <= held / 150 <= 0.97
