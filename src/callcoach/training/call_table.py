"""The rows that the call-level heads learnt from, kept with the judge: a team's labels are added without measuring all again.

Half precision, before anything is fitted to them: what is learnt from is what is kept. Knows nothing of files or of labels.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.judging.heads import TurnMatrix
from callcoach.judging.rows import CallRows


class CallTable(NamedTuple):
    """A row of `values`, (n_calls, n_columns), for each of `calls` (ids); the first `of_call` columns are `CallRows.call`."""

    calls: tuple[str, ...]
    columns: tuple[str, ...]
    of_call: int
    values: NDArray[np.float16]


def table_of(rows: Mapping[str, CallRows]) -> CallTable:
    """The rows by call id under each other. Raises ValueError where there are none, or columns differ."""
    if not rows:
        raise ValueError("There is no call to learn from.")
    first = next(iter(rows.values()))
    columns, of_call = first.conduct.names, len(first.call.names)
    if columns[:of_call] != first.call.names or any(each.conduct.names != columns for each in rows.values()):
        raise ValueError("Calls were measured with different columns; measure them all again.")
    values = np.concatenate([each.conduct.plain for each in rows.values()]).astype(np.float16)
    return CallTable(tuple(rows), columns, of_call, values)


def rows_of(table: CallTable) -> dict[str, CallRows]:
    """The rows by call id, as they were but for what half precision rounds away."""

    def matrix(place: int, n_columns: int) -> TurnMatrix:
        plain = table.values[place : place + 1, :n_columns].astype(np.float64)
        return TurnMatrix(turns=(0,), names=table.columns[:n_columns], plain=plain, blocks={})

    return {
        call_id: CallRows(call=matrix(place, table.of_call), conduct=matrix(place, len(table.columns)))
        for place, call_id in enumerate(table.calls)
    }


def encode_table(table: CallTable) -> bytes:
    """Arrays in a zip without pickles; the same table gives the same bytes. Column by column, which packs better."""
    body = io.BytesIO()
    np.savez_compressed(
        body,
        calls=np.array(table.calls),
        columns=np.array(table.columns),
        of_call=np.array(table.of_call),
        values=np.ascontiguousarray(table.values.T),
    )
    return body.getvalue()


def decode_table(body: bytes) -> CallTable:
    """What `encode_table` wrote. Raises ValueError or KeyError where it is none."""
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in ("calls", "columns", "of_call", "values")}
    except (OSError, zipfile.BadZipFile) as error:
        raise ValueError("not the rows that a judge learnt from") from error
    calls, columns = (tuple(str(name) for name in arrays[which]) for which in ("calls", "columns"))
    values = arrays["values"].T
    if values.shape != (len(calls), len(columns)):
        raise ValueError("the rows that a judge learnt from do not fit their names")
    return CallTable(calls, columns, int(arrays["of_call"]), values)
