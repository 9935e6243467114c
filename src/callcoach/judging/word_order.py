"""Tell speech from words in no order by which kinds of words follow each other. Knows nothing of what the words mean.

After `the` or `your` comes no `is`, `and` or `of`; after `we` mostly a verb. Words in no order break this everywhere, however
many function words are among them.
"""

import re
from functools import lru_cache

from callcoach.judging.wording import is_function_word, is_number_word, word_spans, words_of

# Over so many words the sum of FOLLOWS is at most this where they are in no order; turns shorter than FEWEST are not looked at.
# Experiment: none of the 13,410 rep turns of the labelled calls and twins reaches it, nor one of 3,353 without punctuation; with
# one word in ten misheard 2 of 1,982 do, with one in five 14. Fifty words of a story in no order do in 82% of the tries, its
# words backwards in 95%, forty long ones with a function word after every second in 50%.
WINDOW = 40
FEWEST = 20
DISORDER = -80

_KINDS = {
    "det": "the a an my your our their his its every no",
    "prep": "of in on at by for from with to into onto over under about between after before until through without off than as",
    "conj": "and or but nor so because if when where while since that which who what how why whose then whether",
    "subj": "i you he she it we they i'm you're we're they're it's he's she's that's there's i've you've we've they've i'll "
    "you'll we'll they'll i'd you'd we'd they'd this these those there here",
    "obj": "me him her us them",
    "aux": "is are was were be been being am do does did have has had will would can could should may might must don't doesn't "
    "didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't haven't hasn't gonna not never",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_ORDER = ("det", "prep", "conj", "subj", "obj", "aux", "num", "ly", "ing", "ed", "s", "f", "x")
# Ten times the logarithm of how much more often a kind (line) is followed by another (column, in the order of the lines) than
# chance has it, between -30 and 10; from the rep turns of the labelled base calls. f: other function words, x: all other words.
_FOLLOWS = """
det   -30  -30  -30  -30  -30  -30    0    0    2   -7    4   -5   10
prep   10  -14   -3    0   10  -13    5   -5   -3  -22   -7   -5   -1
conj    1  -11    3   10  -26    0   -4   -4   -9   -6   -3   -3   -8
subj   -3   -6   -7  -25  -30   10   -4    8    2   10   -3    8   -3
obj    -1    7    7   -7  -26   -2   -7   -5    0   -5  -12    6   -5
aux     2   -4   -2    5   -5    2   -2    4    6    7  -13    1   -2
num    -9    0    1  -20  -30  -12   10  -15  -10  -17   10  -11   -5
ly     -1   -3    5   -2  -14    0   -2   -3    2    6    2    2   -1
ing    -4   10    4    1    4   -8  -11  -12   -5   -5   -3   -1   -4
ed      1   10   -1   -2    7  -18   -4   -7   -3  -11   -7   -4   -3
s       0    7    7   -4   -4    1   -7    2   -1    1   -8    2   -5
f       1    7    2    2   10  -11   -3   -8    0   -4   -4   -1   -4
x      -6    7    5    0    0   -2   -4   -3    0   -5    0   -4   -1
"""
FOLLOWS = {
    (kind, _ORDER[place]): int(number)
    for kind, *numbers in (line.split() for line in _FOLLOWS.strip().splitlines())
    for place, number in enumerate(numbers)
}
_STOP = re.compile(r"[.?!,;:—–-]")


def disordered(text: str) -> list[tuple[int, int]]:
    """Stretches of words (first, behind the last) that are in no order."""
    words = words_of(text)
    if len(words) < FEWEST:
        return []
    length = min(WINDOW, len(words))
    follows = _following(text, words)
    broken = [False] * len(words)
    total = sum(follows[1:length])
    for begin in range(len(words) - length + 1):
        if begin:
            total += follows[begin + length - 1] - follows[begin]
        if total <= DISORDER:
            broken[begin : begin + length] = [True] * length
    found: list[tuple[int, int]] = []
    for place, is_broken in enumerate(broken):
        if is_broken and found and found[-1][1] == place:
            found[-1] = found[-1][0], place + 1
        elif is_broken:
            found.append((place, place + 1))
    return [_tightened(follows, first, last) for first, last in found]


def _tightened(follows: list[int], first: int, last: int) -> tuple[int, int]:
    """The part of a stretch with the lowest sum: a sound sentence beside the disorder stays."""
    lowest, best = 0, (first, last)
    total, begin = 0, first
    for place in range(first + 1, last):
        if total >= 0:
            total, begin = 0, place - 1
        total += follows[place]
        if total < lowest:
            lowest, best = total, (begin, place + 1)
    return best


def _following(text: str, words: list[str]) -> list[int]:
    """For each word how it goes with the word before; nothing after punctuation, or for a word said twice."""
    spans = word_spans(text)
    follows = [0]
    for place in range(1, len(words)):
        before, word = words[place - 1], words[place]
        apart = before == word or _STOP.search(text, spans[place - 1][1], spans[place][0])
        follows.append(0 if apart else FOLLOWS[_kind(before), _kind(word)])
    return follows


@lru_cache(maxsize=50_000)
def _kind(word: str) -> str:
    if word in _KIND_OF:
        return _KIND_OF[word]
    if is_number_word(word):
        return "num"
    for ending in ("ly", "ing", "ed"):
        if word.endswith(ending):
            return ending
    if word.endswith("s") and len(word) > 3:
        return "s"
    return "f" if is_function_word(word) else "x"
