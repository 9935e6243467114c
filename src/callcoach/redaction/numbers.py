"""Which strings of digits tell a person or their money, by how they are said and what was said before them.

"Two hundred dollars", "nineteen ninety eight" and "twenty four seven" stay: a value story is full of them. Knows no names.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

from callcoach.domain.spoken_numbers import DigitString, Form, digit_strings
from callcoach.redaction.cues import FEW_WORDS, REACH, Cue, Led, asks_for_the_last, cue_before
from callcoach.redaction.kinds import Entity, Kind

_PHONE_LENGTHS = range(10, 14)
_LOCAL_PHONE = 7
_NANP = 10
_CARD_LENGTHS = range(13, 20)
_SSN = 9
_MANY_DIGITS = 7
_LONG_CODE = 5
_LAST = (3, 4)
_EVERYBODYS = frozenset({"911", "411", "311", "611", "811", "511", "211", "988", "999", "112", "101"})
"""Whom everybody can call."""

_MONEY = r"dollars?|bucks|cents?|euros?|pounds?|grand|percent"
_UNITS = (
    rf"{_MONEY}|%|months?|years?|weeks?|days?|nights?|hours?|minutes?|seconds?"
    r"|miles?|kilometers?|feet|foot|square|acres?|inches|gigs?|gigabytes?|megs?|megabytes?|watts?|kilowatts?|volts?"
    r"|people|persons|calls?|callers?|customers?|clients?|accounts?|users?|employees?|reps?|times|units?|sites?|locations?"
    r"|steps?|points?|stars?|lines?|homes?|households|members?|visits?|clicks?|words?|pages?|copies|orders|a month|a year"
    r"|per|each|apiece|dollar|k\b|thousand|million|billion|degrees|gallons?|pounds|tons?|horsepower|owners?|businesses"
)
_UNIT_AFTER = re.compile(rf"^[\s,]*(?:\w+\s+)?(?:{_UNITS})(?!\w)", re.IGNORECASE)
_MONEY_AFTER = re.compile(rf"^\s+(?:{_MONEY})(?!\w)", re.IGNORECASE)
_NUMBER_BEHIND = re.compile(r"^\s+number\b", re.IGNORECASE)
_OF_WHAT_BEHIND = re.compile(
    r"^,? (?:of|on|for|from) (?:my|the|your|her|his|our) (?:(?P<social>social|ssn)|(?P<card>card|visa|amex)|(?P<phone>phone"
    r"|cell))",
    re.IGNORECASE,
)
_CURRENCY_BEFORE = re.compile(r"[$€£]\s?$")
_PLUS_BEFORE = re.compile(r"(?:\+|\bplus\s)\(?$", re.IGNORECASE)
_PAREN_BEFORE = re.compile(r"\($")
_SIGN_BEFORE = re.compile(r"(?:\b(?:star|pound|hash)\s+|[*#]\s?)$", re.IGNORECASE)
_SIGN_BEHIND = re.compile(r"^\s*(?:\b(?:star|pound|hash)\b|[*#])", re.IGNORECASE)
_CORRECTING = re.compile(
    r"\W*(?:(?:no|nope|sorry|not quite|almost|actually|close|it ends(?: in)?|it['’]s|that['’]s)[\s,.]+){1,3}", re.IGNORECASE
)
_OF_NOBODY = re.compile(
    r"\b(?:errors?|faults?|ports?|model|version|firmware|build|chapter|section|flight|exit|channel|status|windows|codec"
    r"|port number"
    r"|vlan|frequency)(?: code| number| message)?s?(?:['’]s)?(?: (?:is|was|it says|says|like))?[:,]?\s*(?:#|number )?$|\dx$",
    re.IGNORECASE,
)
"""What numbers devices, pages and faults, and no customer."""


def numbers_in(text: str, before: str = "") -> Iterator[Entity]:
    """Strings of digits that tell somebody. before: what was said right before the text, a question that this may answer."""
    for said in digit_strings(text):
        kind = _kind(text, before, said)
        if kind is not None:
            yield _with_signs(text, said, kind)


def _with_signs(text: str, said: DigitString, kind: Kind) -> Entity:
    """The number with a plus, a parenthesis or a star that belongs to it."""
    begin, end = said.begin, said.end
    if kind in (Kind.PHONE, Kind.NUMBER):
        for opening in (_PAREN_BEFORE, _PLUS_BEFORE):
            opened = opening.search(text[max(0, begin - FEW_WORDS * 2) : begin])
            begin -= len(opened[0]) if opened else 0
    if kind is Kind.ACCOUNT:
        opened = _SIGN_BEFORE.search(text[max(0, begin - FEW_WORDS * 2) : begin])
        closed = _SIGN_BEHIND.match(text[end : end + FEW_WORDS * 2])
        begin, end = begin - (len(opened[0]) if opened else 0), end + (len(closed[0]) if closed else 0)
    return Entity(begin, end, kind)


def _kind(text: str, before: str, said: DigitString) -> Kind | None:
    digits = said.digits
    n = len(digits)
    if n in _CARD_LENGTHS and is_card(digits):
        return Kind.CARD
    led = text[max(0, said.begin - REACH) : said.begin]
    if digits in _EVERYBODYS or _CURRENCY_BEFORE.search(led) or (n < _NANP and _OF_NOBODY.search(led)):
        return None
    behind = text[said.end : said.end + REACH]
    if n in _LAST and (named := _OF_WHAT_BEHIND.match(behind)):
        return {"social": Kind.SSN, "card": Kind.CARD, "phone": Kind.PHONE}[named.lastgroup or "card"]
    if _UNIT_AFTER.search(behind) and n < _LOCAL_PHONE + 2 and not _reads_as_string(said):
        return None
    if _MONEY_AFTER.search(behind) and len(said.pieces) == 1 and n < _SSN:
        return None
    # so few digits tell somebody only as an extension or where they set others right
    if n < _LAST[0] and not (n > 1 and ("ext" in f"{before}{led}".lower() or _corrects(led, before))):
        return None
    found = cue_before(led, before)
    if _NUMBER_BEHIND.match(behind) and n >= FEW_WORDS and not _is_plain(said, None):
        return Kind.PHONE
    if n <= FEW_WORDS and "then" in text[said.begin : said.end].lower():
        return None
    if found is not None and n >= found.cue.fewest and not _stays(said, found, led, before):
        return found.cue.kind
    return Kind.NUMBER if n > 1 and _corrects(led, before) else _without_cue(said)


def _corrects(led: str, before: str) -> bool:
    """Whether a number sets another right that was just read back: "No, double six."."""
    if not _CORRECTING.fullmatch(led):
        return False
    return "?" in before and any(len(each.digits) >= _MANY_DIGITS for each in digit_strings(before))


def _stays(said: DigitString, found: Led, led: str, before: str) -> bool:
    """Whether it is no more than a number or a year that happens to stand near such a word."""
    cue, between = found
    if cue.kind is Kind.POSTCODE:
        return len(said.digits) not in (5, 9)
    if between <= cue.sure and (cue.kind is not Kind.ACCOUNT or cue.sure > FEW_WORDS or not _is_a_year(said)):
        return False
    if cue.kind in (Kind.CARD, Kind.SSN, Kind.ACCOUNT) and len(said.digits) in _LAST and asks_for_the_last(led, before):
        return False
    return _is_plain(said, cue)


def _without_cue(said: DigitString) -> Kind | None:
    digits, n = said.digits, len(said.digits)
    pieces = [len(piece.digits) for piece in said.pieces]
    if n == _SSN and pieces == [3, 2, 4]:
        return Kind.SSN
    if _is_grouped_as_a_phone(said):
        return Kind.PHONE
    if not _reads_as_string(said):
        return None
    if n in _PHONE_LENGTHS and (n == _NANP or digits[0] in "01" or n > _NANP + 1):
        return Kind.PHONE
    if n == _LOCAL_PHONE and (pieces in ([3, 4], [3, 2, 2]) or said.worded):
        return Kind.PHONE
    return Kind.NUMBER


def _is_grouped_as_a_phone(said: DigitString) -> bool:
    """Whether ten digits are said in words in groups of three, three and four: "eight hundred, five five five ..."."""
    digits = said.digits[1:] if said.digits.startswith("1") else said.digits
    if len(digits) != _NANP or not said.worded or digits[0] in "01" or digits[3] in "01" or said.counts_up:
        return False
    ends = {end - (len(said.digits) - _NANP) for end in accumulate(len(piece.digits) for piece in said.pieces)}
    return {3, 6} <= ends and any(piece.form in (Form.DIGIT, Form.REPEATED) for piece in said.pieces)


def _reads_as_string(said: DigitString) -> bool:
    """Whether digits are said as digits, not as amounts, years or a list: by how many come one by one, or run together."""
    n, alone = len(said.digits), said.one_by_one
    if said.counts_up and said.digits != "1234567890"[: len(said.digits)] and len(said.pieces) > 1:
        return False
    if said.counts_up and len(said.digits) < _MANY_DIGITS:
        return False
    figures = [piece for piece in said.pieces if piece.form is Form.FIGURES]
    if any(len(piece.digits) >= _LONG_CODE for piece in figures):
        return True
    linked = sum(len(piece.digits) for piece in figures)
    telling = len(figures) > 1 and not all(_is_year_or_round(piece.digits) for piece in figures)
    if len(figures) == len(said.pieces):
        return telling and linked >= _LONG_CODE
    if telling and linked >= _NANP:
        return True
    if n >= _MANY_DIGITS:
        told = alone + sum(len(piece.digits) for piece in figures)
        return 2 * told >= n
    return alone >= FEW_WORDS and alone == n


def _is_year_or_round(digits: str) -> bool:
    return (len(digits) == 4 and digits[:2] in ("19", "20")) or digits.endswith("00")


def _is_a_year(said: DigitString) -> bool:
    return len(said.digits) == 4 and said.digits[:2] in ("19", "20") and said.one_by_one == 0


def _is_plain(said: DigitString, cue: Cue | None) -> bool:
    """Whether it is said as a number or a year is, not digit by digit."""
    kind = cue.kind if cue else Kind.PHONE
    if kind is Kind.PHONE and any(piece.form is Form.HUNDREDS for piece in said.pieces) and len(said.digits) < _MANY_DIGITS:
        return True
    if len(said.pieces) == 1:
        piece = said.pieces[0]
        return piece.form in (Form.TENS, Form.HUNDREDS) or (piece.form is Form.FIGURES and _is_year_or_round(piece.digits))
    return (
        len(said.pieces) == 2 and all(piece.form in (Form.TENS, Form.HUNDREDS) for piece in said.pieces) and kind is not Kind.CARD
    )


def is_card(digits: str) -> bool:
    """Luhn's check, which every payment card number passes."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1
