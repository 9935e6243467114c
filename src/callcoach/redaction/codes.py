"""Codes of letters and digits: account numbers, plates, tickets, written or spelled out. Product names stay. Knows no names."""

import re
from collections.abc import Sequence

from callcoach.redaction.cues import FEW_WORDS, REACH, cue_before
from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.said import DIGIT, TENS
from callcoach.redaction.words import BRANDS

_NUMBER_WORD = f"{DIGIT}|{TENS}|dash|hyphen"
_SAYS_A_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORD})\b", re.IGNORECASE)
_LETTER = r"[A-Za-z](?:,? (?:as in|for|like) \w+)?"
_SPELLED = re.compile(
    rf"(?<![\w'’])(?:{_LETTER}|(?-i:[A-Z]{{2,4}})(?=[\s,])|\d{{1,4}}|{_NUMBER_WORD})(?:[\s,.-]+(?:{_LETTER}|\d{{1,4}}"
    rf"|{_NUMBER_WORD})(?![\w'’])){{3,}}",
    re.IGNORECASE,
)
# letters and at least three digits in one word, "401k" and "2nd" left alone; parts may be joined by hyphens
_CODE = re.compile(
    r"(?<![\w@.-])(?!\d{1,3}(?:k|K|st|nd|rd|th|s|am|pm|gb|GB|mb|hp|mg|ml|km|ft)\b)(?!0x)"
    r"(?=[A-Za-z\d-]*\d[A-Za-z\d-]*\d[A-Za-z\d-]*\d)"
    r"(?=[\d-]*[A-Z])[A-Za-z\d]+(?:-[A-Za-z\d]+)*(?![\w@])"
)
_ANNOUNCING = (
    r"code|confirmation|reference|ref|number|id|plates?|license|licence|serial|case|claim|ticket|invoice|order|account|acct"
    r"|policy|tag"
    r"|reg(?:istration)?|quote|p\.?o\.?|rma|vin|booking|reservation|contract|permit|badge|file|tracking|passcode|pin|sku"
    r"|member(?:ship)?"
)
_ANNOUNCED = re.compile(
    rf"\b(?i:{_ANNOUNCING})(?i: number| code| no\.?| id)?(?i:['’]s| is| was|:)?,? #?"
    r"([A-Z\d]+(?:[ -][A-Z\d]*\d[A-Z\d]*)*(?:[ -][A-Z]{2,3}\b(?![ ][A-Z])|[ -][A-HJ-Z](?=[.,?!;]|$))?)(?![\w'’])",
)
_PASSWORD = re.compile(
    r"\b(?i:pass ?words?|pass ?codes?|pass ?phrase|log ?in|user ?name|user ?id)(?i:['’]s| is"
    r"|:),? ((?=\S*[\d!@#$%^&*_])[^\s,]{4,40}\b)"
)
_UK_PLATE = re.compile(r"(?<![\w-])[A-Z]{2}\d{2} ?[A-Z]{3}(?![\w-])")
_MASKED = re.compile(r"(?<![\w*•])[xX*•][xX*• -]{0,20}\d{4}(?![\w,.]\d|\w)")
_UK_INSURANCE = re.compile(r"(?<![\w-])[A-Z]{2}(?: ?\d{2}){3} ?[A-D](?![\w-])")
# R7000, KX-TG7875: short, and behind a maker's name or a word for a device, or before one
_DEVICE = (
    r"models?|routers?|modems?|phones?|handsets?|printers?|switch(?:es)?|firewalls?|cameras?|tvs?|laptops?|headsets?|gateway"
    r"|units?"
    r"|adapters?|base|devices?|series|truck|van|receivers?|amps?|speakers?|tablets?|pcs?|systems?|faults?|errors?|part"
    r"|firmware|version"
    r"|boxes|box|console|cable|standard|protocol|battery|batteries|filter|bulbs?"
)
_DEVICE_BEFORE = re.compile(rf"\b(?:{_DEVICE})(?: (?:number|code|no\.?|is|was|called))*[:,]? #?$", re.IGNORECASE)
_DEVICE_BEHIND = re.compile(rf"^s? (?:\w+ )?(?:{_DEVICE})\b", re.IGNORECASE)
_MAKER_BEFORE = re.compile(r"(?:[\w,’'] |^)([A-Z][A-Za-z-]+)(?: [A-Z][A-Za-z]+)? (?:or |and )?$")
_LETTER_AND_FIGURES = re.compile(r"[A-Z]-?\d{3}")
_SHORT_MODEL = re.compile(r"[A-Z]{1,4}-?\d{3,4}[A-Za-z]{0,3}|[A-Z]{1,3}-[A-Z]{1,3}\d{3,4}[A-Z]?|\d{3,4}[A-Z]{1,2}")


def spelled_in(text: str, before: str = "") -> Sequence[Entity]:
    """Codes of letters and digits that a cue announces: "P K four four one", "7 K L M 4 9 2", "WX-20931-77"."""
    found = [Entity(*match.span(), Kind.ACCOUNT) for match in _CODE.finditer(text) if not _is_a_device(text, before, match)]
    for match in _SPELLED.finditer(text):
        led = cue_before(text[max(0, match.start() - REACH) : match.start()], before)
        if led is None or not _SAYS_A_NUMBER.search(match[0]) or len(match[0].split()) < FEW_WORDS:
            continue
        if led.cue.kind in (Kind.ACCOUNT, Kind.POSTCODE, Kind.SSN):
            found.append(Entity(*match.span(), led.cue.kind))
    found += [
        Entity(*match.span(1), Kind.ACCOUNT)
        for match in _ANNOUNCED.finditer(text)
        if len(match[1]) > 3 and re.search(r"\d", match[1]) and re.search(r"[A-Z]", match[1])
        if not _DEVICE_BEFORE.search(text[max(0, match.start() - REACH) : match.start()])
    ]
    found += [Entity(*match.span(1), Kind.ACCOUNT) for match in _PASSWORD.finditer(text)]
    found += [Entity(*match.span(), Kind.ACCOUNT) for match in _UK_PLATE.finditer(text)]
    found += [Entity(*match.span(), Kind.ACCOUNT) for match in _MASKED.finditer(text)]
    return [*found, *(Entity(*match.span(), Kind.SSN) for match in _UK_INSURANCE.finditer(text))]


def _is_a_device(text: str, before: str, match: re.Match[str]) -> bool:
    """Whether a code names a product, not a customer's thing."""
    led = text[max(0, match.start() - REACH) : match.start()]
    if cue_before(led, before) is not None and re.search(rf"\b(?:{_ANNOUNCING})\b", f"{before[-REACH:]} {led}", re.IGNORECASE):
        return False
    if _DEVICE_BEFORE.search(led) or _LETTER_AND_FIGURES.fullmatch(match[0]):
        return True
    words = {match[0].lower()} | {word.lower() for word in re.split(r"[\s-]", f"{led[-40:]} {match[0]}")}
    if _SHORT_MODEL.fullmatch(match[0]) is None:
        return bool(words & BRANDS)
    maker = _MAKER_BEFORE.search(led)
    announced = maker is not None and re.fullmatch(_ANNOUNCING, maker[1], re.IGNORECASE) is not None
    return (maker is not None and not announced) or bool(words & BRANDS) or _DEVICE_BEHIND.match(text[match.end() :]) is not None
