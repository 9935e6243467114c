import pytest

from callcoach.judging.wording import content_stems, figures, manner, stem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eleven hundred people", {1100}),  # spoken hundreds
        ("1,100 people and 27 percent", {1100, 27}),  # written
        ("thirty-four a month", {34}),  # hyphenated
        ("two thousand five hundred", {2500}),
        ("a hundred and twenty credits", {120}),
        ("twenty-seven, three forty-nine", {27, 3, 49}),  # a price said as two figures
        ("no figure here", set()),
    ],
)
def test_figures_said_and_written_meet(text: str, expected: set[int]) -> None:
    assert figures(text) == expected


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("missing") == stem("missed") == stem("misses")
    assert stem("customer's") == stem("customers") == stem("customer")


def test_small_talk_has_no_content() -> None:
    assert content_stems("Yeah, okay, right. Well, let me see. Mm-hmm.") == frozenset()
    assert content_stems("the casket spray") == {stem("casket"), stem("spray")}


def test_manner_counts() -> None:
    counts = manner("Um, I'd have to check, you know. Because, uh, you asked? Thirty dollars.")
    assert (counts.fillers, counts.hedges, counts.questions, counts.figures, counts.causal) == (3, 1, 1, 1, 1)
