"""Find what a leader said of one initiative in a talk that is about several: from where it is named to where another is.

Knows words and names, nothing of levels or of what is right.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from callcoach.coaching.figures import NUMBER_WORDS
from callcoach.coaching.notation import excerpt, sentence_spans
from callcoach.domain.call import Call, Transcript
from callcoach.domain.coaching import Moment
from callcoach.domain.story import Initiative

MOST_QUOTES = 2
QUOTE_CHARACTERS = 300
SHORTEST_WORD = 4
_PLAIN = frozenset(
    {
        "about", "after", "also", "been", "before", "being", "between", "both", "business", "call", "calls", "come",
        "company", "customer", "customers", "does", "done", "each", "else", "even", "every", "from", "have", "here", "into",
        "just", "keep", "know", "last", "like", "made", "make", "many", "month", "more", "most", "much", "must", "need",
        "never", "only", "other", "over", "part", "people", "rep", "reps", "same", "says", "should", "some", "something",
        "such", "take", "tell", "than", "that", "their", "them", "then", "there", "these", "they", "thing", "this", "those",
        "three", "through", "time", "today", "told", "until", "very", "want", "well", "were", "what", "when", "where",
        "which", "while", "will", "with", "without", "would", "year", "your",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words of one turn on an initiative, with where they stand. turn counts from 0; times are the turn's."""

    turn: int
    text: str
    start: float | None
    end: float | None


def passage(said: Transcript, initiative: Initiative, initiatives: Sequence[Initiative]) -> tuple[Line, ...]:
    """What was said of it, one line a turn, word for word; nothing where it is never named."""
    naming = {each.id: _named(each) for each in initiatives}
    about: str | None = None
    found: list[Line] = []
    for number, turn in enumerate(said.turns):
        begins: int | None = None
        ends = 0
        for begin, end in sentence_spans(turn.text):
            named = [(place.start(), name) for name, words in naming.items() if (place := words.search(turn.text, begin, end))]
            if named:
                about = min(named)[1] if initiative.id not in {name for _, name in named} else initiative.id
            if about == initiative.id:
                begins, ends = (begin if begins is None else begins), end
        if begins is not None and (text := turn.text[begins:ends].strip()):
            found.append(Line(turn=number, text=text, start=turn.start, end=turn.end))
    return tuple(found)


def nearest(lines: Sequence[Line], initiative: Initiative) -> tuple[Line, ...]:
    """The lines that share the most words with the story, those of its reason alone counting four times; of equals the longer."""
    story = initiative.story
    rest = content_words(f"{story.hammer} {story.part}")
    reason = content_words(story.wall) - rest

    def near(line: Line) -> tuple[int, int, int]:
        said = content_words(line.text)
        return 4 * len(said & reason) + len(said & rest), len(line.text), -line.turn

    return tuple(sorted(lines, key=near, reverse=True)[:MOST_QUOTES])


def quoted(line: Line, call: Call, initiative_id: str, speaker: str | None) -> Moment:
    """The line as a quote of whoever speaks."""
    return Moment(
        call_id=call.call_id,
        initiative_id=initiative_id,
        started_at=call.started_at,
        turn=line.turn,
        start=line.start,
        end=line.end,
        quote=excerpt(line.text, QUOTE_CHARACTERS),
        rep_id=speaker,
    )


def is_rather_of(quote: str, initiative: Initiative, initiatives: Sequence[Initiative]) -> str | None:
    """The other initiative whose texts share more words with a quote than this one's; None where this one's share the most."""
    said = content_words(quote)
    shared = {
        each.id: len(said & content_words(" ".join((each.story.text, each.script, *each.facts, *each.names))))
        for each in initiatives
    }
    best = max(shared, key=lambda name: (shared[name], name == initiative.id), default=initiative.id)
    return None if best == initiative.id else best


def content_words(text: str) -> frozenset[str]:
    """Words of four letters and more that say something, plural endings off, and names in capitals (IT)."""
    return frozenset(_words(text))


def as_said(text: str, wanted: Collection[str]) -> tuple[str, ...]:
    """The words behind these content words, letter for letter, each as it was said first."""
    found: dict[str, str] = {}
    for word in re.findall(r"[A-Za-z]+", text):
        for known in content_words(word) & frozenset(wanted):
            found.setdefault(known, word)
    return tuple(found.values())


def _words(text: str) -> Iterator[str]:
    for word in re.findall(r"[A-Za-z]+", text):
        small = word.lower()
        # that two lines share a number says nothing of what is counted
        if small not in _PLAIN and small not in NUMBER_WORDS and len(small) >= SHORTEST_WORD:
            yield small.removesuffix("s")
        elif len(word) > 1 and word.isupper():
            yield word


def _named(initiative: Initiative) -> re.Pattern[str]:
    names = sorted({initiative.name, *(term for term in initiative.terms if " " in term or len(term) > SHORTEST_WORD)})
    return re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names), re.IGNORECASE)
