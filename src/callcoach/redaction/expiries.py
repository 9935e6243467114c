"""Until when a card is valid: "exp 11/27", "valid through oh four twenty nine". A contract's end stays. Knows no names."""

import re
from collections.abc import Iterator

from callcoach.domain.spoken_numbers import digit_strings
from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.said import MONTH, SAID_NUMBER

_EXPIRY = r"\b(?:exp(?:\b|ir)|(?:valid|good) (?:from|thru|through|until|till|to)\b|runs out\b)"
_FIGURES = r"(?<![\d/-])(?:0?[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d{2}(?![\d/-])"
_SAID = rf"\b{SAID_NUMBER}\s+(?:slash|of)\s+{SAID_NUMBER}\b"
_OF_A_MONTH = rf"\b(?:{MONTH})\b\.?,?\s+(?:of\s+)?(?:20\d{{2}}|['’]?\d{{2}}\b|{SAID_NUMBER})"
_DATE = re.compile(rf"{_FIGURES}|{_SAID}|{_OF_A_MONTH}", re.IGNORECASE)
_LED = re.compile(rf"{_EXPIRY}\w*(?:['’]s)?\W*(?:\w+['’]?\w*\W+){{0,4}}$", re.IGNORECASE)
_ASKED = re.compile(_EXPIRY, re.IGNORECASE)
_CARD = re.compile(r"\b(?:card|visa|mastercard|amex|discover|cvv|cvc|security code)\b|(?:\d[ -]?){12}", re.IGNORECASE)
_CARD_RIGHT_BEFORE = re.compile(r"(?:\d[ -]?){12,18}\d[\s,]{1,3}$")
_OF_NO_CARD = re.compile(
    r"\b(?:contract|promo\w*|warranty|lease|agreement|plan|term|offer|licen[sc]e|policy|certificate|domain|trial|coupon|quote"
    r"|permit"
    r"|subscription|membership|insurance|discount|deal|rate|registration|visa status)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z’']+")
_ASIDE_SAID = """
um uh er it's its it’s is and of slash the that's yeah yes okay so then
"""
_ASIDE = frozenset(_ASIDE_SAID.split())
_MONTH_ALONE = re.compile(rf"\W*({MONTH})\W*", re.IGNORECASE)
_MOST_DIGITS = 6
_REACH = 80


def expiries_in(text: str, before: str = "") -> Iterator[Entity]:
    """Dates until which a card is valid. before: what was said right before the text, a question that this may answer."""
    for match in _DATE.finditer(text):
        led = text[max(0, match.start() - _REACH) : match.start()]
        whole = f"{before[-_REACH:]} {led}"
        around = f"{whole} {text[match.end() : match.end() + _REACH]}"
        if _OF_NO_CARD.search(whole):
            continue
        cue = _LED.search(led) or ("?" in before and len(led.split()) <= 4 and _LED.search(whole))
        if (
            cue and (not match[0][0].isalpha() or " of " in match[0] or "slash" in match[0] or _CARD.search(around) or before)
        ) or _CARD_RIGHT_BEFORE.search(led):
            yield Entity(*match.span(), Kind.CARD)
    if _ASKED.search(before[-_REACH:]) and not _OF_NO_CARD.search(before[-_REACH:]):
        yield from _answer(text)


def _answer(text: str) -> Iterator[Entity]:
    """The numbers of a turn that says nothing else, or its month."""
    month = _MONTH_ALONE.fullmatch(text)
    if month:
        yield Entity(*month.span(1), Kind.CARD)
    if len(text) > _REACH:
        return
    said = list(digit_strings(text))
    inside = [(each.begin, each.end) for each in said]
    others = [
        match[0].lower() for match in _WORD.finditer(text) if not any(begin <= match.start() < end for begin, end in inside)
    ]
    if 0 < sum(len(each.digits) for each in said) <= _MOST_DIGITS and all(word in _ASIDE for word in others):
        yield from (Entity(each.begin, each.end, Kind.CARD) for each in said)
