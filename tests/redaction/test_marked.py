"""Marked turns as they are written in a text, and what is said of a line that is none."""

import pytest

from callcoach.domain.call import Role
from callcoach.redaction.kinds import Kind
from callcoach.redaction.marked import Mark, read_marked


def test_turns_and_marks_are_read_and_comments_left_out() -> None:
    text = "# by somebody\n\nrep And your zip? / customer It's {POSTCODE:six oh six} and {PLACE:Reno}.\n"
    (item,) = read_marked(text, "items.txt")
    assert [(turn.role, turn.text) for turn in item.transcript.turns] == [
        (Role.REP, "And your zip?"),
        (Role.CUSTOMER, "It's six oh six and Reno."),
    ]
    assert item.marks == (Mark(1, 5, 15, Kind.POSTCODE), Mark(1, 20, 24, Kind.PLACE))
    assert item.of_turn(0) == [] and len(item.of_turn(1)) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("agent Hello", 'a turn begins with "rep" or "customer"'),
        ("rep Hello / customer", 'a turn begins with "rep" or "customer"'),
        ("rep It's {FAX:555}", "is no mark. Write one of PERSON,"),
        ("rep It's {PHONE: 555}", "is no mark"),
        ("rep It's {PHONE:}", "is no mark"),
        ("rep It's {PHONE:555", "a brace belongs to no mark"),
        ("rep It's {555}", "a brace belongs to no mark"),
    ],
)
def test_a_line_that_is_no_item_is_named(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"items\.txt, line 2: ") as raised:
        read_marked(f"rep Fine.\n{line}\n", "items.txt")
    assert said in str(raised.value)
