"""Which strings of digits tell a person or their money, by how they are said and what was said before them.

"Two hundred dollars", "nineteen ninety eight" and "twenty four seven" stay: a value story is full of them. Knows no names.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from callcoach.domain.spoken_numbers import DigitString, Form, digit_strings
from callcoach.redaction.kinds import Entity, Kind

WORDS_BEFORE = 9
"""How far before a number the word may stand that says what it is."""
_REACH = 120
_FEW_WORDS = 4
_PHONE_LENGTHS = range(10, 14)
_LOCAL_PHONE = 7
_CARD_LENGTHS = range(13, 20)
_SSN = 9
_MANY_DIGITS = 7
_LONG_CODE = 5

_UNITS = (
    r"dollars?|bucks|cents?|euros?|pounds?|grand|percent|%|months?|years?|weeks?|days?|nights?|hours?|minutes?|seconds?"
    r"|miles?|kilometers?|feet|foot|square|acres?|inches|gigs?|gigabytes?|megs?|megabytes?|watts?|kilowatts?|volts?"
    r"|people|persons|calls?|callers?|customers?|clients?|accounts?|users?|employees?|reps?|times|units?|sites?|locations?"
    r"|steps?|points?|stars?|lines?|homes?|households|members?|visits?|clicks?|words?|pages?|copies|orders|a month|a year"
    r"|per|each|apiece|dollar|k\b|thousand|million|billion|degrees|gallons?|pounds|tons?|horsepower|owners?|businesses"
)
_UNIT_AFTER = re.compile(rf"^[\s,]*(?:\w+\s+)?(?:{_UNITS})(?!\w)", re.IGNORECASE)
_NUMBER_BEHIND = re.compile(r"^\s+number\b", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile(r"[$€£]\s?$")
_PLUS_BEFORE = re.compile(r"(?:\+|\bplus\s)\(?$", re.IGNORECASE)
_PAREN_BEFORE = re.compile(r"\($")


class _Cue(NamedTuple):
    """Words that say what a number is. words: how many others may stand between; fewest: digits it then takes."""

    kind: Kind
    pattern: re.Pattern[str]
    words: int
    fewest: int


def _cue(kind: Kind, words: int, fewest: int, pattern: str) -> _Cue:
    return _Cue(kind, re.compile(rf"\b(?:{pattern})(?![\w-])", re.IGNORECASE), words, fewest)


_CUES = (
    _cue(Kind.SSN, WORDS_BEFORE, 4, r"social(?: security)?(?: number)?|ssn|tax(?:payer)? id\w*|national insurance(?: number)?"),
    _cue(
        Kind.CARD,
        WORDS_BEFORE,
        3,
        r"(?:credit|debit)? ?card(?:['’]s)?(?: number)?|visa|mastercard|amex|american express|discover|cvv|cvc|security code"
        r"|runs out|valid (?:thru|through|until)|(?:three|four|3|4) digits|on the (?:back|front)|long number"
        r"|expires|expiration(?: date)?|expiry(?: date)?|charge it to",
    ),
    _cue(Kind.PHONE, 3, 2, r"extension|ext"),
    _cue(Kind.PHONE, _FEW_WORDS, 3, r"area code"),
    _cue(
        Kind.PHONE,
        WORDS_BEFORE,
        4,
        r"(?:last|first) (?:three|four|3|4)(?: digits)? (?:of|on) (?:my|your|the) (?:phone|cell|mobile)",
    ),
    _cue(
        Kind.PHONE,
        WORDS_BEFORE,
        _MANY_DIGITS - 1,
        r"(?:phone|cell|mobile|fax|callback|contact|best|home|work|office|direct)(?: phone)? ?(?:number|line)?(?:['’]s)?"
        r"|(?:my|your|his|her|our|the|good) number(?:['’]s)?|(?:call|reach|text|phone|ring|dial|fax)(?: \w+)?(?: back)?",
    ),
    _cue(Kind.POSTCODE, 6, 5, r"zip(?: code)?|post ?code|postal code"),
    _cue(
        Kind.ACCOUNT,
        6,
        3,
        r"(?:account|acct|policy|member(?:ship)?|customer|client|order|case|claim|invoice|ticket|reference|confirmation|booking"
        r"|tracking|serial|routing|group|license|licence|plate|passport|patient|id|contract|vehicle)"
        r" (?:number|no|id|code|plate)(?:['’]s)?|iban|vin|pin(?: code)?|passcode|password|access code|license plate|ref",
    ),
    _cue(
        Kind.ACCOUNT,
        2,
        4,
        r"account|acct|policy|order|case|claim|invoice|ticket|reference|confirmation|passport|plate|license|licence|serial",
    ),
)
_LAST_FOUR = re.compile(
    r"\b(?:ends? (?:in|with)|ending(?: (?:in|with))?|last (?:four|4)\b[\w\s]*)\W*(?:\w+\W+){0,2}$", re.IGNORECASE
)
_ASKING_AGO = re.compile(r"[?.!]")


def numbers_in(text: str, before: str = "") -> Iterator[Entity]:
    """Strings of digits that tell somebody. before: what was said right before the text, a question that this may answer."""
    for said in digit_strings(text):
        kind = _kind(text, before, said)
        if kind is not None:
            begin = said.begin
            for opening in (_PAREN_BEFORE, _PLUS_BEFORE):
                opened = opening.search(text[:begin])
                begin = opened.start() if opened and kind in (Kind.PHONE, Kind.NUMBER) else begin
            yield Entity(begin, said.end, kind)


def _kind(text: str, before: str, said: DigitString) -> Kind | None:
    digits = said.digits
    n = len(digits)
    if n in _CARD_LENGTHS and is_card(digits):
        return Kind.CARD
    led = _led(text, said.begin)
    if _CURRENCY_BEFORE.search(led):
        return None
    if _UNIT_AFTER.search(text[said.end : said.end + _REACH]) and n < _LOCAL_PHONE + 2 and not _reads_as_string(said):
        return None
    if _NUMBER_BEHIND.match(text[said.end :]) and n >= _FEW_WORDS and not _is_plain(said, Kind.PHONE):
        return Kind.PHONE
    cue = _cue_before(led, before)
    if cue is not None and n >= cue.fewest and not _is_plain(said, cue.kind):
        return cue.kind
    return _without_cue(said)


def _without_cue(said: DigitString) -> Kind | None:
    digits, n = said.digits, len(said.digits)
    pieces = [len(piece.digits) for piece in said.pieces]
    if n == _SSN and pieces == [3, 2, 4]:
        return Kind.SSN
    if not _reads_as_string(said):
        return None
    if n in _PHONE_LENGTHS and (n == 10 or digits[0] in "01" or n > 11):
        return Kind.PHONE
    if n == _LOCAL_PHONE and (pieces in ([3, 4], [3, 2, 2]) or said.worded):
        return Kind.PHONE
    return Kind.NUMBER


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
    if len(figures) == len(said.pieces):
        linked = sum(len(piece.digits) for piece in figures)
        return len(figures) > 1 and linked >= _LONG_CODE and not all(_is_year_or_round(piece.digits) for piece in figures)
    if n >= _MANY_DIGITS:
        told = alone + sum(len(piece.digits) for piece in figures)
        return 2 * told >= n
    return alone >= _FEW_WORDS and alone == n


def _is_year_or_round(digits: str) -> bool:
    return (len(digits) == 4 and digits[:2] in ("19", "20")) or digits.endswith("00")


def _is_plain(said: DigitString, kind: Kind) -> bool:
    """Whether it is no more than a number or a year that happens to stand near such a word."""
    if kind is Kind.POSTCODE:
        return len(said.digits) not in (5, 9)
    if kind is Kind.PHONE and any(piece.form is Form.HUNDREDS for piece in said.pieces) and len(said.digits) < _MANY_DIGITS:
        return True
    if len(said.pieces) == 1:
        piece = said.pieces[0]
        return piece.form in (Form.TENS, Form.HUNDREDS) or (piece.form is Form.FIGURES and _is_year_or_round(piece.digits))
    return (
        len(said.pieces) == 2 and all(piece.form in (Form.TENS, Form.HUNDREDS) for piece in said.pieces) and kind is not Kind.CARD
    )


def _led(text: str, begin: int) -> str:
    """What stands before a number, as far back as a cue may stand."""
    return text[max(0, begin - _REACH) : begin]


def _cue_before(led: str, before: str) -> _Cue | None:
    """The cue that stands nearest before a number; where the text has hardly begun, in what was said before it."""
    found = _nearest(led)
    if found is not None or len(led.split()) > _FEW_WORDS + 1:
        return found
    return _nearest(f"{before} {led}")


def _nearest(led: str) -> _Cue | None:
    nearest: tuple[int, _Cue] | None = None
    for cue in _CUES:
        for match in cue.pattern.finditer(led):
            between = len(led[match.end() :].split())
            if between <= cue.words and (nearest is None or match.end() > nearest[0]):
                nearest = match.end(), cue
    return nearest[1] if nearest else None


def is_card(digits: str) -> bool:
    """Luhn's check, which every payment card number passes."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1


def spelled_in(text: str, before: str = "") -> Sequence[Entity]:
    """Codes of letters and digits that a cue announces: "P K four four one", "7 K L M 4 9 2", "WX-20931-77"."""
    found = [Entity(*match.span(), Kind.ACCOUNT) for match in _CODE.finditer(text)]
    for match in _SPELLED.finditer(text):
        cue = _cue_before(_led(text, match.start()), before)
        if cue is None or not re.search(rf"\d|\b(?:{_NUMBER_WORD})\b", match[0], re.IGNORECASE):
            continue
        if cue.kind in (Kind.ACCOUNT, Kind.POSTCODE) and len(match[0].split()) >= _FEW_WORDS:
            found.append(Entity(*match.span(), cue.kind))
    found += [
        Entity(*match.span(1), Kind.ACCOUNT)
        for match in _ANNOUNCED.finditer(text)
        if len(match[1]) > 3 and re.search(r"\d", match[1]) and re.search(r"[A-Z]", match[1])
    ]
    return found


_NUMBER_WORD = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|double|triple"
)
_LETTER = r"[A-Za-z](?: (?:as in|for|like) \w+)?"
_SPELLED = re.compile(
    rf"(?<![\w'’])(?:{_LETTER}|\d{{1,4}}|{_NUMBER_WORD})(?:[\s,.-]+(?:{_LETTER}|\d{{1,4}}|{_NUMBER_WORD})(?![\w'’])){{3,}}",
    re.IGNORECASE,
)
# letters and at least three digits in one word, "401k" and "2nd" left alone; parts may be joined by hyphens
_CODE = re.compile(
    r"(?<![\w@.-])(?!\d{1,3}(?:k|K|st|nd|rd|th|s|am|pm|gb|GB|mb|hp|mg|ml|km|ft)\b)(?=[A-Za-z\d-]*\d[A-Za-z\d-]*\d[A-Za-z\d-]*\d)"
    r"(?=[\d-]*[A-Z])[A-Za-z\d]+(?:-[A-Za-z\d]+)*(?![\w@])"
)
_ANNOUNCED = re.compile(
    r"\b(?:code|confirmation|reference|number|id|plate|license|licence|serial|case|claim|ticket|invoice|order|account|policy)"
    r"(?: number| code)?(?:['’]s| is|:)?,? #?([A-Z\d]+(?:[ -][A-Z\d]*\d[A-Z\d]*)*)(?![\w'’])",
)
