"""House numbers with their street, units, post boxes, and postcodes that tell themselves. Knows no names and no model."""

import re
from collections.abc import Iterator

from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.said import SAID_NUMBER
from callcoach.redaction.streets import (
    AWAY,
    DIRECTION,
    FRENCH,
    NAME_WORD,
    NUMBER,
    STREET,
    UNIT,
    UNIT_NUMBER,
    WORDS_TOO,
)
from callcoach.redaction.words import BRANDS, NO_NAMES

_NO_AMOUNT = r"(?<![\w$€£.,-])(?<![$€£] )"
_ADDRESS = re.compile(
    rf"{_NO_AMOUNT}{NUMBER},?\s+{DIRECTION}(?:(?:{NAME_WORD})\s+){{1,3}}?(?:{STREET})\b\.?{AWAY}{UNIT}",
    re.IGNORECASE,
)
_CAPITAL_ADDRESS = re.compile(
    rf"{_NO_AMOUNT}(?i:{NUMBER}),?\s+(?i:{DIRECTION})(?:[A-ZÀ-ÖØ-Þ][\w'’-]*\.?\s+){{1,3}}?(?:(?i:{WORDS_TOO}))\b\.?{AWAY}{UNIT}"
)
_ONE_WORD_STREET = re.compile(
    rf"{_NO_AMOUNT}(?i:{NUMBER})\s+[A-Z][a-z]+(?:way|gate|wood|field|side|ham|wick|hurst|street|view|brook|crest|dale)\b{UNIT}"
)
_BROADWAY = re.compile(rf"{_NO_AMOUNT}(?i:{NUMBER})\s+(?i:{DIRECTION})(?i:broadway|main)\b{AWAY}{UNIT}")
_THE_STREET = re.compile(rf"{_NO_AMOUNT}(?i:{NUMBER})\s+The\s+[A-Z][a-z]+{UNIT}")
_NUMBERED_ROAD = re.compile(
    rf"{_NO_AMOUNT}{NUMBER},?\s+{DIRECTION}(?:(?:old|county|state|us|u\.s\.|farm to market|rural)\s+)?"
    rf"(?:highway|hwy|route|rte|road|county road|cr|fm|sr)\s+(?:\d+|{SAID_NUMBER})\b{AWAY}{UNIT}",
    re.IGNORECASE,
)
_FRENCH = re.compile(
    rf"{_NO_AMOUNT}(?i:{NUMBER}(?:\s?(?:bis|ter))?),?\s+(?i:{FRENCH})\.?\s+(?:(?i:de|des|du|la|le|les|aux|del|los)\s+"
    rf"|[dlDL]['’]){{0,2}}"
    rf"[A-ZÀ-ÖØ-Þ][\w'’-]*(?:[\s-][A-ZÀ-ÖØ-Þ][\w'’-]*){{0,2}}(?:\s(?:NE|NW|SE|SW|Est|Ouest|Nord|Sud|[NSEWO])\b)?{UNIT}"
)
_ANNOUNCED_ADDRESS = re.compile(
    r"\b(?:address(?: is|['’]s)?|live[sd]? (?:at|on)|located at|ship(?: it)? to|deliver(?:y|s)?(?: \w+)? to|mail(?: it)? to"
    r"|moved to|i['’]m at|we['’]re at|it['’]s at|we are at|i am at)\s+"
    rf"({NUMBER}\s+{DIRECTION}(?:(?:{NAME_WORD})\s+){{1,3}}?(?:{STREET}|{WORDS_TOO})\b{AWAY}{UNIT})",
    re.IGNORECASE,
)
_SAID_MORE = rf"{SAID_NUMBER}(?:,?\s+{SAID_NUMBER})*"
_RURAL = rf"(?:,?\s+(?:r\.?\s?r\.?|rural route|hc|highway contract)\s*#?\s*(?:\d+|{SAID_NUMBER}))"
_BOX = re.compile(
    rf"\b(?:p\.?\s?o\.?|p\.\s?o\.|pee\s+oh|p\s+oh|post(?:al)?(?:\s+office)?|mail|pmb)[\s,.-]+box(?:\s+(?:number|no\.?))?\s*#?\s*"
    rf"(?:\d+\w*|{_SAID_MORE}){_RURAL}?|\bp\.?o\.?b\.?\s+\d+|\bgeneral delivery\b|\bbox\s+(?:number\s+)?(?:\d+"
    rf"|{SAID_NUMBER}){_RURAL}"
    rf"|\b(?:rr|r\.r\.|rural route|hc)\s*#?\s*(?:\d+|{SAID_NUMBER}),?\s+box\s+(?:\d+\w*|{_SAID_MORE})",
    re.IGNORECASE,
)
_BOX_CAPITAL = re.compile(r"\b(?:Box|PMB)\s+#?\d{1,6}\b")
_UNIT_ALONE = re.compile(
    rf"\b(?:(?i:suite|apartment|apt|ste|flat)\.?\s*#?\s*(?!(?:one|two|three)\s+of\b){UNIT_NUMBER}"
    rf"|(?:(?<=[a-z,:.] )|^)(?:Unit|Building|Bldg|Lot)\s+#?(?:\d+[A-Z]?|[A-Z])\b)"
)
# without the word for a street: where a part of town stands before its name, or somebody says or asks that an address comes
_LONG_NUMBER = rf"(?:\d{{2,6}}[A-Za-z]?|{SAID_NUMBER})"
_WITH_DIRECTION = re.compile(
    rf"{_NO_AMOUNT}{_LONG_NUMBER}\s+(?:north|south|east|west|[NSEW]\.?)\s+(?!(?:coast|side|end|of)\b)(?:{NAME_WORD})(?=\W|$)",
    re.IGNORECASE,
)
_CAPITALS = r"((?:[A-ZÀ-ÖØ-Þ][a-zà-ÿ'’-]+)(?:\s[A-Z][a-z'’-]+)?)"
_AT_A_CAPITAL = re.compile(
    r"\b(?i:at|to|address is|address['’]s|address|location is|moved to|still|you at|for|it['’]s|that['’]s|we['’]re)[\s:]+"
    rf"((?i:{_LONG_NUMBER})\s+(?i:{DIRECTION}){_CAPITALS}{UNIT})(?=[,.?!;]|$|\s+(?:in|and|by|near|is)\b)"
)
_WHICH_STREET = re.compile(
    rf"{_NO_AMOUNT}(?i:{_LONG_NUMBER}\s+{DIRECTION}(?:{NAME_WORD}))(?=,?\s+(?i:(?:is|was) (?:that|it|this)"
    rf"|that['’]s)?\s*(?i:an? )?(?i:{STREET})\b)"
)
_WHERE_BEHIND = re.compile(
    rf"{_NO_AMOUNT}(?:(?i:{_LONG_NUMBER}\s+{DIRECTION})[A-ZÀ-ÖØ-Þ][\w'’-]+(?=,?\s+(?:on the |at the )?(?:corner|next to"
    rf"|across from|right off|just off"
    rf"|behind)\b)|(?i:{_LONG_NUMBER}\s+{DIRECTION}(?:{NAME_WORD}))(?=,\s+(?i:zip|suite|apt|apartment|unit|post ?code)\b))"
)
_NUMBER_BEHIND = re.compile(
    rf"\b(?:on|at)\s+((?:(?:{NAME_WORD})\s+){{1,3}}?(?:{STREET}|{WORDS_TOO}),?\s+(?:at )?(?:number|no\.?)\s+{NUMBER})\b",
    re.IGNORECASE,
)
_CROSSING = r"(?:[A-Z][\w'’-]+|\d{1,3}(?:st|nd|rd|th))"
_CORNER = re.compile(
    rf"\b(?:the )?corner of {_CROSSING}(?: [A-Z][\w'’-]+)? and {_CROSSING}"
    r"(?: (?:Street|St|Avenue|Ave|Road))?"
)
_STREET_ALONE = re.compile(
    r"(?<=[a-z,:] )((?:(?:North|South|East|West|Old|New|[NSEW]\.)\s)?[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s[A-Z][\w'’-]+)?)"
    r"\s(?:Street|Avenue|Road|Lane|Boulevard|Parkway|Terrace|Crescent|Drive|Court|Ave|Blvd|Rd|Ln|Highway)\b\.?"
)
_ASKED_WHERE = re.compile(
    r"\b(?:address|what street|which street|where (?:are|is|do|should|would|can|will) (?:you|we|i|it|they|the)\b[^?]*"
    r"(?:located|live|at|ship|send|deliver|based|shop|store|office|install\w*)|street number"
    r"|house number)\b(?![^?]*e-?mail)[^?]*\?\W*$",
    re.IGNORECASE,
)
_ELECTRONIC = re.compile(r"\b(?:e-?mail|web|ip|mac)\b", re.IGNORECASE)
_ANSWER = re.compile(
    rf"^\W*(?:(?:it['’]s|yes|yeah|sure|oh|okay|well|um|uh|at|we['’]re|i['’]m|that['’]s|that would be)[\s,.]+){{0,4}}"
    rf"({NUMBER}\s+{DIRECTION}(?:(?:{NAME_WORD})(?:\s+(?:{STREET}|{WORDS_TOO})\b)?){UNIT})(?=[,.?!;]|$|\s+(?:in|and|by|near)\b)",
    re.IGNORECASE,
)
_BRITISH_OR_CANADIAN = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}"
    r"|[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][\s-]?\d[ABCEGHJ-NPRSTV-Z]\d)(?![\w-])"
)
_ZIP = re.compile(r"(?<![\w$€£.,-])\d{5}-\d{4}(?![\w-])|(?<=\b[A-Z]{2} )\d{5}(?![\w,-]|\.\d)")
_PATTERNS = (
    _ADDRESS,
    _CAPITAL_ADDRESS,
    _ONE_WORD_STREET,
    _BROADWAY,
    _THE_STREET,
    _NUMBERED_ROAD,
    _FRENCH,
    _BOX,
    _BOX_CAPITAL,
    _UNIT_ALONE,
    _WITH_DIRECTION,
    _WHICH_STREET,
    _WHERE_BEHIND,
    _CORNER,
)


def addresses_in(text: str, before: str = "") -> Iterator[Entity]:
    """House numbers with their street, units, post boxes, and postcodes that tell themselves. before: what was asked."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Entity(*match.span(), Kind.ADDRESS)
    for match in _ANNOUNCED_ADDRESS.finditer(text):
        yield Entity(*match.span(1), Kind.ADDRESS)
    for match in _AT_A_CAPITAL.finditer(text):
        if not any(word.lower() in NO_NAMES for word in match[2].split()):
            yield Entity(*match.span(1), Kind.ADDRESS)
    for match in _NUMBER_BEHIND.finditer(text):
        yield Entity(*match.span(1), Kind.ADDRESS)
    for match in _STREET_ALONE.finditer(text):
        if not {word.lower() for word in match[1].split()} & BRANDS:
            yield Entity(*match.span(), Kind.ADDRESS)
    asked = _ASKED_WHERE.search(before)
    answer = _ANSWER.match(text) if asked and not _ELECTRONIC.search(before) else None
    if answer:
        yield Entity(*answer.span(1), Kind.ADDRESS)
    for pattern in (_BRITISH_OR_CANADIAN, _ZIP):
        for match in pattern.finditer(text):
            yield Entity(*match.span(), Kind.POSTCODE)
