import random

import pytest
from judging_values import BACKUP

from callcoach.judging.own_words import own_words
from callcoach.judging.word_order import FOLLOWS, disordered
from callcoach.judging.wording import words_of

SPEECH = (
    "So we asked sixty owners what an outage cost them and forty-one said a Saturday and that is why there is a second line now "
    "over the mobile network and what it does is take over within eight seconds so your card machine is back before you notice"
)
STORY = f"{BACKUP.story.text} {SPEECH}"


def shuffled(text, seed):
    words = words_of(text)
    random.Random(seed).shuffle(words)
    return " ".join(words)


def test_speech_without_a_full_stop_is_in_order():
    assert disordered(SPEECH) == []
    assert own_words(SPEECH, []) == SPEECH


def test_most_of_the_time_words_in_no_order_are_found_though_every_second_is_a_function_word():
    found = [disordered(shuffled(STORY, seed)) for seed in range(40)]
    assert sum(map(bool, found)) > 30
    for stretches in found:
        assert all(0 <= first < last <= len(words_of(STORY)) for first, last in stretches)


def test_a_text_said_backwards_is_blanked_and_what_is_said_around_it_stays():
    backwards = " ".join(reversed(words_of(STORY)))
    left = own_words(f"It is thirty dollars a month, as I said before. {backwards}", [])
    assert left.startswith("It is thirty dollars a month")
    assert len(words_of(left)) < len(words_of(backwards)) / 2


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Okay.",
        "the the the the of of of and and",  # too short to tell
        "um, you, you know, the, the, it's, it's, I, I mean, we, we just, we, uh, the, the thing, it goes, to the, the, phone",
    ],
)
def test_little_or_halting_speech_is_left_alone(said):
    assert disordered(said) == []


def test_every_kind_has_a_number_for_every_other():
    kinds = {kind for kind, _ in FOLLOWS}
    assert len(kinds) == 13 and len(FOLLOWS) == 169
    assert all(-30 <= number <= 10 for number in FOLLOWS.values())
