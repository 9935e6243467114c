from dataclasses import replace

from coaching_calls import CATCHBACK, COMPANY, SAFESEAT, UNREADY, everybody, explainer, judged, rep, report

from callcoach.coaching.report import actions
from callcoach.domain.call import CallKind
from callcoach.domain.coaching import Behaviour
from callcoach.domain.diagnosis import Cause

LATER = CATCHBACK.launched.replace(month=12)

GUY = "C 0:45 ask,need We've got a guy. What would it do that he doesn't? / R 0:50 stumble,answer It's, um, peace of mind. "


def stuck(*reps, calls_each=1):
    """Each of them is asked the same question and has no answer."""
    return [
        judged(f"s{again}-{name}", name, 5 + n, "stumbles", GUY, about="safeseat", answer="none", customer="Cordell Title")
        for again in range(calls_each)
        for n, name in enumerate(reps)
    ]


def told(call_id, person, levels, about="safeseat"):
    """A leader's recording with these levels."""
    return judged(
        call_id,
        person,
        1,
        "partial",
        "R 0:20 wall It is about insurers.",
        about=about,
        levels=levels,
        kind=CallKind.LEADER_RECORDING,
    )


def finding(of, initiative_id):
    return next(each for each in of.initiatives if each.initiative_id == initiative_id)


def test_many_reps_of_both_teams_at_the_same_question_is_the_leaders_move():
    found = finding(report(*stuck("tyler", "alicia", "derek", "marcy")), "safeseat")
    assert (found.for_leaders, found.owner, found.point) == (True, "carol", Behaviour.ANSWER_THE_WHY)
    assert found.headline == (
        "SafeSeat stops at the same point with 4 of 4 reps, in 2 teams: when a customer asks why, no answer comes that fits them."
    )
    assert "“We've got a guy. What would it do that he doesn't?”" in found.next_step
    assert {moment.rep_id for moment in found.moments} == {"tyler", "alicia", "derek", "marcy"}


def test_no_rep_is_coached_for_what_is_the_leaders():
    found = report(*stuck("tyler", "alicia", "derek", "marcy"), *everybody())
    assert {each.initiative_id for r in found.reps for each in r.recommendations} == {"catchback"}
    tyler = rep(report(*stuck("tyler", "alicia", "derek", "marcy", calls_each=2)), "tyler")
    assert tyler.no_recommendation_because == "SafeSeat is with the leaders, not with the rep."


def test_the_reps_share_leaves_out_what_is_the_leaders():
    alone = rep(report(*explainer()), "joyce").profile
    with_safeseat = rep(report(*explainer(), *stuck("tyler", "alicia", "derek", "marcy", "joyce")), "joyce").profile
    assert (with_safeseat.explained.count, with_safeseat.explained.n) == (alone.explained.count, alone.explained.n) == (2, 2)
    assert with_safeseat.left_to_leaders == ("safeseat",)


def test_two_reps_who_fail_alike_are_coached():
    assert not finding(report(*stuck("tyler", "derek")), "safeseat").for_leaders


def test_three_reps_of_one_team_are_their_managers_while_the_other_team_manages():
    managing = [
        judged(
            f"ok-{name}",
            name,
            9,
            "explains",
            "C 0:01 ask Why? / R 0:05 answer,wall Insurers ask.",
            about="safeseat",
            answer="full",
        )
        for name in ("joyce", "derek", "marcy")
    ]
    assert not finding(report(*stuck("tyler", "alicia", "walt"), *managing), "safeseat").for_leaders


def test_what_two_reps_manage_can_be_told_and_is_coaching():
    found = finding(report(*everybody()), "catchback")
    assert not found.for_leaders
    assert found.headline == "CatchBack can be explained: 2 of 6 reps did so in at least one call."
    assert (found.reps_explaining, found.reps, found.n_raised, found.n_calls) == (2, 6, 17, 17)


def test_an_unready_field_makes_it_the_leaders_even_if_a_few_manage():
    unready = replace(CATCHBACK, readiness=UNREADY)
    found = finding(report(*everybody(), initiatives=(unready,)), "catchback")
    assert found.for_leaders
    assert found.reasons[:3] == (
        "The materials were ready on Oct 12, 11 days after the launch.",
        "Customers could hear of it from Sep 25, before the field was told on Sep 28.",
        "Before the launch there were 20 minutes of training in all.",
    )


def test_leaders_who_do_not_tell_the_why_are_named_and_what_two_reps_manage_is_still_coached():
    recordings = [told("kickoff", "carol", (0, 1, 0), "catchback"), told("huddle", "ray", (0, 0, 1), "catchback")]
    found = finding(report(*everybody(), *recordings), "catchback")
    assert not found.for_leaders
    assert found.diagnosis.cause is Cause.REPS
    assert found.leaders_say == "2 leaders were recorded on CatchBack: none of them said why it exists."


def test_leaders_who_do_not_tell_the_why_are_the_cause_where_hardly_anybody_manages():
    recordings = [told("kickoff", "carol", (0, 1, 0)), told("huddle", "ray", (0, 0, 1))]
    found = finding(report(*stuck("tyler", "alicia", "derek", "marcy", calls_each=2), *recordings), "safeseat")
    assert (found.diagnosis.cause, found.diagnosis.owner) == (Cause.LEADERS, "carol")
    assert "have every leader tell the same one" in found.diagnosis.next_action
    assert found.diagnosis.next_action == found.next_step


def test_leaders_who_differ_are_named_with_what_each_told():
    recordings = [told("kickoff", "carol", (2, 1, 0)), told("huddle", "ray", (0, 0, 1))]
    found = finding(report(*stuck("tyler", "alicia", "derek"), *recordings), "safeseat")
    assert found.leaders_say == (
        "2 leaders were recorded on SafeSeat, and they differ: Carol Landry said why it exists, Ray Delgado did not."
    )
    assert [telling.person_id for telling in found.leaders] == ["ray", "carol"]  # by call id on the same day


def test_a_leader_is_no_rep_and_a_recording_no_call():
    found = report(told("kickoff", "carol", (2, 1, 2)))
    assert (found.reps, found.n_calls, found.n_leader_recordings) == ((), 0, 1)
    assert finding(found, "safeseat").headline == "No call could be judged for SafeSeat yet."


def test_a_recording_that_could_not_be_judged_is_not_a_leader_who_said_nothing():
    unheard = judged(
        "kickoff", "carol", 1, "not_assessed", about="safeseat", kind=CallKind.LEADER_RECORDING, reason="unreadable audio"
    )
    found = finding(report(*stuck("tyler"), unheard), "safeseat")
    assert found.leaders[0].levels is None
    assert found.leaders_say is None


def test_an_initiative_that_came_up_early_coaches_nobody():
    later = replace(CATCHBACK, launched=LATER)
    found = report(*everybody(), initiatives=(later,))
    assert all(not each.recommendations for each in found.reps)
    assert any(flagged.reason.startswith("CatchBack came up") for flagged in found.flagged)


def test_the_leaders_move_comes_first_today_then_coaching_then_praise():
    found = report(*everybody(), *stuck("tyler", "alicia", "derek", "marcy"))
    listed = actions(found, COMPANY)
    assert listed[0].owner == "carol"
    assert [action.subject for action in listed if action.subject] == ["Derek Rep", "Marcy Rep", "Tyler Rep", "Walt Rep"]
    praise = [action.sentence for action in listed if action.sentence.startswith("Tell ")]
    assert len(praise) == 2
    assert listed[-1].sentence.startswith("Listen to ")


def test_no_calls_at_all_is_a_report_too():
    found = report()
    assert (found.n_calls, found.reps, found.initiatives, found.first_day) == (0, (), (), None)


def test_a_raised_initiative_nobody_explains_with_too_few_reps_says_so():
    found = finding(report(*stuck("tyler", "derek"), initiatives=(SAFESEAT,)), "safeseat")
    assert found.headline == (
        "No call explains SafeSeat yet. It came up in 2 of 2 calls, with too few reps alike to say that the story is the cause."
    )


def test_before_the_lag_has_passed_a_shared_point_has_one_next_step_and_no_leader_is_named_for_it():
    fresh = replace(SAFESEAT, readiness=replace(SAFESEAT.readiness, expected_lag_days=90))
    found = finding(report(*stuck("tyler", "alicia", "derek", "marcy", calls_each=2), initiatives=(CATCHBACK, fresh)), "safeseat")
    assert (found.for_leaders, found.diagnosis.cause) == (True, Cause.TOO_EARLY)
    assert found.next_step == found.diagnosis.next_action
    assert found.next_step == "Conclude nothing from calls on SafeSeat before Dec 30, when its lag has passed."


def test_a_judge_that_people_do_not_agree_with_breaks_the_chain_first():
    known = {"catchback": 0.1, "safeseat": None}
    calls = (*explainer(), *everybody(), *stuck("tyler", "alicia"))
    assert finding(report(*calls, with_machine=known), "catchback").diagnosis.cause is Cause.MEASUREMENT
    assert finding(report(*calls, with_machine={"catchback": 0.7}), "catchback").diagnosis.cause is not Cause.MEASUREMENT
