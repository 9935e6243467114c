import io
from dataclasses import replace
from datetime import UTC, date, datetime

import msgspec
from coaching_calls import CATCHBACK, COMPANY, SAFESEAT, everybody, judged, report
from rich.console import Console

from callcoach.batch.report_page import render
from callcoach.cli.report import print_standing
from callcoach.coaching.heard import hear
from callcoach.coaching.standing import standing
from callcoach.domain.calibration import Gate, GateState, Override, Phase

GATE = Gate(
    initiative_id="catchback",
    state=GateState.DEFINED,
    phase=Phase.SUSTAIN,
    reason="CatchBack is not calibrated.",
    next_step="callcoach calibrate new catchback",
    withheld=True,
)
REPS = ("tyler", "alicia", "walt", "joyce", "derek", "marcy")


def stands(reps=REPS, about=("catchback", "safeseat"), pairs=(), gates=None):
    pairs = pairs or everybody()
    hearings = hear([call for call, _ in pairs], [score for _, score in pairs], [CATCHBACK, SAFESEAT])
    return standing(report(*pairs, gates=gates), hearings, [CATCHBACK, SAFESEAT], COMPANY, reps=set(reps), about=set(about))


def printed(found, **how):
    console = Console(file=io.StringIO(), width=200)
    print_standing(console, found, COMPANY, **how)
    return console.file.getvalue()


def test_an_initiative_is_shown_with_its_chain_one_next_action_and_its_owner():
    text = printed(stands(reps=()))
    assert "It was mentioned in 17 of 17 calls." in text
    assert "  ok is the measurement sound: 17 of 17 calls could be judged." in text
    assert "   ? is the story defined: Nobody has labelled calls on CatchBack blind yet" in text
    assert "What holds it back: coaching of single reps." in text
    assert "Next (Ray Delgado): Coach 4 reps on CatchBack, each on the one thing named in their profile." in text


def test_reps_come_by_team_and_name_and_nobody_is_ranked_on_a_few_calls():
    found = stands()
    assert [each.name for each in found.reps] == [
        "Derek Rep", "Joyce Rep", "Marcy Rep", "Alicia Rep", "Tyler Rep", "Walt Rep",
    ]  # fmt: skip
    assert {each.too_few for each in found.reps} == {f"Not enough calls yet: {n} of 8." for n in (2, 3, 5)}


def test_one_rep_is_shown_alone_with_strengths_before_what_to_coach():
    text = printed(stands(reps=("alicia",), about=()))
    assert "Tyler" not in text
    assert text.index("+ Now explains CatchBack") < text.index("> Keep explaining CatchBack")


def test_in_a_reps_own_report_the_rep_comes_first_and_the_chain_is_left_out():
    text = printed(stands(reps=("alicia",)), of_one_rep=True)
    assert text.index("Alicia Rep") < text.index("What holds it back: ")
    assert "is the measurement sound" not in text and "It was mentioned in" not in text


def test_every_rep_and_initiative_has_its_shares_part_by_part():
    found = stands(about=("catchback",))
    joyce = next(each for each in found.reps if each.name == "Joyce Rep")
    assert set(joyce.told) == {"catchback"}
    assert joyce.told["catchback"]["wall"].n == joyce.told["catchback"]["explains"].n
    assert found.initiatives[0].told["explains"].n == 17


def test_a_team_has_shares_of_its_own_where_all_of_it_is_shown_and_nothing_is_withheld():
    whole = stands(about=("catchback",)).initiatives[0]
    assert set(whole.by_team) == {"river", "ridge"}
    assert sum(each["explains"].n for each in whole.by_team.values()) == whole.told["explains"].n
    assert set(stands(reps=("tyler", "alicia", "walt"), about=("catchback",)).initiatives[0].by_team) == {"river"}
    # of two of three the third could be told
    assert stands(reps=("tyler", "alicia"), about=("catchback",)).initiatives[0].by_team == {}
    assert stands(gates={"catchback": GATE}, about=("catchback",)).initiatives[0].by_team == {}


def test_a_rep_report_names_no_colleague_in_the_chain():
    everybody = stands().initiatives[0].finding.diagnosis.steps
    alone = stands(reps=("alicia",)).initiatives[0].finding.diagnosis.steps
    assert any("Tyler" in evidence for step in everybody for evidence in step.evidence)
    assert not any("Tyler" in evidence for step in alone for evidence in step.evidence)


def test_all_of_it_is_json():
    found = msgspec.json.decode(msgspec.json.encode(stands(), order="deterministic"))
    catchback = found["initiatives"][0]
    assert catchback["finding"]["diagnosis"]["cause"] == "reps"
    assert catchback["wins"]["difference"] is None
    assert catchback["finding"]["adoption"]["mentioned"]["n"] == 17


def stopped_alike():
    """Eight calls of each rep on CatchBack that stop at the customer's why, but for those of joyce."""
    said = "C 1:00 ask And that does what for {rep}? / R 1:06 answer,stumble It is a good deal, says {rep}."
    told = "C 1:00 ask What for? / R 1:06 wall,part,answer Thirty-seven of yours rang out, says joyce."
    return [
        judged(f"{rep}-{n}", rep, 5 + 3 * n, "explains", told, answer="full")
        if rep == "joyce"
        else judged(f"{rep}-{n}", rep, 5 + 3 * n, "stumbles", said.format(rep=rep), answer="none")
        for rep in REPS
        for n in range(8)
    ]


def test_a_rep_report_holds_no_word_of_a_colleague():
    for pairs in (everybody(), stopped_alike()):
        for rep in REPS:
            found = msgspec.json.encode(stands(reps=(rep,), pairs=pairs), order="deterministic").decode()
            others = [other for other in REPS if other != rep]
            assert not [other for other in others if other.title() in found or f"says {other}" in found or f'"{other}"' in found]


def test_the_next_step_in_a_rep_report_quotes_no_customer_of_a_colleague():
    assert "“And that does what for derek?”" in stands(pairs=stopped_alike()).initiatives[0].finding.next_step
    for rep in REPS:
        finding = stands(reps=(rep,), pairs=stopped_alike()).initiatives[0].finding
        assert finding.next_step == finding.diagnosis.next_action
        assert not any(f"for {other}?" in finding.next_step for other in REPS if other != rep)
        assert finding.next_step.startswith("Write down the one answer to ")


def test_what_is_left_to_the_leaders_shows_no_share_of_a_rep():
    found = stands(pairs=stopped_alike())
    assert found.initiatives[0].finding.for_leaders and len(found.initiatives[0].finding.moments) > 1
    assert all(not each.told and not each.momentum for each in found.reps)


def test_what_is_withheld_shows_no_share_of_a_rep_and_its_reason_stands_in_the_report():
    found = stands(gates={"catchback": GATE})
    assert all(not each.told and not each.momentum for each in found.reps)
    assert "because it is not shown yet that people hear the same in a call. CatchBack is not calibrated." in printed(found)


def test_an_override_is_named_in_the_report():
    override = Override(
        initiative_id="catchback",
        by="carol",
        because="Two teams pilot it.",
        at=datetime(2026, 11, 1, tzinfo=UTC),
        until=date(2026, 12, 1),
    )
    found = stands(gates={"catchback": replace(GATE, withheld=False, override=override)})
    said = "by override of Carol Landry on Nov 1 until Dec 1: Two teams pilot it."
    assert said in printed(found)
    assert said in render(found, title="Wren", company=COMPANY)
