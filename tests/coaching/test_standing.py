import io

import msgspec
from coaching_calls import CATCHBACK, COMPANY, SAFESEAT, everybody, report
from rich.console import Console

from callcoach.cli.report import print_standing
from callcoach.coaching.heard import hear
from callcoach.coaching.standing import standing

REPS = ("tyler", "alicia", "walt", "joyce", "derek", "marcy")


def stands(reps=REPS, about=("catchback", "safeseat")):
    pairs = everybody()
    hearings = hear([call for call, _ in pairs], [score for _, score in pairs], [CATCHBACK, SAFESEAT])
    return standing(report(*pairs), hearings, [CATCHBACK, SAFESEAT], COMPANY, reps=set(reps), about=set(about))


def printed(found):
    console = Console(file=io.StringIO(), width=200)
    print_standing(console, found, COMPANY)
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


def test_every_rep_and_initiative_has_its_shares_part_by_part():
    found = stands(about=("catchback",))
    joyce = next(each for each in found.reps if each.name == "Joyce Rep")
    assert set(joyce.told) == {"catchback"}
    assert joyce.told["catchback"]["wall"].n == joyce.told["catchback"]["explains"].n
    assert found.initiatives[0].told["explains"].n == 17


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
