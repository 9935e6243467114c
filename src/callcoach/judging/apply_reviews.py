"""What a reader is to see of a call: people's corrections over the machine's answer, both kept. Knows nothing of the database."""

from collections.abc import Sequence
from dataclasses import replace

from callcoach.domain.review import EVIDENCE, LEVEL, NO_EVIDENCE, QUOTE, VERDICT, Review, ReviewedScore
from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore, Evidence, Level, Verdict

Place = tuple[str, int | None, str | None]
"""What a correction is about: a verdict, a level, or one quote of one turn."""


def apply_reviews(score: CallScore, reviews: Sequence[Review]) -> ReviewedScore:
    """Of each person the latest correction of a thing counts; where people differ the latest is read, and the conflict is named.

    A corrected verdict has no confidence and no why score: those were the machine's of another verdict. A level that loses its
    last quote falls to absent, for nothing is claimed without one.
    """
    latest: dict[tuple[Place, str], Review] = {}
    own = [review for review in reviews if (review.call_id, review.initiative_id) == (score.call_id, score.initiative_id)]
    for review in sorted(own, key=lambda review: (review.at, review.review_id)):
        latest.pop((_place(review), review.person_id), None)
        latest[_place(review), review.person_id] = review
    counted = tuple(latest.values())
    by_place: dict[Place, list[Review]] = {}
    for review in counted:
        by_place.setdefault(_place(review), []).append(review)
    read = score
    # quotes first: a level may rest on one that a person added
    for said in sorted(by_place.values(), key=lambda said: not said[-1].about.startswith(QUOTE)):
        read = _applied(read, said[-1])
    return ReviewedScore(
        score=read,
        machine=score,
        counted=counted,
        conflicts=tuple(tuple(said) for said in by_place.values() if len({review.person for review in said}) > 1),
    )


def _place(review: Review) -> Place:
    quote = review.about.startswith(QUOTE)
    return (review.about, review.turn if quote else None, review.quote if quote else None)


def _applied(score: CallScore, review: Review) -> CallScore:
    if review.about == VERDICT:
        verdict = Verdict(review.person)
        if verdict is score.verdict:
            return score
        reason = review.because if verdict is Verdict.NOT_ASSESSED else None
        return replace(
            score,
            verdict=verdict,
            reason=reason,
            confidence=None,
            why_score=None,
            probabilities={},
            statements=(),
            needs_person=None,
        )
    if review.about.startswith(LEVEL):
        component, level = Component(review.about.removeprefix(LEVEL)), Level(int(review.person))
        evidence = score.evidence
        if level > Level.ABSENT and not any(quote.act == component.value for quote in evidence):
            if review.quote is None:
                return score
            evidence = _with(evidence, component.value, review)
        return replace(score, levels={**score.levels, component: level}, evidence=evidence)
    act = review.about.removeprefix(QUOTE)
    if review.person == EVIDENCE:
        there = any((quote.act, quote.turn, quote.quote) == (act, review.turn, review.quote) for quote in score.evidence)
        return score if there else replace(score, evidence=_with(score.evidence, act, review))
    assert review.person == NO_EVIDENCE, "a quote is evidence or it is not"
    left = tuple(quote for quote in score.evidence if (quote.act, quote.turn, quote.quote) != (act, review.turn, review.quote))
    levels = {
        component: level if any(quote.act == component.value for quote in left) else Level.ABSENT
        for component, level in score.levels.items()
    }
    return replace(score, evidence=left, levels=levels)


def _with(evidence: Sequence[Evidence], act: str, review: Review) -> tuple[Evidence, ...]:
    added = Evidence(act=act, turn=review.turn or 0, quote=review.quote or "", start=review.start, end=review.end)
    return tuple(sorted((*evidence, added), key=lambda quote: quote.turn))
