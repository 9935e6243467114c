from dataclasses import replace
from datetime import date

import pytest
from coaching_calls import COMPANY, MONDAY, NEED, SAFESEAT, UNREADY, judged, report
from coaching_calls import rep as rep_of

from callcoach.coaching.diagnosis import Surroundings, diagnose, failing_reps, too_early
from callcoach.coaching.heard import hear
from callcoach.coaching.misheard import misheard_teams
from callcoach.coaching.readiness import judged_from, standing
from callcoach.coaching.shares import shares_of
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.coaching import LeaderTelling
from callcoach.domain.diagnosis import Alike, Cause, Question
from callcoach.domain.story import Component, Readiness
from callcoach.domain.verdict import Level

REPS = ("tyler", "alicia", "walt", "joyce", "derek", "marcy")
READY = replace(SAFESEAT, readiness=Readiness(announced=date(2026, 9, 20), materials_ready=date(2026, 9, 25), training=()))
AGREED = dict.fromkeys(Component, 0.8)


def calls(**of_rep):
    """Eight calls each: so many of them explain, the rest stop at the customer's why."""
    pairs = []
    for rep in REPS:
        explaining = of_rep.get(rep, of_rep.get("everybody", 0))
        for n in range(8):
            told = ("explains", "full", (2, 2, 2)) if n < explaining else ("stumbles", "none", (0, 1, 0))
            pairs.append(judged(f"{rep}-{n}", rep, 5 + 3 * n, told[0], about="safeseat", answer=told[1], levels=told[2]))
    return shares_of(hear([call for call, _ in pairs], [score for _, score in pairs], [SAFESEAT]), COMPANY)


def leaders(*walls):
    """One recording each, with this level of the reason."""
    return tuple(
        LeaderTelling(call_id=f"l{n}", person_id=f"l{n}", started_at=None, levels={c: Level(wall) for c in Component})
        for n, wall in enumerate(walls)
    )


def diagnosed(shares, initiative=READY, **around):
    return diagnose(initiative, shares, Surroundings(**{"agreement": AGREED, **around}), COMPANY, today=MONDAY)


def test_nothing_is_wrong_where_everybody_explains():
    found = diagnosed(calls(everybody=7))
    assert (found.cause, found.next_action) == (Cause.NOTHING, "Keep telling SafeSeat this way, and say so to the field.")
    assert [step.question for step in found.steps] == list(Question)


def test_what_people_do_not_agree_on_comes_before_everything_else():
    found = diagnosed(calls(everybody=0), replace(SAFESEAT, readiness=UNREADY), agreement={**AGREED, Component.PART: 0.3})
    assert (found.cause, found.owner) == (Cause.DEFINITION, "carol")
    defined = found.steps[1]
    assert defined.sentence == "People who label the same calls do not agree on what it means for the customer."
    assert defined.evidence == ("What it means for the customer: kappa 0.30, at least 0.60 is needed.",)


def test_an_unready_field_comes_before_its_leaders_and_its_reps():
    found = diagnosed(calls(everybody=0), replace(SAFESEAT, readiness=UNREADY), told=leaders(0, 0, 0))
    assert found.cause is Cause.READINESS
    assert "The materials were ready on Oct 12, 11 days after the launch." in found.steps[2].evidence


def test_an_unready_field_that_explains_all_the_same_is_no_cause():
    assert diagnosed(calls(everybody=7), replace(SAFESEAT, readiness=UNREADY)).cause is Cause.NOTHING


def test_leaders_who_do_not_tell_it_come_before_the_reps():
    found = diagnosed(calls(everybody=0, joyce=7), told=leaders(0, 1, 0, 2))
    assert (found.cause, found.reps) == (Cause.LEADERS, ())
    assert found.steps[3].sentence == "2 of 4 leaders recorded on SafeSeat told what it means for the customer."


def test_many_who_fail_alike_with_leaders_who_tell_it_is_training():
    found = diagnosed(calls(everybody=0), told=leaders(2, 2, 2))
    assert (found.cause, found.point) == (Cause.TRAINING, Behaviour.ANSWER_THE_WHY)
    assert found.next_action.startswith("Practise SafeSeat with the whole field at this point")


def test_one_who_fails_among_good_ones_is_coached_by_the_own_manager():
    found = diagnosed(calls(everybody=7, derek=0))
    assert (found.cause, found.reps, found.owner) == (Cause.REPS, ("derek",), "beth")
    assert found.next_action == "Coach 1 rep on SafeSeat, each on the one thing named in their profile."


def test_no_verdict_before_the_lag_has_passed():
    fresh = replace(READY, readiness=replace(READY.readiness, materials_ready=date(2026, 11, 10)), launched=date(2026, 11, 9))
    assert too_early(fresh, MONDAY)
    assert diagnosed(calls(everybody=0), fresh).cause is Cause.TOO_EARLY


def test_calls_that_could_not_be_judged_are_a_matter_of_measurement():
    pairs = [judged(f"n{n}", "tyler", 5 + n, "not_assessed", about="safeseat") for n in range(5)]
    pairs += [judged(f"y{n}", "tyler", 15 + n, "explains", about="safeseat", levels=(2, 2, 2)) for n in range(5)]
    shares = shares_of(hear([call for call, _ in pairs], [score for _, score in pairs], [SAFESEAT]), COMPANY)
    found = diagnosed(shares)
    assert (found.cause, found.steps[0].evidence) == (Cause.MEASUREMENT, ("5 of 10 calls could not be assessed.",))


def test_with_too_few_calls_nothing_is_said():
    pairs = [judged("a", "tyler", 5, "stumbles", about="safeseat")]
    found = diagnosed(shares_of(hear([pairs[0][0]], [pairs[0][1]], [SAFESEAT]), COMPANY))
    assert (found.cause, found.steps[0].sentence) == (Cause.TOO_FEW_CALLS, "Not enough calls on SafeSeat yet: 1 of 5.")


def test_before_its_launch_nobody_is_asked_to_wait_for_calls():
    later = replace(SAFESEAT, launched=date(2026, 12, 1))
    found = diagnose(later, shares_of(hear([], [], [later]), COMPANY), Surroundings(), COMPANY, today=MONDAY)
    assert (found.cause, found.next_action) == (Cause.TOO_FEW_CALLS, "SafeSeat starts on Dec 1: calls are judged from then on.")


def test_what_nobody_labelled_is_unknown_and_not_sound():
    found = diagnosed(calls(everybody=7), agreement=None)
    assert found.steps[1].sound is None
    assert "Nobody has labelled calls on SafeSeat blind yet" in found.steps[1].sentence


@pytest.mark.parametrize(("explaining", "named"), [(0, True), (5, False), (7, False)])
def test_a_rep_is_named_only_where_it_is_sure(explaining, named):
    assert ("derek" in failing_reps(calls(everybody=7, derek=explaining), "safeseat")) is named


def test_where_something_else_comes_first_the_chain_names_no_rep_and_asks_nothing_of_them():
    for around in ({"agreement": {**AGREED, Component.PART: 0.3}}, {"told": leaders(2, 2, 2)}):
        found = diagnosed(calls(everybody=0), **around)
        step = next(each for each in found.steps if each.question is Question.REPS)
        assert found.cause in (Cause.DEFINITION, Cause.TRAINING)
        assert (step.sound, step.evidence, step.sentence.split(":")[0]) == (None, (), "Not asked yet")


def test_before_the_lag_has_passed_no_step_is_called_broken():
    fresh = replace(READY, launched=date(2026, 11, 9))
    found = diagnosed(calls(everybody=7, derek=0), fresh)
    assert (found.cause, found.reps) == (Cause.TOO_EARLY, ())
    assert not any(step.sound is False for step in found.steps)
    assert not any("Derek" in evidence for step in found.steps for evidence in step.evidence)
    assert found.next_action == "Conclude nothing from calls on SafeSeat before Nov 23, when its lag has passed."


def test_a_stated_lag_counts_and_the_gate_and_the_chain_name_the_same_day():
    slow = replace(READY, readiness=replace(READY.readiness, expected_lag_days=60))
    assert judged_from(slow) == standing(slow, today=MONDAY).verdicts_from == date(2026, 11, 30)
    assert too_early(slow, MONDAY) and not too_early(READY, MONDAY)
    assert standing(READY, today=MONDAY).verdicts_from is None


def test_others_show_that_it_can_be_done_only_where_one_does():
    assert "others show" in diagnosed(calls(everybody=7, derek=0)).steps[5].sentence
    pairs = [judged(f"d{n}", "derek", 5 + 3 * n, "stumbles", about="safeseat", answer="none") for n in range(8)]
    alone = diagnosed(shares_of(hear([call for call, _ in pairs], [score for _, score in pairs], [SAFESEAT]), COMPANY))
    assert (alone.cause, alone.steps[5].sentence) == (
        Cause.REPS,
        "1 of 1 rep explain it in fewer than a third of their calls.",
    )


def test_what_is_said_of_leaders_is_what_they_told():
    mentioned = diagnosed(calls(everybody=0), told=leaders(1, 1)).steps[3]
    assert mentioned.sentence.startswith("All 2 leaders recorded on SafeSeat told ") and "only mentioned it" in mentioned.sentence
    most = diagnosed(calls(everybody=7), told=leaders(2, 2, 0)).steps[3]
    assert (most.sound, most.sentence.split(" on ")[0]) == (True, "2 of 3 leaders recorded")


ELSEWHERE = Alike(agreed=34, n=40)


def test_a_judge_that_errs_for_one_team_is_a_matter_of_measurement_and_names_no_rep():
    found = diagnosed(calls(everybody=7, tyler=0, alicia=0), alike={"river": Alike(agreed=3, n=14), "ridge": ELSEWHERE})
    assert (found.cause, found.reps) == (Cause.MEASUREMENT, ())
    assert found.steps[0].evidence == (
        "Of the labelled calls of River the judge gives people’s verdict in 3 of 14, of the others’ in 34 of 40: "
        "do their recordings differ?",
    )


def test_a_little_less_agreement_in_one_team_is_chance():
    found = diagnosed(calls(everybody=7), alike={"river": Alike(agreed=8, n=14), "ridge": ELSEWHERE})
    assert found.cause is Cause.NOTHING
    assert misheard_teams({"river": Alike(agreed=0, n=4), "ridge": ELSEWHERE}) == ()
    assert misheard_teams({"river": Alike(agreed=0, n=40)}) == ()


def test_where_one_whole_team_seems_to_fail_its_recordings_are_asked_about_sooner():
    alike = {"river": Alike(agreed=3, n=6), "ridge": Alike(agreed=33, n=40)}
    assert misheard_teams(alike) == ()
    assert [team for team, *_ in misheard_teams(alike, "river")] == ["river"]
    one_team = diagnosed(calls(everybody=7, tyler=0, alicia=0), alike=alike)
    assert one_team.cause is Cause.MEASUREMENT
    both_teams = diagnosed(calls(everybody=7, tyler=0, joyce=0), alike=alike)
    assert both_teams.cause is Cause.REPS


def test_nobody_is_coached_on_what_was_measured_unsoundly():
    pairs = [judged(f"t{n}", "tyler", 5 + n, "recites", f"{NEED}/ R 0:47 recite,hammer So.") for n in range(6)]
    pairs += [judged(f"j{n}", "joyce", 5 + n, "not_assessed") for n in range(6)]
    found = report(*pairs)
    assert found.initiatives[0].diagnosis.cause is Cause.MEASUREMENT
    assert rep_of(found, "tyler").recommendations == ()
    sound = report(*pairs[:6])
    assert rep_of(sound, "tyler").recommendations


def test_where_all_is_told_and_nothing_is_sold_the_strategy_is_asked_about():
    pairs = []
    for name in REPS:
        for n in range(96):
            told = ("explains", "full", (2, 2, 2)) if n % 4 else ("partial", "partial", (1, 1, 1))
            call, score = judged(f"{name}-{n}", name, 1 + n % 40, told[0], about="safeseat", answer=told[1], levels=told[2])
            # every third call is won, told or not
            pairs.append((replace(call, outcome="won" if (n // 4) % 3 == 0 else "lost"), score))
    shares = shares_of(hear([call for call, _ in pairs], [score for _, score in pairs], [SAFESEAT]), COMPANY)
    found = diagnosed(shares)
    assert found.cause is Cause.STRATEGY
    assert "did not buy" in found.next_action
