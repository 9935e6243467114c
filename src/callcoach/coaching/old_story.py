"""Hear whether a replaced story is still told, by words that only it has. Knows nothing of who tells it."""

import re
from collections.abc import Iterable, Sequence

from callcoach.coaching.heard import Heard
from callcoach.coaching.notation import sentence_spans
from callcoach.domain.call import Turn
from callcoach.domain.signals import REP_ACTS
from callcoach.domain.story import Initiative

SHORTEST_WORD = 4
LEAST_WORDS = 2
"""One such word may be chance ("200"); two in one call's quotes are the old reason or its figures."""


def calls_with_the_old_story(initiative: Initiative, hearings: Sequence[Heard]) -> tuple[Heard, ...]:
    """The calls whose quotes of the rep hold at least two words of the previous story that the present one does not have."""
    only_then = _only_then(initiative)
    return tuple(heard for heard in hearings if len(only_then & _stems(_said_by_rep(heard))) >= LEAST_WORDS)


def told_before(initiative: Initiative, turns: Iterable[tuple[int, Turn]]) -> tuple[int, Turn, str] | None:
    """The turn with the most such words, at least two, with its number and the sentences that hold them."""
    only_then = _only_then(initiative)
    best: tuple[int, int, Turn] | None = None
    for number, turn in turns:
        found = len(only_then & _stems(turn.text))
        if found >= LEAST_WORDS and (best is None or found > best[0]):
            best = found, number, turn
    if best is None:
        return None
    _, number, turn = best
    spans = [(begin, end) for begin, end in sentence_spans(turn.text) if only_then & _stems(turn.text[begin:end])]
    return number, turn, turn.text[spans[0][0] : spans[-1][1]].strip()


def _only_then(initiative: Initiative) -> set[str]:
    earlier = initiative.previous_story
    if earlier is None:
        return set()
    now = " ".join((initiative.story.wall, initiative.story.hammer, initiative.story.part, initiative.script, *initiative.facts))
    return _stems(f"{earlier.wall} {earlier.hammer}") - _stems(now)


def _said_by_rep(heard: Heard) -> str:
    return " ".join(quote.quote for quote in heard.score.evidence if quote.act in REP_ACTS)


def _stems(text: str) -> set[str]:
    """Words of four letters and more and figures, plural endings off."""
    words = re.findall(r"[a-z]+|\d+", text.lower())
    return {word.removesuffix("s") for word in words if word.isdigit() or len(word) >= SHORTEST_WORD}
