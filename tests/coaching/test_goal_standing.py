"""Where goals stand in a report: what is missing, who is asked, how it goes, and what it does to what is recommended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from coaching_calls import CATCHBACK, COMPANY, MONDAY, SAFESEAT, judged, rep
from test_goals import GOAL

from callcoach.coaching import goal_wording, goals
from callcoach.coaching.goal_standing import standing, to_close, unsaid
from callcoach.coaching.heard import hear
from callcoach.coaching.recommendations import MAX_RECOMMENDATIONS
from callcoach.coaching.report import actions, morning_report
from callcoach.coaching.shares import shares_of
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.coaching import InitiativeFinding
from callcoach.domain.diagnosis import Cause, Diagnosis
from callcoach.domain.goals import GoalAct, GoalChange, GoalState, GoalVerdict

NEED = "C 0:34 need I got three bays going and one kid on the counter. "
ASK = "C 1:00 ask And that does what for me? "
HALF = f"{NEED}/ R 0:47 hammer,part You get a text for your bays. / {ASK}/ R 1:06 answer,part It texts them."
TOLD = f"{NEED}/ R 0:47 wall,hammer,part Seventy-one of them rang out. / {ASK}/ R 1:06 answer,part They text back."
AT = datetime(2026, 10, 15, 9, tzinfo=UTC)
AGREED = replace(GOAL, agreed_by=("tyler", "ray"))


def finding(for_leaders=False, diagnosis=None):
    return InitiativeFinding(
        initiative_id="catchback", n_calls=12, n_raised=12, verdicts={}, reps=3, reps_explaining=0, for_leaders=for_leaders,
        headline="", next_step="", owner=None, diagnosis=diagnosis,
    )  # fmt: skip


def calls(marks: str, since: str = "", who: str = "tyler"):
    """Calls of October before the goal and since: `+` says why it exists, `-` only how it works."""
    return [
        judged(f"{who}-{day}", who, day, "explains", TOLD, answer="full")
        if mark == "+"
        else judged(f"{who}-{day}", who, day, "partial", HALF, levels=(0, 2, 1), answer="full")
        for day, mark in [*enumerate(marks, 1), *enumerate(since, 17)]
    ]


def history(goal, act=GoalAct.AGREED, **more):
    return (GoalChange(revision=3, act=act, by="ray", at=AT, goal=goal, **more),)


def shares(pairs):
    return shares_of(hear([call for call, _ in pairs], [score for _, score in pairs], [CATCHBACK, SAFESEAT]), COMPANY)


def report(pairs, *histories, today=MONDAY):
    return morning_report(
        today=today,
        calls=[call for call, _ in pairs],
        scores=[score for _, score in pairs],
        initiatives=[CATCHBACK, SAFESEAT],
        company=COMPANY,
        problems=(),
        new_calls=0,
        versions={},
        goals=histories,
    )


def stands(goal, pairs, today=MONDAY, silent=None):
    return standing(history(goal), shares(pairs), COMPANY, today=today, unsaid=silent or {})


def test_a_draft_says_what_it_lacks_and_a_whole_goal_who_has_to_agree():
    draft = stands(replace(GOAL, due=None, agreed_by=("ray",)), calls("------"))
    assert (draft.state, draft.sentence) == (GoalState.DRAFT, "a draft: Name the day it is due.")
    waiting = stands(replace(GOAL, agreed_by=("tyler",)), calls("------"))
    assert (waiting.state, waiting.waiting_for) == (GoalState.WAITING, ("ray",))
    assert waiting.sentence == "waiting for Ray Delgado to agree"
    assert waiting.now.n == 6 and waiting.progress is None


def test_an_agreed_goal_is_told_with_how_it_goes():
    found = stands(AGREED, calls("------", "++-+++++++++"))
    assert (found.state, found.progress.verdict) == (GoalState.RUNNING, GoalVerdict.REACHED)
    assert goal_wording.stands(found) == "Reached: 0.06 to 0.90, 12 calls; wanted in 60% of 5 calls by Nov 20."


def test_no_figure_is_said_on_what_is_the_leaders_move():
    silent = unsaid({}, [finding(for_leaders=True)])
    found = stands(AGREED, calls("------", "++-+++++++++"), silent=silent)
    assert (found.progress, found.now, found.state) == (None, None, GoalState.RUNNING)
    assert "with the leaders" in found.sentence
    assert to_close([found], date(2027, 1, 1)) == (), "nor is it closed on what may not be said"


def test_what_cannot_be_relied_on_is_not_laid_at_the_leaders_door():
    doubted = Diagnosis(initiative_id="catchback", cause=Cause.MEASUREMENT, owner=None, next_action="Listen.", steps=())
    found = stands(AGREED, calls("------", "++++++"), silent=unsaid({}, [finding(diagnosis=doubted)]))
    assert (found.progress, found.sentence) == (None, goal_wording.NOT_MEASURED)
    assert unsaid({}, [finding()]) == {}


def test_a_goal_that_nobody_agreed_to_in_time_says_so():
    late = stands(replace(GOAL, agreed_by=("tyler",)), calls("------"), today=date(2026, 11, 21))
    assert late.state is GoalState.WAITING and goal_wording.DAY_HAS_PASSED in late.sentence


def test_a_goal_runs_through_its_last_day_and_is_closed_after():
    found = stands(AGREED, calls("------", "++++++"))
    assert to_close([found], GOAL.due) == ()
    assert to_close([found], GOAL.due + timedelta(days=1)) == (found,)
    waiting = stands(replace(GOAL, agreed_by=("tyler",)), calls("------", "++++++"))
    assert to_close([waiting], date(2027, 1, 1)) == ()


def test_what_is_agreed_is_not_recommended_anew_and_takes_one_of_the_two_places():
    before = rep(report(calls("---------")), "tyler")
    assert before.recommendations[0].behaviour is Behaviour.TELL_THE_WALL
    with_goal = rep(report(calls("---------"), history(AGREED)), "tyler")
    assert Behaviour.TELL_THE_WALL not in {each.behaviour for each in with_goal.recommendations}
    assert len(with_goal.recommendations) < MAX_RECOMMENDATIONS
    assert [each.goal.goal_id for each in with_goal.goals] == ["g1"]
    two = (history(AGREED), history(replace(AGREED, goal_id="g2", behaviour=Behaviour.ANSWER_THE_WHY)))
    found = rep(report(calls("---------"), *two), "tyler")
    assert (found.recommendations, found.no_recommendation_because) == ((), "Nothing new beside what is agreed.")


def test_what_nobody_agreed_to_yet_and_what_is_past_its_day_change_nothing_that_is_recommended():
    plain = rep(report(calls("---------")), "tyler").recommendations
    waiting = history(replace(GOAL, agreed_by=("tyler",)))
    assert rep(report(calls("---------"), waiting), "tyler").recommendations == plain
    later = date(2026, 11, 23)
    past = rep(report(calls("---------"), history(AGREED), today=later), "tyler").recommendations
    assert [each.behaviour for each in past] == [each.behaviour for each in plain]


def test_the_days_list_says_the_goal_before_what_is_new_and_asks_who_has_to_agree():
    found = report(calls("------", "+-+-+-++-+-+"), history(replace(AGREED, target=0.9)))
    lines = [(line.owner, line.subject, line.sentence) for line in actions(found, COMPANY) if line.about == "tyler"]
    assert len(lines) == 1
    owner, subject, sentence = lines[0]
    assert (owner, subject) == ("ray", "Tyler Rep")
    assert sentence.startswith("The goal “Say why CatchBack exists before saying how it works.”: improved, likely: ")
    without = found_of_leaders_move()
    assert not [line for line in actions(without, COMPANY) if "The goal" in line.sentence]
    asked = report(calls("---------"), history(replace(GOAL, agreed_by=("tyler",))))
    assert (
        "ray",
        "Agree to the goal of Tyler Rep “Say why CatchBack exists before saying how it works.”, or edit it.",
    ) in {(line.owner, line.sentence) for line in actions(asked, COMPANY)}


def found_of_leaders_move():
    """Everybody leaves the why out alike, in both teams, so that it is not the reps' to mend."""
    everybody = [pair for who in ("tyler", "alicia", "walt", "joyce", "derek", "marcy") for pair in calls("------", "----", who)]
    found = report(everybody, history(AGREED))
    assert [finding.initiative_id for finding in found.initiatives if finding.for_leaders] == ["catchback"]
    return found


def test_a_closed_goal_is_told_for_two_weeks_with_what_it_was_closed_on():
    found = goals.progress(AGREED, shares(calls("------", "++++++")), today=MONDAY)
    closed = history(goals.closed(AGREED, found, today=MONDAY), GoalAct.CLOSED, progress=found)
    # what is judged otherwise later does not change how it ended
    (told,) = rep(report(calls("------", "------"), closed), "tyler").goals
    assert goal_wording.stands(told).startswith("Closed Nov 16: reached: 0.06 to 0.9")
    assert told.goal.verdict is GoalVerdict.REACHED
    spoken = [line.sentence for line in actions(report(calls("---------"), closed), COMPANY)]
    assert any(sentence.startswith("Talk over how the goal “Say why") for sentence in spoken)
    assert rep(report(calls("---------"), closed, today=MONDAY + timedelta(days=14)), "tyler").goals
    assert not rep(report(calls("---------"), closed, today=MONDAY + timedelta(days=15)), "tyler").goals


def test_a_rep_with_a_goal_and_no_call_yet_is_told_of_too():
    found = rep(report(calls("---------"), history(replace(GOAL, rep_id="walt", agreed_by=("ray",)))), "walt")
    assert found.goals[0].waiting_for == ("walt",)
    assert (found.recommendations, found.profile.n_calls) == ((), 0)


def test_a_goal_cannot_be_on_what_no_call_misses():
    assert goals.missing(replace(GOAL, behaviour=Behaviour.SHARE_IT)) == ("Name one behaviour that can be heard in a call.",)
    with pytest.raises(ValueError, match="without a behaviour"):
        goals.progress(replace(GOAL, behaviour=Behaviour.SHARE_IT), shares(calls("---")), today=MONDAY)


def test_what_a_recommendation_says_of_a_goal_is_taken_and_the_rest_is_asked_for():
    first = rep(report(calls("---------")), "tyler").recommendations[0]
    drafted = goals.drafted(first, MONDAY)
    assert (drafted.behaviour, drafted.manager_id, drafted.why) == (first.behaviour, "ray", first.intent)
    assert goals.missing(drafted) == (
        "Name the share of calls in which it will be heard.",
        "Name how many calls will be counted, 3 or more.",
        "Name the day it is due.",
    )
