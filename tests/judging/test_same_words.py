import random
import time

import pytest
from judging_values import BACKUP

from callcoach.domain.call import Transcript, Turn
from callcoach.judging.same_words import MOST_PASSAGES, SpokenCall, repeated_passages
from callcoach.testing import make_call

CANNED = (
    "A lot of shops around here lose card sales when the internet drops, so what we did is put a second line "
    "over the mobile network that takes over within eight seconds."
)


def heard(customer, said, *, before="Hello. / rep Who am I talking to? / customer It's me."):
    return SpokenCall(customer, make_call(f"customer {before} / rep {said} / customer Okay then.", call_id=customer))


def quotes(calls, passage):
    return [calls[each.call].transcript.turns[each.turn].text[each.begin : each.end] for each in passage.tellings]


def test_canned_talk_that_is_in_no_script_is_found_with_its_places():
    calls = [heard("ann", f"Sure. {CANNED} Right?"), heard("bob", f"I see, yes. {CANNED}"), heard("cy", "We never had that one.")]
    (passage,) = repeated_passages(calls, BACKUP)
    assert (passage.customers, passage.in_script, passage.words) == (2, False, len(CANNED.split()))
    assert [telling.call for telling in passage.tellings] == [0, 1]
    assert quotes(calls, passage) == [CANNED.rstrip("."), CANNED.rstrip(".")]


def test_misheard_words_do_not_hide_it():
    wrong = CANNED.replace("card sales", "guard sails").replace("second line", "seconds lying").replace("eight", "ate")
    calls = [heard("ann", CANNED), heard("bob", wrong), heard("cy", CANNED)]
    (passage,) = repeated_passages(calls, BACKUP)
    assert passage.customers == 3 and passage.words >= 28


def test_the_script_read_to_several_is_said_to_be_the_scripts():
    calls = [heard(name, BACKUP.script) for name in ("ann", "bob")]
    assert [passage.in_script for passage in repeated_passages(calls, BACKUP)] == [True]


def test_one_customer_called_twice_is_one_customer():
    assert repeated_passages([heard("ann", CANNED), heard("ann", CANNED)], BACKUP) == ()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        # the way every call is handled, not the initiative
        (
            "Let me just pull up your account here, can you give me the last four digits of the number on it, please.",
            "calls",
        ),
        # read word for word because it must be
        (BACKUP.compliance, "compliance"),
        # too short to be more than a phrase
        ("A second line over the mobile network takes over.", "short"),
    ],
)
def test_what_is_no_canned_talk_is_left_out(said, why):
    assert repeated_passages([heard(name, said) for name in ("ann", "bob", "cy")], BACKUP) == (), why


def test_a_greeting_is_left_out_though_it_names_the_product():
    hello = (
        "Hi, this is Ann calling from Brightline about internet outages and card sales and a second line over the mobile network."
    )
    calls = [SpokenCall(name, make_call(f"rep {hello} / customer Yes? / rep Okay.")) for name in ("ann", "bob")]
    assert repeated_passages(calls, BACKUP) == ()


def test_a_customers_words_said_back_are_left_out():
    line = "we lose card sales when the internet drops and nobody can pay for two hours on a Saturday"
    calls = [heard(name, f"So {line}. Right.", before=f"Well, {line}, so.") for name in ("ann", "bob", "cy")]
    assert repeated_passages(calls, BACKUP) == ()


def test_the_passage_is_what_most_customers_heard():
    extra = (
        "And for shops on your street the internet outages cost a Saturday of card sales every single quarter, we counted that."
    )
    calls = [*(heard(f"c{n}", CANNED) for n in range(5)), *(heard(f"d{n}", f"{CANNED} {extra}") for n in range(2))]
    first, second = repeated_passages(calls, BACKUP)
    assert (first.customers, second.customers) == (7, 2)
    assert first.words == len(CANNED.split()) and second.words <= len(extra.split())


def test_what_many_heard_is_not_crowded_out_by_longer_passages_that_two_heard():
    short = "We put a second line over the mobile network for the card sales there."
    # a word of its own in every run of three: no two of these are alike
    longer = [
        f"the {shop} cost of {town} took {shop} sales and {town} network to {shop} outages for {town} cards in {shop}"
        for shop, town in ((f"shop{n}", f"town{n}") for n in range(MOST_PASSAGES + 5))
    ]
    calls = [heard(f"{name}{n}", text) for n, text in enumerate(longer) for name in ("ann", "bob")]
    found = repeated_passages([*calls, *(heard(f"cy{n}", short) for n in range(9))], BACKUP)
    assert len(found) == MOST_PASSAGES
    assert 9 in [passage.customers for passage in found]


def test_nothing_said_is_nothing_repeated():
    assert repeated_passages([], BACKUP) == ()
    assert repeated_passages([SpokenCall("a", Transcript(call_id="a", turns=()))], BACKUP) == ()


def test_two_thousand_calls_take_seconds():
    chance = random.Random(3)
    words = [f"w{chance.randrange(4000)}" for _ in range(40_000)]

    def call(number):
        turns = []
        for place in range(12):
            begin = chance.randrange(len(words) - 30)
            own = " ".join(chance.sample(words[begin : begin + 30], 25))
            turns.append(Turn(speaker="rep", text=f"{own} {CANNED}" if place == 5 and number % 4 == 0 else own))
            turns.append(Turn(speaker="customer", text="Okay."))
        return SpokenCall(f"c{number}", Transcript(call_id=str(number), turns=tuple(turns)))

    calls = [call(number) for number in range(2000)]
    begun = time.process_time()
    found = repeated_passages(calls, BACKUP)
    assert time.process_time() - begun < 10
    assert [passage.customers for passage in found] == [500]
