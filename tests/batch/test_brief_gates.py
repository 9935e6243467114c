"""The gate, an override and corrections on every screen that they change; all text from people is hostile."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rich.console import Console
from test_brief import CATCHBACK, COMPANY, REPORT

from callcoach.batch.brief import render_html, render_markdown
from callcoach.cli.tables import print_report
from callcoach.domain.calibration import DefinitionProblem, Gate, GateState, Override, Phase
from callcoach.domain.review import Correction
from callcoach.domain.verdict import Verdict

GATE = Gate(
    initiative_id="catchback",
    state=GateState.DEFINED,
    phase=Phase.SUSTAIN,
    reason="CatchBack is not calibrated: nobody has labelled calls for it blind, 2 are needed.",
    next_step="callcoach calibrate new catchback --calls 20 --people A,B",
    withheld=True,
    owner="ray",
    readiness=("Launched on Oct 5.", "Its file does not say the expected lag in days."),
)
OVERRIDE = Override(
    initiative_id="catchback",
    by="ray",
    because="Pilot <b>now</b> | **bold** \x1b[31m",
    at=datetime(2026, 11, 15, tzinfo=UTC),
    until=date(2026, 12, 1),
)
CORRECTION = Correction(
    call_id="wren-01",
    initiative_id="catchback",
    machine=Verdict.RECITES,
    person=Verdict.PARTIAL,
    by="ray",
    at=datetime(2026, 11, 16, tzinfo=UTC),
    because="She <i>asks</i>.",
    others={"joyce": Verdict.EXPLAINS},
)


def shown(gate: Gate, *, corrections: tuple[Correction, ...] = ()) -> dict[str, str]:
    """The same report on every screen."""
    report = replace(REPORT, gates=(gate,), corrections=corrections)
    terminal = io.StringIO()
    print_report(Console(file=terminal, width=200), report, COMPANY, [CATCHBACK])
    return {
        "html": render_html(report, initiatives=[CATCHBACK], company=COMPANY),
        "markdown": render_markdown(report, initiatives=[CATCHBACK], company=COMPANY),
        "terminal": " ".join(terminal.getvalue().split()),
    }


@pytest.mark.parametrize("screen", ["html", "markdown", "terminal"])
def test_state_reason_and_next_command_are_on_every_screen(screen: str) -> None:
    page = shown(GATE)[screen]

    for words in ("defined", "nobody has labelled calls for it blind", "callcoach calibrate new catchback", "expected lag"):
        assert words in page.replace("\\", ""), words
    assert "not coached yet: it is not shown yet that people hear the same in a call" in page


@pytest.mark.parametrize("screen", ["html", "markdown", "terminal"])
def test_an_override_is_named_and_dated_at_the_gate_and_beside_what_it_lets_through(screen: str) -> None:
    page = shown(replace(GATE, withheld=False, override=OVERRIDE))[screen]

    assert "by override of Ray Delgado on Nov 15 until Dec 1" in page
    # in the rep's card, and beside the recommendation it lets through
    assert page.count("coached by override of Ray Delgado until Dec 1") == 2
    assert "<b>now</b>" not in page or screen == "terminal"
    assert "\x1b[31m" not in page


@pytest.mark.parametrize("screen", ["html", "markdown", "terminal"])
def test_what_people_do_not_agree_on_stands_with_its_owner(screen: str) -> None:
    problem = DefinitionProblem(about="part", sentence="People do not agree on part of CatchBack: kappa 0.41 on 20 calls.")
    page = shown(replace(GATE, state=GateState.COACHING, withheld=False, next_step=None, problems=(problem,)))[screen]

    assert "kappa 0.41 on 20 calls" in page
    assert "Ray Delgado owns it" in page
    assert "Mend the definition of CatchBack: part (what it means for the customer)." in page
    assert "not coached" not in page


@pytest.mark.parametrize("screen", ["html", "markdown", "terminal"])
def test_a_correction_tells_the_persons_word_from_the_machines(screen: str) -> None:
    page = shown(GATE, corrections=(CORRECTION,))[screen]

    assert "CatchBack: partly by Ray Delgado on Nov 16, recites by the judge." in page
    assert "Others differ: Joyce Tanaka explains." in page
    assert "<i>asks</i>" not in page or screen == "terminal"


def test_without_gates_a_brief_says_nothing_of_them() -> None:
    page = render_html(REPORT, initiatives=[CATCHBACK], company=COMPANY)

    assert "Defined, calibrated" not in page and "Corrected by people" not in page
