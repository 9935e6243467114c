"""A call as it may leave: placeholders where somebody could be told, the same one for the same person all through the call.

Every place of the redacted text leads back to the original, so that quotes stay quotes. By patterns, names and whatever finders
add: what none of them knows stays, and nobody is anonymous for it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from callcoach.domain.call import Transcript, Turn, Word
from callcoach.judging.evidence import words_in_text
from callcoach.redaction.kinds import Entity, EntityFinder, Kind
from callcoach.redaction.mentions import joined_by_an_initial, whole_mention
from callcoach.redaction.names import (
    KnownNames,
    capitals_tell,
    introduced_in,
    is_said_as_a_word,
    name_in,
    spoken_of_in,
    words_of_name,
)
from callcoach.redaction.patterns import found_in
from callcoach.redaction.turns import found_across, repeated, said_before

REDACTION = 4
"""Raise this when rules, or what is made of what models find, change what is taken out: what is kept is then made anew."""

_LOWERED = re.compile(r"\b[a-z][a-z'’]+\b")
_SAYS_MORE = "EMAIL WEB CARD SSN BIRTHDAY ADDRESS ACCOUNT PHONE POSTCODE PERSON NUMBER PLACE"
_RANK = {Kind(kind): rank for rank, kind in enumerate(_SAYS_MORE.split())}


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

    def redacted_span(self, begin: int, end: int) -> tuple[int, int]:
        """Where characters `begin`..`end` of the original stand in the redacted text, placeholders they touch taken whole."""
        first = next((piece for piece in self.pieces if piece.original_begin <= begin < piece.original_end), None)
        last = next((piece for piece in self.pieces if piece.original_begin < end <= piece.original_end), None)
        if first is None or last is None:
            return 0, len(self.text)
        from_ = first.begin + (0 if first.is_placeholder else begin - first.original_begin)
        to = last.end - (0 if last.is_placeholder else last.original_end - end)
        return from_, to


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedCall:
    """A call's turns as they may leave, and what redacts other words about the same call in the same way."""

    turns: tuple[RedactedTurn, ...]
    _known: KnownNames
    _kept: frozenset[str]
    _placeholders: "_Placeholders"
    _finders: Sequence[EntityFinder]

    def quote(self, quote: str, turn: int | None = None) -> str:
        """A verbatim quote as its turn has it redacted; one that stands in no turn is redacted by itself."""
        wanted = self.turns[turn : turn + 1] if turn is not None and turn >= 0 else ()
        for each in (*wanted, *self.turns):
            begin = each.original.find(quote) if quote else -1
            if begin >= 0:
                return each.text[slice(*each.redacted_span(begin, begin + len(quote)))]
        return self.text(quote)

    def text(self, text: str) -> str:
        """What somebody wrote about the call, with the call's placeholders."""
        return self._written(text, self._placeholders)

    def alone(self, text: str) -> str:
        """A text that belongs to no call, with placeholders of its own."""
        return self._written(text, _Placeholders(self._known.wholes))

    def _written(self, text: str, placeholders: "_Placeholders") -> str:
        (found,) = _named([text], self._finders, self._kept)
        found += KnownNames((), self._kept, _heard([text], [""], [found], self._kept)).in_text(text)
        return _redacted("unknown", text, _spans(text, "", self._known, self._kept, found), placeholders).text


def redact(
    transcript: Transcript, *, names: Iterable[str], keep: Iterable[str] = (), finders: Sequence[EntityFinder] = ()
) -> tuple[RedactedTurn, ...]:
    """The turns with placeholders like [PERSON 1]: see redact_call."""
    return redact_call(transcript, names=names, keep=keep, finders=finders).turns


def redact_call(
    transcript: Transcript, *, names: Iterable[str], keep: Iterable[str] = (), finders: Sequence[EntityFinder] = ()
) -> RedactedCall:
    """The call with placeholders: the same person, number or place has the same one all through it.

    names: people who may be spoken of. keep: words that are never taken for a name, such as the product's.
    finders: whatever finds more than patterns and names.
    """
    kept = frozenset(word.lower() for text in keep for word in re.findall(r"[\w'’]+", text))
    texts = [turn.text for turn in transcript.turns]
    before = said_before(texts)
    found = _named(texts, finders, kept)
    known = KnownNames(names, kept, _heard(texts, before, found, kept))
    across = found_across(texts, [turn.speaker or "" for turn in transcript.turns], found_in)
    more = [[*named, *pieces] for named, pieces in zip(found, across, strict=True)]
    spans = [_spans(text, led, known, kept, each) for text, led, each in zip(texts, before, more, strict=True)]
    again = repeated(texts, spans)
    spans = [_joined(text, [*each, *more]) if more else each for text, each, more in zip(texts, spans, again, strict=True)]
    said = [words_of_name(mention) for mention in _mentions(texts, spans, Kind.PERSON)]
    placeholders = _Placeholders([*known.wholes, *(words for words in said if len(words) > 1)])
    return RedactedCall(
        turns=tuple(
            _redacted(turn.role.value, turn.text, each, placeholders) for turn, each in zip(transcript.turns, spans, strict=True)
        ),
        _known=known,
        _kept=kept,
        _placeholders=placeholders,
        _finders=finders,
    )


def unredacted(transcript: Transcript) -> tuple[RedactedTurn, ...]:
    """The turns as they are, for whoever may have them."""
    return tuple(_redacted(turn.role.value, turn.text, [], _Placeholders([])) for turn in transcript.turns)


def redacted_transcript(transcript: Transcript, turns: Sequence[RedactedTurn], *, call_id: str) -> Transcript:
    """The transcript with the redacted texts; the words under a placeholder become one, from the first's start to the last's end.

    What a repaired word was heard as goes, too. Where words and text were written differently, only the turn keeps its times.
    """
    made = tuple(
        replace(turn, text=redacted.text, words=_words(turn, redacted))
        for turn, redacted in zip(transcript.turns, turns, strict=True)
    )
    return replace(transcript, call_id=call_id, turns=made)


def _words(turn: Turn, redacted: RedactedTurn) -> tuple[Word, ...]:
    places = words_in_text(turn) if turn.words else None
    if places is None:
        return ()
    taken = [(piece.original_begin, piece.original_end) for piece in redacted.pieces if piece.is_placeholder]
    words: list[Word] = []
    reach = -1
    group: tuple[int, int] | None = None
    for word, (begin, end) in zip(turn.words, places, strict=True):
        under = [span for span in taken if span[0] < end and begin < span[1]]
        if not under:
            words.append(replace(word, heard=None))
            reach, group = -1, None
            continue
        joined = group is not None and begin < reach
        group = (group[0] if joined and group else begin, end)
        reach = max(span[1] for span in under)
        text = redacted.text[slice(*redacted.redacted_span(*group))]
        start = words.pop().start if joined else word.start
        words.append(Word(text=text, start=start, end=word.end))
    return tuple(words)


class _Placeholders:
    """Gives each person, number or place its placeholder, counted by kind in the order of the call."""

    def __init__(self, full_names: Iterable[frozenset[str]]) -> None:
        self._full_names = tuple(dict.fromkeys(full_names))
        self._given: dict[tuple[Kind, str], str] = {}
        self._counts: dict[Kind, int] = {}

    def of(self, kind: Kind, text: str) -> str:
        """The placeholder for what is said; a part of one full name only is that person."""
        said = words_of_name(text) if kind in (Kind.PERSON, Kind.PLACE) else frozenset(re.findall(r"[\w'’]+", text.lower()))
        if kind is Kind.PERSON:
            whole = {name for name in self._full_names if said <= name}
            longest = {name for name in whole if not any(name < other for other in whole)}
            said = longest.pop() if len(longest) == 1 else said
        key = kind, " ".join(sorted(said))
        if key not in self._given:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._given[key] = f"[{kind.value} {self._counts[kind]}]"
        return self._given[key]


def _spans(text: str, before: str, known: KnownNames, kept: frozenset[str], found: Iterable[Entity]) -> list[Entity]:
    """What is taken out, in order; where two overlap, they become one, of the kind that says more."""
    spans = [span for span in found_in(text, before) if not _is_kept(text[span.begin : span.end], kept)]
    return _joined(text, [*spans, *known.in_text(text), *found])


def _joined(text: str, spans: Iterable[Entity]) -> list[Entity]:
    """The spans in order, those that overlap made one, names with their titles and initials."""
    whole = [Entity(*whole_mention(text, *each[:2]), each.kind) if each.kind is Kind.PERSON else each for each in spans]
    joined: list[Entity] = []
    for entity in sorted(whole, key=lambda entity: (entity.begin, -entity.end)):
        last = joined[-1] if joined else None
        if last is not None and (entity.begin < last.end or _is_one_name(text, last, entity)):
            joined[-1] = Entity(last.begin, max(last.end, entity.end), min(last.kind, entity.kind, key=_RANK.__getitem__))
        else:
            joined.append(entity)
    return joined


def _is_one_name(text: str, first: Entity, second: Entity) -> bool:
    return first.kind is second.kind is Kind.PERSON and joined_by_an_initial(text[first.end : second.begin])


def _named(texts: Sequence[str], finders: Iterable[EntityFinder], kept: frozenset[str]) -> list[list[Entity]]:
    """What finders find in each text; where their names are guesses, people and places as far as they can be names."""
    named: list[list[Entity]] = [[] for _ in texts]
    lowered = _lowered(texts)
    for finder in finders if texts else ():
        for text, found, into in zip(texts, finder.entities(texts), named, strict=True):
            entities = (Entity(begin, end, Kind(name)) for begin, end, name in found)
            into += [
                each
                for entity in entities
                if (each := _as_a_name(text, entity, kept, lowered) if finder.names_are_guesses else entity) is not None
                and not _is_kept(text[each.begin : each.end], kept)
            ]
    return named


def _as_a_name(text: str, entity: Entity, kept: frozenset[str], lowered: frozenset[str]) -> Entity | None:
    """The entity as far as it can be a name; None where it cannot. What is no person and no place is as it was."""
    begin, end, kind = entity
    place = name_in(text, begin, end, kept, lowered) if kind in (Kind.PERSON, Kind.PLACE) else (begin, end)
    return None if place is None or is_said_as_a_word(text, *place) else Entity(*place, kind)


def _heard(texts: Sequence[str], before: Sequence[str], found: Sequence[Sequence[Entity]], kept: frozenset[str]) -> list[str]:
    """Names that a turn introduces or a finder found: they are looked for in all turns."""
    people = list(_mentions(texts, found, Kind.PERSON))
    places = {words_of_name(place) for place in _mentions(texts, found, Kind.PLACE)} - {words_of_name(each) for each in people}
    introduced = [name for text, led in zip(texts, before, strict=True) for name in introduced_in(text, led)]
    lowered = _lowered(texts)
    said = [name for text in texts for name in spoken_of_in(text, lowered)] if capitals_tell(texts) else []
    spoken_of = [name for name in said if words_of_name(name) not in places]
    return [name for name in (*introduced, *people, *spoken_of) if not words_of_name(name) & kept]


def _lowered(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _LOWERED.findall(text))


def _mentions(texts: Sequence[str], spans: Sequence[Sequence[Entity]], kind: Kind) -> Iterator[str]:
    return (text[each.begin : each.end] for text, some in zip(texts, spans, strict=True) for each in some if each.kind is kind)


def _is_kept(said: str, kept: frozenset[str]) -> bool:
    words = set(re.findall(r"[^\W\d_][\w'’]*", said.lower()))
    return bool(words) and words <= kept


def _redacted(who: str, text: str, spans: Sequence[Entity], placeholders: _Placeholders) -> RedactedTurn:
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
        add(placeholders.of(kind, text[begin:end]), begin, end, is_placeholder=True)
        place = end
    add(text[place:], place, len(text), is_placeholder=False)
    return RedactedTurn(who=who, text="".join(out), original=text, pieces=tuple(pieces))
