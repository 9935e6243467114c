"""Names of people in a text: those that are known, those that somebody says of themselves or greets with, those spelled out.

Knows no model. A name that is in no list, follows no greeting and is no entity to a finder stays.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from callcoach.judging.wording import is_function_word
from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.words import ALSO_WORDS, NO_NAMES, OF_BUSINESSES, TITLES

_NAME = r"[A-ZÀ-ÖØ-Þ][a-z]*(?:['’][A-Z])?[\w]*(?:-[A-Z]\w+)?"
_INITIAL = r"(?:[A-Z]\.?\s+)?"
_NAMES = rf"({_NAME}(?:\s+(?:(?:de|van|von|der|la|bin|al)\s+)?{_INITIAL}{_NAME}){{0,2}})"
_RELATIVES = (
    "wife|husband|partner|son|daughter|brother|sister|mother|father|mom|dad|manager|boss|assistant|accountant|technician"
    "|bookkeeper|receptionist|colleague|coworker|friend|owner|nephew|niece|cousin|landlord|lawyer|attorney|supervisor|guy"
    "|girl|lady"
)
_INTRODUCTIONS = (
    r"my name is|my name's|(?:first|last|full|middle) name(?: is|['’]s)|this is|i['’]m|i am|it['’]s me"
    r"|(?:speak|speaking|spoke|talk|talking|talked) (?:with|to)|ask(?:ed)? for|name of|named|called in|put it under"
    r"|(?:it['’]s|that['’]s) under|mister|mr\.?|mrs\.?|ms\.?|miss|mx\.?|dr\.?|doctor|professor|hi|hey|hello|thanks|thank you"
    r"|good morning|morning|good afternoon|afternoon|good evening|bye|goodbye|take care|meet you|looking for|happened to"
    rf"|keep calling|(?:you|please|just) call|(?:my|our|your|his|her|the) (?:{_RELATIVES})|regards|sincerely|dear|tell|ask"
    r"|reach|attn|attention|care of|c/o|made out to|payable to|signed by|(?:contact|name|owner|manager|cardholder)(?: is|:)"
    r"|(?:contact|account) (?:from|to)|name on (?:it|file|the \w+) is|who['’]s calling is|belongs to|under the name"
)
_INTRODUCED = re.compile(rf"\b(?i:{_INTRODUCTIONS})[,:]?\s+{_NAMES}")
_SIGNED = re.compile(
    r"(?:\b(?i:regards|wishes|best|cheers|sincerely|yours(?: truly| sincerely| faithfully)?|thanks(?: again| so much)?"
    r"|thank you|thx"
    rf"|respectfully|cordially|love|sent from my \w+)[,.!]?\s+(?:[—–-]\s*)?|[—–]\s?|\s-\s?){_NAMES}\W*$",
    re.MULTILINE,
)
_VOCATIVE = re.compile(rf"[a-z],\s+({_NAME})[.?!]")
_FROM = re.compile(rf"\b(?i:it['’]s|is it)\s+{_NAMES}\s+(?:from|over at|with|at)\b")
# a capital in the middle of a sentence, and at its beginning what only people do: "since Trish left", "Fatima said"
_IN_A_SENTENCE = re.compile(rf"(?<=[a-zà-ÿ])(?<!\bthe)(?<!\ba)(?<!\ban)(?:['’]s)?,?\s{_NAMES}")
_SUBJECT = re.compile(
    rf"(?:^|[.!?]\s+)({_NAME})\s+(?:asked|says|said|told|called|left|thinks|thought|wants|wanted|runs|handles|signs|works"
    rf"|worked|quit"
    r"|retired|owns|answers|fixed|installed|ordered|signed|bought|knows|knew|promised|hates|loves|insists|explained|mentioned"
    r"|suggested"
    r"|emailed|texted|phoned|booked|drives|drove|manages|managed|does the|did the|takes (?:the|care|calls|over)|took (?:the"
    r"|over|my)"
    r"|gave (?:me|us)|sent (?:me|us)|came (?:out|by|over)|set (?:it|this|that|up)|wrote|from (?:accounting|billing|sales|next"
    r"|your|our)|"
    r"(?:isn['’]t|is|was) (?:in|out|off|here|there|gone|away|my|our|the|never|always))\b"
)
_BETWEEN = r"\s+(?:[A-Z]\.?\s+)?"
"""What may stand between the words of a name, an initial too."""
_TITLES, _FEW = 0.3, 40
"""Where so many words within sentences have a capital, it tells nothing."""
_HERE = re.compile(rf"(?:^|[.!?]\s+){_NAMES}\s+here\b")
_ASKED_WHO = re.compile(
    r"\b(?:who (?:am i|are we|is this|is it)|who['’]s (?:this|calling|speaking)|(?:your|the|['’]s|full|first|last|what"
    r"|whose) (?:full |first |last |middle |maiden )?name"
    r"|name,? please|name (?:and|on|for)\b|and you(?:['’]re| are)|who (?:should|do|can|would) (?:i|we)"
    r"|what (?:should|can|do) (?:i|we) call you)\b[^?.]*[?.]?\s*$",
    re.IGNORECASE,
)
_ANSWER = re.compile(rf"^\W*(?:(?i:it['’]s|yes|yeah|sure|oh|okay|well|um|uh)[\s,.]+)*{_NAMES}")
_SPELLED = re.compile(r"(?<![\w-])[A-Za-z](?:-[A-Za-z]){2,}(?![\w-])|(?<![\w'’])[A-Z](?:[ ,.]{1,2}[A-Z]){2,}(?![\w'’])")
_SPELLING = re.compile(r"\b(?:name|spell(?:s|ed|ing)?|spelt|letters?)\b", re.IGNORECASE)
_SURELY_SPELLED = 5
_LONGEST_ACRONYM = 5
_WORD = re.compile(r"[\w'’]+")
_INNER_WORD = re.compile(r"(?<=[A-Za-z,]\s)([A-Za-z]+)")
_REACH = 24
_PRODUCT_BEHIND = re.compile(
    r"\s(?:plan|package|bundle|tier|edition|app|software|routers?|modems?|handsets?|system|models?|series|portal|dashboard"
    r"|truck|van"
    r"|tables|chairs|upgrade|add-on|license|subscription|browser|printers?|phones|number)\b"
)
_YEAR_BEFORE = re.compile(r"\b(?:19|20)\d\d\s$")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
_INNER_CAPITAL_OF_NAMES = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|Al|El|St|O['’])[A-Z]")
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+|\n)$")
_VERB_OBJECTS = """
my the it this that your you me us a an we they he she i there their his her our its them be in
"""
_AFTER_A_VERB = frozenset(_VERB_OBJECTS.split())


class KnownNames:
    """Names that are looked for: given ones in any writing, and those that were heard in the call as they were written."""

    def __init__(self, given: Iterable[str], kept: Collection[str], heard: Iterable[str] = ()) -> None:
        """given: full names; kept: lower-case words that are never taken for a name."""
        self._kept = kept
        self.wholes: list[frozenset[str]] = []
        any_case, capitals = set[str](), set[str]()
        for name, is_given in (*((name, True) for name in given), *((name, False) for name in heard)):
            words = [word for word in re.findall(r"[\w'’-]+", re.sub(r"['’]s$", "", name.strip())) if len(word) > 1]
            lowered = [word.lower() for word in words]
            if len(words) > 1 and not set(lowered) & set(kept) and (is_given or not any(map(is_function_word, lowered))):
                any_case.add(_BETWEEN.join(map(re.escape, words)))
                self.wholes.append(frozenset(lowered))
            for word, low in zip(words, lowered, strict=True):
                if low in kept or low in NO_NAMES - ALSO_WORDS or (low in OF_BUSINESSES and is_given and len(words) > 1):
                    continue
                if not is_given and is_function_word(low) and low not in ALSO_WORDS:
                    continue
                if low in ALSO_WORDS or is_function_word(low) or not is_given or len(low) < 3:
                    capitals.add(re.escape(word[0].upper() + word[1:]))
                else:
                    any_case.add(re.escape(word))
        self.words = frozenset(word.replace("\\", "").lower() for word in any_case | capitals)
        patterns = [f"(?i:{each})" for each in _longest_first(any_case)] + _longest_first(capitals)
        self._pattern = re.compile(rf"(?<![\w@]){_group(patterns)}(?![\w@]|\.\w)") if patterns else None

    def in_text(self, text: str) -> Iterator[Entity]:
        """Where the names stand."""
        for match in self._pattern.finditer(text) if self._pattern else ():
            if not is_said_as_a_word(text, *match.span()):
                yield Entity(*match.span(), Kind.PERSON)
        for match in _SPELLED.finditer(text):
            letters = re.sub(r"\W", "", match[0]).lower()
            if letters in self._kept:
                continue
            if letters in self.words or len(letters) >= _SURELY_SPELLED or _SPELLING.search(text[: match.start()][-60:]):
                yield Entity(*match.span(), Kind.PERSON)


def is_said_as_a_word(text: str, begin: int, end: int) -> bool:
    """Whether a name that is a word, too, begins a sentence as in "Mark my words"."""
    low = text[begin:end].lower()
    if low not in ALSO_WORDS and not is_function_word(low):
        return False
    following = _WORD.match(text[end : end + 20].lstrip())
    return (
        _SENTENCE_START.search(text[max(0, begin - 4) : begin]) is not None
        and text[end : end + 1] == " "
        and following is not None
        and following[0] in _AFTER_A_VERB
    )


def introduced_in(text: str, before: str = "") -> Iterator[str]:
    """Names that people give of themselves, greet each other with or say of somebody near. before: what was said before."""
    for pattern in (_INTRODUCED, _HERE, _FROM, _SIGNED):
        for match in pattern.finditer(text):
            yield from _names(match[1])
    if _ASKED_WHO.search(before):
        answer = _ANSWER.match(text)
        if answer:
            yield from _names(answer[1])


def capitals_tell(texts: Sequence[str]) -> bool:
    """Whether capitals within sentences are few enough to be names."""
    words = [match[1] for text in texts for match in _INNER_WORD.finditer(text)]
    return len(words) < _FEW or sum(word[0].isupper() and word != "I" for word in words) <= _TITLES * len(words)


def spoken_of_in(text: str, lowered: Collection[str]) -> Iterator[str]:
    """What may be a name by its capital or its place: "since Trish left", "Fatima said". A town or a brand can stand there, too.

    lowered: words that the same call has without a capital.
    """
    for pattern in (_VOCATIVE, _SUBJECT, _IN_A_SENTENCE):
        for match in pattern.finditer(text):
            if _PRODUCT_BEHIND.match(text[match.end() : match.end() + _REACH]):
                continue
            for name in _names(match[1]):
                if not any(
                    _is_acronym(word) or _is_a_make(word) or _bare(word) in lowered or _bare(word) in NO_NAMES or len(word) < 2
                    for word in name.split()
                ):
                    yield name


def name_in(text: str, begin: int, end: int, kept: Collection[str], lowered: Collection[str]) -> tuple[int, int] | None:
    """Where the name stands in what a model takes for a person or place; None where none of it can be one.

    Titles, numbers and words of grammar at either end go. lowered: words that the same call has without a capital, too.
    """
    words = list(_WORD.finditer(text, begin, end))
    if _PRODUCT_BEHIND.match(text[end : end + _REACH]) or _YEAR_BEFORE.search(text[max(0, begin - _REACH) : begin]):
        return None
    if any(word[0].lower() in kept or any(map(str.isdigit, word[0])) for word in words):
        return None
    while words and not _can_name(words[0][0]):
        words.pop(0)
    while words and not _can_name(words[-1][0]):
        words.pop()
    if not words or all(_is_a_make(word[0]) for word in words):
        return None
    if len(words) == 1 and (_bare(words[0][0]) in lowered or _is_acronym(words[0][0])):
        return None
    return words[0].start(), words[-1].start() + len(re.sub(r"['’]s$", "", words[-1][0]))


def _can_name(word: str) -> bool:
    bare = _bare(word)
    return word[:1].isupper() and bare not in NO_NAMES - ALSO_WORDS and not (is_function_word(bare) and bare not in ALSO_WORDS)


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word.lower())


def _is_acronym(word: str) -> bool:
    return 1 < len(word) <= _LONGEST_ACRONYM and word.isupper()


def _is_a_make(word: str) -> bool:
    """Whether a capital within a word tells that it is a product: "QuickBooks"."""
    return _INNER_CAPITAL.search(word) is not None and _INNER_CAPITAL_OF_NAMES.match(word) is None


def words_of_name(text: str) -> frozenset[str]:
    """What tells whom a mention means, whatever its writing."""
    spelled = _SPELLED.fullmatch(text.strip())
    if spelled:
        return frozenset({re.sub(r"\W", "", text).lower()})
    words = frozenset(re.sub(r"['’]s$", "", word.lower()) for word in _WORD.findall(text))
    return frozenset(word for word in words if word not in TITLES and len(word) > 1) or words


def _names(found: str) -> Iterator[str]:
    """The words up to the first that is none of a name."""
    said: list[str] = []
    for word in found.split():
        low = re.sub(r"['’]\w*$", "", word.lower()) if not re.search(r"['’][A-Z]", word) else word.lower()
        if any(map(str.isdigit, low)) or low in NO_NAMES - ALSO_WORDS or (is_function_word(low) and low not in ALSO_WORDS):
            break
        said.append(re.sub(r"['’](?:s|m|re|ll|d|ve)$", "", word))
    if said:
        yield " ".join(said)


def _longest_first(patterns: Collection[str]) -> list[str]:
    return sorted(patterns, key=lambda each: (-len(each), each))


def _group(patterns: Sequence[str]) -> str:
    return f"(?:{'|'.join(patterns)})"
