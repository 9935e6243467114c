"""Cut a transcript into what the call page shows: turns, sentences with times, and in them the words that are evidence.

Knows nothing of the database or of screens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from callcoach.coaching.notation import sentence_spans
from callcoach.domain.call import Role, Transcript, Turn
from callcoach.judging.evidence import times_of_all, words_in_text

Span = tuple[int, int]

LONG_PAUSE_S = 1.5
"""A silence this long between two turns is shown; `judging.statements` names pauses from the same length on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Characters `begin`..`end` of turn `turn` that are shown as evidence `evidence_id` of `act`."""

    evidence_id: str
    act: str
    turn: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a sentence, verbatim. marks: the evidence it is part of; begins: what of it begins here.

    heard: what the recogniser had written instead.
    """

    text: str
    marks: tuple[Marked, ...] = ()
    begins: tuple[Marked, ...] = ()
    heard: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSentence:
    """A sentence with its times in seconds, None where the transcript has none; `pieces` joined are its text."""

    start: float | None
    end: float | None
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_plain(self) -> bool:
        """Whether nothing in it is marked: most sentences of a call are so."""
        return len(self.pieces) == 1 and not self.pieces[0].marks and self.pieces[0].heard is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTurn:
    """A turn; `number` counts from 0. pause: the silence before it in seconds, where it is long enough to be shown."""

    number: int
    speaker: str
    role: Role
    start: float | None
    end: float | None
    sentences: tuple[SpokenSentence, ...]
    pause: float | None = None


def spoken_turns(
    transcript: Transcript, sentences: Mapping[int, Sequence[Span]], marks: Sequence[Marked]
) -> tuple[SpokenTurn, ...]:
    """The turns to show. sentences: where the language models found them, by turn; where they did not look, punctuation tells."""
    by_turn: dict[int, list[Marked]] = {}
    for mark in marks:
        by_turn.setdefault(mark.turn, []).append(mark)
    found = []
    latest: float | None = None
    for number, turn in enumerate(transcript.turns):
        silence = None if turn.start is None or latest is None else turn.start - latest
        found.append(
            SpokenTurn(
                number=number,
                speaker=turn.speaker,
                role=turn.role,
                start=turn.start,
                end=turn.end,
                sentences=_sentences(turn, sentences.get(number, ()), by_turn.get(number, ())),
                pause=round(silence, 1) if silence is not None and silence >= LONG_PAUSE_S else None,
            )
        )
        # whoever spoke last may have begun first
        latest = turn.end if latest is None else max(latest, turn.end or latest)
    return tuple(found)


def place_of(quote: str, turn: Turn) -> Span | None:
    """Where a quote stands in a turn; None where the words were read anew since and no longer hold it."""
    begin = turn.text.find(quote) if quote else -1
    return None if begin < 0 else (begin, begin + len(quote))


def _sentences(turn: Turn, known: Sequence[Span], marks: Sequence[Marked]) -> tuple[SpokenSentence, ...]:
    spans = _covering(turn.text, known)
    repaired = _repaired(turn)
    return tuple(
        SpokenSentence(start=_hundredths(start), end=_hundredths(end), pieces=_pieces(turn.text, span, marks, repaired))
        for span, (start, end) in zip(spans, _times(turn, spans), strict=True)
    )


def _hundredths(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)


def _times(turn: Turn, spans: Sequence[Span]) -> Sequence[tuple[float | None, float | None]]:
    """When each sentence was said; where only the turn has times, by its share of the letters."""
    if turn.words or turn.start is None or turn.end is None:
        return times_of_all(turn, spans)
    start, a_letter = turn.start, (turn.end - turn.start) / max(1, len(turn.text))
    return [(start + begin * a_letter, start + end * a_letter) for begin, end in spans]


def _covering(text: str, known: Sequence[Span]) -> list[Span]:
    """Sentences that leave no word out: each goes on to where the next begins."""
    spans = list(known)
    in_order = all(before[1] <= after[0] for before, after in pairwise(spans))
    if not spans or not in_order or spans[0][0] < 0 or spans[-1][1] > len(text):
        spans = [span for span in sentence_spans(text) if text[slice(*span)].strip()]
    if not spans:
        return [(0, len(text))] if text.strip() else []
    begins = [0, *(begin for begin, _ in spans[1:])]
    return list(zip(begins, [*begins[1:], len(text)], strict=True))


def _repaired(turn: Turn) -> list[tuple[int, int, str]]:
    if not any(word.heard for word in turn.words):
        return []
    places = words_in_text(turn) or []
    return [(*place, word.heard) for place, word in zip(places, turn.words, strict=bool(places)) if word.heard]


def _pieces(text: str, span: Span, marks: Sequence[Marked], repaired: Sequence[tuple[int, int, str]]) -> tuple[Piece, ...]:
    begin, end = span
    cuts = {begin, end}
    for first, last in [*((mark.begin, mark.end) for mark in marks), *((first, last) for first, last, _ in repaired)]:
        cuts |= {place for place in (first, last) if begin < place < end}
    return tuple(
        Piece(
            text=text[first:last],
            marks=tuple(mark for mark in marks if mark.begin <= first and last <= mark.end),
            begins=tuple(mark for mark in marks if mark.begin == first),
            heard=next((heard for at, until, heard in repaired if at <= first and last <= until), None),
        )
        for first, last in pairwise(sorted(cuts))
    )
