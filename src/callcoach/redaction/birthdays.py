"""Dates of birth, written or said, where something announces them. Knows no names and no model."""

import re
from collections.abc import Iterator

from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.said import MONTH, SAID_NUMBER

_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|(?:twenty|thirty)[\s-](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first"
    r"|second|third"
    r"|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth"
    rf"|eighteenth|nineteenth|twentieth|thirtieth|{SAID_NUMBER})"
)
_SAID_YEAR = (
    rf"(?:nineteen|twenty|two thousand)(?:\s+(?:hundred\s+)?(?:and\s+)?{SAID_NUMBER})?"
    rf"|'?\d{{2}}(?!\d)|(?:19|20)\d{{2}}|{SAID_NUMBER}"
)
_YEAR_BEHIND = rf"(?:,?\s+(?:of\s+)?(?:{_SAID_YEAR})\b)?"
_DATE = re.compile(
    rf"\b(?:{MONTH})\.?\s+(?:the\s+)?{_ORDINAL}\b{_YEAR_BEHIND}"
    rf"|\b(?:the\s+)?{_ORDINAL}\s+(?:of\s+)?(?:{MONTH})\b{_YEAR_BEHIND}"
    r"|(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?![\d/-])|(?<![\d/-])(?:19|20)\d{2}-\d{2}-\d{2}(?![\d-])"
    rf"|\b(?:{SAID_NUMBER})(?:[\s,-]+(?:{SAID_NUMBER})){{2,4}}\b"
    r"|(?<![\d/])\d{1,2}[\s,]+\d{1,2}[\s,]+(?:19|20)?\d{2}(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"\b(?:(?:19|20)\d{{2}}|(?:nineteen|two thousand|twenty)(?:\s+(?:and\s+)?{SAID_NUMBER})?)\b", re.IGNORECASE)
_BORN = re.compile(
    r"\b(?:born(?: (?:on|in))?|birthday(?:['’]s)?|birth ?dates?|dates? of birth|d\.?o\.?b\.?)\W*(?:\w+['’]?\w*\W+){0,5}$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:is|it['’]s|that['’]s|was) (?:also )?(?:my|her|his|their|our|the \w+['’]s) "
    r"(?:birthday|date of birth|birth ?date|d\.?o\.?b)",
    re.IGNORECASE,
)
_BORN_IN = re.compile(r"\bborn(?: back)? in\W+$", re.IGNORECASE)
_HARDLY_BEGUN = 5
_REACH = 120


def birthdays_in(text: str, before: str = "") -> Iterator[Entity]:
    """Dates that were announced as somebody's birth. before: what was said right before the text."""
    for match in _DATE.finditer(text):
        led, behind = text[max(0, match.start() - _REACH) : match.start()], text[match.end() : match.end() + _REACH]
        if _announced(led, before) or _BEHIND.match(behind):
            yield Entity(*match.span(), Kind.BIRTHDAY)
    for match in _YEAR.finditer(text):
        if _BORN_IN.search(text[max(0, match.start() - _REACH) : match.start()]):
            yield Entity(*match.span(), Kind.BIRTHDAY)


def _announced(led: str, before: str) -> bool:
    if _BORN.search(led):
        return True
    return len(led.split()) <= _HARDLY_BEGUN and _BORN.search(f"{before} {led}") is not None
