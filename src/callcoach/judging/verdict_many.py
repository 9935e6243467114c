"""Judge many calls at once from their signals: the same scores as one by one, byte for byte, in a fraction of the time.

What earlier judgements kept of a call is not made again, and the forests are walked for all rows at once: that takes little
longer for a thousand than for ten. All else is left to `verdict.decide`, so nothing can be judged differently here. Knows nothing
of files or of where signals are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from callcoach.domain.call import Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore
from callcoach.judging.groundwork import Laid, lay, pack, unpack
from callcoach.judging.heads import CallHeads, Head, Matrix, TurnMatrix, project
from callcoach.judging.rows import CallRows
from callcoach.judging.verdict import decide
from callcoach.judging.weighing import Shares, weigh


class Measured(NamedTuple):
    """One call and one initiative, ready to be judged. kept: what `Judged.groundwork` of an earlier judgement was."""

    transcript: Transcript
    initiative: Initiative
    signals: Signals
    kept: bytes | None = None


class Judged(NamedTuple):
    """A judgement, and what to keep for the next one of the same call and story; None where what is kept holds."""

    score: CallScore
    groundwork: bytes | None


def score_many(calls: Sequence[Measured], judge: CallHeads) -> Iterator[CallScore | Exception]:
    """For each call what `score` returns, or the exception it raises: one bad call must not take the others along."""
    for judged in judge_many(calls, judge):
        yield judged if isinstance(judged, Exception) else judged.score


def judge_many(calls: Sequence[Measured], judge: CallHeads) -> Iterator[Judged | Exception]:
    """As `score_many`, from what was kept of the calls where it holds. The exception may be of any kind."""
    laid = [_laid(call, judge) for call in calls]
    unweighed = [one for one in laid if isinstance(one, Laid) and one.weighed is None and one.rows is not None]
    shares = _shares_of(judge, [one.rows for one in unweighed if one.rows is not None])
    for call, one in zip(calls, laid, strict=True):
        if isinstance(one, Exception):
            yield one
            continue
        try:
            whole = one
            if one.rows is not None and one.weighed is None:
                whole = replace(one, weighed=weigh(judge, one.rows, next(shares)), weighed_by=judge.fingerprint)
            score = decide(*call[:3], whole.groundwork, whole.weighed, judged_by=judge.fingerprint)
            yield Judged(score, None if whole.is_kept else pack(whole))
        except Exception as error:
            yield error


def _laid(call: Measured, judge: CallHeads) -> Laid | Exception:
    try:
        found = None if call.kept is None else unpack(call.kept, judge)
        return found or lay(*call[:3])
    except Exception as error:
        return error


def _shares_of(judge: CallHeads, rows: Sequence[CallRows]) -> Iterator[Shares]:
    """What every forest of a judge says of each row."""
    if not rows:
        return
    whys, conducts = [row.call for row in rows], [row.conduct for row in rows]
    heads = {"verdict": judge.verdict, "asked_why": judge.asked_why, "answer": judge.answer}
    heads |= {f"level_{name}": head for name, head in judge.levels.items()}
    found = {name: _shares(head, whys) for name, head in heads.items()}
    found |= {name: _shares(head, conducts) for name, head in judge.behaviours.items()}
    known = {name: shares for name, shares in found.items() if shares is not None}
    for place in range(len(rows)):
        yield {name: shares[place : place + 1] for name, shares in known.items()}


def _shares(head: Head, rows: Sequence[TurnMatrix]) -> Matrix | None:
    """Shape (n_rows, n_outputs); None where the head was made for other features, which it then says itself."""
    if any(row.names != head.names for row in rows):
        return None
    features = np.concatenate([project(row, head.projections) for row in rows])
    return head.forest.shares(features)
