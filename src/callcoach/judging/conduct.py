"""Measure how the call was led: talk share, questions, pace, offers in a row. Context, never part of the why score."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from callcoach.domain.call import Role, Transcript, Turn
from callcoach.domain.signals import Act, Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Conduct
from callcoach.judging.features import call_features
from callcoach.judging.heads import TurnMatrix
from callcoach.judging.questions import WhyQuestion, asks_something
from callcoach.judging.wording import content_stems, figures, words_of

_TOLD = 0.5
_OFFERS = "discount free off deal promotion promo special bundle waive waived upgrade offer rebate credit package save savings"
_OFFER_WORDS = frozenset(_OFFERS.split())


def conduct(transcript: Transcript, questions: Sequence[WhyQuestion]) -> Conduct:
    """Numbers of one call; None where the transcript has no times or nobody spoke."""
    turns = transcript.turns
    reps = [turn for turn in turns if turn.role in (Role.REP, Role.LEADER)]
    customers = [turn for turn in turns if turn.role is Role.CUSTOMER]
    timed = bool(turns) and all(turn.start is not None and turn.end is not None for turn in turns)
    rep_time, customer_time = sum(map(_length, reps)), sum(map(_length, customers))
    if not timed:
        rep_time, customer_time = float(sum(_words(turn) for turn in reps)), float(sum(_words(turn) for turn in customers))
    everything = rep_time + customer_time
    n_words = sum(_words(turn) for turn in reps)
    measured = Conduct(
        talk_share=round(rep_time / everything, 4) if everything else None,
        longest_monologue_s=round(max(map(_length, reps)), 2) if timed and reps else None,
        questions_asked=sum(asks_something(turn.text) for turn in reps),
        words_per_minute=round(60 * n_words / rep_time, 1) if timed and rep_time > 0 else None,
    )
    return with_pauses(measured, questions)


def with_pauses(measured: Conduct, questions: Sequence[WhyQuestion]) -> Conduct:
    """The same numbers, with the longest pause before an answer to one of these questions."""
    pauses = [question.pause_s for question in questions if question.pause_s is not None]
    return replace(measured, pause_before_answer_s=max(pauses, default=None))


def conduct_matrix(
    transcript: Transcript, initiative: Initiative, signals: Signals, features: Mapping[str, float] | None = None
) -> TurnMatrix:
    """One row: the call's features and the counts that bear on behaviour, for the heads that grade it.

    `features`: `call_features` of the same call, where they are known already.
    """
    if features is None:
        features = call_features(transcript, initiative, signals)
    row = {**features, **_counts(transcript, initiative, signals)}
    return TurnMatrix(turns=(0,), names=tuple(row), plain=np.array([list(row.values())], dtype=np.float64), blocks={})


def _counts(transcript: Transcript, initiative: Initiative, signals: Signals) -> dict[str, float]:
    acts = {turn.turn: turn.acts for turn in signals.turns}
    reps = [(number, turn) for number, turn in enumerate(transcript.turns) if turn.role is Role.REP]
    pitched = next((number for number, _ in reps if acts[number].get(Act.HAMMER, 0.0) >= _TOLD), len(transcript.turns))
    fact_stems = [content_stems(fact) for fact in initiative.facts]
    fact_figures = frozenset().union(*(figures(fact) for fact in initiative.facts))
    facts = [
        sum(len(content_stems(turn.text) & fact) >= 2 for fact in fact_stems) + len(figures(turn.text) & fact_figures)
        for _, turn in reps
    ]
    reasons = [max(acts[number].get(Act.WALL, 0.0), acts[number].get(Act.PART, 0.0)) for number, _ in reps]
    offers = [bool(_OFFER_WORDS & set(words_of(turn.text))) for _, turn in reps]
    needs_before = [turn.acts.get(Act.NEED, 0.0) for turn in signals.turns if turn.turn < pitched]
    return {
        "facts_most": float(max(facts, default=0)),
        "facts_told": float(np.log1p(sum(facts))),
        "fact_turns": float(sum(n_facts >= 2 for n_facts in facts)),
        "facts_over_reasons": float(sum(n_facts >= 2 for n_facts in facts)) - float(sum(reasons)),
        "offers_in_a_row": float(_offers_in_a_row([turn for _, turn in reps])),
        "offer_turns": float(np.log1p(sum(offers))),
        "asked_before_pitch": float(np.log1p(sum(asks_something(turn.text) for number, turn in reps if number < pitched))),
        "need_before_pitch": max(needs_before, default=0.0),
        "needs_before_pitch": float(np.log1p(sum(needs_before))),
        "need_after_question": float(_need_after_question(transcript, signals, pitched)),
        "pitched_at": pitched / max(len(transcript.turns), 1),
        "pitched_late": float(np.log1p(pitched)),
    }


def _offers_in_a_row(reps: Sequence[Turn]) -> int:
    """The most rep turns in a row that each hold an offer and ask nothing about the customer's need."""
    longest = current = 0
    for turn in reps:
        offers = bool(_OFFER_WORDS & set(words_of(turn.text)))
        current = current + 1 if offers and not asks_something(turn.text) else 0
        longest = max(longest, current)
    return longest


def _need_after_question(transcript: Transcript, signals: Signals, pitched: int) -> float:
    """The likeliest need that a customer told right after a question of the rep's, before the pitch."""
    needs = {turn.turn: turn.acts.get(Act.NEED, 0.0) for turn in signals.turns}
    answered = [
        needs[number + 1]
        for (number, turn), (_, following) in pairwise(enumerate(transcript.turns))
        if number < pitched and turn.role is Role.REP and following.role is Role.CUSTOMER and asks_something(turn.text)
    ]
    return max(answered, default=0.0)


def _length(turn: Turn) -> float:
    return max(turn.end - turn.start, 0.0) if turn.start is not None and turn.end is not None else 0.0


def _words(turn: Turn) -> int:
    return len(words_of(turn.text))
