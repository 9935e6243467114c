"""Read the Range header of one request (RFC 9110), as far as a player needs it. Knows no file."""

import re
from enum import Enum

_RANGE = re.compile(r"^\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*$", re.IGNORECASE)


class Unsatisfiable(Enum):
    """A range that begins behind the end of the file."""

    RANGE = "range"


def byte_range(header: str | None, size: int) -> tuple[int, int] | Unsatisfiable | None:
    """First and last byte (both included) that are asked for; None where the whole file is to be sent.

    Several ranges, and what is no range, ask for the whole file, as the standard allows.
    """
    asked = _RANGE.match(header or "")
    if asked is None or asked[1] == asked[2] == "":
        return None
    if asked[1] == "":
        wanted = int(asked[2])
        return (max(0, size - wanted), size - 1) if wanted and size else Unsatisfiable.RANGE
    first = int(asked[1])
    last = min(int(asked[2]), size - 1) if asked[2] else size - 1
    if asked[2] and int(asked[2]) < first:
        return None
    return (first, last) if first < size else Unsatisfiable.RANGE
