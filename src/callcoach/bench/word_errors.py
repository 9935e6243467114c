"""Count the words that were heard wrongly, the same way for every system. Knows nothing of who heard them or from what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from rapidfuzz.distance import Levenshtein

from callcoach.domain.call import Role, Transcript, Turn, Word

Streams = tuple[tuple[Word, ...], ...]
"""What one system heard, by party in no given order; one stream where all parties are in one channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordErrors:
    """Words of the reference, and how many of them are missing, others, or too many in what was heard."""

    words: int
    errors: int


def normalised(text: str, language: str | None = "en") -> list[str]:
    """The words of a text as they are compared: Whisper's own normaliser, as published with its word error rates.

    Small letters, no punctuation, no "uh", numbers in digits, short forms written out ("won't": "will not"). British spelling
    stays British. In languages other than English only letters and punctuation are evened out.
    """
    words = _normaliser(language in (None, "en"))(text).split()
    # the normaliser leaves the dots of "..." standing
    return [word for word in words if any(map(str.isalnum, word))]


@cache
def _normaliser(english: bool) -> Callable[[str], str]:
    from transformers.models.whisper.english_normalizer import BasicTextNormalizer, EnglishTextNormalizer

    normaliser: Callable[[str], str] = EnglishTextNormalizer({}) if english else BasicTextNormalizer()  # type: ignore[no-untyped-call]
    return normaliser


def errors_by_party(reference: Transcript, heard: Streams) -> WordErrors:
    """Errors party by party, the rep's words and all others' (a second customer shares the customer's channel).

    Nobody told a system which channel is the rep's, so the assignment of streams to parties with the fewest errors counts.
    """
    parties = [_said(reference, lambda turn: turn.role is Role.REP), _said(reference, lambda turn: turn.role is not Role.REP)]
    streams = [normalised(" ".join(word.text for word in stream), reference.language) for stream in heard]
    streams += [[]] * (len(parties) - len(streams))
    errors = min(
        sum(Levenshtein.distance(said, stream) for said, stream in zip(parties, order, strict=True))
        for order in permutations(streams, len(parties))
    )
    return WordErrors(words=sum(map(len, parties)), errors=errors)


def errors_in_time_order(reference: Transcript, heard: Streams) -> WordErrors:
    """Errors over the whole call as one text: the reference by the start of its turns, what was heard by that of its words."""
    said = _said(reference, lambda _: True)
    words = sorted((word for stream in heard for word in stream), key=lambda word: word.start)
    return WordErrors(
        words=len(said),
        errors=Levenshtein.distance(said, normalised(" ".join(word.text for word in words), reference.language)),
    )


def rate(errors: Sequence[WordErrors]) -> float | None:
    """Word error rate over all calls together; None where there is no word to hear."""
    words = sum(call.words for call in errors)
    return sum(call.errors for call in errors) / words if words else None


def streams_of(transcript: Transcript, *, two_party: bool) -> Streams:
    """Our transcript as streams: the rep's words and all others'; where nobody is the rep, the first label's and the rest."""
    if not two_party:
        return (tuple(word for turn in transcript.turns for word in turn.words),)
    labels = [turn.speaker for turn in transcript.turns]
    first = Role.REP.value if Role.REP.value in labels else min(labels, default="")
    return (
        tuple(word for turn in transcript.turns if turn.speaker == first for word in turn.words),
        tuple(word for turn in transcript.turns if turn.speaker != first for word in turn.words),
    )


def as_first_heard(streams: Streams) -> Streams:
    """The words before names were repaired. Words that share what was heard (one heard, two written) give it once."""
    return tuple(tuple(_unrepaired(stream)) for stream in streams)


def _unrepaired(stream: Sequence[Word]) -> list[Word]:
    words: list[Word] = []
    before: str | None = None
    for word in stream:
        if word.heard is None or word.heard != before:
            words.append(Word(text=word.heard or word.text, start=word.start, end=word.end))
        before = word.heard
    return words


def _said(reference: Transcript, belongs: Callable[[Turn], bool]) -> list[str]:
    turns = sorted((turn for turn in reference.turns if belongs(turn)), key=lambda turn: turn.start or 0.0)
    return normalised(" ".join(turn.text for turn in turns), reference.language)
