"""Judge many calls at once from their signals: the same scores as one by one, byte for byte, in a fraction of the time.

Walking the forests is nearly half the work of a judgement and takes little longer for a thousand rows than for ten. All else is
left to `verdict.score`, so nothing can be judged differently here. Knows nothing of files or of where signals are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import CallScore
from callcoach.judging.assess import not_assessed_because
from callcoach.judging.heads import CallHeads, Forest, Head, Matrix, TurnMatrix, project
from callcoach.judging.leaders import is_leaders_talk
from callcoach.judging.rows import CallRows, call_rows
from callcoach.judging.verdict import score

# rows whose walk through the trees stays in the processor's cache
_ROWS_AT_ONCE = 256


class Measured(NamedTuple):
    """One call and one initiative, ready to be judged."""

    transcript: Transcript
    initiative: Initiative
    signals: Signals


def score_many(calls: Sequence[Measured], judge: CallHeads) -> Iterator[CallScore | Exception]:
    """For each call what `score` returns, or the exception it raises: one bad call must not take the others along."""
    rows = [_rows(call) for call in calls]
    places = {place: number for number, place in enumerate(place for place, row in enumerate(rows) if isinstance(row, CallRows))}
    made = [row for row in rows if isinstance(row, CallRows)]
    shares = _ForestShares(judge, made) if made else None
    for place, (call, row) in enumerate(zip(calls, rows, strict=True)):
        if isinstance(row, Exception):
            yield row
            continue
        try:
            heads = judge if shares is None or row is None else shares.judge_of(places[place])
            yield score(*call, heads, rows=row)
        except Exception as error:
            yield error


def _rows(call: Measured) -> CallRows | Exception | None:
    """None where no head is asked."""
    transcript, initiative, signals = call
    try:
        if not_assessed_because(transcript, initiative) is not None or is_leaders_talk(transcript):
            return None
        if len(signals.turns) != len(transcript.turns):
            return None
        return call_rows(transcript, initiative, signals)
    except Exception as error:
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class _WalkedForest(Forest):
    """A forest that was walked already: it gives the shares of the one row it is asked about."""

    known: Matrix

    def shares(self, features: Matrix) -> Matrix:
        """The known shares, shape (1, n_outputs)."""
        assert len(features) == 1, "a walked forest knows one row"
        return self.known


class _ForestShares:
    """What every forest of a judge says of every row."""

    def __init__(self, judge: CallHeads, rows: Sequence[CallRows]) -> None:
        self._judge = judge
        calls, conducts = [row.call for row in rows], [row.conduct for row in rows]
        self._verdict = _shares(judge.verdict, calls)
        self._levels = {component.value: _shares(judge.levels[component.value], calls) for component in Component}
        self._asked_why = _shares(judge.asked_why, calls)
        self._answer = _shares(judge.answer, calls)
        self._behaviours = {name: _shares(head, conducts) for name, head in judge.behaviours.items()}

    def judge_of(self, place: int) -> CallHeads:
        """The judge for the row at `place`, its forests walked."""
        judge = self._judge
        return replace(
            judge,
            verdict=_walked(judge.verdict, self._verdict, place),
            levels={name: _walked(judge.levels[name], shares, place) for name, shares in self._levels.items()},
            asked_why=_walked(judge.asked_why, self._asked_why, place),
            answer=_walked(judge.answer, self._answer, place),
            behaviours={name: _walked(judge.behaviours[name], shares, place) for name, shares in self._behaviours.items()},
        )


def _walked(head: Head, shares: Matrix | None, place: int) -> Head:
    if shares is None:
        return head
    arrays = {each.name: getattr(head.forest, each.name) for each in fields(Forest)}
    return replace(head, forest=_WalkedForest(**arrays, known=shares[place : place + 1]))


def _shares(head: Head, rows: Sequence[TurnMatrix]) -> Matrix | None:
    """Shape (n_rows, n_outputs); None where the head was made for other features, which it then says itself."""
    if any(row.names != head.names for row in rows):
        return None
    features = np.concatenate([project(row, head.projections) for row in rows])
    return walk(head.forest, features)


def walk(forest: Forest, features: Matrix) -> Matrix:
    """What `forest.shares` gives, to the last bit: shares are halves of precision, so their sums are exact in any order."""
    inner = forest.feature >= 0
    feature = np.where(inner, forest.feature, 0).astype(np.intp)
    children: NDArray[np.intp] = np.empty(2 * len(inner), dtype=np.intp)
    children[0::2], children[1::2] = forest.right, forest.left
    rows = features.astype(np.float32)
    n_trees = len(forest.roots)
    found: list[NDArray[Any]] = []
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        part = np.ascontiguousarray(rows[first : first + _ROWS_AT_ONCE])
        values, starts = part.ravel(), np.repeat(np.arange(len(part)) * part.shape[1], n_trees)
        leaf = np.tile(forest.roots.astype(np.intp), len(part))
        walking = np.flatnonzero(inner[leaf])
        node, start = leaf[walking], starts[walking]
        while len(node):
            goes_left = values.take(feature.take(node) + start) <= forest.threshold.take(node)
            node = children.take(2 * node + goes_left)
            leaf[walking] = node
            further = inner.take(node)
            walking, node, start = walking[further], node[further], start[further]
        found.append(forest.share[leaf.reshape(len(part), n_trees)].astype(np.float64).mean(axis=1))
    return np.concatenate(found)
