"""Blank out what a rep says that is nobody's telling: the customer's words said back, and words strung up without a sentence.

Repeating a customer's line whole, or naming a story's words in a row, brings a turn close to the customer and to the story and
tells nothing. Knows nothing of models or verdicts.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from callcoach.judging.overlap import copied_runs
from callcoach.judging.wording import is_function_word, word_spans, words_of

# Experiment: of 6,176 rep turns in the labelled base calls 5 share a run of 7 words or more with the customer's last 12 turns,
# and none has 16 words in a row without a function word (the most: 13, in a list of features).
SHORTEST_ECHO = 7
SHORTEST_LIST = 16
FURTHEST_BACK = 12

_SENTENCE_END = re.compile(r"[.?!]")


def own_words(text: str, heard: Sequence[str]) -> str:
    """`text` with echoes of the customer turns `heard` (in order) and lists of bare words as spaces: places stay as they are."""
    blanked = [*_echoes(text, tuple(heard[-FURTHEST_BACK:])), *_lists(text)]
    if not blanked:
        return text
    spans, letters = word_spans(text), list(text)
    for first, last in blanked:
        begin, end = spans[first][0], spans[last - 1][1]
        letters[begin:end] = " " * (end - begin)
    return "".join(letters)


def _echoes(text: str, heard: tuple[str, ...]) -> list[tuple[int, int]]:
    return [
        (run.begin, run.end)
        for line in heard
        if shares_three_words(text, line)
        for run in copied_runs(text, line)
        if run.words >= SHORTEST_ECHO
    ]


def shares_three_words(text: str, other: str) -> bool:
    """Whether three words in a row stand in both: without them no run worth the search is found."""
    return not _triples(text).isdisjoint(_triples(other))


@lru_cache(maxsize=20_000)
def _triples(text: str) -> frozenset[tuple[str, str, str]]:
    words = words_of(text)
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _lists(text: str) -> list[tuple[int, int]]:
    found, begin = [], 0
    words, spans = words_of(text), word_spans(text)
    for place in range(len(words) + 1):
        ended = place == len(words) or is_function_word(words[place])
        if ended or (place and _SENTENCE_END.search(text, spans[place - 1][1], spans[place][0])):
            if place - begin >= SHORTEST_LIST:
                found.append((begin, place))
            begin = place + 1 if ended else place
    return found
