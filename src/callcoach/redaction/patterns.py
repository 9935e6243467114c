"""E-mail and web addresses, written or said; addresses, postcodes and birthdays. Knows no names and no model."""

import re
from collections.abc import Iterator

from callcoach.redaction.kinds import Entity, Kind

_TOP = "com|net|org|edu|gov|io|co|us|uk|ca|info|biz|me|de|fr|au|example|ai|app|dev|tv|shop|store"
_PROVIDERS = "gmail|yahoo|hotmail|outlook|icloud|aol|protonmail|proton|comcast|verizon|msn|live"
_WRITTEN_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_WEB = re.compile(
    r"\b(?:https?://|www\.)\S+?(?=[.,;:!?]?(?:\s|$))|\bwww dot [\w-]+(?: dot [\w-]+)+"
    rf"|(?<![\w@.-])[\w-]{{2,}}\.(?:{_TOP})(?:/\S*)?(?![\w.-]*@)(?![\w-])",
    re.IGNORECASE,
)
# from "at" on: a domain of up to three words with its ending, or a provider that everybody knows without one
_AT = re.compile(
    rf"\bat\s+(?:(?:[\w'’-]+\s+){{0,3}}?[\w'’-]+(?:\s+dot\s+(?:{_TOP}))+|[\w-]+(?:\.[\w-]+)*\.(?:{_TOP})"
    rf"|(?:{_PROVIDERS})(?:\s*\.\s*com)?)(?![\w-])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w'’+.-]*\w")
_CONNECTORS = frozenset({"dot", "period", "underscore", "dash", "hyphen", "minus", "plus", "point"})
_NUMBER_WORDS_SAID = """
zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred double triple
"""
_NUMBER_WORDS = frozenset(_NUMBER_WORDS_SAID.split())
_SPELLING = frozenset({"first", "last", "middle", "initial", "name"})
_NO_LOCAL_PART_SAID = """
it's its is to email e-mail mail use that's at me us find look looking works work office here them him her you i we call see
reach on out up login log go shop was
"""
_NO_LOCAL_PART = frozenset(_NO_LOCAL_PART_SAID.split())

_DIGIT = "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
_TENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
# bounded: a turn that only counts must not take for ever
_SAID_NUMBER = rf"(?:(?:{_DIGIT}|{_TENS}|hundred|and)[\s-]+){{0,5}}(?:{_DIGIT}|{_TENS}|hundred)"
_STREET = "street|avenue|boulevard|road|lane|parkway|highway|terrace|drive|st|ave|blvd|rd|ln|dr"
# these are words of every day, too: only with a capital, or where somebody says that an address comes
_WORDS_TOO = (
    "court|ct|way|place|circle|square|trail|crescent|close|row|walk|grove|gardens|hill|park|plaza|alley|drive|pkwy|hwy|pike"
)
_NO_STREET_NAME = (
    "way|ways|minute|minutes|hour|hours|mile|miles|day|days|year|years|month|months|week|weeks|more|other|whole|percent|of|in|the|to"
    "|on|per|and|or|for|new|big|key|good|better|different|easy|dollar|dollars|a|an|is|was|times|lane|people|calls|that|this|you|we"
    "|gig|gigs|gb|foot|feet|acre|lot|car|space|spot|dollar|cent|grand|percent|point|star|line|room|bed|door|seat|speed"
    "|it|its|short|long|quick|second|seconds|thing|things|from|at|with|by|block|blocks"
)
_NAME_WORD = rf"(?!(?:{_NO_STREET_NAME})\b)[A-Za-z][\w'’-]*|\d{{1,3}}(?:st|nd|rd|th)"
_DIRECTION = r"(?:(?:north|south|east|west|n|s|e|w|ne|nw|se|sw)\.?\s+)?"
_UNIT = r"(?:,?\s+(?:apartment|apt|suite|unit|number|floor|ste)\.?\s*#?\s*(?:\d+\w*|[A-Z]\b|" + _SAID_NUMBER + r"))?"
_NUMBER = rf"(?:\d{{1,6}}[A-Za-z]?|{_SAID_NUMBER})"
_ADDRESS = re.compile(
    rf"(?<![\w$€£.,-])(?<![$€£] ){_NUMBER},?\s+{_DIRECTION}(?:(?:{_NAME_WORD})\s+){{1,3}}?(?:{_STREET})\b\.?{_UNIT}",
    re.IGNORECASE,
)
_CAPITAL_ADDRESS = re.compile(
    rf"(?<![\w$€£.,-])(?i:{_NUMBER}),?\s+(?i:{_DIRECTION})(?:[A-Z][\w'’-]*\s+){{1,3}}?(?:(?i:{_WORDS_TOO}))\b\.?{_UNIT}"
)
_ONE_WORD_STREET = re.compile(
    rf"(?<![\w$€£.,-])(?i:{_NUMBER})\s+[A-Z][a-z]+(?:way|gate|wood|field|side|ham|wick|hurst|street)\b{_UNIT}"
)
_BROADWAY = re.compile(rf"(?<![\w$€£.,-])(?i:{_NUMBER})\s+{_DIRECTION}(?i:broadway|main)\b{_UNIT}")
_ANNOUNCED_ADDRESS = re.compile(
    r"\b(?:address(?: is|['’]s)?|live[sd]? (?:at|on)|located at|ship(?: it)? to|deliver(?:y|s)?(?: \w+)? to|mail(?: it)? to"
    r"|moved to)\s+"
    rf"({_NUMBER}\s+(?:(?:{_NAME_WORD})\s+){{1,3}}?(?:{_STREET}|{_WORDS_TOO})\b{_UNIT})",
    re.IGNORECASE,
)
_BOX = re.compile(rf"\bp\.?\s?o\.?\s+box\s+(?:\d+|{_SAID_NUMBER}(?:\s+{_SAID_NUMBER})*)", re.IGNORECASE)
_BRITISH_OR_CANADIAN = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}|[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][\s-]?\d[ABCEGHJ-NPRSTV-Z]\d)(?![\w-])"
)
_ZIP = re.compile(r"(?<![\w$€£.,-])\d{5}-\d{4}(?![\w-])|(?<=\b[A-Z]{2} )\d{5}(?![\w,-]|\.\d)")
_IP = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")

_MONTH = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|(?:twenty|thirty)[\s-](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third"
    r"|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth"
    rf"|eighteenth|nineteenth|twentieth|thirtieth|{_SAID_NUMBER})"
)
_SAID_YEAR = (
    rf"(?:nineteen|twenty|two thousand)(?:\s+(?:hundred\s+)?(?:and\s+)?{_SAID_NUMBER})?"
    rf"|'?\d{{2}}(?!\d)|(?:19|20)\d{{2}}|{_SAID_NUMBER}"
)
_YEAR_BEHIND = rf"(?:,?\s+(?:of\s+)?(?:{_SAID_YEAR})\b)?"
_DATE = re.compile(
    rf"\b(?:{_MONTH})\.?\s+(?:the\s+)?{_ORDINAL}\b{_YEAR_BEHIND}"
    rf"|\b(?:the\s+)?{_ORDINAL}\s+(?:of\s+)?(?:{_MONTH})\b{_YEAR_BEHIND}"
    r"|(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?![\d/-])|(?<![\d/-])(?:19|20)\d{2}-\d{2}-\d{2}(?![\d-])"
    rf"|\b(?:{_SAID_NUMBER})(?:[\s,-]+(?:{_SAID_NUMBER})){{2,4}}\b"
    r"|(?<![\d/])\d{1,2}[\s,]+\d{1,2}[\s,]+(?:19|20)?\d{2}(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"\b(?:(?:19|20)\d{{2}}|(?:nineteen|two thousand|twenty)(?:\s+(?:and\s+)?{_SAID_NUMBER})?)\b", re.IGNORECASE)
_BORN = re.compile(
    r"\b(?:born(?: (?:on|in))?|birthday(?:['’]s)?|birth ?dates?|dates? of birth|d\.?o\.?b\.?)\W*(?:\w+['’]?\w*\W+){0,5}$",
    re.IGNORECASE,
)
_BORN_IN = re.compile(r"\bborn(?: back)? in\W+$", re.IGNORECASE)
_HARDLY_BEGUN = 5
_REACH = 120


def emails_in(text: str) -> Iterator[Entity]:
    """E-mail addresses, written or said."""
    for match in _WRITTEN_EMAIL.finditer(text):
        yield Entity(*match.span(), Kind.EMAIL)
    for match in _AT.finditer(text):
        begin = _local_part(text, match.start())
        if begin is not None:
            yield Entity(begin, match.end(), Kind.EMAIL)


def _local_part(text: str, at: int) -> int | None:
    """Where the words before a spoken "at" begin that belong to the address; None where none does."""
    words = list(_WORD.finditer(text[:at]))
    if not words or text[words[-1].end() : at].strip(" ,"):
        return None
    begin: int | None = None
    wanted = True
    for place in range(len(words) - 1, -1, -1):
        word = words[place][0].lower()
        following = text[words[place].end() : words[place + 1].start() if place + 1 < len(words) else at]
        if begin is not None and (following.strip(" ,") or "." in following):
            break
        if wanted:
            if word in _NO_LOCAL_PART or word in _CONNECTORS:
                return begin
            begin, wanted = words[place].start(), False
            continue
        if word in _CONNECTORS:
            wanted = True
            continue
        later = words[place + 1][0].lower()
        spelled = (len(word) == 1 and word != "a") or word in _NUMBER_WORDS or word.isdigit() or word in _SPELLING
        before_number = later in _NUMBER_WORDS or later.isdigit()
        if spelled or (before_number and word not in _NO_LOCAL_PART) or (later in _SPELLING and len(word) == 1):
            begin = words[place].start()
            continue
        break
    return begin


def webs_in(text: str) -> Iterator[Entity]:
    """Web and network addresses."""
    for pattern in (_WEB, _IP):
        for match in pattern.finditer(text):
            yield Entity(*match.span(), Kind.WEB)


def addresses_in(text: str) -> Iterator[Entity]:
    """House numbers with their street, post boxes, and postcodes that tell themselves."""
    for pattern in (_ADDRESS, _CAPITAL_ADDRESS, _ONE_WORD_STREET, _BROADWAY, _BOX):
        for match in pattern.finditer(text):
            yield Entity(*match.span(), Kind.ADDRESS)
    for match in _ANNOUNCED_ADDRESS.finditer(text):
        yield Entity(*match.span(1), Kind.ADDRESS)
    for pattern in (_BRITISH_OR_CANADIAN, _ZIP):
        for match in pattern.finditer(text):
            yield Entity(*match.span(), Kind.POSTCODE)


def birthdays_in(text: str, before: str = "") -> Iterator[Entity]:
    """Dates that were announced as somebody's birth. before: what was said right before the text."""
    for match in _DATE.finditer(text):
        if _announced(text[max(0, match.start() - _REACH) : match.start()], before):
            yield Entity(*match.span(), Kind.BIRTHDAY)
    for match in _YEAR.finditer(text):
        if _BORN_IN.search(text[max(0, match.start() - _REACH) : match.start()]):
            yield Entity(*match.span(), Kind.BIRTHDAY)


def _announced(led: str, before: str) -> bool:
    if _BORN.search(led):
        return True
    return len(led.split()) <= _HARDLY_BEGUN and _BORN.search(f"{before} {led}") is not None
