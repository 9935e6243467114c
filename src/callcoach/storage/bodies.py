"""Domain values as the JSON that is kept in `body` columns, and back. Knows no table."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

VERY_MANY = 100_000

Value = TypeVar("Value")

# made once a kind: looking a dataclass over takes six times as long as reading a call's signals into it
_DECODERS: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def body_of(value: object) -> str:
    """The same value gives the same text."""
    return msgspec.json.encode(value, order="deterministic").decode()


def value_of(row: Row[*tuple[Any, ...]], kind: type[Value]) -> Value:
    """The value in the row's body."""
    decoder = _DECODERS.get(kind)
    if decoder is None:
        decoder = _DECODERS[kind] = msgspec.json.Decoder(kind)
    value: Value = decoder.decode(row.body)
    return value


def utc(at: datetime) -> str:
    """A moment as it is kept in text columns: UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


@contextmanager
def uncollected() -> Iterator[None]:
    """Reads many values without the garbage collector: it would look over all of them again and again, and none has a cycle.

    Where they are very many it is told to leave them alone for good; they go when nobody holds them, as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > VERY_MANY:
            gc.freeze()
        if was_on:
            gc.enable()
