import numpy as np

from callcoach.app.judge_error import EVALUATION, read_judge_error
from callcoach.coaching.judge_error import flag_rates
from callcoach.coaching.measures import Told, code
from callcoach.domain.verdict import Answer, Behaviours, Verdict
from callcoach.weights import locate

NO_CONDUCT = Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False)


def test_a_judge_that_was_right_in_every_labelled_call_is_not_certain():
    rates = flag_rates(40, 1.0, 1.0)
    assert (rates.hit, rates.false_alarm) == (1.0, 0.0)
    assert 0.02 < rates.hit_sd < 0.06
    assert rates.false_alarm_sd > 0.02


def test_more_labelled_calls_make_it_surer():
    assert flag_rates(400, 1.0, 1.0).hit_sd < flag_rates(40, 1.0, 1.0).hit_sd / 5
    assert flag_rates(400, 0.8, 0.7).hit_sd < flag_rates(40, 0.8, 0.7).hit_sd


def test_voicemails_do_not_change_what_is_thought_of_the_other_calls():
    judge = read_judge_error(locate.models_folder() / EVALUATION)
    told = judge.compared.told[:200]
    unjudged = code(
        Told(verdict=Verdict.NOT_ASSESSED, levels={}, asked_why=False, answer=Answer.NOT_ASKED, behaviours=NO_CONDUCT)
    )
    with_voicemails = np.concatenate((told, np.full(400, unjudged)))
    assert np.allclose(judge.weights(told), judge.weights(with_voicemails))
