from coaching_calls import everybody, explainer, improver, judged, rep, report

from callcoach.coaching.notation import clock, count, day, excerpt, listed, plain
from callcoach.domain.coaching import Behaviour
from callcoach.domain.verdict import Verdict


def reasons(of):
    return {flagged.call_id: flagged.reason for flagged in of.flagged}


def test_at_most_eight_calls_one_flag_each():
    flagged = report(*everybody()).flagged
    assert 0 < len(flagged) <= 8
    assert len({each.call_id for each in flagged}) == len(flagged)


def test_a_call_that_needs_a_person_is_flagged_with_the_reason():
    why = "The judge is only 38% sure that the rep recites."
    found = reasons(report(judged("u1", "tyler", 5, "recites", "R 0:09 recite,wall Twenty-seven.", needs_person=why)))
    assert found == {"u1": f"Needs a person. {why} Say what you hear."}


def test_low_confidence_alone_is_the_judges_business_to_hand_over():
    assert report(judged("u1", "tyler", 5, "recites", "R 0:09 recite,wall Twenty-seven.", confidence=0.38)).flagged == ()


def test_a_deflected_why_starts_at_the_customers_question():
    said = "C 0:30 ask And that does what for me? / R 0:35 answer Fewer lost customers."
    flagged = report(judged("c1", "tyler", 5, "recites", said, answer="deflects")).flagged[0]
    assert flagged.reason == "A customer asked why about CatchBack, and the call went on without an answer."
    assert (flagged.moment.customer_start, flagged.moment.start) == (30.0, 35.0)


def test_a_first_explaining_call_and_a_slip_back_are_both_worth_hearing():
    slip = judged("a6", "alicia", 40, "recites", "R 0:10 recite,wall Twenty-seven.")
    found = reasons(report(*improver(), slip))
    assert found["a4"] == "First call that explains CatchBack; the one before explained it in part. Worth saying so."
    assert found["a6"] == "An earlier call explained CatchBack, this one reads as recites. Ask what was different."


def test_a_call_that_could_not_be_assessed_is_not_flagged():
    assert report(judged("v1", "tyler", 5, "not_assessed")).flagged == ()


def test_a_profile_counts_verdicts_and_keeps_them_in_the_order_of_the_calls():
    profile = rep(report(*reversed(improver())), "alicia").profile
    assert profile.verdicts == {"catchback": {Verdict.EXPLAINS: 2, Verdict.PARTIAL: 1, Verdict.RECITES: 2}}
    assert [call.call_id for call in profile.history] == ["a1", "a2", "a3", "a4", "a5"]
    assert (profile.explained.count, profile.explained.n) == (2, 5)


def test_a_behaviour_without_an_opportunity_has_no_share():
    profile = rep(report(judged("j9", "joyce", 6, "explains", "R 0:05 wall,part Your own forty-one.")), "joyce").profile
    assert profile.shares[Behaviour.ANSWER_THE_WHY].share is None
    assert profile.shares[Behaviour.TELL_THE_WALL].count == 1


def test_a_call_with_two_initiatives_is_one_call():
    both = [judged("j1", "joyce", 6, "explains"), judged("j1", "joyce", 6, "not_raised", about="safeseat")]
    found = report(*both)
    assert (found.n_calls, rep(found, "joyce").profile.n_calls) == (1, 1)


def test_the_last_score_of_a_call_counts():
    first, again = judged("j1", "joyce", 6, "recites"), judged("j1", "joyce", 6, "explains")
    assert rep(report(first, again), "joyce").profile.verdicts == {"catchback": {Verdict.EXPLAINS: 1}}


def test_scores_of_unknown_calls_or_initiatives_are_left_out():
    call, score = judged("x", "tyler", 5, "recites", about="gone")
    assert report((call, score)).n_calls == 0


def test_strengths_are_at_most_three():
    assert all(len(each.profile.strengths) <= 3 for each in report(*everybody(), *explainer()).reps)


def test_small_words():
    assert [clock(None), clock(0), clock(65.9), clock(3725)] == [None, "0:00", "1:05", "1:02:05"]
    assert [count(1, "call"), count(0, "call"), count(2, "leaf", "leaves")] == ["1 call", "0 calls", "2 leaves"]
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert day(None) == "no date"
    assert plain("a\x1b[31m\n b\u202e\x07") == "a[31m b"


def test_an_excerpt_is_whole_sentences_word_for_word():
    said = "Huh. But we dropped that service. So what do I need it for? I'm not paying anybody."
    assert excerpt(said, 40) == "Huh. But we dropped that service."
    assert excerpt(said, 40, question=True) == "So what do I need it for?"
    assert excerpt("word " * 40, 22) == "word word word word"
    assert excerpt("", 10) == ""
