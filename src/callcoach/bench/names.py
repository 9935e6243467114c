"""Count the product names that were said and stand in the transcript where they were said. Knows no audio and repairs nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callcoach.bench.word_errors import Streams
from callcoach.domain.call import Transcript
from callcoach.domain.story import GlossaryTerm

# recognised words may lie a little outside the turn in which they were said
SLACK_SECONDS = 1.0

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRecall:
    """Names said, and how many of them were found."""

    said: int
    found: int


def recalled(reference: Transcript, heard: Streams, glossary: Sequence[GlossaryTerm]) -> NameRecall:
    """Every time a turn of `reference` says a term, and whether it was heard within the turn's time, give or take a second.

    A term counts as written in the glossary, letter case, possessive and plural apart: "catch back" is not CatchBack. Nothing
    heard counts twice. Turns without times are left out: nobody knows where to look.
    """
    said = found = 0
    words = sorted((word for stream in heard for word in stream), key=lambda word: word.start)
    for term in dict.fromkeys(_words(term.term) for term in glossary):
        times = [words[place].start for place in _places([word.text for word in words], term)]
        for turn in reference.turns:
            if turn.start is None or turn.end is None:
                continue
            for _ in _places(turn.text.split(), term):
                said += 1
                near = [time for time in times if turn.start - SLACK_SECONDS <= time <= turn.end + SLACK_SECONDS]
                if near:
                    found += 1
                    times.remove(near[0])
    return NameRecall(said=said, found=found)


def recall(calls: Sequence[NameRecall]) -> float | None:
    """Share of the names that were found, over all calls; None where no name was said."""
    said = sum(call.said for call in calls)
    return sum(call.found for call in calls) / said if said else None


def _places(texts: Sequence[str], term: tuple[str, ...]) -> Iterator[int]:
    """Numbers of the texts at which `term` begins."""
    said = [(word, place) for place, text in enumerate(texts) for word in _words(text)]
    for number in range(len(said) - len(term) + 1):
        spoken = [word for word, _ in said[number : number + len(term)]]
        if spoken[:-1] == list(term[:-1]) and spoken[-1] in (term[-1], f"{term[-1]}s"):
            yield said[number][1]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"['’]s$", "", word) for word in _WORD.findall(text.lower()))
