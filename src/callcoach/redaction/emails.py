"""E-mail and web addresses, written or said. Knows no names and no model."""

import re
from collections.abc import Iterator

from callcoach.judging.wording import is_function_word
from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.said import NUMBER_WORDS

_SURE_ENDINGS = "com|net|org|edu|gov|io|co|us|uk|ca|info|biz|me|de|fr|au|ai|app|dev|tv|shop|store|example"
_MORE_ENDINGS = (
    "test|mil|eu|nl|es|nz|ie|jp|ch|se|br|mx|pl|gg|fm|ly|xyz|online|site|website|web|cloud|tech|agency|studio|design|group|company"
    "|solutions|services|systems|network|email|club|cafe|coffee|pizza|restaurant|bar|pub|house|law|legal|dental|clinic|care"
    "|health"
    "|fitness|vet|pet|garden|plumbing|construction|builders|repair|auto|farm|beer|wine|works|work|team|world|life|live|news|media"
    "|blog|photo|art|school|academy|church|london|nyc|scot|wales|quebec|cat|ltd|inc|llc|pro|mobi|name|coop|travel|realty|homes"
)
_ENDINGS = f"{_SURE_ENDINGS}|{_MORE_ENDINGS}"
_PROVIDERS = "gmail|yahoo|hotmail|outlook|icloud|aol|protonmail|proton|comcast|verizon|msn|live|googlemail|btinternet|sbcglobal"
_BRANDS_SAID = """
amazon google facebook yelp netflix apple microsoft booking youtube ebay paypal ours yours the a
"""
_BRANDS = frozenset(_BRANDS_SAID.split())
"""Whose web address tells nobody, and what is no part of one."""
_WRITTEN_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_WEB = re.compile(
    r"\b(?:https?://|www\.)\S+?(?=[.,;:!?]?(?:\s|$))|\bwww dot [\w-]+(?: dot [\w-]+)+"
    rf"|(?<![\w@.-])[\w-]{{2,}}(?:\.[\w-]+)*?\.(?:{_ENDINGS})(?:/\S*)?(?![\w.-]*@)(?![\w-])",
    re.IGNORECASE,
)
_IP = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_LETTERS = r"(?:[a-z][\s,]+){1,2}[a-z]"
_DOT = rf"[\s,]+dot[\s,]+(?:(?:{_ENDINGS})\b|{_LETTERS}\b)"
# from "at" on: a domain of up to five words with its ending, or a provider that everybody knows without one
_AT = re.compile(
    rf"(?:\bat(?:\s+sign)?\b|@)[\s,]+(?:(?:(?!at\b)[\w'’-]+[\s,]+){{0,4}}?(?!at\b)[\w'’-]+(?:{_DOT})+"
    rf"|[\w-]+(?:\.[\w-]+)*?\.(?:{_ENDINGS})|(?:{_PROVIDERS})(?:\s*\.\s*com)?)(?![\w-])",
    re.IGNORECASE,
)
_SAID_WEB = re.compile(rf"(?<![\w.-])[\w-]{{2,}}(?:\s+dot\s+(?:{_SURE_ENDINGS}))+(?![\w-])", re.IGNORECASE)
_WORD = re.compile(r"[\w'’+.-]*\w")
_CONNECTORS = frozenset({"dot", "period", "underscore", "dash", "hyphen", "minus", "plus", "point"})
_SPELLING = frozenset({"first", "last", "middle", "initial", "name"})
_NO_LOCAL_PART_SAID = """
it's its is to email e-mail use that's at me us find look looking work works here them him her you i we call see reach on out up
login log go was
"""
_NO_LOCAL_PART = frozenset(_NO_LOCAL_PART_SAID.split())
_BEFORE_ONE_SAID = """
send sent sending forward write copy cc contact reach try email emails e-mail mail gmail address addresses quote invoice
contract link yes yeah yep sure okay ok no hi hello so well um uh please thanks right just now actually maybe also today
tomorrow again back over either neither like say says said spell spelled put take got get have has had give reads goes stopped
saw web site website online visit page google looked someone somebody anyone team
"""
_BEFORE_ONE = frozenset(_BEFORE_ONE_SAID.split())
"""Words that stand before an e-mail address and are no part of it."""
_MOST_WORDS = 4
_REACH = 120


def emails_in(text: str) -> Iterator[Entity]:
    """E-mail addresses, written or said."""
    for match in _WRITTEN_EMAIL.finditer(text):
        yield Entity(*match.span(), Kind.EMAIL)
    for match in _AT.finditer(text):
        begin = _local_part(text, match.start(), with_commas="," in text[match.start() - 1 : match.start() + 3])
        if begin is not None:
            yield Entity(begin, match.end(), Kind.EMAIL)


def _local_part(text: str, at: int, *, with_commas: bool) -> int | None:
    """Where the words before a spoken "at" begin that belong to the address; None where none does."""
    cut = max(0, at - _REACH)
    words = [(match.start() + cut, match.end() + cut, match[0].lower()) for match in _WORD.finditer(text[cut:at])]
    if not words or text[words[-1][1] : at].strip(" ,"):
        return None
    begin: int | None = None
    wanted = True
    others = 0
    later, ahead = "", at
    for start, end, word in reversed(words):
        gap = text[end:ahead]
        if begin is not None and gap.strip(" ,"):
            break
        if wanted:
            if word in _NO_LOCAL_PART or word in _CONNECTORS:
                return begin
            begin, wanted = start, False
        elif word in _CONNECTORS:
            wanted = True
        elif _is_spelled(word, later):
            begin = start
        elif others < _MOST_WORDS - 1 and (with_commas or "," not in gap) and not _stands_before(word):
            begin, others = start, others + 1
        else:
            begin = start if word == "the" and begin is not None and len(text[begin:at].split()) > 1 else begin
            break
        later, ahead = word, start
    return begin


def _is_spelled(word: str, later: str) -> bool:
    """Whether a word is a letter, a number or what is said of spelling, or a number follows it."""
    if (len(word) == 1 and (word != "a" or len(later) == 1)) or word in NUMBER_WORDS or word.isdigit() or word in _SPELLING:
        return True
    before_number = later in NUMBER_WORDS or later.isdigit()
    return before_number and word not in _NO_LOCAL_PART and not _stands_before(word)


def _stands_before(word: str) -> bool:
    plain = re.sub(r"['’]\w*$", "", word)
    return plain != word or plain in _BEFORE_ONE or plain in _NO_LOCAL_PART or is_function_word(plain)


def webs_in(text: str) -> Iterator[Entity]:
    """Web and network addresses."""
    for pattern in (_WEB, _IP):
        for match in pattern.finditer(text):
            yield Entity(*match.span(), Kind.WEB)
    for match in _SAID_WEB.finditer(text):
        first = match[0].split()[0].lower()
        if first not in _BRANDS and not _stands_before(first):
            yield Entity(_with_words_before(text, match.start()), match.end(), Kind.WEB)


def _with_words_before(text: str, begin: int) -> int:
    """Where the name of a web address begins that is said in several words."""
    cut = max(0, begin - _REACH)
    for match in list(_WORD.finditer(text[cut:begin]))[:-_MOST_WORDS:-1]:
        if text[match.end() + cut : begin].strip(" ") or _stands_before(match[0].lower()):
            break
        begin = match.start() + cut
    return begin
