"""What a judge keeps of its training: rows by call, as bytes and back."""

import numpy as np
import pytest

from callcoach.judging.heads import TurnMatrix
from callcoach.judging.rows import CallRows
from callcoach.training.call_table import CallTable, decode_table, encode_table, rows_of, table_of


def row(names: str, *values: float) -> TurnMatrix:
    return TurnMatrix(turns=(0,), names=tuple(names.split()), plain=np.array([values]), blocks={})


def rows() -> dict[str, CallRows]:
    return {
        "one": CallRows(call=row("told asked", 0.1, 0.9), conduct=row("told asked offers", 0.1, 0.9, 3.0)),
        "other": CallRows(call=row("told asked", 0.0, 0.25), conduct=row("told asked offers", 0.0, 0.25, 12.0)),
    }


def test_rows_come_back_by_call_but_for_what_half_precision_rounds_away() -> None:
    back = rows_of(decode_table(encode_table(table_of(rows()))))
    assert list(back) == ["one", "other"]
    for call_id, each in rows().items():
        for before, after in ((each.call, back[call_id].call), (each.conduct, back[call_id].conduct)):
            assert (before.turns, before.names) == (after.turns, after.names)
            assert after.plain == pytest.approx(before.plain, rel=2**-11)
    assert back["one"].call.plain[0, 0] != 0.1  # nothing finer than what is kept is ever learnt from


def test_the_same_rows_give_the_same_bytes() -> None:
    assert encode_table(table_of(rows())) == encode_table(table_of(rows()))


def test_rows_with_other_columns_are_refused() -> None:
    other = rows() | {"third": CallRows(call=row("told", 1.0), conduct=row("told offers", 1.0, 2.0))}
    with pytest.raises(ValueError, match="different columns"):
        table_of(other)
    with pytest.raises(ValueError, match="different columns"):
        table_of({"one": CallRows(call=row("asked", 1.0), conduct=row("told asked", 1.0, 2.0))})
    with pytest.raises(ValueError, match="no call to learn from"):
        table_of({})


def test_bytes_that_are_no_table_are_refused() -> None:
    with pytest.raises(ValueError, match="not the rows"):
        decode_table(encode_table(table_of(rows()))[:200])
    with pytest.raises(ValueError, match="pickle"):
        decode_table(b"nothing of the kind")
    with pytest.raises(ValueError, match="do not fit their names"):
        decode_table(encode_table(CallTable(("one",), ("told", "asked"), 1, np.zeros((2, 2), dtype=np.float16))))
