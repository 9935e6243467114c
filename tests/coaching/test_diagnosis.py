from dataclasses import replace
from datetime import date

import pytest
from coaching_calls import COMPANY, MONDAY, SAFESEAT, UNREADY, judged

from callcoach.coaching.diagnosis import Surroundings, diagnose, failing_reps, too_early
from callcoach.coaching.heard import hear
from callcoach.coaching.readiness import judged_from, standing
from callcoach.coaching.shares import shares_of
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.coaching import LeaderTelling
from callcoach.domain.diagnosis import Cause, Question
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
