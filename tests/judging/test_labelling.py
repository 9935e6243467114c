from datetime import UTC, date, datetime

import pytest

from callcoach.domain.story import Component, Criterion, Initiative, ValueStory
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.judging.labelling import (
    complete,
    find_quote,
    label_of,
    next_question,
    one_back,
    pages,
    questions,
    unanswered,
)
from callcoach.testing import make_call

CATCHBACK = Initiative(
    id="catchback",
    name="CatchBack",
    launched=date(2026, 10, 5),
    story=ValueStory(wall="Calls rang out.", hammer="A text goes out.", part="Their own count."),
    criteria=(Criterion(id="count", about="part", question="Was their own count named?"),),
)
CALL = make_call("rep 0:04 You missed  thirty-seven. / customer 0:07 What does that do for me? / rep 0:10 They text you back.")
ALL = {
    "verdict": "explains",
    "wall": "2",
    "hammer": "2",
    "part": "1",
    "asked_why": "yes",
    "answer": "full",
    "criterion:count": "unclear",
    "quote": "",
    "note": "",
}


def names(answers: dict[str, str]) -> list[str]:
    return [question.name for question in questions(CATCHBACK, answers)]


def test_each_answer_leads_to_the_next_question_and_nothing_is_asked_in_vain():
    assert names(ALL) == list(ALL)
    assert "answer" not in names({**ALL, "asked_why": "no"})
    assert names({"verdict": "not_raised"}) == ["verdict", "quote", "note"]
    assert next_question(CATCHBACK, {}).name == "verdict"
    assert next_question(CATCHBACK, {"verdict": "explains", "wall": "2"}).name == "hammer"
    assert complete(CATCHBACK, ALL)
    assert not complete(CATCHBACK, {name: answer for name, answer in ALL.items() if name != "note"})


def test_one_step_back_takes_away_the_last_answer_and_what_hung_on_it():
    assert one_back(CATCHBACK, {"verdict": "explains", "wall": "2"}) == {"verdict": "explains"}
    assert one_back(CATCHBACK, {"verdict": "not_raised", "quote": ""}) == {"verdict": "not_raised"}
    assert one_back(CATCHBACK, {}) == {}


@pytest.mark.parametrize(
    ("answers", "typed", "kept"),
    [
        ({}, "r", "recites"),
        ({}, " Recites ", "recites"),
        ({}, "z", None),
        ({"verdict": "recites"}, "explained", "2"),
        ({"verdict": "recites"}, "3", None),
    ],
)
def test_an_answer_is_a_letter_or_a_word_and_anything_else_is_asked_again(answers, typed, kept):
    question = next_question(CATCHBACK, answers)
    assert (question.read(typed, CALL) if question else None) == kept


def test_a_quote_stands_in_the_words_or_is_no_answer():
    (quote,) = [question for question in questions(CATCHBACK, ALL) if question.name == "quote"]

    assert quote.read("You missed thirty-seven.", CALL) == "You missed thirty-seven."
    assert quote.read("“They text you back.”", CALL) == "“They text you back.”"
    assert quote.read("You missed forty.", CALL) is None
    assert quote.read("  ", CALL) == ""
    assert find_quote("They text you back.", CALL) == 2


def test_answers_make_a_label():
    made = label_of(
        CATCHBACK, ALL, call_id="c1", person_id="ann", round_id="r1", version="v1", at=datetime(2026, 11, 16, tzinfo=UTC)
    )

    assert (made.verdict, made.asked_why, made.answer) == (Verdict.EXPLAINS, True, Answer.FULL)
    assert made.levels == {Component.WALL: Level.EXPLAINED, Component.HAMMER: Level.EXPLAINED, Component.PART: Level.MENTIONED}
    assert made.criteria == {"count": None} and made.quote is None


@pytest.mark.parametrize(("verdict", "levels"), [("not_raised", dict.fromkeys(Component, Level.ABSENT)), ("not_assessed", {})])
def test_what_was_not_raised_has_no_component_and_what_cannot_be_judged_has_no_levels(verdict, levels):
    answers = {"verdict": verdict, "quote": "", "note": "voicemail"}
    made = label_of(
        CATCHBACK, answers, call_id="c1", person_id="ann", round_id="r1", version="v1", at=datetime(2026, 11, 16, tzinfo=UTC)
    )

    assert (made.levels, made.asked_why, made.criteria, made.note) == (levels, False, {}, "voicemail")


def test_pages_hold_all_turns_once_and_calls_left_are_in_order():
    assert [list(page) for page in pages(CALL, 2)] == [[0, 1], [2]]
    assert [list(page) for page in pages(CALL, None)] == [[0, 1, 2]]
    assert unanswered(CATCHBACK, ("c1", "c2", "c3"), {"c1": ALL, "c3": {"verdict": "explains"}}) == ("c2", "c3")
