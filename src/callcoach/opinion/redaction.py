"""Take out of a transcript who speaks and how to reach or charge them, and find what is said of the rest again in the original.

By patterns and known names: what no pattern knows stays. It misses a name that is in no list, begins no greeting and is no entity
to the finder; a number that is spoken as words in hundreds; a place that is named without a house number. Knows no model.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from callcoach.domain.call import Transcript
from callcoach.judging.wording import is_function_word

REDACTION = 1
"""Raise this when a rule here changes what is taken out."""

_DIGIT = "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
_TENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_STREET = (
    "street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|way|place|circle|parkway|highway|terrace|square|trail"
)
_HOUSE_NUMBER = rf"(?:\d{{1,6}}|(?:(?:{_DIGIT}|{_TENS}|hundred)[\s-]+)*(?:{_DIGIT}|{_TENS}|hundred))"

_EMAIL = re.compile(
    r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w-]+(?:\s+(?:dot|underscore|dash)\s+[\w-]+)*\s+at\s+[\w-]+(?:\s+dot\s+[\w-]+)+"
    r"|\b[\w-]+(?:\s+(?:dot|underscore|dash)\s+[\w-]+)*\s+at\s+[\w-]+\.(?:com|net|org|edu|gov|io|co|us|uk)\b"
    r"|\b(?:https?://|www\.)\S+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    rf"\b{_HOUSE_NUMBER}\s+(?:(?:north|south|east|west|n|s|e|w)\.?\s+)?(?:[\w'’-]+\s+){{1,3}}?(?:{_STREET})\b\.?"
    rf"(?:,?\s+(?:apartment|apt|suite|unit|number)\.?\s*#?\s*[\w-]+)?"
    rf"|\bp\.?\s?o\.?\s+box\s+{_HOUSE_NUMBER}",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[$€£]\s?\d[\d,]*(?:\.\d+)?|\b\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)")
_NUMBER = re.compile(r"(?<![\w$€£])\+?\(?\d(?:[\s().,/-]{0,2}\d){4,}\b")
_CODE = re.compile(r"\b(?=(?:[A-Za-z-]*\d){3})(?=\d*[A-Za-z])[A-Za-z\d]+(?:-[A-Za-z\d]+)*\b")
_SPOKEN_NUMBER = re.compile(rf"\b(?:(?:{_DIGIT}|{_TENS}|\d+)[\s,.-]+){{3,}}(?:{_DIGIT}|{_TENS}|\d+)\b", re.IGNORECASE)
_INTRODUCTIONS = (
    r"my name is|my name's|this is|i'm|i am|speaking with|speaking to|talking to|ask for|name of|named"
    r"|mister|mr\.?|mrs\.?|ms\.?|miss|dr\.?|hi,?|hey,?|hello,?|thanks,?|thank you,?|morning,?|afternoon,?|bye,?"
)
_INTRODUCED = re.compile(rf"\b(?i:{_INTRODUCTIONS})\s+((?:[A-Z][a-z’']+)(?:\s+[A-Z][a-z’']+)?)")
_DAYS_AND_MONTHS = """
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
"""
_SAID_WITH_CAPITALS = "english spanish american calling sorry absolutely perfect exactly definitely correct again everyone folks"
_NO_NAMES = frozenset((*_DAYS_AND_MONTHS.split(), *_SAID_WITH_CAPITALS.split()))


class Entity(NamedTuple):
    """Characters `begin`..`end` of a text name a `kind`: PERSON, PLACE."""

    begin: int
    end: int
    kind: str


class EntityFinder(Protocol):
    """Finds people and places that no list names."""

    @property
    def fingerprint(self) -> str:
        """Names what finds them."""
        ...

    def entities(self, text: str) -> Sequence[tuple[int, int, str]]:
        """The people and places in a text: begin and end, PERSON or PLACE."""
        ...


class _Piece(NamedTuple):
    """Characters of the redacted text, and those of the original that stand behind them."""

    begin: int
    end: int
    original_begin: int
    original_end: int
    is_placeholder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedTurn:
    """A turn as it may leave the house: `who` is rep, customer, leader or unknown."""

    who: str
    text: str
    original: str
    pieces: tuple[_Piece, ...]

    def original_span(self, begin: int, end: int) -> tuple[int, int] | None:
        """Where characters `begin`..`end` of the redacted text stand in the original; None where they cut a placeholder."""
        first = next((piece for piece in self.pieces if piece.begin <= begin < piece.end), None)
        last = next((piece for piece in self.pieces if piece.begin < end <= piece.end), None)
        if first is None or last is None:
            return None
        if (first.is_placeholder and begin != first.begin) or (last.is_placeholder and end != last.end):
            return None
        from_ = first.original_begin + (0 if first.is_placeholder else begin - first.begin)
        to = last.original_end - (0 if last.is_placeholder else last.end - end)
        return from_, to


def redact(
    transcript: Transcript, *, names: Iterable[str], keep: Iterable[str] = (), finder: EntityFinder | None = None
) -> tuple[RedactedTurn, ...]:
    """The turns with placeholders like [PERSON_1]: the same person, number or place has the same one all through the call.

    names: people who may be spoken of. keep: words that are never taken for a name, such as the product's.
    """
    kept = {word.lower() for text in keep for word in re.findall(r"[\w'’]+", text)}
    known = _name_pattern([*names, *_introduced(transcript, kept)], kept)
    placeholders: dict[tuple[str, str], str] = {}
    return tuple(
        _redacted(turn.role.value, turn.text, _spans(turn.text, known, kept, finder), placeholders) for turn in transcript.turns
    )


def _spans(text: str, known: re.Pattern[str] | None, kept: set[str], finder: EntityFinder | None) -> list[Entity]:
    """What is taken out, in order; where two overlap, they become one, of the first one's kind."""
    money = [match.span() for match in _MONEY.finditer(text)]
    found = [Entity(*match.span(), "EMAIL") for match in _EMAIL.finditer(text)]
    found += [Entity(*match.span(), "ADDRESS") for match in _ADDRESS.finditer(text)]
    numbers = [match.span() for pattern in (_NUMBER, _CODE, _SPOKEN_NUMBER) for match in pattern.finditer(text)]
    found += [Entity(*span, "NUMBER") for span in numbers if not any(begin <= span[0] and span[1] <= end for begin, end in money)]
    if known is not None:
        found += [Entity(*match.span(), "PERSON") for match in known.finditer(text)]
    if finder is not None:
        named = [Entity(*entity) for entity in finder.entities(text)]
        found += [entity for entity in named if not _words(text[entity.begin : entity.end]) & kept]
    joined: list[Entity] = []
    for entity in sorted(found, key=lambda entity: (entity.begin, -entity.end)):
        if joined and entity.begin < joined[-1].end:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, entity.end))
        else:
            joined.append(entity)
    return joined


def _redacted(who: str, text: str, spans: Sequence[Entity], placeholders: dict[tuple[str, str], str]) -> RedactedTurn:
    out: list[str] = []
    pieces: list[_Piece] = []
    place = length = 0

    def add(words: str, begin: int, end: int, *, is_placeholder: bool) -> None:
        nonlocal length
        if words:
            out.append(words)
            pieces.append(_Piece(length, length + len(words), begin, end, is_placeholder))
            length += len(words)

    for begin, end, kind in spans:
        add(text[place:begin], place, begin, is_placeholder=False)
        said = kind, " ".join(sorted(_words(text[begin:end])))
        n_of_kind = sum(key[0] == kind for key in placeholders)
        add(placeholders.setdefault(said, f"[{kind}_{n_of_kind + 1}]"), begin, end, is_placeholder=True)
        place = end
    add(text[place:], place, len(text), is_placeholder=False)
    return RedactedTurn(who=who, text="".join(out), original=text, pieces=tuple(pieces))


def _introduced(transcript: Transcript, kept: set[str]) -> list[str]:
    """Names that people give of themselves or greet each other with."""
    return [match[1] for turn in transcript.turns for match in _INTRODUCED.finditer(turn.text) if not _words(match[1]) & kept]


def _name_pattern(names: Iterable[str], kept: set[str]) -> re.Pattern[str] | None:
    """Every word of every name, with a capital as names are written; whole names of several words in any writing."""
    parts: set[str] = set()
    wholes: set[str] = set()
    for name in names:
        words = [word for word in re.findall(r"[\w'’-]+", name.removesuffix("'s").removesuffix("’s")) if len(word) > 1]
        parts.update(
            word
            for word in words
            if word.lower() not in kept and word.lower() not in _NO_NAMES and not is_function_word(word.lower())
        )
        if len(words) > 1 and not {word.lower() for word in words} & kept and not any(is_function_word(w.lower()) for w in words):
            wholes.add(r"\s+".join(map(re.escape, words)))
    patterns = [f"(?i:{whole})" for whole in sorted(wholes, key=lambda whole: (-len(whole), whole))]
    patterns += [re.escape(part[0].upper() + part[1:]) for part in sorted(parts, key=lambda part: (-len(part), part))]
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b") if patterns else None


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[\w'’]+", text)}
