"""Measure how near a rep's words come to a criterion's examples, and what the examples ask. Knows nothing of verdicts.

What counts as near is read off the examples themselves: each is held against the others as if it were a call's words. Raise
`measure.MEASURING` when anything here changes a number.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from callcoach.domain.call import Role
from callcoach.domain.signals import CriterionSignals
from callcoach.domain.story import Criterion
from callcoach.judging.wording import words_of
from callcoach.language.call_text import CallText
from callcoach.language.encoder import Encoder, Vectors

FEWEST_WORDS = 4
FEWEST_YES = 2
# Read off one criterion on the sample company's calls ("names this customer's own missed calls", four calls do): the examples of
# a yes are written cleaner than people talk, and words that lean less than this to the yes are about something else.
LOOSENESS = 0.18
LOWEST_FLOOR, HIGHEST_FLOOR = 0.4, 0.5
LEAST_LEAN = 0.08
_DECIMALS = 4


class Passage(NamedTuple):
    """Characters `begin`..`end` of turn `turn`: a sentence of the rep's, or one with the next."""

    turn: int
    begin: int
    end: int


class Bar(NamedTuple):
    """The closeness and the lean a yes takes."""

    floor: float
    gap: float


def measure_criteria(call: CallText, criteria: Sequence[Criterion], encoder: Encoder) -> tuple[CriterionSignals, ...]:
    """One value per criterion, in order; nothing is encoded where there are none."""
    if not criteria:
        return ()
    passages, vectors = rep_passages(call)
    return tuple(_measured(criterion, passages, vectors, encoder) for criterion in criteria)


def rep_passages(call: CallText) -> tuple[list[Passage], Vectors]:
    """What is compared with examples: the rep's sentences of four words or more, alone and with the next; vectors (n, width)."""
    passages: list[Passage] = []
    vectors: list[Vectors] = []
    for number, turn in enumerate(call.transcript.turns):
        if turn.role not in (Role.REP, Role.LEADER):
            continue
        said = list(zip(call.sentences[number], call.sentence_vectors[number], strict=True))
        lengths = [len(words_of(call.own[number][sentence.begin : sentence.end])) for sentence, _ in said]
        for place, (sentence, vector) in enumerate(said):
            if lengths[place] >= FEWEST_WORDS:
                passages.append(Passage(number, sentence.begin, sentence.end))
                vectors.append(vector)
            if place + 1 < len(said) and lengths[place] and lengths[place + 1]:
                mixed = lengths[place] * vector + lengths[place + 1] * said[place + 1][1]
                passages.append(Passage(number, sentence.begin, said[place + 1][0].end))
                vectors.append((mixed / max(float(np.linalg.norm(mixed)), 1e-6)).astype(np.float32))
    return passages, np.stack(vectors) if vectors else np.zeros((0, call.anchors.shape[1]), dtype=np.float32)


def bar_of(criterion: Criterion, encoder: Encoder) -> Bar | None:
    """What the examples say a yes takes; None where they are too few, or the yeses lean to the noes as much."""
    yes, no = encoder.encode(criterion.yes), encoder.encode((*criterion.no, *criterion.near_misses))
    if len(yes) < FEWEST_YES or not len(no):
        return None
    among = yes @ yes.T
    np.fill_diagonal(among, 0.0)
    # each example against the others, as if it were a call's words
    lean = float((among.sum(axis=1) / (len(yes) - 1) - (yes @ no.T).mean(axis=1)).mean())
    if lean <= 0:
        return None
    np.fill_diagonal(among, -1.0)
    floor = float(np.clip(among.max(axis=1).mean() - LOOSENESS, LOWEST_FLOOR, HIGHEST_FLOOR))
    return Bar(round(floor, _DECIMALS), round(max(lean, LEAST_LEAN), _DECIMALS))


def _measured(criterion: Criterion, passages: Sequence[Passage], vectors: Vectors, encoder: Encoder) -> CriterionSignals:
    bar = bar_of(criterion, encoder)
    if bar is None or not passages:
        return CriterionSignals(id=criterion.id, floor=bar.floor if bar else None, gap=bar.gap if bar else None)
    to_yes = vectors @ encoder.encode(criterion.yes).T
    to_no = vectors @ encoder.encode((*criterion.no, *criterion.near_misses)).T
    closeness, lean = to_yes.max(axis=1), to_yes.mean(axis=1) - to_no.mean(axis=1)
    fitness = np.minimum(closeness - bar.floor, lean - bar.gap)
    best = int(np.argmax(np.round(fitness, _DECIMALS)))
    return CriterionSignals(
        id=criterion.id,
        turn=passages[best].turn,
        begin=passages[best].begin,
        end=passages[best].end,
        closeness=round(float(closeness[best]), _DECIMALS),
        lean=round(float(lean[best]), _DECIMALS),
        floor=bar.floor,
        gap=bar.gap,
        nearest_yes=int(np.argmax(to_yes[best])),
        nearest_no=int(np.argmax(to_no[best])),
    )
