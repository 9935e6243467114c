"""Find digits one after the other in a text, written or said: "415", "four one five", "triple seven, oh one", "twenty two ten".

Knows what was said, and nothing of whether it is a phone number, a price or a year: that is for whoever asks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

_UNITS = {"zero": "0", "nought": "0", "naught": "0", "oh": "0", "o": "0"} | {
    word: str(number) for number, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], 1)
}
_TEENS = {
    word: str(number)
    for number, word in enumerate(
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"], 10
    )
}
_TENS = {
    word: str(number)
    for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_TIMES = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_FILLERS = frozenset({"um", "uh", "er", "erm", "dash", "hyphen", "then", "space", "okay", "ok"})
_TOKEN = re.compile(r"(?P<figures>\d+)|(?P<word>[A-Za-z]+)|(?P<mark>[^\sA-Za-z\d])")
_JOINING = frozenset(",.-–—()…‑")
_MOST_BETWEEN = 4
_LONGEST_COUNT = 6
# a number that is written with its thousands, cents, minutes or parts of a version is an amount or a place, no string of digits
_AMOUNT = re.compile(
    r"[$€£]\s?\d[\d,]*(?:\.\d+)?"
    r"|(?<![\w.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w-])"
    r"|(?<![\w.-])\d+\.\d{1,2}(?![\d.-])"
    r"|\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?<![\d.])\d+(?:\.\d+)?\s?%"
    r"|(?<![\w.-])\d{1,2}(?:\.\d{1,2}){1,3}(?![\d.-])"
)
_SAID = re.compile(
    rf"\d|\b(?:{'|'.join([*_TIMES, *(word for word in _UNITS if word != 'o'), *_TEENS, *_TENS])})\b", re.IGNORECASE
)
_NUMBER_WORD = "|".join([*_TIMES, *_UNITS, *_TEENS, *_TENS, "hundred", "thousand"])
_STRETCH = re.compile(
    rf"\b(?:\d+[\s,.()-]+){{0,6}}(?:{_NUMBER_WORD})(?:(?:[\s,.()…–—-]+(?:and\s+)?)(?:\d+|{_NUMBER_WORD}|{'|'.join(sorted(_FILLERS))})\b)+",
    re.IGNORECASE,
)


class Form(Enum):
    """How a piece of a number is said."""

    FIGURES = "415"
    DIGIT = "four"
    REPEATED = "double two"
    TENS = "forty eight"
    HUNDREDS = "nine hundred"


class Piece(NamedTuple):
    """Characters `begin`..`end` say these digits."""

    begin: int
    end: int
    digits: str
    form: Form


@dataclass(frozen=True, slots=True)
class DigitString:
    """Pieces that follow each other with nothing between but marks and fillers."""

    pieces: tuple[Piece, ...]

    @property
    def begin(self) -> int:
        """Where it begins."""
        return self.pieces[0].begin

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.pieces[-1].end

    @property
    def digits(self) -> str:
        """All of its digits."""
        return "".join(piece.digits for piece in self.pieces)

    @property
    def worded(self) -> bool:
        """Whether any of it is said in words."""
        return any(piece.form is not Form.FIGURES for piece in self.pieces)

    @property
    def one_by_one(self) -> int:
        """How many digits are said one by one, doubled ones as often as they count."""
        return sum(len(piece.digits) for piece in self.pieces if piece.form in (Form.DIGIT, Form.REPEATED))

    @property
    def counts_up(self) -> bool:
        """Whether each number is one more than the one before: somebody counts."""
        if any(len(piece.digits) > _LONGEST_COUNT for piece in self.pieces):
            return False
        said = [int(piece.digits) for piece in self.pieces]
        return len(said) > 1 and all(later == earlier + 1 for earlier, later in pairwise(said))


class _Token(NamedTuple):
    begin: int
    end: int
    figures: bool
    mark: bool
    text: str


def digit_strings(text: str) -> Iterator[DigitString]:
    """Every string of digits in the text, single numbers too, in order. Amounts, times and versions are none."""
    if not _SAID.search(text):
        return
    amounts = [match.span() for match in _AMOUNT.finditer(text)]
    tokens = [
        _Token(match.start(), match.end(), match["figures"] is not None, match["mark"] is not None, match[0].lower())
        for match in _TOKEN.finditer(text)
    ]
    pieces: list[Piece] = []
    between = place = 0
    while place < len(tokens):
        token = tokens[place]
        amount = next((end for begin, end in amounts if begin <= token.begin < end), None)
        if amount is not None:
            yield from _ended(text, pieces)
            while place < len(tokens) and tokens[place].begin < amount:
                place += 1
            between = 0
            continue
        found = _piece(tokens, place)
        if found is not None:
            piece, after = found
            if pieces and _apart(text, pieces[-1], piece):
                yield from _ended(text, pieces)
            pieces.append(piece)
            between, place = 0, after
            continue
        place += 1
        if not pieces:
            continue
        between += 1
        if between > _MOST_BETWEEN or not (
            token.text in _JOINING if token.mark else token.text in _FILLERS or _and_then(tokens, place)
        ):
            yield from _ended(text, pieces)
            between = 0
    yield from _ended(text, pieces)


def said_digits(text: str) -> Iterator[DigitString]:
    """Those strings of which some is said in words. Fast: what is said in no such words is passed over, however long it is."""
    for stretch in _STRETCH.finditer(text):
        begin = stretch.start()
        for found in digit_strings(stretch[0]):
            if found.worded:
                pieces = (piece._replace(begin=begin + piece.begin, end=begin + piece.end) for piece in found.pieces)
                yield DigitString(tuple(pieces))


def _and_then(tokens: Sequence[_Token], after: int) -> bool:
    return tokens[after - 1].text == "and" and after < len(tokens) and tokens[after].text == "then"


def _ended(text: str, pieces: list[Piece]) -> Iterator[DigitString]:
    """The string that the pieces make, and room for the next; an "Oh," before it is no zero."""
    said = list(pieces)
    pieces.clear()
    while (
        said
        and text[said[0].begin : said[0].end].lower() in ("oh", "o")
        and (len(said) == 1 or (text[said[0].end : said[0].end + 1] == "," and text[said[1].end : said[1].end + 1] != ","))
    ):
        said.pop(0)
    if said:
        yield DigitString(tuple(said))


def _apart(text: str, before: Piece, piece: Piece) -> bool:
    """Whether two numbers are a list rather than a string: short figures, or round ones or years, divided by a comma."""
    if before.form is not Form.FIGURES or piece.form is not Form.FIGURES or "," not in text[before.end : piece.begin]:
        return False
    numbers = before.digits, piece.digits
    if all(len(digits) <= 2 for digits in numbers):
        return not any(len(digits) == 1 for digits in numbers)
    return all(digits.endswith("0") and digits[0] != "0" for digits in numbers) or all(_is_year(digits) for digits in numbers)


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")


def _piece(tokens: Sequence[_Token], place: int) -> tuple[Piece, int] | None:
    """The number that begins at a token, and the token behind it."""
    token = tokens[place]
    if token.figures:
        # 5th, 4B and 401k are no digits of a string; x229 is
        follows = tokens[place + 1] if place + 1 < len(tokens) else None
        leads = tokens[place - 1] if place else None
        glued = follows is not None and not follows.mark and follows.begin == token.end
        glued = glued or (leads is not None and not leads.mark and leads.end == token.begin and leads.text != "x")
        return None if glued else (Piece(token.begin, token.end, token.text, Form.FIGURES), place + 1)
    if token.mark:
        return None
    if token.text in _TIMES:
        digit = _digit(tokens, place + 1)
        if digit is None:
            return None
        return Piece(token.begin, tokens[place + 1].end, digit * _TIMES[token.text], Form.REPEATED), place + 2
    below = _below_hundred(tokens, place)
    if below is None:
        return None
    digits, after = below
    word = tokens[after].text if after < len(tokens) else ""
    if word == "hundred" and digits.lstrip("0"):
        more = _rest(tokens, after + 1)
        said = str(int(digits) * 100 + (int(more[0]) if more else 0))
        last = more[1] if more else after + 1
        return Piece(token.begin, tokens[last - 1].end, said, Form.HUNDREDS), last
    if word == "thousand" and digits.lstrip("0"):
        more = _rest(tokens, after + 1)
        said = str(int(digits) * 1000 + (int(more[0]) if more else 0))
        last = more[1] if more else after + 1
        return Piece(token.begin, tokens[last - 1].end, said, Form.HUNDREDS), last
    form = Form.DIGIT if len(digits) == 1 else Form.TENS
    return Piece(token.begin, tokens[after - 1].end, digits, form), after


def _rest(tokens: Sequence[_Token], place: int) -> tuple[str, int] | None:
    """What follows "hundred" or "thousand": "and four"; a number without "and" is the next piece of a string."""
    if place + 1 < len(tokens) and tokens[place].text == "and":
        return _below_hundred(tokens, place + 1)
    return None


def _below_hundred(tokens: Sequence[_Token], place: int) -> tuple[str, int] | None:
    word = tokens[place].text
    if word in _TEENS:
        return _TEENS[word], place + 1
    if word in _TENS:
        after = place + 1
        if after + 1 < len(tokens) and tokens[after].text == "-":
            after += 1
        digit = _digit(tokens, after)
        if digit is not None and digit != "0":
            return _TENS[word] + digit, after + 1
        return _TENS[word] + "0", place + 1
    digit = _digit(tokens, place)
    return None if digit is None else (digit, place + 1)


def _digit(tokens: Sequence[_Token], place: int) -> str | None:
    if place >= len(tokens):
        return None
    token = tokens[place]
    if token.figures:
        return token.text if len(token.text) == 1 else None
    return _UNITS.get(token.text)
