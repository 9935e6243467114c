"""When to ask for a second opinion, and what it does to a judgement. Knows nothing of who is asked, or how."""

from dataclasses import replace

from callcoach.domain.opinion import SecondOpinion
from callcoach.domain.verdict import CallScore, Verdict


def is_uncertain(score: CallScore, *, below: float) -> bool:
    """Whether the machine is less sure of its verdict than `below` (0..1); what has no confidence is not asked about."""
    return score.verdict is not Verdict.NOT_ASSESSED and score.confidence is not None and score.confidence < below


def weigh(score: CallScore, opinion: SecondOpinion) -> CallScore:
    """The same judgement; where the opinion differs, a person is needed. Verdict, levels and evidence stay the machine's.

    A reason why a person is needed that is there already is kept, with this one behind it. Raises ValueError where the opinion
    is on another call or initiative.
    """
    if (score.call_id, score.initiative_id) != (opinion.call_id, opinion.initiative_id):
        raise ValueError(f"{score.call_id}: this second opinion is on {opinion.call_id}, {opinion.initiative_id}.")
    if opinion.verdict is score.verdict:
        return score
    sentence = difference(score, opinion)
    if score.needs_person and sentence not in score.needs_person:
        sentence = f"{score.needs_person} {sentence}"
    return replace(score, needs_person=sentence)


def difference(score: CallScore, opinion: SecondOpinion) -> str:
    """The two verdicts side by side, in a sentence."""
    return f"A second opinion ({opinion.model}) says {opinion.verdict.value}, the judge {score.verdict.value}: listen and decide."
