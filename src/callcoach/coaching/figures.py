"""Read figures and days out of a sentence with what they are about, so that two sentences can be laid side by side.

Only English number words and units; a figure whose unit cannot be read is left out. Knows no story and no speaker.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: float(number) for number, word in enumerate(_ONES)} | {
    word: 10.0 * place for place, word in enumerate(_TENS, 2)
}
NUMBER_WORDS = frozenset({*_NUMBERS, "hundred", "thousand", "million"})
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    "december",
)
_STEPS = {
    "launch": "launch",
    "launches": "launch",
    "start": "start",
    "starts": "start",
    "begin": "start",
    "begins": "start",
    "live": "live",
    "ready": "ready",
    "announced": "announced",
    "before": "before",
    "until": "until",
    "from": "start",
}
_SKIPPED = frozenset(
    {"a", "an", "the", "of", "per", "each", "every", "in", "is", "and", "out", "only", "about", "or", "on", "for"}
)
_TOKEN = re.compile(r"\$?\d+(?:,\d{3})*(?:\.\d+)?%?|[a-z]+", re.IGNORECASE)
_WITHIN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An amount, the thing counted, and the words close behind that say of what (`dollar` of `month` and `seat`)."""

    amount: float
    thing: str
    of: frozenset[str]

    def is_about(self, other: "Figure") -> bool:
        """Whether both count the same thing of the same: dollars a seat with dollars a month per seat, not dollars a year."""
        return self.thing == other.thing and bool(self.of & other.of)


def figures_in(text: str) -> tuple[Figure, ...]:
    """The figures whose unit stands behind them: `24 dollars a seat`, `$24 a seat`, `twenty-seven of every hundred calls`."""
    return tuple(_figures([token.lower() for token in _TOKEN.findall(text.replace("-", " "))]))


def days_in(text: str) -> tuple[Figure, ...]:
    """Days that are named with month and day, by the step they are given for: `starts on November 23`. month x 100 + day."""
    tokens = [token.lower() for token in _TOKEN.findall(text)]
    found = []
    for place, token in enumerate(tokens[:-1]):
        if token in _MONTHS and tokens[place + 1].isdigit():
            steps = frozenset(_STEPS[word] for word in tokens[max(0, place - _WITHIN) : place] if word in _STEPS)
            if steps:
                amount = 100.0 * (_MONTHS.index(token) + 1) + float(tokens[place + 1])
                found.append(Figure(amount=amount, thing="day", of=steps))
    return tuple(found)


def _figures(tokens: list[str]) -> Iterator[Figure]:
    place = 0
    while place < len(tokens):
        amount, width, unit = _amount(tokens, place)
        if amount is None:
            place += 1
            continue
        behind = [word for word in tokens[place + width : place + width + 2 * _WITHIN] if word not in _SKIPPED]
        plain = []
        for word in behind:
            if _amount([word], 0)[0] is not None or word.endswith("%"):
                break
            plain.append(_stem(word))
        thing = unit or (plain.pop(0) if plain else "")
        if thing and plain:
            yield Figure(amount=amount, thing=thing, of=frozenset(plain[: _WITHIN - 1]))
        place += width


def _amount(tokens: list[str], place: int) -> tuple[float | None, int, str]:
    """The number that begins here, how many words it takes, and its unit where it is part of it ($, %)."""
    token = tokens[place]
    if token[0].isdigit() or token[0] == "$":
        number = float(token.strip("$%").replace(",", ""))
        return number, 1, "dollar" if token[0] == "$" else "percent" if token.endswith("%") else ""
    if token not in _NUMBERS:
        return None, 1, ""
    amount, width = _NUMBERS[token], 1
    following = tokens[place + 1] if place + 1 < len(tokens) else ""
    if amount >= 20 and following in _NUMBERS and _NUMBERS[following] < 10:
        amount, width = amount + _NUMBERS[following], 2
    return amount, width, ""


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
