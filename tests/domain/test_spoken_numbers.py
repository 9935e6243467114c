"""Digits one after the other, as recognisers write them and as people say them."""

import pytest

from callcoach.domain.erasure import Forgotten, phones_in
from callcoach.domain.spoken_numbers import digit_strings, said_digits


@pytest.mark.parametrize(
    ("text", "strings"),
    [
        ("It's four one five, five five five, oh one double two.", ["4155550122"]),
        ("415 five five five 0199", ["4155550199"]),
        ("triple seven, five-five-five", ["777555"]),
        ("Oh seven seven double oh, nine hundred", ["07700900"]),
        # an exclamation is no zero
        ("Oh, five people", ["5"]),
        # numbers of two digits, and with "and"
        ("twenty two fifteen", ["2215"]),
        ("forty-eight", ["48"]),
        ("one hundred and four", ["104"]),
        ("two thousand and one", ["2001"]),
        # what people say between
        ("seven oh two, um, then five five five", ["702555"]),
        ("three one two dash five five five", ["312555"]),
        # amounts, times and versions are no strings; round numbers, years and short figures with commas are lists
        ("$29.99 and 4,200 at 10:30, version 3.11.2, 12.5 percent", []),
        ("100, 200, 300", ["100", "200", "300"]),
        ("2019, 2020", ["2019", "2020"]),
        ("15, 20, 25", ["15", "20", "25"]),
        # digits that belong to a word
        ("my 401k and the 5th", []),
        ("four dogs, one cat", ["4", "1"]),
    ],
)
def test_strings(text: str, strings: list[str]) -> None:
    found = list(digit_strings(text))
    assert [each.digits for each in found] == strings
    assert all(0 <= each.begin < each.end <= len(text) for each in found)


def test_said_digits_stand_where_they_say() -> None:
    text = "On 12 May we said four one five, five five five, oh one double two. 415-555-0199"
    (found,) = [each for each in said_digits(text) if len(each.digits) > 3]
    assert text[found.begin : found.end] == "four one five, five five five, oh one double two. 415-555-0199"
    assert [each.digits for each in said_digits("415-555-0199 in figures")] == []


def test_a_phone_number_that_was_said_is_forgotten_like_a_written_one() -> None:
    said = "Call four one five, five five five, oh one double two, or +1 415 555 0199."
    assert [digits for _, _, digits in phones_in(said)] == ["155550122", "155550199"]
    forgotten = Forgotten(phones=frozenset({"155550122"}))
    covered = forgotten.covered(said)
    assert len(covered) == len(said) and covered.startswith("Call ████ ███ ████,") and covered.endswith("or +1 415 555 0199.")
    assert forgotten.scrubbed(said) == "Call [erased], or +1 415 555 0199."
    assert list(phones_in("two hundred dollars for fourteen months, twenty four seven")) == []
