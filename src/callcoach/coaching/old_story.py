"""Hear whether a replaced story is still told, by words that only it has. Knows nothing of who tells it."""

import re
from collections.abc import Sequence

from callcoach.coaching.heard import Heard
from callcoach.domain.signals import REP_ACTS
from callcoach.domain.story import Initiative

SHORTEST_WORD = 4
LEAST_WORDS = 2
"""One such word may be chance ("200"); two in one call's quotes are the old reason or its figures."""


def calls_with_the_old_story(initiative: Initiative, hearings: Sequence[Heard]) -> tuple[Heard, ...]:
    """The calls whose quotes of the rep hold at least two words of the previous story that the present one does not have."""
    earlier = initiative.previous_story
    if earlier is None:
        return ()
    now = " ".join((initiative.story.wall, initiative.story.hammer, initiative.story.part, initiative.script, *initiative.facts))
    only_then = _stems(f"{earlier.wall} {earlier.hammer}") - _stems(now)
    return tuple(heard for heard in hearings if len(only_then & _stems(_said_by_rep(heard))) >= LEAST_WORDS)


def _said_by_rep(heard: Heard) -> str:
    return " ".join(quote.quote for quote in heard.score.evidence if quote.act in REP_ACTS)


def _stems(text: str) -> set[str]:
    """Words of four letters and more and figures, plural endings off."""
    words = re.findall(r"[a-z]+|\d+", text.lower())
    return {word.removesuffix("s") for word in words if word.isdigit() or len(word) >= SHORTEST_WORD}
