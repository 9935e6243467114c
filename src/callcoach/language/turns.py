"""Turn the turns of a call into rows of numbers, conditioned on the initiative. Knows nothing of labels or verdicts.

A row holds what is said (closeness to story, script and facts, of the turn alone, with what came before it, and of its best
sentence), what it takes up from the customer, how it is said, and where it stands. Vectors travel beside it as blocks.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role
from callcoach.domain.story import Component, Initiative
from callcoach.judging.heads import TurnMatrix
from callcoach.judging.overlap import copied_runs, copied_share
from callcoach.judging.own_words import shares_three_words
from callcoach.judging.wording import content_stems, figures
from callcoach.language.call_text import BESIDE, CallText, other_side, others_before
from callcoach.language.encoder import Vectors
from callcoach.language.story import Passage, Story

_COMPONENTS = (Component.WALL, Component.HAMMER, Component.PART)
_largest = np.maximum.reduce


def rep_and_customer(call: CallText, initiative: Initiative, story: Story) -> tuple[TurnMatrix, TurnMatrix]:
    """A row per turn of the rep (or leader), and a row per customer turn."""
    told = _told(call, story)
    reps = [number for number, turn in enumerate(call.transcript.turns) if turn.role in (Role.REP, Role.LEADER)]
    customers = [number for number, by_customer in enumerate(call.by_customer) if by_customer]
    return _matrix(call, initiative, story, told, reps), _matrix(call, initiative, story, told, customers)


class _Told(NamedTuple):
    """What is asked of every turn again and again: whether it names the initiative, and its content that is not the story's.

    first: where each such stem is said first, by the customer (True) and by anybody else.
    """

    named: tuple[bool, ...]
    stems: tuple[frozenset[str], ...]
    story: frozenset[str]
    first: dict[bool, dict[str, int]]


def _matrix(call: CallText, initiative: Initiative, story: Story, told: _Told, numbers: list[int]) -> TurnMatrix:
    width = call.anchors.shape[1]
    rows = _within_call([_row(call, initiative, story, told, number) for number in numbers])
    names = tuple(rows[0]) if rows else ()
    plain = np.array([list(row.values()) for row in rows], dtype=np.float64).reshape(len(rows), len(names))
    chosen = np.array(numbers, dtype=np.intp)
    vectors = call.turn_vectors[chosen].reshape(len(numbers), width)
    blocks = {
        "turn": vectors,
        "with_before": call.with_one_before[chosen].reshape(len(numbers), width),
        "before": _neighbours(call, numbers, -1),
        "after": _neighbours(call, numbers, +1),
    }
    for component in _COMPONENTS:
        blocks[f"times_{component}"] = vectors * story.components[component].whole
    blocks["times_facts"] = vectors * story.facts.whole
    return TurnMatrix(turns=tuple(numbers), names=names, plain=plain, blocks=blocks)


def _within_call(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """Adds how each turn stands to the others of its side: below the call's closest, above its mean, and the turn before."""
    for column in (f"sentence_{component}_best" for component in _COMPONENTS):
        values = np.array([row[column] for row in rows])
        for place, row in enumerate(rows):
            row[f"{column}_below_top"] = float(values.max() - values[place])
            row[f"{column}_above_mean"] = float(values[place] - values.mean())
            row[f"{column}_prior"] = float(values[place - 1]) if place else 0.0
    return rows


def _neighbours(call: CallText, numbers: list[int], step: int) -> NDArray[np.float32]:
    result = np.zeros((len(numbers), call.anchors.shape[1]), dtype=np.float32)
    for place, number in enumerate(numbers):
        other = other_side(call, number, step)
        if other is not None:
            result[place] = call.turn_vectors[other]
    return result


def _closeness(vector: Vectors, passage: Passage) -> tuple[float, float]:
    return float(vector @ passage.whole), float(_largest(passage.sentences @ vector))


def _told(call: CallText, story: Story) -> _Told:
    turns, of_story = call.transcript.turns, story.stems
    stems = tuple(content_stems(turn.text) - of_story for turn in turns)
    first: dict[bool, dict[str, int]] = {True: {}, False: {}}
    for number, said in enumerate(stems):
        for stem in said:
            first[call.by_customer[number]].setdefault(stem, number)
    return _Told(named=tuple(story.names_in(turn.text) for turn in turns), stems=stems, story=of_story, first=first)


def _row(call: CallText, initiative: Initiative, story: Story, told: _Told, number: int) -> dict[str, float]:
    return {
        **_said(call, story, number),
        **_worded(call.own[number], initiative, story, told),
        **_neighbourhood(call, story, told, number),
        **_uptake(call, told, number),
        **call.columns[number].manner,
    }


def _said(call: CallText, story: Story, number: int) -> dict[str, float]:
    row: dict[str, float] = {}
    views = {"turn": call.turn_vectors[number], "one": call.with_one_before[number], "two": call.with_two_before[number]}
    if call.transcript.turns[number].role is Role.CUSTOMER:
        del views["one"], views["two"]
    for view, vector in views.items():
        for component in _COMPONENTS:
            row[f"{view}_{component}"], row[f"{view}_{component}_best"] = _closeness(vector, story.components[component])
        row[f"{view}_script"] = _closeness(vector, story.script)[1]
        row[f"{view}_facts"] = _closeness(vector, story.facts)[1]
    sentences = call.sentence_vectors[number]
    if not len(sentences):
        sentences = call.turn_vectors[number][None, :]
    for component in _COMPONENTS:
        passage = story.components[component]
        row[f"sentence_{component}"] = float(_largest(sentences @ passage.whole))
        row[f"sentence_{component}_best"] = float(_largest(sentences @ passage.sentences.T, axis=None))
    row["sentence_script"] = float(_largest(sentences @ story.script.sentences.T, axis=None))
    row["sentence_facts"] = float(_largest(sentences @ story.facts.sentences.T, axis=None))
    for view in ("turn", "sentence"):
        best = {component: row[f"{view}_{component}_best"] for component in _COMPONENTS}
        row[f"{view}_wall_over_facts"] = best[Component.WALL] - row[f"{view}_facts"]
        row[f"{view}_part_over_facts"] = best[Component.PART] - row[f"{view}_facts"]
        row[f"{view}_wall_over_hammer"] = best[Component.WALL] - best[Component.HAMMER]
        row[f"{view}_part_over_hammer"] = best[Component.PART] - best[Component.HAMMER]
        row[f"{view}_wall_over_part"] = best[Component.WALL] - best[Component.PART]
        row[f"{view}_script_over_story"] = row[f"{view}_script"] - max(best.values())
    return row | call.columns[number].likes


def _worded(text: str, initiative: Initiative, story: Story, told: _Told) -> dict[str, float]:
    stems, numbers = content_stems(text), figures(text)
    runs = copied_runs(text, initiative.script, initiative.compliance)
    known = story.script.stems | story.facts.stems
    row = {
        "copied_words": float(np.log1p(runs[0].words)) if runs else 0.0,
        "copied_share": copied_share(text, initiative.script, initiative.compliance),
        **_story_read(text, initiative),
        "named": float(story.names_in(text)),
        "stems_script": len(stems & story.script.stems) / max(len(stems), 4),
        "stems_facts": len(stems & story.facts.stems) / max(len(stems), 4),
        "stems_own": len(stems - told.story) / max(len(stems), 4),
        "figures_facts": float(min(len(numbers & story.facts.figures), 3)),
    }
    for component in _COMPONENTS:
        passage = story.components[component]
        row[f"stems_{component}"] = len(stems & passage.stems) / max(len(stems), 4)
        row[f"only_{component}"] = float(np.log1p(len((stems & passage.stems) - known)))
        row[f"figures_{component}"] = float(min(len(numbers & (passage.figures - story.facts.figures)), 2))
    return row


def _story_read(text: str, initiative: Initiative) -> dict[str, float]:
    """How much is the story itself, read out: written for reps, it is no more the rep's own than the script."""
    story = initiative.story.text
    if not shares_three_words(text, story):
        return {"story_words": 0.0, "story_share": 0.0}
    runs = copied_runs(text, story)
    return {"story_words": float(np.log1p(runs[0].words)) if runs else 0.0, "story_share": copied_share(text, story)}


def _neighbourhood(call: CallText, story: Story, told: _Told, number: int) -> dict[str, float]:
    row: dict[str, float] = {}
    for name, step in BESIDE.items():
        other = other_side(call, number, step)
        for component in _COMPONENTS:
            row[f"{name}_{component}"] = (
                0.0 if other is None else _closeness(call.turn_vectors[other], story.components[component])[1]
            )
        row[f"{name}_facts"] = 0.0 if other is None else _closeness(call.turn_vectors[other], story.facts)[1]
        row |= call.columns[number].around[step]
    earlier = [place for place in range(number) if told.named[place]]
    row["raised_before"] = float(bool(earlier))
    row["turns_since_raised"] = float(np.log1p(number - earlier[-1])) if earlier else 4.0
    return row


def _uptake(call: CallText, told: _Told, number: int) -> dict[str, float]:
    stems = content_stems(call.own[number])
    own = stems - told.story
    heard = [told.stems[place] for place in others_before(call, number)[-3:]]
    last: frozenset[str] = heard[-1] if heard else frozenset()
    recent = frozenset().union(*heard)
    first = told.first[not call.by_customer[number]]
    ever = sum(first.get(stem, number) < number for stem in own)
    return {
        "uptake_last": float(np.log1p(len(own & last))),
        "uptake_recent": float(np.log1p(len(own & recent))),
        "uptake_ever": float(np.log1p(ever)),
        "uptake_share": ever / max(len(stems), 4),
        **call.columns[number].close,
    }
