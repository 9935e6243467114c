"""How days, times, counts, shares and quoted text are written everywhere. Knows nothing of what is being said."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SENTENCE = re.compile(r".+?(?:[.!?]+[\"'”’)]*(?=\s|$)|$)", re.DOTALL)


def plain(text: str) -> str:
    """Text from a call or a file as one line, without the control and direction characters that terminals and pages obey."""
    visible = (char for char in " ".join(text.split()) if unicodedata.category(char) not in ("Cc", "Cf"))
    return "".join(visible).strip()


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Begin and end of each sentence of `text`, by its punctuation alone."""
    return [match.span() for match in _SENTENCE.finditer(text)]


def first_sentences(text: str, limit: int = 2) -> str:
    """The first sentences of a story component, in its own words."""
    line = " ".join(text.split())
    return " ".join(part for begin, end in sentence_spans(line)[:limit] if (part := line[begin:end].strip()))


def excerpt(quote: str, limit: int, *, question: bool = False) -> str:
    """Whole sentences from `quote` within `limit` characters, still word for word: from the start, or up to the last question."""
    quote = quote.strip()
    if len(quote) <= limit:
        return quote
    sentences = sentence_spans(quote)
    if question:
        asks = [end for _, end in sentences if quote[:end].rstrip().endswith(("?", '?"', "?”"))]
        end = asks[-1] if asks else len(quote)
        starts = [start for start, stop in sentences if stop <= end and end - start <= limit]
        return quote[starts[0] : end].strip() if starts else _cut(quote, limit)
    ends = [end for _, end in sentences if end <= limit]
    return quote[: ends[-1]].strip() if ends else _cut(quote, limit)


def _cut(text: str, limit: int) -> str:
    """At a word's end: recognised speech may go on for minutes without a full stop."""
    return text[:limit].rsplit(None, 1)[0].strip() if len(text) > limit else text


def clock(seconds: float | None) -> str | None:
    """Seconds as m:ss, or h:mm:ss from an hour on; None stays None."""
    if seconds is None:
        return None
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def day(when: date | datetime | None, *, weekday: bool = False, year: bool = False) -> str:
    """A date as people write it: Oct 5; Mon, Oct 5; Monday, Oct 5, 2026."""
    if when is None:
        return "no date"
    text = f"{_MONTHS[when.month - 1]} {when.day}" + (f", {when.year}" if year else "")
    name = _WEEKDAYS[when.weekday()]
    return f"{name if year else name[:3]}, {text}" if weekday else text


def period(first: date | None, last: date | None) -> str | None:
    """Oct 5 to Nov 13; Oct 5; None where nothing is dated."""
    if first is None or last is None:
        return None
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def count(n: int, one: str, many: str | None = None) -> str:
    """`1 call`, `2 calls`."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{round(100 * share)}%"


def seen_in(seen: int, of: int, what: str = "call") -> str:
    """`in 3 of 5 calls`, `in one call`."""
    return f"in {seen} of {count(of, what)}" if of > 1 else f"in one {what}"
