"""The JSON that others rely on: field names are a promise. Knows nothing of how the values came about."""

from typing import Any

from callcoach.domain.opinion import SecondOpinion
from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore, CriterionResult, Evidence, Reaction


def score_json(score: CallScore) -> dict[str, Any]:
    """One call's judgement for one initiative; levels 0 to 2, why_score 0 to 100, times in seconds; null where not judged."""
    return {
        "call_id": score.call_id,
        "initiative": score.initiative_id,
        "verdict": score.verdict.value,
        "reason": score.reason,
        "confidence": score.confidence,
        "why_score": score.why_score,
        "levels": {
            component.value: None if (level := score.levels.get(component)) is None else int(level) for component in Component
        },
        "asked_why": score.asked_why,
        "answer": score.answer.value,
        "behaviours": {
            "offer_hunting": score.behaviours.offer_hunting,
            "feature_dump": score.behaviours.feature_dump,
            "diagnosed_first": score.behaviours.diagnosed_first,
        },
        "evidence": [evidence_json(quote) for quote in score.evidence],
        "statements": list(score.statements),
        "needs_person": score.needs_person,
        "reaction": None if score.reaction is None else reaction_json(score.reaction),
        "versions": dict(score.versions),
        # an initiative without criteria of its own has no such field
        **({"criteria": [_criterion_json(result) for result in score.criteria]} if score.criteria else {}),
    }


def _criterion_json(result: CriterionResult) -> dict[str, Any]:
    """One of the initiative's own criteria; `met` is null where it is unclear."""
    return {
        "id": result.id,
        "about": result.about,
        "weight": result.weight,
        "met": result.met,
        "quote": None if result.quote is None else evidence_json(result.quote),
    }


def evidence_json(quote: Evidence) -> dict[str, Any]:
    """One quote, under `component` where it carries one of the story's three and under `act` otherwise."""
    kind = "component" if quote.act in {component.value for component in Component} else "act"
    return {
        kind: quote.act,
        "turn": quote.turn,
        "start": quote.start,
        "end": quote.end,
        "quote": quote.quote,
        "reply_to": quote.reply_to,
    }


def reaction_json(reaction: Reaction) -> dict[str, Any]:
    """What the customer did right after the pitch; `stayed` is null where too little was said to tell."""
    return {
        "pitch_turn": reaction.pitch_turn,
        "turn": reaction.turn,
        "start": reaction.start,
        "end": reaction.end,
        "quote": reaction.quote,
        "words": reaction.words,
        "asked": reaction.asked,
        "asked_why": reaction.asked_why,
        "stayed": reaction.stayed,
        "took_up": list(reaction.took_up),
    }


def opinion_json(opinion: SecondOpinion | None, reason: str | None) -> dict[str, Any]:
    """What another model says beside the judgement; `reason` says why there is nothing, and all else is null then."""
    return {
        "verdict": opinion.verdict.value if opinion else None,
        "levels": {component.value: int(opinion.levels[component]) for component in Component} if opinion else None,
        "quotes": [evidence_json(quote) for quote in opinion.quotes] if opinion else None,
        "agreed": opinion.agreed if opinion else None,
        "model": opinion.model if opinion else None,
        "host": opinion.host if opinion else None,
        "asked_at": opinion.asked_at.isoformat() if opinion else None,
        "prompt_version": opinion.prompt_version if opinion else None,
        "reason": reason if opinion is None else None,
    }
