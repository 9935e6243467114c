from datetime import date

from coaching_calls import (
    CATCHBACK,
    COMPANY,
    MONDAY,
    catalogue,
    everybody,
    explainer,
    improver,
    judged,
    old_story,
    reciter,
    rep,
    report,
    tour,
)

from callcoach.coaching.heard import hear
from callcoach.coaching.profiles import roll_up
from callcoach.coaching.recommendations import due_day, now_given, recommend
from callcoach.domain.coaching import Behaviour, Given
from callcoach.domain.verdict import Verdict


def behaviours(of, rep_id):
    return [each.behaviour for each in rep(of, rep_id).recommendations]


def test_a_reciter_who_sells_is_asked_to_leave_the_script_then_to_answer_the_why():
    assert behaviours(report(*everybody()), "tyler") == [Behaviour.LEAVE_THE_SCRIPT, Behaviour.ANSWER_THE_WHY]


def test_an_improver_gets_a_strength_instead_of_what_she_already_does():
    alicia = rep(report(*everybody()), "alicia")
    assert behaviours(report(*everybody()), "alicia") == [Behaviour.SHARE_IT]
    assert alicia.profile.strengths[0] == (
        "Now explains CatchBack (Oct 28 and Nov 6), after calls that recited it and explained it in part."
    )


def test_an_old_story_is_named_where_its_words_came_back_with_the_reason_it_was_replaced():
    first = rep(report(*everybody()), "walt").recommendations[0]
    assert first.behaviour is Behaviour.TELL_THE_WALL
    assert "Words of the story told until Sep 30 came back in 3 of 3 calls. It was replaced: Few had one." in first.because
    others = [each for name in ("tyler", "derek", "marcy") for each in rep(report(*everybody()), name).recommendations]
    assert others and not any("Sep 30" in each.because for each in others)


def test_an_explainer_has_nothing_to_mend_and_something_to_show():
    joyce = rep(report(*everybody()), "joyce")
    (share,) = joyce.recommendations
    assert share.behaviour is Behaviour.SHARE_IT
    assert share.because == "The customer was told why CatchBack exists and what it means for them in 2 of 2 calls."
    assert [moment.quote for moment in share.moments] == ["Somebody in Ansel Falls is getting your thirty-seven."] * 2
    assert share.moments[0].customer_quote == "That's when Patty does the bank."
    assert joyce.profile.strengths[0] == "Explains CatchBack in 2 of 2 calls in which it came up."


def test_a_discount_catalogue_is_asked_to_ask_first():
    assert behaviours(report(*everybody()), "derek") == [Behaviour.ASK_BEFORE_OFFERING, Behaviour.ANSWER_THE_WHY]


def test_a_feature_tour_is_asked_for_a_reason():
    assert behaviours(report(*everybody()), "marcy")[0] is Behaviour.GIVE_A_REASON_NOT_FEATURES


def test_a_recommendation_rests_on_the_customers_words_and_the_reps_reply_with_times():
    first = rep(report(*everybody()), "tyler").recommendations[0]
    assert [moment.call_id for moment in first.moments] == ["t3", "t2", "t1"]
    moment = first.moments[0]
    assert moment.customer_quote == "I got three bays going and one kid on the counter."
    assert (moment.customer_start, moment.start) == (34.0, 47.0)
    assert moment.quote == "Perfect. So that's why we built CatchBack."
    assert "I got three bays going" in first.practice


def test_every_quote_stands_word_for_word_in_the_evidence():
    pairs = everybody()
    said = {(score.call_id, quote.turn): quote.quote for _, score in pairs for quote in score.evidence}
    shown = [moment for each in report(*pairs).reps for r in each.recommendations for moment in (*r.moments, r.example) if moment]
    assert len(shown) > 10
    for moment in shown:
        assert moment.quote in said[moment.call_id, moment.turn]
        assert moment.customer_quote is None or moment.customer_quote in said[moment.call_id, moment.customer_turn]


def test_the_intent_is_the_initiatives_wall_in_its_own_words():
    first = rep(report(*everybody()), "tyler").recommendations[0]
    assert first.intent == "Twenty-seven of every hundred calls rang out. Most callers rang the next business."


def test_the_second_recommendation_plays_other_moments_than_the_first():
    first, second = rep(report(*everybody()), "tyler").recommendations
    places = [{(moment.call_id, moment.turn) for moment in each.moments} for each in (first, second)]
    assert not places[0] & places[1]
    assert all(moment.customer_quote == "And that does what for me?" for moment in second.moments)


def test_the_owner_is_the_reps_manager_and_the_day_a_weekday():
    first = rep(report(*everybody()), "tyler").recommendations[0]
    assert (first.owner, first.due) == ("ray", date(2026, 11, 23))
    assert due_day(date(2026, 11, 14)) == date(2026, 11, 23)  # a Saturday: the Saturday after becomes Monday
    assert due_day(date(2026, 11, 15)) == date(2026, 11, 23)  # a Sunday
    assert due_day(MONDAY).weekday() == 0


def test_the_example_is_a_colleagues_where_the_rep_has_none():
    first = rep(report(*everybody()), "tyler").recommendations[0]
    assert first.example_rep_id in ("joyce", "alicia")
    assert first.example.initiative_id == "catchback"


def test_the_example_is_the_reps_own_where_there_is_one():
    told = "C 0:05 need We lose the Saturdays. / R 0:10 wall,part Nineteen of the twenty-six were Saturdays."
    own = judged("t0", "tyler", 3, "explains", told, asks_first=True)
    recommendations = rep(report(own, *reciter(), *explainer()), "tyler").recommendations
    assert {each.example_rep_id for each in recommendations} == {"tyler"}


def test_one_judged_call_is_not_enough_and_says_so():
    tyler = rep(report(reciter()[0]), "tyler")
    assert tyler.recommendations == ()
    assert tyler.no_recommendation_because == "Not enough calls yet: 1 of 2."


def test_calls_that_could_not_be_assessed_are_no_failures():
    voicemails = [judged(f"v{n}", "tyler", n, "not_assessed", reason="voicemail") for n in (1, 2, 3)]
    found = report(*voicemails)
    tyler = rep(found, "tyler")
    assert (tyler.profile.n_calls, tyler.profile.n_not_assessed, found.n_calls) == (0, 3, 0)
    assert tyler.no_recommendation_because == "Not enough calls yet: 0 of 2. 3 calls could not be assessed and count for nothing."
    assert tyler.profile.explained.share is None
    assert tyler.profile.verdicts == {"catchback": {Verdict.NOT_ASSESSED: 3}}
    assert [problem.call_id for problem in found.not_assessed] == ["v1", "v2", "v3"]


def test_one_missed_call_among_good_ones_is_no_recommendation():
    pairs = [
        *explainer(),
        judged("j3", "joyce", 20, "recites", "R 0:10 recite,wall Twenty-seven out of a hundred."),
        *explainer_later(),
    ]
    assert behaviours(report(*pairs), "joyce") == [Behaviour.SHARE_IT]


def explainer_later():
    told = "C 0:05 need We lose the Saturdays. / R 0:10 wall,part Nineteen of the twenty-six were Saturdays."
    return [judged(f"k{n}", "joyce", n, "explains", told, asks_first=True) for n in (40, 41)]


def test_a_single_call_is_called_an_impression():
    raised = judged("m1", "marcy", 6, "facts_only", "R 0:40 hammer It does holidays, too.")
    quiet = judged("m2", "marcy", 7, "not_raised")
    first = rep(report(raised, quiet), "marcy").recommendations[0]
    assert "in one call. One call is an impression, not a pattern" in first.because
    assert len(rep(report(raised, quiet), "marcy").recommendations) == 1


def test_not_raising_it_is_no_recommendation():
    quiet = [judged(f"q{n}", "marcy", n, "not_raised") for n in range(1, 9)]
    marcy = rep(report(*quiet), "marcy")
    assert marcy.recommendations == ()
    assert marcy.profile.shares[Behaviour.RAISE_IT].n == 8


def test_a_rep_without_a_team_has_no_owner_but_a_recommendation():
    pairs = [judged(f"x{n}", "stranger", n, "recites", "R 0:10 recite,wall Twenty-seven out of a hundred.") for n in (1, 2)]
    stranger = rep(report(*pairs), "stranger")
    assert stranger.recommendations[0].owner is None
    assert stranger.profile.team is None


def test_a_call_without_a_rep_is_counted_and_in_no_profile():
    found = report(judged("n1", None, 5, "recites", "R 0:10 recite,wall Twenty-seven."))
    assert (found.reps, found.n_calls, found.n_without_rep) == ((), 1, 1)


def test_a_gap_without_a_quote_is_not_recommended():
    # levels rest on evidence, a missing wall does not: nothing of the rep's can be played
    pairs = [judged(f"s{n}", "marcy", n, "stumbles", answer="none", levels=(0, 0, 0)) for n in (1, 2, 3)]
    assert rep(report(*pairs, initiatives=(CATCHBACK,)), "marcy").recommendations == ()


def test_the_same_calls_in_any_order_give_the_same_report():
    pairs = everybody()
    assert report(*pairs) == report(*reversed(pairs)) == report(*pairs[5:], *pairs[:5])


def test_no_rep_gets_more_than_two():
    assert all(len(each.recommendations) <= 2 for each in report(*everybody()).reps)


def test_each_typical_rep_alone_gets_the_same_first_thing():
    for calls, rep_id, first in (
        (reciter(), "tyler", Behaviour.LEAVE_THE_SCRIPT),
        (old_story(), "walt", Behaviour.TELL_THE_WALL),
        (catalogue(), "derek", Behaviour.ASK_BEFORE_OFFERING),
        (tour(), "marcy", Behaviour.GIVE_A_REASON_NOT_FEATURES),
    ):
        assert behaviours(report(*calls), rep_id)[0] is first
    assert behaviours(report(*improver()), "alicia") == [Behaviour.SHARE_IT]


def recommended(given=(), today=MONDAY, pairs=None):
    """What tyler is recommended, with what he was given before."""
    calls = pairs or everybody()
    hearings = hear([call for call, _ in calls], [score for _, score in calls], [CATCHBACK])
    profile = roll_up("tyler", hearings, [CATCHBACK], COMPANY)
    found = recommend(profile, hearings, [CATCHBACK], COMPANY, today=today, given=given)
    return [each.behaviour for each in found]


def test_what_was_given_lately_stays_in_its_place():
    given = [Given(rep_id="tyler", initiative_id="catchback", behaviour=Behaviour.TELL_THE_WALL, since=date(2026, 11, 9))]
    assert recommended()[0] is Behaviour.LEAVE_THE_SCRIPT
    assert recommended(given)[0] is Behaviour.TELL_THE_WALL


def test_after_two_weeks_the_choice_is_free_again():
    given = [Given(rep_id="tyler", initiative_id="catchback", behaviour=Behaviour.TELL_THE_WALL, since=date(2026, 10, 30))]
    assert recommended(given)[0] is Behaviour.LEAVE_THE_SCRIPT


def test_what_the_calls_now_show_is_not_held():
    given = [Given(rep_id="tyler", initiative_id="catchback", behaviour=Behaviour.LEAVE_THE_SCRIPT, since=date(2026, 11, 9))]
    said = "C 0:34 need I got three bays going. / R 0:40 hammer,part They text you back."
    now = [judged(f"t{n}", "tyler", n, "partial", said) for n in (44, 45)]
    assert Behaviour.LEAVE_THE_SCRIPT not in recommended(given, pairs=[*everybody(), *now])


def test_what_is_given_again_keeps_its_day_until_the_hold_is_over():
    first = rep(report(*everybody()), "tyler").recommendations
    begun = now_given(first, (), date(2026, 11, 9))
    assert [(each.since, each.place) for each in begun] == [(date(2026, 11, 9), 0), (date(2026, 11, 9), 1)]
    assert now_given(first, begun, MONDAY) == begun
    assert {each.since for each in now_given(first, begun, date(2026, 11, 23))} == {date(2026, 11, 23)}
