"""Words that say what a number is, and which of them stands nearest before it. Knows no number."""

import re
from typing import NamedTuple

from callcoach.redaction.kinds import Kind

WORDS_BEFORE = 9
"""How far before a number the word may stand that says what it is."""
REACH = 120
"""Characters before a number in which it is looked for."""
FEW_WORDS = 4
_MANY_DIGITS = 7


class Cue(NamedTuple):
    """Words that say what a number is. words: how many others may stand between; fewest: digits it then takes.

    sure: where no more words stand between, even what looks like a year or an amount is such a number.
    """

    kind: Kind
    pattern: re.Pattern[str]
    words: int
    fewest: int
    sure: int


def _cue(kind: Kind, words: int, fewest: int, pattern: str, *, sure: int = -1) -> Cue:
    return Cue(kind, re.compile(rf"\b(?:{pattern})(?![\w-])", re.IGNORECASE), words, fewest, sure)


_SECRET = (
    r"(?:gate|door|alarm|entry|lock ?box|key ?pad|access|building|garage|wi-?fi|verification|one[- ]time|activation|unlock"
    r"|voicemail"
    r"|authori[sz]ation|pass|secret|admin|transfer|port(?:ing|-out)?|account|customer) (?:code|pin|password|combination|combo"
    r"|word)"
    r"|pin(?: code| number)?|pass ?codes?|passwords?|lock ?box|keypad|(?:gate|alarm|door|tag|plate)['’]s"
)
_NUMBERED = (
    r"account|acct|policy|member(?:ship)?|customer|client|order|case|claim|invoice|ticket|reference|confirmation|booking"
    r"|tracking|serial|routing|group|license|licence|plate|passport|patient|id|contract|vehicle|purchase order|p\.?o\.?|sort"
    r"|reservation|loyalty|rewards|student|employee|badge|meter|permit|file|quote|work order|registration|transaction|check"
    r"|cheque"
    r"|service|circuit|site|vendor|subscriber|docket|medicare|insurance|swift|batch|device|imei|sim"
)
_ISSUER = r"social insurance|national insurance|n\.? ?i\.?|federal|employer|taxpayer|s\.? ?i\.? ?n\.?"
_CUES = (
    _cue(
        Kind.SSN,
        WORDS_BEFORE,
        4,
        r"social(?: security| insurance)?(?! media| work\w*| post\w*| hour| club| page)(?: number)?|s\.? ?s\.? ?n\.?"
        rf"|(?:{_ISSUER}) (?:tax )?(?:number|no|id|identification)(?: number)?|national insurance|tax(?:payer)? (?:id\w*|number)"
        r"|e\.? ?i\.? ?n\.?|i? ?t\.? ?i\.? ?n\.?|(?<![\w'’])S\.? ?I\.? ?N\.?(?= number|['’]s| is)",
        sure=6,
    ),
    _cue(
        Kind.CARD,
        WORDS_BEFORE,
        3,
        r"(?:credit|debit)? ?card(?:['’]s)?(?: number)?|visa|mastercard|master card|amex|american express|discover"
        r"|runs out|(?:valid|good) (?:thru|through|until|till)|(?:three|four|3|4)[- ]digits?(?: code| number)?|on the (?:back"
        r"|front)"
        r"|long number|debit|expires|exp\.?|exp(?:iration|iry)? date|expiration|expiry|charge it to|ends in|ending in|ending",
    ),
    _cue(Kind.CARD, WORDS_BEFORE, 3, r"cvv2?|cvc|c v v|c v c|security code", sure=3),
    _cue(Kind.PHONE, 3, 2, r"extension(?! cords?)|ext\.?", sure=1),
    _cue(Kind.PHONE, FEW_WORDS, 3, r"area code"),
    _cue(
        Kind.PHONE,
        WORDS_BEFORE,
        4,
        r"(?:last|first) (?:three|four|3|4)(?: digits)? (?:of|on) (?:my|your|the) (?:phone|cell|mobile)",
        sure=4,
    ),
    _cue(
        Kind.PHONE,
        WORDS_BEFORE,
        _MANY_DIGITS - 1,
        r"(?:phone|cell|mobile|fax|callback|contact|best|home|work|office|direct|landline|toll[- ]free|whatsapp|main)(?: phone)?"
        r" ?(?:number|line)?(?:['’]s)?"
        r"|(?:my|your|his|her|our|the|good) number(?:['’]s)?|(?:call|reach|text|phone|ring|dial|fax|hit)(?: \w+)?(?: back| up)?",
    ),
    _cue(Kind.PHONE, FEW_WORDS, FEW_WORDS, r"(?:then |and )?dial"),
    _cue(Kind.PHONE, 1, 3, r"(?:then |and )?(?:press|hit|punch in)"),
    _cue(Kind.POSTCODE, 6, 5, r"zip(?: code)?|post ?code|postal code"),
    _cue(Kind.ACCOUNT, 6, 3, rf"(?:{_SECRET})(?:['’]s)?(?: (?:on|for|to|of) (?:the |my |your |our )?\w+)?", sure=6),
    _cue(
        Kind.ACCOUNT,
        6,
        3,
        rf"(?:{_NUMBERED}) (?:number|num|no|id|code|plate|ref(?:erence)?)(?:['’]s)?|iban|vin|license plate|ref|tag number|acct",
        sure=3,
    ),
    _cue(
        Kind.ACCOUNT, FEW_WORDS, 4, r"(?:last|final|first) (?:four|4)(?: digits| numbers)?(?!\s+(?!digits|numbers)\w+s\b)", sure=4
    ),
    _cue(
        Kind.ACCOUNT,
        2,
        4,
        r"account|policy|order|case|claim|invoice|ticket|reference|confirmation|passport|plate|license|licence|serial|p\.?o\.?"
        r"|membership|quote|tracking|booking|reservation|badge|permit|work order|routing|loyalty|rma",
    ),
)
_LAST_FOUR = re.compile(
    r"\b(?:ends? (?:in|with)|ending(?: (?:in|with))?|(?:last|final|first) (?:four|4|three|3))\b", re.IGNORECASE
)


class Led(NamedTuple):
    """The cue that leads to a number, and how many words stand between."""

    cue: Cue
    between: int


def cue_before(led: str, before: str) -> Led | None:
    """The cue that stands nearest before a number; where the text has hardly begun, in what was said before it."""
    found = _nearest(led)
    if found is not None or len(led.split()) > FEW_WORDS + 1:
        return found
    return _nearest(f"{before[-REACH:]} {led}")


def asks_for_the_last(led: str, before: str) -> bool:
    """Whether only some digits of a number are asked for: "the last four", "ending in"."""
    return _LAST_FOUR.search(f"{before if len(led.split()) <= FEW_WORDS else ''} {led}"[-REACH:]) is not None


def _nearest(led: str) -> Led | None:
    nearest: tuple[int, Led] | None = None
    for cue in _CUES:
        for match in cue.pattern.finditer(led):
            between = len(led[match.end() :].split())
            if between <= cue.words and (nearest is None or match.end() > nearest[0]):
                nearest = match.end(), Led(cue, between)
    return nearest[1] if nearest else None
