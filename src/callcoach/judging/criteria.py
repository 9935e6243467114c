"""Let an initiative's own criteria move a judgement, by rules printed with it. Knows nothing of models, files or vectors.

Where an initiative has no criteria, the judgement is returned as it came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from callcoach.domain.call import Transcript
from callcoach.domain.signals import Act, CriterionSignals, Signals
from callcoach.domain.story import Component, Criterion, Initiative
from callcoach.domain.verdict import Answer, CallScore, CriterionResult, Evidence, Level, Verdict
from callcoach.judging.abstention import needs_person
from callcoach.judging.evidence import times_of

JUDGE_WEIGHT = 4.0
"""What the judge's own why score weighs beside the criteria's weights."""

UNCLEAR_BAND = 0.03
"""Words that miss what the examples ask by less than this (cosine) are neither a yes nor a no."""

_AGAINST = (Act.RECITE.value, Act.STUMBLE.value)
"""Criteria about these acts say what should not be heard: met counts against the call."""


def is_met(measured: CriterionSignals) -> bool | None:
    """Whether the nearest words reach what the examples ask of both closeness and lean; None where it is unclear."""
    if measured.floor is None or measured.gap is None:
        return None
    if measured.closeness is None or measured.lean is None:
        return False
    short = max(measured.floor - measured.closeness, measured.gap - measured.lean)
    if short <= 0:
        return True
    return None if short < UNCLEAR_BAND else False


def by_criteria(score: CallScore, transcript: Transcript, initiative: Initiative, signals: Signals) -> CallScore:
    """The judgement after the initiative's criteria; each that changes something says so in the statements.

    A criterion about a component that is not met keeps the component at `mentioned`; where all about it are met, a mention
    counts as explained in a call whose verdict is partial or explains. Weight 0 watches and moves nothing.
    """
    if not initiative.criteria or score.verdict in (Verdict.NOT_ASSESSED, Verdict.NOT_RAISED):
        return score
    measured = {each.id: each for each in signals.criteria}
    results = tuple(
        _result(criterion, measured.get(criterion.id, CriterionSignals(id=criterion.id)), transcript)
        for criterion in initiative.criteria
    )
    moving = [result for result in results if result.weight > 0]
    said: list[str] = [result.sentence for result in results]
    levels = _levels(score, moving, said)
    verdict = _verdict(score, levels, said)
    answer = _answer(score, moving, said)
    why = _why_score(score, moving, said)
    confidence, doubt = score.confidence, score.needs_person
    if verdict is not score.verdict:
        confidence = round(sum(score.probabilities.get(each, 0.0) for each in (Verdict.EXPLAINS, Verdict.PARTIAL)), 4)
    if (verdict, answer) != (score.verdict, score.answer):
        # what was doubted of the earlier verdict or answer may not stand beside another
        sure = {**score.probabilities, verdict: confidence or 0.0}
        if verdict is not score.verdict:
            sure.pop(score.verdict, None)
        doubt = needs_person(transcript, verdict, sure, score.asked_why, answer)
    return replace(
        score,
        verdict=verdict,
        confidence=confidence,
        why_score=why,
        levels=levels,
        answer=answer,
        needs_person=doubt,
        statements=(*score.statements[:-1], *said, *(score.statements[-1:] if verdict is score.verdict else ())),
        criteria=results,
    )


def _result(criterion: Criterion, measured: CriterionSignals, transcript: Transcript) -> CriterionResult:
    met = is_met(measured)
    quote = None
    if measured.turn is not None and met is not False:
        turn = transcript.turns[measured.turn]
        start, end = times_of(turn, measured.begin, measured.end)
        quote = Evidence(
            act=criterion.about,
            turn=measured.turn,
            quote=turn.text[measured.begin : measured.end],
            start=start,
            end=end,
            strength=measured.closeness,
        )
    if measured.floor is None:
        sentence = f"Criterion '{criterion.id}' cannot be told: its examples are too few or too much alike."
    elif met and quote is not None:
        sentence = f"Criterion '{criterion.id}' is met in turn {quote.turn}."
    elif met is None and quote is not None:
        sentence = f"Criterion '{criterion.id}' is unclear: turn {quote.turn} comes near it, and not near enough."
    else:
        sentence = f"Criterion '{criterion.id}' is not met: nothing the rep says comes near its examples."
    return CriterionResult(
        id=criterion.id, about=criterion.about, weight=criterion.weight, met=met, sentence=sentence, quote=quote
    )


def _levels(score: CallScore, results: Sequence[CriterionResult], said: list[str]) -> dict[Component, Level]:
    levels = dict(score.levels)
    for component, level in score.levels.items():
        about = [result for result in results if result.about == component.value]
        missed = [result.id for result in about if result.met is False]
        if missed and level is Level.EXPLAINED:
            levels[component] = Level.MENTIONED
            said.append(f"Criterion '{missed[0]}' is not met: {component.value} stays at mentioned.")
        elif (
            about
            and level is Level.MENTIONED
            and all(result.met for result in about)
            and score.verdict in (Verdict.PARTIAL, Verdict.EXPLAINS)
        ):
            levels[component] = Level.EXPLAINED
            said.append(f"Criterion '{about[0].id}' is met: {component.value} counts as explained.")
    return levels


def _verdict(score: CallScore, levels: Mapping[Component, Level], said: list[str]) -> Verdict:
    part, wall = levels.get(Component.PART, Level.ABSENT), levels.get(Component.WALL, Level.ABSENT)
    if score.verdict is Verdict.EXPLAINS and part < Level.EXPLAINED:
        said.append("So the verdict is partial: explaining takes a part that is explained.")
        return Verdict.PARTIAL
    ranked = sorted(score.probabilities, key=lambda verdict: -score.probabilities[verdict])
    lifted = part is Level.EXPLAINED and score.levels.get(Component.PART) is not Level.EXPLAINED
    if score.verdict is Verdict.PARTIAL and lifted and wall >= Level.MENTIONED and ranked[1:2] == [Verdict.EXPLAINS]:
        said.append("So the verdict is explains, which the judge held for the next likeliest.")
        return Verdict.EXPLAINS
    return score.verdict


def _answer(score: CallScore, results: Sequence[CriterionResult], said: list[str]) -> Answer:
    missed = [result.id for result in results if result.about == Act.ANSWER.value and result.met is False]
    if missed and score.answer is Answer.FULL:
        said.append(f"Criterion '{missed[0]}' is not met: the answer counts as partial.")
        return Answer.PARTIAL
    return score.answer


def _why_score(score: CallScore, results: Sequence[CriterionResult], said: list[str]) -> float | None:
    clear = [result for result in results if result.met is not None]
    if score.why_score is None or not clear:
        return score.why_score
    weight = sum(result.weight for result in clear)
    reached = sum(result.weight for result in clear if result.met != (result.about in _AGAINST))
    mixed = round((JUDGE_WEIGHT * score.why_score + 100.0 * reached) / (JUDGE_WEIGHT + weight), 1)
    said.append(
        f"Why score: {score.why_score:g} from the judge (weight {JUDGE_WEIGHT:g}) and {reached:g} of {weight:g} from the "
        f"criteria give {mixed:g}."
    )
    return mixed
