"""Write the names of a glossary as they are written, where recognition heard something else. Knows no audio and no model.

Repaired is what the glossary lists as a way to mishear a name, the name in other letter case or spacing, and its near misses in
spelling. A repaired word carries in `heard` what stood there before. Repairing twice changes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from callcoach.domain.call import Transcript, Turn, Word
from callcoach.domain.story import GlossaryTerm

# part of what names a repaired transcript: raise it when the rules below change
GLOSSARY_VERSION = "1"
MOST_WORDS = 4  # two step log in
# a short name with one letter changed is often another word (wren, when); a long one hardly ever
LETTERS_FOR_ONE_SLIP = 7
LETTERS_FOR_TWO_SLIPS = 12

_TOKEN = re.compile(r"(?P<before>\W*)(?P<core>.*?)(?P<suffix>(?:['’]s|s['’])?)(?P<after>\W*)$", re.DOTALL)


class _Token(NamedTuple):
    """A word as it stands in the text: punctuation, what is compared, a possessive ending, punctuation."""

    before: str
    core: str
    suffix: str
    after: str


@dataclass(frozen=True, slots=True)
class _Name:
    term: str
    key: str
    heard_keys: frozenset[str]

    def fits(self, key: str) -> str | None:
        """The ending ("" or the plural's "s") that must follow the term where `key` was heard, None where it is another word."""
        for ending in ("", "s"):
            stem = key.removesuffix(ending)
            if ending and (stem == key or self.key.endswith("s")):
                continue
            if stem == self.key or stem in self.heard_keys:
                return ending
        slips = (len(self.key) >= LETTERS_FOR_ONE_SLIP) + (len(self.key) >= LETTERS_FOR_TWO_SLIPS)
        near = key[:1] == self.key[:1] and 0 < Levenshtein.distance(key, self.key, score_cutoff=slips) <= slips
        return "" if near else None


class _Repair(NamedTuple):
    """Tokens `begin` to `end` become the words `written`."""

    begin: int
    end: int
    written: tuple[str, ...]


def repair(transcript: Transcript, glossary: Sequence[GlossaryTerm]) -> Transcript:
    """`transcript` with the names of `glossary` as they are written; word times merged or divided, `heard` set."""
    names = [
        _Name(term.term, _key(term.term), frozenset(_key(form) for form in term.heard_as)) for term in glossary if _key(term.term)
    ]
    if not names:
        return transcript
    return replace(transcript, turns=tuple(_repaired_turn(turn, names) for turn in transcript.turns))


def _repaired_turn(turn: Turn, names: Sequence[_Name]) -> Turn:
    if turn.words and turn.text == " ".join(word.text for word in turn.words):
        words = _repaired_words(turn.words, names)
        return turn if words == turn.words else replace(turn, words=words, text=" ".join(word.text for word in words))
    # words of another source that do not spell the text: the text is what is judged and quoted
    parts = re.split(r"(\s+)", turn.text)
    tokens, gaps = parts[::2], [*parts[1::2], ""]
    text, at = "", 0
    for found in [*_repairs(tokens, names), _Repair(len(tokens), len(tokens), ())]:
        text += "".join(token + gap for token, gap in zip(tokens[at : found.begin], gaps[at : found.begin], strict=True))
        if found.written:
            text += " ".join(found.written) + gaps[found.end - 1]
        at = found.end
    return replace(turn, text=text, words=_repaired_words(turn.words, names))


def _repaired_words(words: tuple[Word, ...], names: Sequence[_Name]) -> tuple[Word, ...]:
    repaired: list[Word] = []
    at = 0
    for found in _repairs([word.text for word in words], names):
        repaired += words[at : found.begin]
        repaired += _rewritten(words[found.begin : found.end], found.written)
        at = found.end
    return (*repaired, *words[at:])


def _rewritten(said: Sequence[Word], written: Sequence[str]) -> list[Word]:
    """`written` over the time of `said`: word by word where the counts agree, else divided by letters."""
    heard = " ".join(word.heard or word.text for word in said)
    if len(said) == len(written):
        return [
            word if word.text == text else replace(word, text=text, heard=word.heard or word.text)
            for word, text in zip(said, written, strict=True)
        ]
    start, length = said[0].start, said[-1].end - said[0].start
    known = [word.probability for word in said if word.probability is not None]
    letters = [sum(len(text) for text in written[:place]) for place in range(len(written) + 1)]
    times = [round(start + length * count / letters[-1], 2) for count in letters]
    return [
        Word(text=text, start=times[place], end=times[place + 1], probability=min(known, default=None), heard=heard)
        for place, text in enumerate(written)
    ]


def _repairs(tokens: Sequence[str], names: Sequence[_Name]) -> list[_Repair]:
    """Places to rewrite, left to right, the longest match first."""
    parted = [_parted(token) for token in tokens]
    repairs: list[_Repair] = []
    at = 0
    while at < len(parted):
        found = next((hit for count in range(MOST_WORDS, 0, -1) if (hit := _name_at(parted, at, count, names))), None)
        if found and found.written != tuple(tokens[found.begin : found.end]):
            repairs.append(found)
        at = found.end if found else at + 1
    return repairs


def _name_at(parted: Sequence[_Token], at: int, count: int, names: Sequence[_Name]) -> _Repair | None:
    span = parted[at : at + count]
    # a name does not run over the end of a sentence, nor over any other mark
    if len(span) < count or any(token.after or token.suffix for token in span[:-1]) or any(token.before for token in span[1:]):
        return None
    key = _key("".join(token.core for token in span))
    for name in names if key else ():
        ending = name.fits(key)
        if ending is not None:
            suffix = span[-1].suffix
            written = f"{span[0].before}{name.term}{ending}{suffix}{span[-1].after}".split()
            return _Repair(at, at + count, tuple(written))
    return None


def _parted(token: str) -> _Token:
    parts = _TOKEN.match(token)
    assert parts is not None, "every part of the pattern may be empty"
    return _Token(parts["before"], parts["core"], parts["suffix"], parts["after"])


def _key(text: str) -> str:
    """Letters and digits only: "Safe-Seat", "safe seat" and "SafeSeat" sound alike."""
    return re.sub(r"[\W_]+", "", text.lower())
