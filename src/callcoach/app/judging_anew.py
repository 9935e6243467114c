"""Judge kept signals anew, many at once, in whichever process: what a changed judge or threshold costs. Writes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from callcoach.batch.stale import Judgement
from callcoach.domain.call import Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.verdict import CallScore
from callcoach.judging.groundwork import groundwork_key
from callcoach.judging.heads import CallHeads
from callcoach.judging.verdict_many import Measured, judge_many
from callcoach.storage.bodies import body_of
from callcoach.storage.judgements import Judgements, Kept, ToJudge, Written
from callcoach.storage.store import Store

Scores = tuple[Written | None, ...]
"""One per judgement, in order; None where it failed."""


def judge_anew(store: Store, judge: CallHeads, versions: Mapping[str, str]) -> Callable[[Sequence[Judgement]], Scores]:
    """The function that judges a piece of the work. versions: what every score names beside its rubric."""
    judgements = Judgements(store)

    def judged(work: Sequence[Judgement]) -> Scores:
        pairs = [to_judge(item) for item in work]
        made_by = {pair: _groundwork_key(item) for pair, item in zip(pairs, work, strict=True)}
        kept = judgements.groundworks(made_by)
        calls = [
            Measured(said, item.initiative, heard, kept.get(pair))
            for item, pair, (said, heard) in zip(work, pairs, judgements.measured(pairs), strict=True)
        ]
        return tuple(
            None
            if isinstance(one, Exception)
            else Written(
                pair,
                one.score.verdict.value,
                body_of(_named(one.score, item, versions)),
                None if one.groundwork is None else Kept(made_by[pair], one.groundwork),
            )
            for item, pair, one in zip(work, pairs, judge_many(calls, judge), strict=True)
        )

    return judged


class JudgedFresh(NamedTuple):
    """The judgement of a call that has just been measured, and what to keep to judge it from the next time."""

    score: CallScore
    groundwork: Kept


def judge_fresh(
    item: Judgement, transcript: Transcript, signals: Signals, judge: CallHeads, versions: Mapping[str, str]
) -> JudgedFresh:
    """Judge one call from new signals. Raises what judging raises."""
    (judged,) = judge_many([Measured(transcript, item.initiative, signals)], judge)
    if isinstance(judged, Exception):
        raise judged
    assert judged.groundwork is not None, "nothing was given that could still hold"
    return JudgedFresh(_named(judged.score, item, versions), Kept(_groundwork_key(item), judged.groundwork))


def to_judge(item: Judgement) -> ToJudge:
    """What the store is asked for and told of a judgement."""
    return ToJudge(item.call.call_id, item.initiative.id, item.transcript_made_by, item.signals_made_by, item.score_made_by)


def _named(score: CallScore, item: Judgement, versions: Mapping[str, str]) -> CallScore:
    """The score naming all that it was made with, as `Workspace.judged` does."""
    return replace(score, versions={**versions, "rubric": f"{item.initiative.id} {item.initiative.version}"})


def _groundwork_key(item: Judgement) -> str:
    return groundwork_key(item.signals_made_by, item.initiative)
