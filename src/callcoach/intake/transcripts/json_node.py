"""Walk decoded JSON and name the place where it is not what a format promises: `turns[3].text`. Knows no format."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from callcoach.intake.transcripts.asked import WrongPlace

LONGEST_SECONDS = 10_000_000.0
"""Four months. A larger time is a wrong unit or a date, and would make nonsense of every pause."""

NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,12})?")


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place; the place of the whole is empty."""

    value: Any
    place: str = ""

    def at(self, key: str) -> "Node":
        """The value under a key; that of a missing key, or of something without keys, is None."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(value, f"{self.place}.{key}" if self.place else key)

    def holds_list(self, key: str) -> bool:
        """Whether there is a list under a key."""
        return isinstance(self.at(key).value, list)

    def rows(self, key: str, *, needed: bool = True) -> Iterator["Node"]:
        """The objects of the list under a key. Raises WrongPlace where it is no list (or missing, if needed) of objects."""
        listed = self.at(key)
        if listed.value is None and not needed:
            return
        if not isinstance(listed.value, list):
            raise WrongPlace(f"{listed.place} is {shown(listed.value)}, not a list.")
        yield from listed.objects()

    def objects(self) -> Iterator["Node"]:
        """The elements of this list. Raises WrongPlace at the first that is no object."""
        for number, value in enumerate(self.value):
            row = Node(value, f"{self.place}[{number}]")
            if not isinstance(value, dict):
                raise WrongPlace(f"{row.place} is {shown(value)}, not an object.")
            yield row

    def text(self, key: str) -> str:
        """The text under a key. Raises WrongPlace where there is none."""
        found = self.optional_text(key)
        if found is None:
            raise WrongPlace(f"{self.place} has no {key}.")
        return found

    def optional_text(self, key: str) -> str | None:
        """The text under a key, None where it is missing or null. Raises WrongPlace for anything else."""
        found = self.at(key)
        if found.value is None or isinstance(found.value, str):
            return found.value
        raise WrongPlace(f"{found.place} is {shown(found.value)}, not a text.")

    def name(self, key: str) -> str | None:
        """A text or whole number that names somebody, as text; None where it is missing or null."""
        value = self.at(key).value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return (self.optional_text(key) or "").strip() or None

    def number(self, key: str) -> float | None:
        """The number under a key, None where it is missing or null. Raises WrongPlace for anything else."""
        found = self.at(key)
        if found.value is None:
            return None
        if isinstance(found.value, int | float) and not isinstance(found.value, bool):
            try:
                number = float(found.value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return number
        raise WrongPlace(f"{found.place} is {shown(found.value)}, not a number.")

    def seconds(self, key: str, *, scale: float = 1.0, as_text: bool = False, whole: bool = False) -> float | None:
        """The time under a key in seconds, rounded to microseconds; None where it is missing or null.

        scale: the format's unit in seconds. as_text: the format writes numbers in quotes. whole: it writes whole numbers only.
        Raises WrongPlace for negative or impossibly long times.
        """
        found = self.at(key)
        if as_text and isinstance(found.value, str):
            if NUMBER.fullmatch(found.value) is None:
                raise WrongPlace(f"{found.place} is {shown(found.value)}, not a number of seconds.")
            number: float | None = float(found.value)
        else:
            number = self.number(key)
        if number is None:
            return None
        if number < 0:
            raise WrongPlace(f"{found.place} is {shown(found.value)}. Times are 0 or more.")
        if whole and not number.is_integer():
            raise WrongPlace(f"{found.place} is {shown(found.value)}. Times here are whole milliseconds: write them like 1620.")
        if number * scale > LONGEST_SECONDS:
            raise WrongPlace(f"{found.place} is {shown(found.value)}. That is longer than any call.")
        return number if scale == 1.0 else round(number * scale, 6)

    def span(
        self, start: str, end: str, *, scale: float = 1.0, as_text: bool = False, whole: bool = False
    ) -> tuple[float, float] | None:
        """Two times, None where one is missing. Raises WrongPlace where the end comes before the start."""
        first = self.seconds(start, scale=scale, as_text=as_text, whole=whole)
        last = self.seconds(end, scale=scale, as_text=as_text, whole=whole)
        if first is None or last is None:
            return None
        if last < first:
            raise WrongPlace(f"{self.place} ends at {last:g} s before it starts at {first:g} s.")
        return first, last

    def probability(self, key: str, *, as_text: bool = False) -> float | None:
        """A number between 0 and 1, None where it is missing or null."""
        value = self.seconds(key, as_text=as_text)
        if value is not None and value > 1:
            raise WrongPlace(f"{self.at(key).place} is {value}, not between 0 and 1.")
        return value


def decoded_json(text: str) -> Node:
    """The whole of a JSON text. Raises WrongPlace where it is no JSON, or nested too deep to be a transcript."""
    try:
        return Node(msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError, UnicodeError) as trouble:
        raise WrongPlace(f"this is not valid JSON ({trouble}). Write it anew from where it came.") from None


def shown(value: Any) -> str:
    """A value as sentences show it: as JSON, cut short."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = msgspec.json.encode(value[:80] if isinstance(value, str) else value).decode()
    return text if len(text) <= 60 else text[:57] + "..."
