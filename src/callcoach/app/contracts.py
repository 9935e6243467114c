"""The JSON that others rely on: field names are a promise. Knows nothing of how the values came about."""

from typing import Any

from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore, Evidence


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
        "versions": dict(score.versions),
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
