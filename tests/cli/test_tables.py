import io
from dataclasses import replace
from datetime import date, datetime

import pytest
from rich.console import Console

from callcoach.cli.tables import clock, print_report, print_score, print_weights
from callcoach.coaching.canned import with_said_again
from callcoach.coaching.report import morning_report
from callcoach.domain.call import Call
from callcoach.domain.coaching import CallProblem, Moment, SaidAgain
from callcoach.domain.people import Company, Person, PersonRole, Team
from callcoach.domain.story import Component, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Behaviours, CallScore, Evidence, Level, Reaction, Verdict
from callcoach.weights.verify import FileCheck, FileStatus

COMPANY = Company(
    name="Wren & Field",
    teams=(Team(id="river", name="River", manager="ray"),),
    people=(
        Person(id="ray", name="Ray Delgado", role=PersonRole.MANAGER),
        Person(id="tyler", name="Tyler Boone", role=PersonRole.REP, team="river"),
    ),
)
CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 1),
    owner="ray",
    priority=1,
    story=ValueStory(wall="Twenty-seven of every hundred calls rang out.", hammer="A text goes out.", part="Their own count."),
)
NEED = "I got three bays going and one kid on the counter, and the phone rings, and nobody gets it, that's what you're saying."
NASTY = "So that's why we built it. [red]bold[/red] \x1b[2J\x1b[31m :smile: " + "x" * 120


def recited(call_id, day, quote="Perfect. So that's why we built CatchBack."):
    call = Call(call_id=call_id, content=call_id, started_at=datetime.fromisoformat(f"2026-10-{day:02}T09:00"), rep_id="tyler")
    score = CallScore(
        call_id=call_id,
        initiative_id="catchback",
        verdict=Verdict.RECITES,
        confidence=0.8,
        why_score=20.0,
        levels={Component.WALL: Level.ABSENT, Component.HAMMER: Level.MENTIONED, Component.PART: Level.ABSENT},
        asked_why=False,
        answer=Answer.NOT_ASKED,
        behaviours=Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False),
        evidence=(
            Evidence(act="need", turn=5, quote=NEED, start=34.0, end=46.0),
            Evidence(act="recite", turn=6, quote=quote, start=47.0, end=59.0, reply_to=5),
            Evidence(act="hammer", turn=6, quote=quote, start=47.0, end=59.0, reply_to=5),
        ),
        statements=("The longest run of words shared with the script has 14 words.",),
    )
    return call, score


def printed(*pairs, width=80, problems=(), **how):
    out = io.StringIO()
    report = morning_report(
        today=date(2026, 11, 16),
        calls=[call for call, _ in pairs],
        scores=[score for _, score in pairs],
        initiatives=[CATCHBACK],
        company=COMPANY,
        problems=problems,
        new_calls=len(pairs),
        versions={},
    )
    print_report(Console(file=out, width=width, **how), report, COMPANY, [CATCHBACK])
    return out.getvalue()


def test_a_rep_is_shown_with_verdicts_recommendation_quotes_times_and_intent():
    text = printed(recited("a", 5), recited("b", 6))
    assert "Tyler Boone (River) ---" in text
    assert "CatchBack: recites 2\n" in text
    assert "1. Let go of the CatchBack script and follow the customer\n" in text
    assert "   Why it matters: Twenty-seven of every hundred calls rang out.\n" in text
    assert "     0:34  Customer: “I got three bays going" in text
    assert "     0:47  Tyler Boone: “Perfect. So that's why we built CatchBack.”\n" in text
    assert "   Ray Delgado, by Mon, Nov 23.\n" in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_it_fits_eighty_columns_and_a_narrower_terminal(width):
    lines = printed(recited("a", 5), recited("b", 6), width=width).splitlines()
    assert max(len(line) for line in lines) <= min(width, 80)
    assert not [line for line in lines if line != line.rstrip()]


def test_a_pipe_gets_plain_lines():
    text = printed(recited("a", 5), recited("b", 6))
    assert "\x1b" not in text
    assert not set("─│┌┐└┘━┃╭╮") & set(text)


def test_a_terminal_gets_colour(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[33mrecites 1" in printed(recited("a", 5), force_terminal=True, color_system="standard")


def test_a_quote_cannot_colour_or_clear_the_terminal():
    text = printed(recited("a", 5, NASTY), recited("b", 6, NASTY))
    assert "\x1b" not in text
    assert "[red]bold[/red]" in text
    assert ":smile:" in text


def test_no_calls_and_a_problem_are_said():
    problem = CallProblem(call_id="bad.wav", sentence="bad.wav is a text file. Export it again.")
    text = printed(problems=[problem])
    assert "0 calls judged. 0 new today.\n" in text
    assert "- bad.wav: bad.wav is a text file. Export it again.\n" in text


def test_one_score_is_shown_with_its_quotes():
    out = io.StringIO()
    print_score(Console(file=out, width=80), recited("a", 5)[1])
    text = out.getvalue()
    assert text.startswith(
        "recites  catchback  80% sure\nwall absent, hammer mentioned, part absent, nobody asked why\n- The longest run"
    )
    assert "  0:47 recite   “Perfect. So that's why we built CatchBack.”\n" in text


def test_a_score_says_what_the_customer_did_and_whether_it_needs_a_person():
    out = io.StringIO()
    did = Reaction(pitch_turn=6, turn=7, quote=f"Huh. {NASTY}", words=2, asked=True, asked_why=True, stayed=True, start=61.0)
    score = replace(recited("a", 5)[1], needs_person="The judge is only 40% sure.", reaction=did)
    print_score(Console(file=out, width=200), score)
    text = " ".join(out.getvalue().split())
    assert "Needs a person: The judge is only 40% sure." in text
    assert "Right after the pitch the customer said 2 words at 1:01, asked why or what it means for them and stayed" in text
    assert "\x1b" not in out.getvalue()


def test_the_same_words_to_several_customers_stand_beside_the_rep():
    pairs = [recited(call_id, day) for call_id, day in (("a", 5), ("b", 6))]
    said = tuple(
        Moment(
            call_id=call.call_id, initiative_id="catchback", started_at=call.started_at, turn=6, start=47.0, end=None, quote=NASTY
        )
        for call, _ in pairs
    )
    again = SaidAgain(rep_id="tyler", initiative_id="catchback", words=31, customers=2, in_script=False, said=said)
    report = morning_report(
        today=date(2026, 11, 16),
        calls=[call for call, _ in pairs],
        scores=[score for _, score in pairs],
        initiatives=[CATCHBACK],
        company=COMPANY,
        problems=(),
        new_calls=2,
        versions={},
    )
    out = io.StringIO()
    print_report(Console(file=out, width=80), with_said_again(report, [again]), COMPANY, [CATCHBACK])
    text = " ".join(out.getvalue().split())
    assert "Says the same 31 words about CatchBack to 2 customers; it does not stand in the script." in text
    assert "(a 0:47, b 0:47)" in text and "\x1b" not in text


def test_weights_are_shown_with_the_repairing_command():
    out = io.StringIO()
    checks = [
        FileCheck(model="whisper-base", path="data/model.bin", status=FileStatus.OK),
        FileCheck(model="judge", path="acts.json", status=FileStatus.ALTERED, repair="callcoach train"),
    ]
    print_weights(Console(file=out, width=80), checks)
    assert out.getvalue() == (
        "ok       whisper-base: data/model.bin\naltered  judge: acts.json\n         Repair: callcoach train\n"
    )


def test_a_time_that_is_not_known_is_a_dash():
    assert [clock(None), clock(66.5)] == ["-", "1:06"]
