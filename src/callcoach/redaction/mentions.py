"""How much of a text a name takes with it, and names that somebody says without a capital where only a name can stand.

Knows no list of names and no model.
"""

import re
from collections.abc import Iterator

from callcoach.judging.wording import is_function_word
from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.words import ALSO_WORDS, NO_NAMES, SHORT_TITLES

_TITLE_BEFORE = re.compile(rf"\b(?i:(?:{'|'.join(SHORT_TITLES)})\.?\s+)(?:[A-Z]\.\s?){{0,2}}$|\b(?:[A-Z]\.\s?){{1,2}}$")
_BEHIND = re.compile(r"(?:\s(?:[B-HJ-Z]\.(?=\W|$)))?(?:,?\s(?:Jr|Sr|II|III|IV|Esq|MD|DDS|DVM|PhD|CPA)\b\.?)?")
_INITIAL_BETWEEN = re.compile(r"\s+(?:[A-Z]\.?\s+)?")
_REACH = 24
_FEW_CHARACTERS = 5
_RELATIVES = (
    "wife|husband|partner|son|daughter|brother|sister|mother|father|mom|dad|manager|boss|assistant|accountant|technician"
    "|bookkeeper|receptionist|colleague|coworker|friend|nephew|niece|cousin|landlord|lawyer|attorney|supervisor"
)
_DOES = (
    "does|is|has|set|sets|said|says|handles|handled|runs|ran|takes|took|answers|answered|called|calls|told|will|can|was|wants"
    "|thinks"
    "|works|did|went|signed|signs|put|made|pays|owns|keeps|manages|bought|ordered|talked|spoke|who|and i|had|came|comes"
)
_RELATIVE = re.compile(rf"\b(?i:my|our|your|his|her) (?:{_RELATIVES}),? ([a-z]{{3,}})(?=,|[.?!]|\s(?:{_DOES})\b)")
_CALLED = re.compile(
    r"\b(?i:my (?:full |first )?name(?:['’]s| is)|name['’]s|speaking with|talking to|ask for|call me|a guy named|a lady named"
    r"|named)"
    r" ([a-z]{3,}(?:\s[a-z]{3,})?)(?=\s*(?:[.,!?]|$|\s(?:from|at|with|over|and|here|calling)\b))"
)
_FROM_WHERE = re.compile(
    r"\b(?:hi|hey|hello|yeah|yes|this is|it['’]s|it is)[, ]+(?:this is |it['’]s )?([a-z]{3,}) (?:from|over at|calling from)\b"
)
_LAST_NAME = re.compile(
    r"\b(?i:(?:last|first|middle|maiden) name(?:['’]s| is)|surname(?:['’]s| is)?) ([a-z]{3,})(?=\s*(?:[.,!?]|$))"
)
_NO_NAME_SAID = """
great good fine right okay not gonna going back still free best open done off calling away the far coming straight different
only mostly also always really usually just never actually probably already currently normally well everyone anyone someone
nobody who what where there here them him her help support sales billing service more details information directions permission
myself anything something everything either neither both all none one two mine yours ours and but then alone too though says
said owner manager somebody whoever whichever anybody everybody whatever attached spelled misspelled unknown wrong hard long
short easy weird under listed about because since after before which that this those these with dead sick busy left gone home
out again today tomorrow yesterday now later name boss office company business store shop
"""
_NO_NAME = frozenset(_NO_NAME_SAID.split())


def whole_mention(text: str, begin: int, end: int) -> tuple[int, int]:
    """A name with its title, the initials beside it and what follows it: "Dr. A. Feng, Jr."."""
    led = _TITLE_BEFORE.search(text[max(0, begin - _REACH) : begin])
    behind = _BEHIND.match(text[end : end + _REACH])
    return begin - (len(led[0]) if led else 0), end + (len(behind[0]) if behind else 0)


def joined_by_an_initial(between: str) -> bool:
    """Whether two parts of a name have no more than an initial between them."""
    return len(between) <= _FEW_CHARACTERS and _INITIAL_BETWEEN.fullmatch(between) is not None and not between.isspace()


def said_small_in(text: str) -> Iterator[Entity]:
    """Names without a capital: "my partner luis does the books", "my name is rosa"."""
    for pattern in (_RELATIVE, _CALLED, _FROM_WHERE, _LAST_NAME):
        for match in pattern.finditer(text):
            words = match[1].split()
            said = 0
            while said < len(words) and _may_be_a_name(words[said]):
                said += 1
            if said:
                yield Entity(match.start(1), match.start(1) + len(" ".join(words[:said])), Kind.PERSON)


def _may_be_a_name(word: str) -> bool:
    if word in _NO_NAME or is_function_word(word) or word.endswith(("ly", "ing")):
        return False
    return word not in NO_NAMES or word in ALSO_WORDS
