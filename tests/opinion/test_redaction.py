"""What is taken out of a call before anything leaves, and how quotes are found again in the original."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcoach.opinion.redaction import Entity, redact
from callcoach.testing import make_call


def redacted(text: str, *names: str, keep: Sequence[str] = ()) -> str:
    return redact(make_call(f"rep {text}"), names=names, keep=keep)[0].text


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # a phone number as recognisers write it
        ("Call me at 555-012-7781.", "Call me at [NUMBER_1]."),
        ("It's (555) 012 7781, okay?", "It's [NUMBER_1], okay?"),
        ("It's +44 20 7946 0958.", "It's [NUMBER_1]."),
        # spoken, digit by digit, with oh and double
        ("Five five five, oh one double two, seven seven.", "[NUMBER_1]."),
        ("My PIN is four nine two one.", "My PIN is [NUMBER_1]."),
        # a card and an account number
        ("The card is 4111 1111 1111 1111.", "The card is [NUMBER_1]."),
        ("Account WX-20931-77 it says.", "Account [NUMBER_1] it says."),
        # e-mail, written and spoken
        ("Write to ann.lee@shop.example, please.", "Write to [EMAIL_1], please."),
        ("It's ann dot lee at shop dot com.", "It's [EMAIL_1]."),
        # an address
        ("We are at 48 Old Mill Road, suite 3.", "We are at [ADDRESS_1]."),
        ("Forty eight Mill Street, come by.", "[ADDRESS_1], come by."),
        # money, years and small numbers stay: the judge needs them
        (
            "It's $1,250,000 over 3 years, 27 of 100 callers, since 2019.",
            "It's $1,250,000 over 3 years, 27 of 100 callers, since 2019.",
        ),
        ("We lost 12,500 dollars in two weeks.", "We lost 12,500 dollars in two weeks."),
        # a name nobody listed, in an introduction
        ("Hi, this is Priya Raman from Wrenfield.", "Hi, this is [PERSON_1] from Wrenfield."),
        # not a name
        ("I'm Sorry about that. This is Monday.", "I'm Sorry about that. This is Monday."),
    ],
)
def test_what_is_taken_out(said: str, left: str) -> None:
    assert redacted(said) == left


def test_known_names_go_whole_or_in_parts_and_the_product_stays() -> None:
    said = "Dana, tell Mr. Whitlock that Mark likes CatchBack. dana whitlock said so. He marks it."
    assert redacted(said, "Dana Whitlock", "Mark Catch", keep=["CatchBack", "catch back"]) == (
        "[PERSON_1], tell Mr. [PERSON_2] that [PERSON_3] likes CatchBack. [PERSON_4] said so. He marks it."
    )


def test_a_name_from_one_turn_is_known_in_all() -> None:
    turns = redact(make_call("customer My name is Oksana. / rep Thanks, Oksana. Is Oksana with an s?"), names=())
    assert [turn.text for turn in turns] == ["My name is [PERSON_1].", "Thanks, [PERSON_1]. Is [PERSON_1] with an s?"]
    assert [turn.who for turn in turns] == ["customer", "rep"]


class Finder:
    fingerprint = "by hand"

    def entities(self, text: str) -> list[Entity]:
        place = text.find("Springfield")
        return [Entity(place, place + 11, "PLACE")] if place >= 0 else []


def test_a_finder_adds_what_no_list_names() -> None:
    (turn,) = redact(make_call("rep They moved to Springfield."), names=(), finder=Finder())
    assert turn.text == "They moved to [PLACE_1]."
    (turn,) = redact(make_call("rep They moved to Springfield."), names=(), keep=["Springfield Plan"], finder=Finder())
    assert turn.text == "They moved to Springfield."


def test_a_quote_with_a_placeholder_is_the_original_words() -> None:
    (turn,) = redact(make_call("rep Well, Marlene, half of your callers ring 555-012-7781 instead."), names=["Marlene"])
    begin = turn.text.index("[PERSON_1], half")
    end = turn.text.index(" instead")
    span = turn.original_span(begin, end)
    assert span is not None and turn.original[slice(*span)] == "Marlene, half of your callers ring 555-012-7781"
    assert turn.original_span(begin + 1, end) is None


@given(
    st.lists(
        st.sampled_from(
            ["Marlene", "called", "555-012-7781", "two", "five", "nine", "eight", "at", "48 Mill Road", "a@b.co", "é’s", "$5,000"]
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_is_left_stands_in_the_original_where_it_says(words: list[str]) -> None:
    (turn,) = redact(make_call(f"rep {' '.join(words)}"), names=["Marlene"])
    assert "Marlene" not in turn.text and "555" not in turn.text
    assert turn.original_span(0, len(turn.text)) == (0, len(turn.original))
    for piece in turn.pieces:
        if not piece.is_placeholder:
            assert turn.text[piece.begin : piece.end] == turn.original[piece.original_begin : piece.original_end]
