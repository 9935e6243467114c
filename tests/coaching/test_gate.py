"""Defined, calibrated, then coach: the states, what they withhold, and what a report then still shows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from coaching_calls import CATCHBACK, COMPANY, MONDAY, SAFESEAT, everybody, judged, rep

from callcoach.coaching import gate_wording
from callcoach.coaching.gate import Thresholds, Waiting, gate, withheld_behaviours
from callcoach.coaching.readiness import sentences, standing
from callcoach.coaching.report import actions, morning_report
from callcoach.domain.calibration import Agreement, Figure, Gate, GateState, Override, Phase
from callcoach.domain.coaching import Behaviour, MorningReport
from callcoach.domain.definition import Severity, StoryFinding
from callcoach.domain.review import Correction
from callcoach.domain.story import Component, Initiative, Published, Readiness
from callcoach.domain.verdict import Verdict

DEFINED = replace(
    CATCHBACK, published=(Published(version=CATCHBACK.version, on=date(2026, 10, 1), by="ray"),), readiness=Readiness()
)


def figure(about: str, kappa: float | None, *, n: int = 20) -> Figure:
    return Figure(about=about, n=n, agreed=0.9, kappa=kappa, alpha=kappa, low=None, high=None)


def agreed(
    verdict: float | None = 0.8,
    *,
    people: int = 2,
    calls: int = 20,
    raised: int = 9,
    machine: float | None = 0.6,
    machine_n: int = 20,
    **others: float | None,
) -> Agreement:
    return Agreement(
        initiative_id="catchback",
        people=tuple(f"p{n}" for n in range(people)),
        n_calls=calls,
        n_raised=raised,
        people_people=(figure("verdict", verdict), *(figure(about, kappa) for about, kappa in others.items())),
        people_machine=(figure("verdict", machine, n=machine_n),),
        n_labels=people * calls,
    )


def finding(severity: str, component: Component | None = None) -> StoryFinding:
    return StoryFinding(
        initiative_id="catchback",
        kind="part_fits_anyone",
        component=component,
        words=(),
        sentence="The part could be told to any customer.",
        better=None,
        severity=Severity(severity),
    )


def stands(
    initiative: Initiative = DEFINED,
    agreement: Agreement | None = None,
    *,
    findings: tuple[StoryFinding, ...] = (),
    overrides: tuple[Override, ...] = (),
    today: date = MONDAY,
    waiting: Waiting | None = None,
) -> Gate:
    return gate(
        initiative,
        findings=findings,
        agreement=agreement,
        overrides=overrides,
        thresholds=Thresholds(),
        today=today,
        waiting=waiting,
    )


@pytest.mark.parametrize(
    ("found", "state", "reason", "step"),
    [
        # the check refuses the story
        (stands(findings=(finding("refuse"),)), "drafted", "is not complete", "callcoach initiative check catchback"),
        # vague as a whole
        (stands(findings=(finding("vague"),)), "drafted", "is vague", "callcoach initiative check catchback"),
        # nobody has published it
        (stands(replace(DEFINED, published=())), "drafted", "nobody has published it", "initiative publish catchback --by ray"),
        # one sentence was changed since
        (
            stands(replace(DEFINED, script="Something new."), agreed()),
            "drafted",
            "changed after it was published on Oct 1",
            "publish",
        ),
        # nobody has labelled a call
        (stands(), "defined", "nobody has labelled", "callcoach calibrate new catchback --calls 20 --people A,B"),
        # one person alone
        (stands(agreement=agreed(people=1, calls=0)), "defined", "1 person has labelled", "calibrate new"),
        # a round is open
        (
            stands(waiting=Waiting(round_id="catchback-1", people=("ben",))),
            "defined",
            "waits for ben",
            "callcoach calibrate label catchback-1 --person ben",
        ),
        # too few calls, and too few in which it came up
        (stands(agreement=agreed(calls=12)), "defined", "12 calls were labelled", "calibrate new"),
        (stands(agreement=agreed(raised=2)), "defined", "came up in 2 of the 20", "calibrate new"),
        # people differ, or said the same throughout so that nothing was tested
        (
            stands(agreement=agreed(0.41)),
            "defined",
            "kappa 0.41 on 20 calls, 0.60 is needed",
            "callcoach calibrate show catchback",
        ),
        (stands(agreement=agreed(None)), "defined", "nothing was tested", "calibrate new"),
        # the judge does not agree with the people
        (stands(agreement=agreed(machine=0.2)), "defined", "measurement of CatchBack is not sound", "calibrate show"),
        # it starts later, or its lag has not passed, or its field is not ready
        (stands(replace(DEFINED, launched=date(2026, 11, 23)), agreed()), "calibrated", "it starts on Nov 23", None),
        (
            stands(replace(DEFINED, readiness=Readiness(expected_lag_days=60)), agreed()),
            "calibrated",
            "no verdict on reps before Nov 30",
            None,
        ),
        (stands(replace(DEFINED, readiness=Readiness(field_ready=date(2026, 12, 1))), agreed()), "calibrated", "Dec 1", None),
        (stands(replace(DEFINED, ended=date(2026, 11, 1)), agreed()), "calibrated", "It ended on Nov 1", None),
        # all of it
        (stands(agreement=agreed()), "coaching", "2 people agree on the verdict of CatchBack (kappa 0.80 on 20 calls)", None),
        # how the judge does is not known yet, which holds nothing up
        (stands(agreement=agreed(machine=None)), "coaching", "is not known yet", None),
        (stands(agreement=agreed(machine=0.1, machine_n=3)), "coaching", "2 people agree", None),
    ],
)
def test_each_state_has_its_reason_and_the_command_that_comes_next(found, state, reason, step):
    assert found.state == state
    assert reason in found.reason
    assert (step is None and found.next_step is None) or step in found.next_step
    assert found.withheld == (state != "coaching")


def test_what_people_do_not_agree_on_goes_to_the_owner_and_is_not_coached():
    found = stands(agreement=agreed(part=0.41, answer=0.7, wall=None))

    assert found.state is GateState.COACHING
    (problem,) = found.problems
    assert problem.about == "part" and "People do not agree on part" in problem.sentence and "kappa 0.41" in problem.sentence
    assert withheld_behaviours({"catchback": found}) == {"catchback": {Behaviour.LINK_TO_CUSTOMER}}


def test_what_its_text_leaves_open_is_the_owners_too():
    found = stands(agreement=agreed(), findings=(finding("vague", Component.PART), finding("note")))

    assert found.state is GateState.COACHING
    assert [problem.about for problem in found.problems] == ["part"]
    assert "could be told to any customer" in found.problems[0].sentence


def test_a_criterion_people_dispute_is_named_and_takes_nothing_from_an_agreed_level():
    found = stands(agreement=agreed(**{"criterion:count": 0.1, "part": 0.9}))

    assert [problem.about for problem in found.problems] == ["criterion:count"]
    assert withheld_behaviours({"catchback": found}) == {}


def test_an_override_opens_the_gate_until_its_day_and_hides_no_problem():
    word = Override(
        initiative_id="catchback",
        by="ada",
        because="Pilot with one team.",
        at=datetime(2026, 11, 15, tzinfo=UTC),
        until=date(2026, 11, 16),
    )
    found = stands(agreement=agreed(0.41, part=0.2), overrides=(word,))
    assert (found.state, found.withheld, found.override) == (GateState.DEFINED, False, word)
    assert withheld_behaviours({"catchback": found}) == {"catchback": {Behaviour.LINK_TO_CUSTOMER}}

    assert stands(overrides=(word,), today=date(2026, 11, 17)).withheld, "the day has passed"
    ended = replace(word, at=datetime(2026, 11, 16, tzinfo=UTC), until=date(2026, 11, 15))
    assert stands(overrides=(word, ended)).withheld, "the latest word counts"
    assert stands(agreement=agreed(), overrides=(word,)).override is None, "where it changes nothing it is not named"


@pytest.mark.parametrize(
    ("today", "phase"),
    [
        (date(2026, 9, 30), Phase.PREPARE),
        (date(2026, 10, 1), Phase.LAUNCH),
        (date(2026, 10, 18), Phase.LAUNCH),
        (date(2026, 10, 19), Phase.SUSTAIN),
        (date(2026, 12, 31), Phase.SUSTAIN),
        (date(2027, 1, 1), Phase.ENDED),
    ],
)
def test_the_phase_follows_from_the_dates_and_the_lag_begins_when_the_field_is_ready(today, phase):
    initiative = replace(
        CATCHBACK, ended=date(2026, 12, 31), readiness=Readiness(field_ready=date(2026, 10, 5), expected_lag_days=14)
    )
    assert standing(initiative, today=today).phase is phase


def test_missing_dates_are_named_and_hold_nobody_up():
    now = standing(replace(CATCHBACK, readiness=Readiness(announced=date(2026, 9, 1))), today=MONDAY)

    assert now.missing == ("training", "materials_ready", "field_ready", "market_awareness_start", "expected_lag_days")
    assert (now.phase, now.verdicts_from) == (Phase.SUSTAIN, None)
    assert "when the materials were ready" in sentences(CATCHBACK, today=MONDAY)[1]


def gated(*gates: Gate, corrections: tuple[Correction, ...] = ()) -> MorningReport:
    pairs = everybody()
    calls = {call.call_id: call for call, _ in pairs}
    return morning_report(
        today=MONDAY,
        calls=tuple(calls.values()),
        scores=tuple(score for _, score in pairs),
        initiatives=(CATCHBACK, SAFESEAT),
        company=COMPANY,
        problems=(),
        new_calls=1,
        versions={},
        gates={each.initiative_id: each for each in gates},
        corrections=corrections,
    )


def test_a_withheld_initiative_yields_no_coaching_and_keeps_verdicts_flags_and_leaders_findings():
    closed, before = gated(stands()), gated(stands(agreement=agreed()))

    assert any(each.recommendations for each in before.reps)
    assert not any(each.recommendations or each.profile.strengths for each in closed.reps)
    tyler = rep(closed, "tyler")
    assert "CatchBack is not coached on yet" in tyler.no_recommendation_because
    assert tyler.profile.verdicts == rep(before, "tyler").profile.verdicts
    assert tyler.profile.explained.share is None, "nothing is said of a rep on what is not calibrated"
    assert tyler.profile.left_to_leaders == ()
    assert closed.flagged == before.flagged
    (found,) = closed.initiatives
    assert found.for_leaders == before.initiatives[0].for_leaders
    assert "Nobody is coached on it yet" in found.next_step and "calibrate new catchback" in found.next_step
    first = actions(closed, COMPANY, {"catchback": "CatchBack"})[0]
    assert first.owner == "ray" and first.sentence.startswith(
        "Nothing on CatchBack is coached yet: it is not shown yet that people hear the same in a call. Next: callcoach"
    )


@pytest.mark.parametrize(
    ("state", "phase", "step", "said"),
    [
        (
            GateState.DRAFTED,
            Phase.SUSTAIN,
            "callcoach initiative check x",
            "on the workbench, or run callcoach initiative check x",
        ),
        (GateState.DEFINED, Phase.SUSTAIN, "callcoach calibrate show x", "go on in Calibration"),
        (GateState.CALIBRATED, Phase.LAUNCH, None, "that changes by itself on the day."),
        # what is over does not come back by itself
        (GateState.CALIBRATED, Phase.ENDED, None, "its dates say that it is too early, or over. It is so."),
    ],
)
def test_what_is_withheld_says_why_and_what_to_do_without_the_words_of_the_house(state, phase, step, said):
    found = Gate(initiative_id="x", state=state, phase=phase, reason="It is so.", next_step=step, withheld=True)
    sentence = gate_wording.withheld(found)
    assert sentence.startswith("Nobody is coached on it yet, because ") and said in sentence
    assert not any(f"({name})" in sentence for name in GateState)


def test_only_what_rests_on_the_disputed_component_is_left_out():
    disputed = gated(stands(agreement=agreed(part=0.2)))
    said = {each.behaviour for one in disputed.reps for each in one.recommendations}

    assert Behaviour.LINK_TO_CUSTOMER not in said
    assert said, "the rest is coached"
    first = actions(disputed, COMPANY, {"catchback": "CatchBack"})[0]
    assert first.owner == "ray"
    assert first.sentence == "Mend the definition of CatchBack: part (what it means for the customer)."


def test_without_gates_everything_is_as_open_as_it_was():
    open_report = gated()

    assert open_report.gates == ()
    assert any(each.recommendations for each in open_report.reps)


def test_corrections_are_in_the_report_as_they_are():
    _, score = judged("t1", "tyler", 5, "recites")
    one = Correction(
        call_id=score.call_id,
        initiative_id="catchback",
        machine=Verdict.RECITES,
        person=Verdict.PARTIAL,
        by="ray",
        at=datetime(2026, 11, 16, tzinfo=UTC),
        because="He does ask.",
    )
    assert gated(corrections=(one,)).corrections == (one,)
