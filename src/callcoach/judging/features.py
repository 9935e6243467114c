"""Sum a call's signals up into one row of numbers for the call-level heads. Knows nothing of labels, models or how signals came.

Only what bears on the why is in the row: no length of talk, no fillers, no names, dates or outcomes.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, Transcript
from callcoach.domain.signals import REP_ACTS, Act, Signals, TurnSignals
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import JUDGED_VERDICTS, Level
from callcoach.judging.heads import TurnMatrix
from callcoach.judging.overlap import copied_runs, copied_share
from callcoach.judging.own_words import shares_three_words
from callcoach.judging.wording import words_of

# A why-question is answered in the rep's next turns or not at all (longest tagged answer in the corpus: 3 rep turns).
ANSWER_TURNS = 3
WINDOW = 3
OUTCOMES = (
    *(verdict.value for verdict in JUDGED_VERDICTS),
    *(f"{component.value}_{int(level)}" for component in Component for level in Level),
)
"""What is read of a whole call from its turns in order: each verdict, then each level of each component."""

_COMPONENTS = ("wall", "hammer", "part")
_CLOSENESS = ("wall", "hammer", "part", "script", "facts")


class _Side(NamedTuple):
    turns: tuple[int, ...]
    acts: dict[Act, NDArray[np.float64]]
    explained: dict[str, NDArray[np.float64]]
    closeness: dict[str, NDArray[np.float64]]
    link: NDArray[np.float64]


def call_matrix(transcript: Transcript, initiative: Initiative, signals: Signals) -> TurnMatrix:
    """One row: the call."""
    row = call_features(transcript, initiative, signals)
    return TurnMatrix(turns=(0,), names=tuple(row), plain=np.array([list(row.values())], dtype=np.float64), blocks={})


def call_features(transcript: Transcript, initiative: Initiative, signals: Signals) -> Mapping[str, float]:
    """Named numbers in a fixed order; every one is finite, also for a call without rep or customer turns."""
    by_turn = {turn.turn: turn for turn in signals.turns}
    rep = _side([by_turn[n] for n, t in enumerate(transcript.turns) if t.role in (Role.REP, Role.LEADER) and n in by_turn])
    customer = _side([by_turn[n] for n, _ in transcript.turns_of(Role.CUSTOMER) if n in by_turn])
    row: dict[str, float] = {}
    row |= _strengths(rep)
    row |= _own_words(rep)
    row |= _questions(rep, customer)
    row |= _needs(rep, customer)
    row |= _order(rep)
    row |= _reactions(rep, customer)
    row |= _copied(transcript, initiative)
    row |= _read_out(transcript, initiative)
    # in our own order: what comes from a file has its names sorted
    row |= {f"in_order_{name}": signals.outcomes[name] for name in OUTCOMES if name in signals.outcomes}
    return row


def _side(turns: Sequence[TurnSignals]) -> _Side:
    def column(values: list[float]) -> NDArray[np.float64]:
        return np.array(values, dtype=np.float64)

    names = sorted({name for turn in turns for name in turn.closeness})
    return _Side(
        turns=tuple(turn.turn for turn in turns),
        acts={act: column([turn.acts.get(act, 0.0) for turn in turns]) for act in Act},
        explained={name: column([turn.explained.get(name, 0.0) for turn in turns]) for name in _COMPONENTS},
        closeness={name: column([turn.closeness.get(name, 0.0) for turn in turns]) for name in names},
        link=column([turn.link_strength or 0.0 for turn in turns]),
    )


def _top(values: NDArray[np.float64], place: int = 0) -> float:
    return float(np.sort(values)[-1 - place]) if len(values) > place else 0.0


def _strengths(rep: _Side) -> dict[str, float]:
    row = {}
    columns = {act.value: rep.acts[act] for act in REP_ACTS} | {f"{name}_explained": rep.explained[name] for name in _COMPONENTS}
    for name, values in columns.items():
        row[f"{name}_first"] = _top(values)
        row[f"{name}_second"] = _top(values, 1)
        row[f"{name}_third"] = _top(values, 2)
        row[f"{name}_sum"] = float(np.log1p(values.sum()))
        row[f"{name}_any"] = float(1.0 - np.prod(1.0 - np.clip(values, 0.0, 0.99)))
    for name in _CLOSENESS:
        row[f"close_{name}"] = _top(rep.closeness.get(name, np.zeros(0)))
    return row


def _own_words(rep: _Side) -> dict[str, float]:
    own = 1.0 - rep.acts[Act.RECITE]
    told = sum((rep.acts[Act(name)] for name in _COMPONENTS), np.zeros(len(rep.turns)))
    row = {
        "own_wall": _top(rep.acts[Act.WALL] * own),
        "own_part": _top(rep.acts[Act.PART] * own),
        "own_hammer": _top(rep.acts[Act.HAMMER] * own),
        "linked_part": _top(rep.acts[Act.PART] * rep.link),
        "linked_wall": _top(rep.acts[Act.WALL] * rep.link),
        "wall_and_part": _top(np.minimum(rep.acts[Act.WALL], rep.acts[Act.PART])),
        "least_of_three": min(_top(rep.acts[Act(name)]) for name in _COMPONENTS),
        "least_explained": min(_top(rep.explained["wall"]), _top(rep.explained["part"])),
        "recited_share": float((told * rep.acts[Act.RECITE]).sum() / max(told.sum(), 0.5)),
        "hammer_only": float(
            (rep.acts[Act.HAMMER] * (1 - rep.acts[Act.WALL]) * (1 - rep.acts[Act.PART])).sum() / max(told.sum(), 0.5)
        ),
    }
    walls, parts = rep.acts[Act.WALL], rep.acts[Act.PART]
    near = [walls[max(0, n - WINDOW) : n + WINDOW + 1].max() * parts[n] for n in range(len(rep.turns))]
    row["wall_near_part"] = max(near, default=0.0)
    return row


def _questions(rep: _Side, customer: _Side) -> dict[str, float]:
    asks = customer.acts[Act.ASK]
    row = {"ask_first": _top(asks), "ask_second": _top(asks, 1), "ask_sum": float(np.log1p(asks.sum()))}
    columns = {act.value: rep.acts[act] for act in REP_ACTS} | {f"{name}_explained": rep.explained[name] for name in _COMPONENTS}
    turns = np.array(rep.turns)
    weighted = dict.fromkeys(columns, 0.0)
    worst = best = 0.0
    for turn, ask in zip(customer.turns, asks, strict=True):
        following = np.flatnonzero(turns > turn)[:ANSWER_TURNS] if len(turns) else np.zeros(0, dtype=np.intp)
        if not len(following):
            continue
        for name, values in columns.items():
            weighted[name] += ask * float(values[following].max())
        worst = max(worst, ask * float(columns["stumble"][following].max()))
        best = max(best, ask * float(np.maximum(columns["wall_explained"], columns["part_explained"])[following].max()))
    total = max(float(asks.sum()), 0.5)
    row |= {f"asked_{name}": value / total for name, value in weighted.items()}
    row["asked_worst"], row["asked_best"] = worst, best
    strongest = int(asks.argmax()) if len(asks) else None
    following = np.zeros(0, dtype=np.intp)
    if strongest is not None and len(turns):
        following = np.flatnonzero(turns > customer.turns[strongest])[:ANSWER_TURNS]
    for name, values in columns.items():
        row[f"strongest_ask_{name}"] = float(values[following].max()) if len(following) else 0.0
    return row


def _needs(rep: _Side, customer: _Side) -> dict[str, float]:
    needs = customer.acts[Act.NEED]
    turns = np.array(rep.turns)
    taken_up = dropped = 0.0
    for turn, need in zip(customer.turns, needs, strict=True):
        following = np.flatnonzero(turns > turn)[:2] if len(turns) else np.zeros(0, dtype=np.intp)
        if len(following):
            taken_up = max(taken_up, need * float(rep.acts[Act.PART][following].max()))
            dropped += need * float(rep.acts[Act.RECITE][following].max())
    return {
        "need_first": _top(needs),
        "need_sum": float(np.log1p(needs.sum())),
        "need_taken_up": taken_up,
        "need_dropped": dropped / max(float(needs.sum()), 0.5),
    }


def _order(rep: _Side) -> dict[str, float]:
    n_turns = max(len(rep.turns), 1)
    row = {}
    places = {}
    for act in (Act.WALL, Act.HAMMER, Act.PART, Act.STUMBLE):
        values = rep.acts[act]
        places[act] = int(values.argmax()) if len(values) else 0
        row[f"{act.value}_place"] = places[act] / n_turns
    after = slice(places[Act.STUMBLE] + 1, None)
    best = np.maximum(rep.explained["wall"], rep.explained["part"])
    row["after_stumble"] = float(best[after].max()) if len(best[after]) else 0.0
    row["late_stumble"] = float(rep.acts[Act.STUMBLE][n_turns // 2 :].max()) if len(rep.turns) else 0.0
    return row


def _reactions(rep: _Side, customer: _Side) -> dict[str, float]:
    """What customers say right after the rep's strongest wall and part: that it makes sense, or that it was no answer."""
    row = {}
    for act in (Act.WALL, Act.PART, Act.ANSWER):
        values = rep.acts[act]
        strongest = rep.turns[int(values.argmax())] if len(values) else -1
        reply = next((place for place, turn in enumerate(customer.turns) if turn > strongest), None)
        for name in ("makes_sense", "not_answered", "fits", "wall", "part"):
            column = customer.closeness.get(name)
            row[f"after_{act.value}_{name}"] = 0.0 if reply is None or column is None else float(column[reply])
    return row


def _copied(transcript: Transcript, initiative: Initiative) -> dict[str, float]:
    longest, most, copied, said = 0, 0.0, 0.0, 0
    for turn in transcript.turns:
        if turn.role not in (Role.REP, Role.LEADER):
            continue
        runs = copied_runs(turn.text, initiative.script, initiative.compliance)
        n_words = len(words_of(turn.text))
        share = copied_share(turn.text, initiative.script, initiative.compliance)
        longest = max(longest, runs[0].words if runs else 0)
        most = max(most, share if n_words >= 8 else 0.0)
        copied, said = copied + share * n_words, said + n_words
    return {"copied_longest": float(np.log1p(longest)), "copied_most": most, "copied_words": float(np.log1p(copied))}


def _read_out(transcript: Transcript, initiative: Initiative) -> dict[str, float]:
    """How much of the story itself was read out word for word."""
    story = initiative.story.text
    reps = [turn.text for turn in transcript.turns if turn.role in (Role.REP, Role.LEADER)]
    near = [text for text in reps if shares_three_words(text, story)]
    runs = [run.words for text in near for run in copied_runs(text, story)]
    return {
        "story_longest": float(np.log1p(max(runs, default=0))),
        "story_words": float(np.log1p(sum(runs))),
        "story_most": max((copied_share(text, story) for text in near if len(words_of(text)) >= 8), default=0.0),
    }
