from dataclasses import replace

from judging_values import signals

from callcoach.judging.reaction import reaction
from callcoach.testing import make_call


def after(
    customer, *, told=None, close=0.3, rep_before="So when your line drops, a second line over the mobile network takes over."
):
    call = make_call(f"customer 0:00 We lost Saturday. / rep 0:05 {rep_before} / customer 0:20 {customer} / rep 0:40 Okay.")
    measured = signals(call, {1: {"hammer": 0.9}, **(told or {})})
    turns = list(measured.turns)
    turns[2] = replace(turns[2], closeness=dict.fromkeys(turns[2].closeness, close))
    return call, reaction(call, replace(measured, turns=tuple(turns)))


def test_what_the_customer_did_is_counted_and_quoted_with_its_time():
    call, found = after("Huh. And the mobile network, is that any good where I am?")
    assert found is not None
    assert (found.pitch_turn, found.turn, found.words) == (1, 2, 12)
    assert found.quote == call.turns[2].text
    assert (found.start, found.asked, found.asked_why, found.stayed) == (20.0, True, False, True)
    assert found.took_up == ("mobile", "network")


def test_a_why_question_is_told_from_another_question():
    _, found = after("And why would I want that, again?", told={2: {"ask": 0.9}})
    assert found is not None and found.asked_why and found.asked and found.stayed is True


def test_far_from_the_story_with_much_to_say_is_something_else():
    _, found = after("Anyway, listen, my invoice from March shows two charges for the printer cartridges.", close=0.05)
    assert found is not None and found.stayed is False and found.took_up == ()


def test_too_little_is_said_to_tell_whether_it_stayed():
    _, found = after("Okay, sure.", close=0.0)
    assert found is not None and found.stayed is None and not found.asked


def test_the_customers_own_words_are_not_taken_up_from_the_rep():
    _, found = after("Well, Saturday was bad.", rep_before="A Saturday like that is why there is a second line now.")
    assert found is not None and found.took_up == ()


def test_nobody_answers_and_nothing_is_pitched():
    call = make_call("customer 0:00 Hello there. / rep 0:05 A second line takes over when yours drops.")
    assert reaction(call, signals(call, {1: {"hammer": 0.9}})) is None
    assert reaction(call, signals(call, {1: {"hammer": 0.3}})) is None


def test_an_empty_turn_is_no_answer():
    call = make_call("rep 0:05 A second line takes over when yours drops. / customer 0:10  / customer 0:12 Fine, and what is it?")
    found = reaction(call, signals(call, {0: {"recite": 0.9}}))
    assert found is not None and found.turn == 2
