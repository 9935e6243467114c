"""Write the names of a glossary as they are written, where recognition heard something else. Knows no audio and no model.

Repaired is what the glossary lists as a way to mishear a name, the name in other letter case or spacing, and its near misses in
spelling and sound. Where what was heard is ordinary English ("cash back", "safe seat"), something around it has to speak for the
name. A repaired word carries in `heard` what stood there before. Repairing twice changes nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from callcoach.domain.call import Role, Transcript, Turn, Word
from callcoach.domain.story import GlossaryTerm
from callcoach.speech.likeness import Likeness, Name, is_ordinary, key_of, name_of

# part of what names a repaired transcript: raise it when the rules here or in likeness change
GLOSSARY_VERSION = "2"
MOST_WORDS = 4  # two step log in
# the recogniser was guessing
DOUBTFUL = 0.5

_TOKEN = re.compile(r"(?P<before>\W*)(?P<core>.*?)(?P<suffix>(?:['’]s|s['’])?)(?P<after>\W*)$", re.DOTALL)
_NAMING_BEFORE = frozenset({"called", "named", "introducing", "launched", "built", "our"})
_NAMING_AFTER = frozenset({"thing", "offer", "plan", "program", "service", "product", "package", "feature"})


class _Token(NamedTuple):
    """A word as it stands in the text: punctuation, what is compared, a possessive ending, punctuation."""

    before: str
    core: str
    suffix: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What speaks for a name where ordinary words stand: who talks, how sure recognition was, what else the call is about.

    named: terms that the call names beyond doubt; at_issue: the initiatives' other words are used in this turn or the next to it.
    """

    role: Role
    language: str | None
    named: frozenset[str]
    at_issue: bool
    probabilities: Sequence[float | None] = ()

    def speaks_for(self, name: Name, likeness: Likeness, tokens: Sequence[_Token], at: int, count: int) -> bool:
        span = tokens[at : at + count]
        if likeness is Likeness.ITSELF and name.term.islower():
            return True  # only spaces and hyphens are set right
        starts = at == 0 or bool(re.search(r"[.!?]", tokens[at - 1].after))
        capital = [token.core[:1].isupper() for token in span]
        if (not starts and capital[0]) or (count > 1 and all(capital)):
            return True
        if likeness is Likeness.ITSELF and starts and re.search(r"[.!?]", span[-1].after):
            return True  # a sentence of its own: "Safe seat. That's what the radio said."
        sure = [each for each in self.probabilities[at : at + count] if each is not None]
        if sure and min(sure) < DOUBTFUL:
            return True
        before = tokens[at - 1].core.lower() if at and not tokens[at - 1].after else ""
        after = tokens[at + count].core.lower() if at + count < len(tokens) and not span[-1].after else ""
        if self.at_issue or before in _NAMING_BEFORE or after in _NAMING_AFTER:
            return True
        if self.role in (Role.REP, Role.LEADER):
            return likeness is not Likeness.NEAR or name.term in self.named
        # who heard "cash back" and asks about it said just that, though the rep had named CatchBack
        return likeness is Likeness.ITSELF and name.term in self.named


class _Match(NamedTuple):
    """Tokens stand for a name; the ending that follows it."""

    likeness: Likeness
    ending: str
    name: Name


class _Repair(NamedTuple):
    """Tokens `begin` to `end` become the words `written`."""

    begin: int
    end: int
    written: tuple[str, ...]


def repair(transcript: Transcript, glossary: Sequence[GlossaryTerm], *, terms: Sequence[str] = ()) -> Transcript:
    """`transcript` with the names of `glossary` as they are written; word times merged or divided, `heard` set.

    terms: other words that tell that the names' initiatives are talked about, like "missed-call list".
    """
    names = [name_of(term) for term in glossary if key_of(term.term)]
    if not names:
        return transcript
    known = {key for name in names for key in (name.key, *name.heard_keys)}
    telling = [term for each in terms if (term := key_of(each)) and term not in known]
    said = [key_of(turn.text) for turn in transcript.turns]
    used = [any(term in text for term in telling) for text in said]
    arounds = [
        _Around(
            role=turn.role,
            language=transcript.language,
            named=frozenset(),
            at_issue=any(used[max(0, number - 1) : number + 2]),
        )
        for number, turn in enumerate(transcript.turns)
    ]
    # first what is beyond doubt, then what rests on it
    named = frozenset(
        name.term
        for turn, around in zip(transcript.turns, arounds, strict=True)
        for name in _named([_parted(token) for token in turn.text.split()], names, around)
    )
    turns = tuple(
        _repaired_turn(turn, names, replace(around, named=named)) for turn, around in zip(transcript.turns, arounds, strict=True)
    )
    return replace(transcript, turns=turns)


def _repaired_turn(turn: Turn, names: Sequence[Name], around: _Around) -> Turn:
    if turn.words and turn.text == " ".join(word.text for word in turn.words):
        words = _repaired_words(turn.words, names, around)
        return turn if words == turn.words else replace(turn, words=words, text=" ".join(word.text for word in words))
    # words of another source that do not spell the text: the text is what is judged and quoted
    parts = re.split(r"(\s+)", turn.text)
    tokens, gaps = parts[::2], [*parts[1::2], ""]
    text, at = "", 0
    for found in [*_repairs(tokens, names, around), _Repair(len(tokens), len(tokens), ())]:
        text += "".join(token + gap for token, gap in zip(tokens[at : found.begin], gaps[at : found.begin], strict=True))
        if found.written:
            text += " ".join(found.written) + gaps[found.end - 1]
        at = found.end
    return replace(turn, text=text, words=_repaired_words(turn.words, names, around))


def _repaired_words(words: tuple[Word, ...], names: Sequence[Name], around: _Around) -> tuple[Word, ...]:
    around = replace(around, probabilities=[word.probability for word in words])
    repaired: list[Word] = []
    at = 0
    for found in _repairs([word.text for word in words], names, around):
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


def _repairs(tokens: Sequence[str], names: Sequence[Name], around: _Around) -> list[_Repair]:
    """Places to rewrite, left to right, of several at one place the surest and then the longest."""
    parted = [_parted(token) for token in tokens]
    repairs: list[_Repair] = []
    at = 0
    while at < len(parted):
        found = _name_at(parted, at, names, around)
        if found and found.written != tuple(tokens[found.begin : found.end]):
            repairs.append(found)
        at = found.end if found else at + 1
    return repairs


def _named(parted: Sequence[_Token], names: Sequence[Name], around: _Around) -> Iterator[Name]:
    for at in range(len(parted)):
        for count in range(1, MOST_WORDS + 1):
            found = _match(parted, at, count, names, around)
            if found:
                yield found.name


def _name_at(parted: Sequence[_Token], at: int, names: Sequence[Name], around: _Around) -> _Repair | None:
    matches = [
        (match.likeness, count, match)
        for count in range(MOST_WORDS, 0, -1)
        if (match := _match(parted, at, count, names, around))
    ]
    if not matches:
        return None
    _, count, match = max(matches, key=lambda each: each[:2])
    first, last = parted[at], parted[at + count - 1]
    written = f"{first.before}{match.name.term}{match.ending}{last.suffix}{last.after}"
    return _Repair(at, at + count, tuple(written.split()))


def _match(parted: Sequence[_Token], at: int, count: int, names: Sequence[Name], around: _Around) -> _Match | None:
    """The name that the tokens stand for."""
    span = parted[at : at + count]
    # a name does not run over the end of a sentence, nor over any other mark
    if len(span) < count or any(token.after or token.suffix for token in span[:-1]) or any(token.before for token in span[1:]):
        return None
    key = key_of("".join(token.core for token in span))
    alike = [_Match(*like, name) for name in names if (like := name.likeness(key))] if key else []
    for match in sorted(alike, key=lambda each: -each.likeness):
        ordinary = is_ordinary([token.core for token in span], match.name, around.language)
        if not ordinary or around.speaks_for(match.name, match.likeness, parted, at, count):
            return match
    return None


def _parted(token: str) -> _Token:
    parts = _TOKEN.match(token)
    assert parts is not None, "every part of the pattern may be empty"
    return _Token(parts["before"], parts["core"], parts["suffix"], parts["after"])
