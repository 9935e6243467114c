import pytest

from callcoach.web.byte_ranges import Unsatisfiable, byte_range


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        (None, None),
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=10-1000", (10, 99)),  # a last byte behind the end is the end
        ("bytes=-10", (90, 99)),
        ("bytes=-1000", (0, 99)),
        ("Bytes = 5 - 6", (5, 6)),
        ("bytes=100-", Unsatisfiable.RANGE),
        ("bytes=-0", Unsatisfiable.RANGE),
        ("bytes=20-10", None),  # no range at all: the whole file
        ("bytes=0-1,5-6", None),  # several: the whole file, as the standard allows
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=0-" + "9" * 40, None),
    ],
)
def test_a_range_header_asks_for(header, asked):
    assert byte_range(header, 100) == asked


def test_an_empty_file_has_no_byte_to_give():
    assert byte_range("bytes=0-", 0) is Unsatisfiable.RANGE
