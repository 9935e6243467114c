"""Blank out what a rep says that is nobody's telling: the customer's words said back, and words strung up without a sentence.

Repeating a customer's line whole, or naming a story's words in a row, brings a turn close to the customer and to the story and
tells nothing. Knows nothing of models or verdicts.
"""

from collections.abc import Sequence
from functools import lru_cache

from callcoach.judging.overlap import copied_runs
from callcoach.judging.word_order import disordered
from callcoach.judging.wording import is_function_word, is_number_word, word_spans, words_of

# Experiment: of 6,176 rep turns in the labelled base calls 5 share a run of 7 words or more with the customer's last 12 turns.
SHORTEST_ECHO = 7
FURTHEST_BACK = 12
# So many words in a row, figures aside, with so few function words among them are a list. Experiment: none of the 13,410 rep
# turns of the labelled calls and twins has such a window, misheard or not (20 words with 3: one, a list of services). Of forty
# long words of a story in no order 85% are blanked, with or without commas and full stops: those are free, so they count for
# nothing. Words of all lengths in no order have as many function words as speech: word_order finds those.
LISTS = ((16, 1), (20, 2), (24, 4))


def own_words(text: str, heard: Sequence[str]) -> str:
    """`text` with echoes of the customer turns `heard` (in order), lists of bare words and words in no order as spaces."""
    blanked = [*_echoes(text, tuple(heard[-FURTHEST_BACK:])), *_lists(text), *disordered(text)]
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
    """Stretches that LISTS describes, each from a bare word to a bare word."""
    words = words_of(text)
    counted = [place for place, word in enumerate(words) if not is_number_word(word)]
    if len(counted) < LISTS[0][0]:
        return []
    grammar = [is_function_word(words[place]) for place in counted]
    listed = [False] * len(counted)
    for length, most in LISTS:
        among = sum(grammar[:length])
        for begin in range(len(counted) - length + 1):
            if begin:
                among += grammar[begin + length - 1] - grammar[begin - 1]
            if among <= most:
                listed[begin : begin + length] = [True] * length
    found, place = [], 0
    while place < len(listed):
        end = place
        while end < len(listed) and listed[end]:
            end += 1
        bare = [counted[here] for here in range(place, end) if not grammar[here]]
        if bare:
            found.append((bare[0], bare[-1] + 1))
        place = max(end, place + 1)
    return found
