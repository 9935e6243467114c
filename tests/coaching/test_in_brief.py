"""One line each on an initiative in the brief: what holds it back, how far it is told, where it goes; nothing said twice."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from coaching_calls import CATCHBACK, COMPANY, everybody, judged, report

from callcoach.coaching.heard import hear
from callcoach.coaching.momentum import in_stretches
from callcoach.coaching.report import standing_lines
from callcoach.coaching.shares import shares_of
from callcoach.domain.calibration import Gate, GateState, Phase
from callcoach.domain.coaching import Estimate
from callcoach.domain.diagnosis import Adoption, Cause, Direction, Momentum

GATE = Gate(
    initiative_id="catchback",
    state=GateState.DEFINED,
    phase=Phase.SUSTAIN,
    reason="CatchBack is not calibrated.",
    next_step="callcoach calibrate new catchback",
    withheld=True,
    owner="ray",
)
SIX = Estimate(n=18, share=0.7, low=0.5, high=0.9, count=14)
OFTEN = Adoption(consistent=3, reps=6, too_few=0, threshold=0.5, least_calls=8, mentioned=SIX, explained=SIX)
RISING = Momentum(direction=Direction.RISING, before=SIX, now=SIX, sure=0.95, streak=1, since=date(2026, 10, 20))


def lines(found, **changes):
    finding = next(each for each in found.initiatives if each.initiative_id == "catchback")
    return standing_lines(replace(finding, **changes), found, COMPANY)


def test_what_holds_it_back_comes_with_one_next_step_and_its_owner():
    held, after, *_ = lines(report(*everybody()))
    assert held == (
        "What holds it back: coaching of single reps. 4 of 6 reps explain it in fewer than a third of their calls, while others "
        "show that it can be done."
    )
    assert after.startswith("Next (Ray Delgado): Coach rep by rep")


def test_adoption_and_momentum_are_said_where_they_say_something():
    found = lines(report(*everybody()), adoption=OFTEN, momentum=RISING)
    assert found[2].startswith("3 of 6 reps consistently explain it")
    assert found[2].endswith("It was mentioned in 14 of 18 calls.")
    assert found[3].startswith("Rising, likely: 70% to 70%")


def test_what_faded_after_its_kick_off_is_said_and_what_held_is_not():
    faded = replace(RISING, direction=Direction.FALLING)
    found = report(*everybody())
    assert lines(found, after_kick_off=faded)[-1] == (
        "Explained in 70% of calls in the weeks after the launch or latest kick-off, 70% since Oct 20 (18 and 18 calls): it "
        "fades, likely."
    )
    assert not any("kick-off" in line for line in lines(found, after_kick_off=replace(RISING, direction=Direction.STEADY)))


def test_a_gate_that_is_not_open_is_named_and_its_reason_is_not_repeated():
    found = report(*everybody(), gates={"catchback": GATE})
    assert (
        lines(found)[0]
        == "Not coached yet: it is not shown yet that people hear the same in a call. The reason stands with its gate."
    )
    assert not any("calibrate" in line or "holds it back" in line for line in lines(found))
    finding = found.initiatives[0]
    assert finding.diagnosis.cause is Cause.REPS
    assert finding.diagnosis.reps == () and "calibrate new catchback" in finding.diagnosis.next_action
    assert all(not step.evidence for step in finding.diagnosis.steps if "single reps" in step.question)


def test_stretches_are_whole_weeks_with_calls_enough_and_leave_none_out():
    calls = [judged(f"c{n}", ("tyler", "joyce")[n % 2], 5 + n, "explains" if n % 3 else "recites") for n in range(40)]
    hearings = hear([call for call, _ in calls], [score for _, score in calls], [CATCHBACK])
    found = in_stretches(shares_of(hearings, COMPANY), "catchback")
    assert 2 <= len(found) <= 6
    assert sum(stretch.explained.n for stretch in found) == 40
    assert all(later.first == earlier.last + timedelta(days=1) for earlier, later in pairwise(found))
    assert all((stretch.last - stretch.first).days + 1 >= 7 for stretch in found)
