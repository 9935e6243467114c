"""Turn the turns of a call into rows of numbers, conditioned on the initiative. Knows nothing of labels or verdicts.

A row holds what is said (closeness to story, script and facts, of the turn alone, with what came before it, and of its best
sentence), what it takes up from the customer, how it is said, and where it stands. Vectors travel beside it as blocks. Columns
are made for all turns of a call at once: one by one took half of the time of judging a stored call.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role
from callcoach.domain.story import Component, Initiative
from callcoach.judging.heads import TurnMatrix
from callcoach.judging.overlap import copied_runs, share_in
from callcoach.judging.own_words import shares_three_words
from callcoach.judging.wording import content_stems, figures
from callcoach.language.call_text import BESIDE, CallText, Columns, columns_of
from callcoach.language.encoder import Vectors
from callcoach.language.story import Closeness, Story

_COMPONENTS = (Component.WALL, Component.HAMMER, Component.PART)
NOT_YET = 4.0
"""In place of how long ago the initiative was named, where it was not."""

Numbers = NDArray[np.intp]


class Rows(NamedTuple):
    """A row per turn of the rep (or leader), and one per customer turn; how close each sentence of the call is, by component."""

    rep: TurnMatrix
    customer: TurnMatrix
    sentences: dict[Component, NDArray[np.float64]]


def rows_of(call: CallText, initiative: Initiative, story: Story) -> Rows:
    """All rows of a call for one initiative. `sentences` are in the order of `call.stacked`."""
    near, told = _near(call, story), _told(call, initiative, story)
    reps = [number for number, turn in enumerate(call.transcript.turns) if turn.role in (Role.REP, Role.LEADER)]
    customers = [number for number, by_customer in enumerate(call.by_customer) if by_customer]
    return Rows(
        rep=_matrix(call, story, near, told, np.array(reps, dtype=np.intp), views=("turn", "one", "two")),
        customer=_matrix(call, story, near, told, np.array(customers, dtype=np.intp), views=("turn",)),
        sentences={component: near.sentences.best[component] for component in _COMPONENTS},
    )


class _Near(NamedTuple):
    """How close all turns are: alone, with one and with two turns before them; and all sentences."""

    views: dict[str, Closeness]
    sentences: Closeness


class _Told(NamedTuple):
    """What the words of all turns say of the initiative, and what they take up: columns over the turns of the call."""

    worded: Columns
    raised: Columns
    uptake: Columns


def _near(call: CallText, story: Story) -> _Near:
    views = {"turn": call.turn_vectors, "one": call.with_one_before, "two": call.with_two_before}
    return _Near({name: story.closeness(vectors) for name, vectors in views.items()}, story.closeness(call.stacked.vectors))


def _told(call: CallText, initiative: Initiative, story: Story) -> _Told:
    named = [story.names_in(turn.text) for turn in call.transcript.turns]
    known, of_story = story.script.stems | story.facts.stems, story.stems
    whole = zip(call.own, call.transcript.turns, named, strict=True)
    own_named = [said if text == turn.text else story.names_in(text) for text, turn, said in whole]
    return _Told(
        worded=columns_of(
            [_worded(text, said, initiative, story, known, of_story) for text, said in zip(call.own, own_named, strict=True)]
        ),
        raised=_raised(named),
        uptake=_uptake(call, of_story),
    )


def _matrix(call: CallText, story: Story, near: _Near, told: _Told, numbers: Numbers, views: tuple[str, ...]) -> TurnMatrix:
    width = call.anchors.shape[1]
    columns = _columns(call, near, told, numbers, views) if len(numbers) else {}
    vectors = call.turn_vectors[numbers].reshape(len(numbers), width)
    blocks = {
        "turn": vectors,
        "with_before": call.with_one_before[numbers].reshape(len(numbers), width),
        "before": _neighbours(call, numbers, -1),
        "after": _neighbours(call, numbers, +1),
    }
    for component in _COMPONENTS:
        blocks[f"times_{component}"] = vectors * story.components[component].whole
    blocks["times_facts"] = vectors * story.facts.whole
    plain = np.column_stack(list(columns.values())) if columns else np.zeros((len(numbers), 0))
    return TurnMatrix(turns=tuple(numbers.tolist()), names=tuple(columns), plain=plain, blocks=blocks)


def _neighbours(call: CallText, numbers: Numbers, step: int) -> Vectors:
    others = call.beside[step][numbers]
    result = call.turn_vectors[others].reshape(len(numbers), call.anchors.shape[1])
    result[others < 0] = 0.0
    return result


def _columns(call: CallText, near: _Near, told: _Told, numbers: Numbers, views: tuple[str, ...]) -> Columns:
    """The columns of the turns with these numbers."""
    said = _said(call, near, numbers, views)
    around: Columns = {}
    for name, step in BESIDE.items():
        around |= _beside(near.views["turn"], call.beside[step], name) | call.columns.around[step]
    others = (call.columns.likes, told.worded, around, told.raised, told.uptake, call.columns.close, call.columns.manner)
    for columns in others:
        said |= {name: column[numbers] for name, column in columns.items()}
    return said | _within_call(said)


def _said(call: CallText, near: _Near, numbers: Numbers, views: tuple[str, ...]) -> Columns:
    columns: Columns = {}
    for view in views:
        whole, best = near.views[view]
        for component in _COMPONENTS:
            columns[f"{view}_{component}"] = whole[component][numbers]
            columns[f"{view}_{component}_best"] = best[component][numbers]
        columns[f"{view}_script"], columns[f"{view}_facts"] = best["script"][numbers], best["facts"][numbers]
    whole, best = near.sentences
    begins = call.stacked.begins[:-1]

    def of_turns(values: NDArray[np.float64]) -> NDArray[np.float64]:
        closest: NDArray[np.float64] = np.maximum.reduceat(values, begins)[numbers]
        return closest

    for component in _COMPONENTS:
        columns[f"sentence_{component}"] = of_turns(whole[component])
        columns[f"sentence_{component}_best"] = of_turns(best[component])
    columns["sentence_script"], columns["sentence_facts"] = of_turns(best["script"]), of_turns(best["facts"])
    for view in ("turn", "sentence"):
        wall, hammer, part = (columns[f"{view}_{component}_best"] for component in _COMPONENTS)
        columns[f"{view}_wall_over_facts"] = wall - columns[f"{view}_facts"]
        columns[f"{view}_part_over_facts"] = part - columns[f"{view}_facts"]
        columns[f"{view}_wall_over_hammer"] = wall - hammer
        columns[f"{view}_part_over_hammer"] = part - hammer
        columns[f"{view}_wall_over_part"] = wall - part
        columns[f"{view}_script_over_story"] = columns[f"{view}_script"] - np.maximum(np.maximum(wall, hammer), part)
    return columns


def _within_call(columns: Columns) -> Columns:
    """How each turn stands to the others of its side: below the call's closest, above its mean, and the turn before."""
    found: Columns = {}
    for name in (f"sentence_{component}_best" for component in _COMPONENTS):
        values = columns[name]
        found[f"{name}_below_top"] = values.max() - values
        found[f"{name}_above_mean"] = values - values.mean()
        found[f"{name}_prior"] = np.concatenate([[0.0], values[:-1]])
    return found


def _beside(near: Closeness, others: Numbers, name: str) -> Columns:
    """How close the turn beside each turn is; nothing where there is none."""
    return {f"{name}_{passage}": np.where(others < 0, 0.0, near.best[passage][others]) for passage in (*_COMPONENTS, "facts")}


def _raised(named: list[bool]) -> Columns:
    """Whether the initiative was named before each turn, and how long ago."""
    latest = [-1, *np.maximum.accumulate([number if said else -1 for number, said in enumerate(named)])][: len(named)]
    ago = np.arange(len(named)) - np.array(latest, dtype=np.intp)
    raised = np.array(latest, dtype=np.intp) >= 0
    return {"raised_before": raised.astype(np.float64), "turns_since_raised": np.where(raised, np.log1p(ago), NOT_YET)}


def _worded(
    text: str, named: bool, initiative: Initiative, story: Story, known: frozenset[str], of_story: frozenset[str]
) -> dict[str, float]:
    stems, numbers = content_stems(text), figures(text)
    n_stems = max(len(stems), 4)
    copied_words, copied = _copied(text, initiative.script, initiative.compliance)
    row = {
        "copied_words": copied_words,
        "copied_share": copied,
        **_story_read(text, initiative),
        "named": float(named),
        "stems_script": len(stems & story.script.stems) / n_stems,
        "stems_facts": len(stems & story.facts.stems) / n_stems,
        "stems_own": len(stems - of_story) / n_stems,
        "figures_facts": float(min(len(numbers & story.facts.figures), 3)),
    }
    for component in _COMPONENTS:
        passage = story.components[component]
        row[f"stems_{component}"] = len(stems & passage.stems) / n_stems
        row[f"only_{component}"] = float(np.log1p(len((stems & passage.stems) - known)))
        row[f"figures_{component}"] = float(min(len(numbers & (passage.figures - story.facts.figures)), 2))
    return row


def _copied(text: str, script: str, compliance: str = "") -> tuple[float, float]:
    """The logarithm of the words of the longest run copied, and the share of the words in all of them."""
    runs = copied_runs(text, script, compliance)
    return float(np.log1p(runs[0].words)) if runs else 0.0, share_in(runs, text)


def _story_read(text: str, initiative: Initiative) -> dict[str, float]:
    """How much is the story itself, read out: written for reps, it is no more the rep's own than the script."""
    story = initiative.story.text
    words, share = _copied(text, story) if shares_three_words(text, story) else (0.0, 0.0)
    return {"story_words": words, "story_share": share}


def _uptake(call: CallText, of_story: frozenset[str]) -> Columns:
    """How much of each turn's content, the story's left out, the other side has said before."""
    said = [content_stems(turn.text) - of_story for turn in call.transcript.turns]
    heard: dict[bool, set[str]] = {True: set(), False: set()}
    rows = []
    for number, by_customer in enumerate(call.by_customer):
        stems = content_stems(call.own[number])
        own, recent = stems - of_story, [said[place] for place in call.others_before[number][-3:]]
        ever = len(own & heard[not by_customer])
        rows.append(
            {
                "uptake_last": float(np.log1p(len(own & recent[-1]))) if recent else 0.0,
                "uptake_recent": float(np.log1p(len(own.intersection(frozenset().union(*recent))))),
                "uptake_ever": float(np.log1p(ever)),
                "uptake_share": ever / max(len(stems), 4),
            }
        )
        heard[by_customer] |= said[number]
    return columns_of(rows)
