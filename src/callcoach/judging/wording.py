"""Words, stems, figures, hedges and fillers of spoken English. Knows nothing of calls, stories or scripts."""

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[a-z0-9][a-z0-9'’]*", re.IGNORECASE)
_NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?")

# function words and the small talk of phone calls: shared by any two turns, so they link nothing
_STOP_WORDS = """
the a an and or but nor so yet if then than that this these those there here it its he she they them their his her him we us
our ours you your yours i me my mine is am are was were be been being do does did done doing have has had having will
would shall should can could may might must not no nope yes yeah yep okay ok right sure well oh uh um er ah hmm huh mm
mhm like just really very too also even still only about of to in on at by for from with into onto over under up down
out off as what which who whom whose when where why how all any some each every both few more most much many such own
same other another again once now today get gets got getting go goes going gone went come comes came coming say says
said saying tell tells told know knows knew think thinks thought mean means meant want wants wanted need needs needed
make makes made take takes took thing things something anything nothing everything someone anyone everybody anybody
nobody one ones lot lots kind sort bit way let lets see look back good great nice thanks thank please hi hello hey bye
call calling called talk talking ll ve re don doesn didn isn aren wasn weren won wouldn couldn shouldn can't won't
that's it's i'm you're we're they're he's she's there's what's i've you've we've i'll you'll we'll they'll i'd you'd
we'd they'd don't doesn't didn't isn't aren't wasn't weren't wouldn't couldn't shouldn't gonna wanna gotta because since
before after while until through
"""
_STOP = frozenset(_STOP_WORDS.split())
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "edly", "ies", "ied", "ers", "er", "ed", "es", "ly", "s", "e", "y")

_FILLERS = re.compile(r"\b(?:uh+|um+|er+m?|hmm+|you know|i mean|sort of|kind of|like,)(?=\W|$)", re.IGNORECASE)
_HEDGES = re.compile(
    r"\b(?:i(?:'d| would) have to (?:check|ask|look)|i(?:'m| am) not (?:really |totally |exactly |quite |a hundred percent )?sure"
    r"|i don't (?:really |actually |honestly )?know|not sure|i(?:'d| would)? (?:guess|suppose)|i believe|maybe|probably|i think"
    r"|good question|great question|fair question|let me (?:find out|check)|get back to you"
    r"|they (?:just )?(?:told|tell|gave|sent) us"
    r"|came down from|corporate|leadership|it's just|above my|as far as i know|from what i understand|something like that)\b",
    re.IGNORECASE,
)
_CAUSAL = re.compile(
    r"\b(?:because|'cause|so that|that's why|which is why|the reason|which means|what that means|that means|in order to)\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|yours|you're|you'd|you've|you'll)\b", re.IGNORECASE)
_WE = re.compile(r"\b(?:we|our|ours|us|we're|we've|we'd|we'll)\b", re.IGNORECASE)

_ONES = "zero one two three four five six seven eight nine ten"
_TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: number for number, word in enumerate(f"{_ONES} {_TEENS}".split())}
_TENS = {word: 10 * (place + 2) for place, word in enumerate(_ROUND.split())}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_NUMBER_WORDS = frozenset({*_UNITS, *_TENS, *_SCALES})


class Manner(NamedTuple):
    """How often a turn does something, as counts; `words` is its length."""

    words: int
    fillers: int
    hedges: int
    questions: int
    figures: int
    causal: int
    you: int
    we: int


def words_of(text: str) -> list[str]:
    """The words in lower case, apostrophes kept, punctuation gone."""
    return list(_words_of(text))


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(match.group().lower().replace("’", "'") for match in _WORD.finditer(text))


def is_function_word(word: str) -> bool:
    """Whether a lower-case word is one of grammar or small talk, which any sentence is full of."""
    return word in _STOP


def is_number_word(word: str) -> bool:
    """Whether a lower-case word is a number, in digits or spelled out."""
    return word.isdigit() or word in _NUMBER_WORDS


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where each word of `words_of(text)` stands in the text."""
    return [match.span() for match in _WORD.finditer(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its ending, so that `missing`, `missed` and `misses` meet. Crude on purpose: it only serves comparison."""
    word = word.removesuffix("'s").replace("'", "")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            root = word[: -len(ending)]
            return root[:-1] if len(root) > 3 and root[-1] == root[-2] else root
    return word


@lru_cache(maxsize=20_000)
def content_stems(text: str) -> frozenset[str]:
    """Stems of the words that carry content; spoken and written figures meet as digits."""
    found = {
        stem(word)
        for word in words_of(text)
        if word not in _STOP and len(word) > 2 and not word.isdigit() and word not in _NUMBER_WORDS
    }
    return frozenset(found | {str(figure) for figure in figures(text) if figure > 2})


@lru_cache(maxsize=20_000)
def figures(text: str) -> frozenset[int]:
    """Whole numbers said or written: `eleven hundred`, `1,100` and `thirty-four` give 1100, 1100 and 34."""
    found = {int(float(match.group().replace(",", ""))) for match in _NUMERAL.finditer(text)}
    total = current = 0
    counting, before = False, ""
    for word in [*re.findall(r"[a-z]+|[.,;:?!]", text.lower()), ""]:
        if word in _UNITS:
            # "twenty-three" goes on, "two five" starts anew
            if counting and not (current % 100 >= 20 and current % 10 == 0) and current % 100 != 0:
                found.add(total + current)
                total = current = 0
            current += _UNITS[word]
            counting = True
        elif word in _TENS:
            if counting and current % 100 != 0:
                found.add(total + current)
                total = current = 0
            current += _TENS[word]
            counting = True
        elif word in _SCALES and (counting or before == "a"):
            counting = True
            if word == "hundred":
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * _SCALES[word], 0
        elif counting and word != "and":
            found.add(total + current)
            total = current = 0
            counting = False
        before = word
    return frozenset(found)


@lru_cache(maxsize=20_000)
def manner(text: str) -> Manner:
    """Counts of fillers, hedges, questions, figures, causal markers and pronouns."""
    return Manner(
        words=len(words_of(text)),
        fillers=len(_FILLERS.findall(text)),
        hedges=len(_HEDGES.findall(text)),
        questions=text.count("?"),
        figures=len(figures(text)),
        causal=len(_CAUSAL.findall(text)),
        you=len(_YOU.findall(text)),
        we=len(_WE.findall(text)),
    )
