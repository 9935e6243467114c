"""Link a rep's line to the customer's line it builds on, by shared content. Knows nothing of models: closeness is given."""

from collections.abc import Sequence
from typing import NamedTuple

from callcoach.domain.story import Component, Initiative
from callcoach.judging.wording import content_stems

# An answer or an uptake comes soon; what was said further back is linked only where words are shared.
SOON = 6
ENOUGH_SHARED = 3


class Link(NamedTuple):
    """The customer turn a rep turn builds on, and how strongly (0..1)."""

    turn: int
    strength: float


class Heard(NamedTuple):
    """An earlier customer turn: number, text, closeness (cosine) to the rep's turn, probability that it holds a need or ask."""

    turn: int
    text: str
    closeness: float
    weight: float


def story_stems(initiative: Initiative) -> frozenset[str]:
    """Every content stem of the initiative's texts: sharing these with a customer is no uptake of what the customer said."""
    texts = [*(initiative.story.of(component) for component in Component), initiative.script, *initiative.facts, initiative.name]
    return frozenset().union(*(content_stems(text) for text in texts))


def shared_content(customer: str, rep: str, story: frozenset[str]) -> frozenset[str]:
    """Content stems the rep's words share with the customer's, those of the initiative left out."""
    return (content_stems(customer) & content_stems(rep)) - story


def best_link(rep_turn: int, rep_text: str, heard: Sequence[Heard], story: frozenset[str]) -> Link | None:
    """The earlier customer turn with the most in common; None where none has anything in common."""
    best: Link | None = None
    for earlier in heard:
        shared = len(shared_content(earlier.text, rep_text, story))
        soon = rep_turn - earlier.turn <= SOON
        if not shared and not (soon and earlier.closeness > 0.2):
            continue
        in_common = 0.5 * min(shared, ENOUGH_SHARED) / ENOUGH_SHARED + 0.5 * max(earlier.closeness, 0.0)
        strength = in_common * (0.4 + 0.6 * earlier.weight) * (1.0 if soon else 0.8)
        if best is None or strength > best.strength:
            best = Link(earlier.turn, round(min(strength, 1.0), 4))
    return best
