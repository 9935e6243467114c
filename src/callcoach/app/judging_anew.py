"""Judge kept signals anew, many at once, in whichever process: what a changed judge or threshold costs. Writes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from callcoach.batch.stale import Judgement
from callcoach.domain.verdict import CallScore
from callcoach.judging.heads import CallHeads
from callcoach.judging.verdict_many import Measured, score_many
from callcoach.storage.judgements import Judgements, ToJudge
from callcoach.storage.store import Store

Scores = tuple[CallScore | None, ...]
"""One per judgement, in order; None where it failed."""


def judge_anew(store: Store, judge: CallHeads, versions: Mapping[str, str]) -> Callable[[Sequence[Judgement]], Scores]:
    """The function that judges a piece of the work. versions: what every score names beside its rubric."""
    judgements = Judgements(store)

    def judged(work: Sequence[Judgement]) -> Scores:
        measured = judgements.measured([to_judge(item) for item in work])
        calls = [Measured(said, item.initiative, heard) for item, (said, heard) in zip(work, measured, strict=True)]
        return tuple(
            None
            if isinstance(score, Exception)
            else replace(score, versions={**versions, "rubric": f"{item.initiative.id} {item.initiative.version}"})
            for item, score in zip(work, score_many(calls, judge), strict=True)
        )

    return judged


def to_judge(item: Judgement) -> ToJudge:
    """What the store is asked for and told of a judgement."""
    return ToJudge(item.call.call_id, item.initiative.id, item.transcript_made_by, item.signals_made_by, item.score_made_by)
