import re
from dataclasses import replace

import pytest
from judging_values import BACKUP, judge, signals

from callcoach import judging
from callcoach.judging.statements import LONGEST_EXCERPT, excerpt
from callcoach.judging.wording import words_of
from callcoach.testing import make_call

CALL = make_call(
    """rep 0:02 Hi Dale, this is Ann at Brightline. When did your internet last go down?
    customer 0:08 Saturday before Easter. A line out the door, and the card machine was dead for two hours, and I stood there.
    rep 0:20 Okay. Forty-one of sixty owners we asked had a Saturday like that, which is a lot of people angry with us about it.
    customer 0:34 Huh. Okay. And what would that do for me, really?
    rep 0:39 Um. Your card machine would have been back before the second customer got her wallet out, and you would have sold on.
    customer 0:47 Okay. That I get.""",
    call_id="dale",
)
TOLD = {1: {"need": 0.9}, 2: {"wall": 0.9, "hammer": 0.7}, 3: {"ask": 0.95}, 4: {"part": 0.9, "answer": 0.9}}
LINKS = {4: (1, 0.6)}
QUOTED = re.compile(r"“([^“”]*)”")


def chain(call=CALL, told=TOLD, links=LINKS, heads=None, initiative=BACKUP):
    return judging.score(call, initiative, signals(call, told, links), heads or judge("explains", "222", asked="yes")).statements


def test_the_chain_names_turns_and_quotes_the_very_words():
    wall, hammer, part, link, script, why, pause, end = chain()
    assert wall == ("Wall (why it exists) told in turn 2: “Forty-one of sixty owners we asked had a Saturday like that”.")
    assert hammer.startswith("Hammer (what the company does) told in turn 2: “")
    assert part.startswith("Part (what it means for this customer) told in turn 4: “Your card machine would have been back")
    assert link == (
        "“Your card machine would have been back before the second customer got her wallet out” (turn 4) takes up the "
        "customer's “A line out the door, and the card machine was dead for two hours” (turn 1)."
    )
    assert script == "The script was not read: no run of words was copied."
    assert why.startswith(
        "The customer asked why or what it means for them, “And what would that do for me, really?” (turn 3); that was answered"
    )
    assert pause.startswith("The pause before the answer was ")
    assert end == "So the customer heard why this exists and why it matters to them."


def test_every_quote_is_verbatim_short_and_in_the_turn_it_names():
    for heads in (judge("explains", "222", asked="yes"), judge("stumbles", "010", asked="yes", answer="none")):
        for statement in chain(heads=heads):
            for quote in QUOTED.findall(statement):
                assert len(words_of(quote)) <= LONGEST_EXCERPT
                assert any(quote in turn.text for turn in CALL.turns)
            for quote, turn in re.findall(r"“([^“”]*)” \(turn (\d+)\)", statement):
                assert quote in CALL.turns[int(turn)].text


def test_the_same_call_gives_the_same_sentences():
    assert chain() == chain()


def test_what_is_not_told_is_said_to_be_not_told_without_a_quote():
    told = chain(heads=judge("facts_only", "010"))
    assert told[0] == "Wall (why it exists) not told." and told[2] == "Part (what it means for this customer) not told."


def test_a_script_that_was_read_is_quoted_from_its_first_word():
    call = make_call(
        "rep 0:02 Hi Dale, I have something new for you today. / customer 0:06 We were down all Saturday. / "
        "rep 0:09 I understand. What that means for you is peace of mind and a business that never stops. / "
        "customer 0:16 If you say so."
    )
    said = chain(
        call, {1: {"need": 0.8}, 2: {"recite": 0.9, "part": 0.7, "wall": 0.4, "hammer": 0.4}}, {}, judge("recites", "111")
    )
    assert (
        "15 words in a row are the script's, “What that means for you is peace of mind and a business that never stops” "
        "(turn 2); 88% of that turn is script." in said
    )
    assert not any(statement.startswith("Sounds read out") for statement in said), "the copied turn is told once"


def test_without_a_script_nothing_is_said_of_reading_it():
    assert "There is no script to compare with." in chain(initiative=replace(BACKUP, script=""))


def test_the_short_run_that_was_copied_is_shown():
    call = replace(
        CALL, turns=(*CALL.turns[:4], replace(CALL.turns[4], text="It is peace of mind and I can say no more.", words=()))
    )
    said = chain(call, {1: {"need": 0.9}, 4: {"part": 0.9}}, {})
    assert any(
        re.fullmatch(r"The script was not read: longest copied run \d words, “.*peace of mind.*” \(turn 4\)\.", s) for s in said
    )


@pytest.mark.parametrize(
    ("quote", "about", "expected"),
    [
        ("It is thirty dollars.", set(), "It is thirty dollars"),  # short: whole
        # the clause that shares the wanted words
        (
            "Well, you know how it is with these things, I drive propane, and nobody asks me about any of it",
            {"propan"},
            "I drive propane",
        ),
        # no clause is short enough: the first words
        (" ".join(f"word{n}" for n in range(20)), set(), " ".join(f"word{n}" for n in range(LONGEST_EXCERPT))),
        ("?", set(), "?"),
    ],
)
def test_an_excerpt_is_the_telling_clause(quote, about, expected):
    found = excerpt(quote, about)
    assert expected in found and found in quote


def test_no_statement_speaks_of_turns_that_are_not_there():
    n_turns = len(CALL.turns)
    for statement in chain():
        assert all(int(number) < n_turns for number in re.findall(r"turns? (\d+)", statement))
