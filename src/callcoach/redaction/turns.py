"""What is said over several turns, with an "okay" between: a number in pieces, an address of which the rest follows.

Turns that go on are read as one text, and what is found across their ends is taken out of each of them. Knows no pattern.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from callcoach.domain.spoken_numbers import digit_strings
from callcoach.redaction.kinds import Entity, Kind
from callcoach.redaction.said import MONTH

Find = Callable[[str, str], Iterable[Entity]]
"""What stands in a text, by what was said before it."""

_ACKNOWLEDGED = re.compile(
    r"(?:\W*\b(?:ok(?:ay)?|k|uh[- ]?huh|m+[- ]?hm+|mhm|mm|hmm|go on|go ahead|go for it|yes|yeah|yep|yup|right|got it|got that"
    r"|sure|alright"
    r"|all right|perfect|great|good|and|then|thanks|thank you|i['’]?m (?:listening|ready|here|with you)|ready|next|i see"
    r"|what['’]?s next"
    r"|carry on|continue|so far so good|and the rest|with you|i['’]?m ready|one (?:sec|second|moment)|keep going"
    r"|cool)\b){1,4}\W*",
    re.IGNORECASE,
)
_ASKED_ON = re.compile(
    rf"\W*(?:and )?(?:(?:the|what) )?(?:month|year|rest|(?:next|last) (?:four|three|two)|{MONTH})\W*", re.IGNORECASE
)
_LEADING = re.compile(r"\s*(?:(?:and|then|okay|ok|um|uh|yes|yeah|so)\b[\s,.]*){0,4}", re.IGNORECASE)
_END = " .,…–—-\t\n"
_LONGEST_ASIDE = 60
_MOST_TURNS = 8
_FEW_BESIDE = 2
_BEFORE = 160
"""Characters of the turns before that may say what a number in this one is."""
_NUMBERS = frozenset({Kind.PHONE, Kind.CARD, Kind.SSN, Kind.ACCOUNT, Kind.POSTCODE, Kind.ADDRESS, Kind.NUMBER})
_LONG_ENOUGH = 3


def said_before(texts: Sequence[str]) -> list[str]:
    """What was said right before each text: the turn before, and further back over those that only say yes or a number."""
    befores: list[str] = []
    for place in range(len(texts)):
        first = place - 1
        while first > 0 and place - first < _MOST_TURNS and _says_little(texts[first]):
            first -= 1
        befores.append(" ".join(texts[max(first, 0) : place])[-_BEFORE:])
    return befores


def found_across(texts: Sequence[str], speakers: Sequence[str], find: Find) -> list[list[Entity]]:
    """For each text what is found across its end and the beginning of a later one of the same speaker."""
    befores = said_before(texts)
    found: list[list[Entity]] = [[] for _ in texts]
    for chain in _chains(texts, speakers):
        parts = [texts[place].rstrip(_END).ljust(len(texts[place])) for place in chain]
        begins = [sum(len(part) + 1 for part in parts[:number]) for number in range(len(parts))]
        for entity in find(" ".join(parts), befores[chain[0]]):
            touched = [
                number for number, begin in enumerate(begins) if begin < entity.end and entity.begin < begin + len(parts[number])
            ]
            if len(touched) < 2:
                continue
            for number in touched:
                begin = entity.begin - begins[number]
                begin = begin if begin >= 0 else _said_first(parts[number])
                end = min(entity.end - begins[number], len(parts[number].rstrip()))
                if begin < end:
                    found[chain[number]].append(Entity(begin, end, entity.kind))
    return found


def _said_first(text: str) -> int:
    """Where a turn goes on with what was begun, behind its "okay, and then"."""
    leading = _LEADING.match(text)
    return leading.end() if leading else 0


def repeated(texts: Sequence[str], spans: Sequence[Sequence[Entity]]) -> list[list[Entity]]:
    """Numbers that were taken out of one of the two turns before or behind, said again in this one."""
    taken = [
        {said.digits: each.kind for each in some if each.kind in _NUMBERS for said in digit_strings(text[each.begin : each.end])}
        for text, some in zip(texts, spans, strict=True)
    ]
    found: list[list[Entity]] = []
    for place, text in enumerate(texts):
        others = [*taken[max(0, place - 2) : place], *taken[place + 1 : place + 3]]
        near = {digits: kind for some in others for digits, kind in some.items()}
        again = digit_strings(text) if near and any(len(digits) >= _LONG_ENOUGH for digits in near) else ()
        found.append([Entity(said.begin, said.end, near[said.digits]) for said in again if _is_again(said.digits, near, text)])
    return found


def _is_again(digits: str, near: dict[str, Kind], text: str) -> bool:
    if digits not in near or len(digits) < _LONG_ENOUGH:
        return False
    return len(digits) > _LONG_ENOUGH or len(text) <= _LONGEST_ASIDE


def _chains(texts: Sequence[str], speakers: Sequence[str]) -> Iterator[list[int]]:
    """Turns of one speaker that follow each other with no more than a short aside between."""
    place = 0
    while place < len(texts):
        chain = [place]
        while len(chain) < _MOST_TURNS and (following := _following(texts, speakers, chain[-1])) is not None:
            chain.append(following)
        if len(chain) > 1:
            yield chain
        place = chain[-1] if len(chain) > 1 else place + 1


def _following(texts: Sequence[str], speakers: Sequence[str], place: int) -> int | None:
    """The turn in which the speaker goes on."""
    if texts[place].rstrip().endswith("?"):
        return None
    for later in range(place + 1, min(place + 3, len(texts))):
        if speakers[later] == speakers[place]:
            return later
        if not _is_an_aside(texts[later], texts[place]):
            return None
    return None


def _is_an_aside(text: str, before: str) -> bool:
    """Whether a turn says no more than yes, or what it heard."""
    if len(text) > _LONGEST_ASIDE:
        return False
    if _ACKNOWLEDGED.fullmatch(text):
        return True
    heard = {said.digits for said in digit_strings(before)}
    again = list(digit_strings(text))
    words = len(text.split()) - sum(len(text[said.begin : said.end].split()) for said in again)
    return bool(again) and all(said.digits in heard for said in again) and words <= _FEW_BESIDE


def _says_little(text: str) -> bool:
    """Whether a turn says no more than yes or a number, or asks on."""
    if len(text) > _LONGEST_ASIDE:
        return False
    if _ACKNOWLEDGED.fullmatch(text) or _ASKED_ON.fullmatch(text):
        return True
    rest = text
    for said in reversed(list(digit_strings(text))):
        rest = rest[: said.begin] + rest[said.end :]
    return len(rest) < len(text) and len(re.findall(r"\w+", rest)) <= 1
