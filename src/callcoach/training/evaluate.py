"""Hold judgements against what careful people said: computes every figure of an evaluation. Knows nothing of how one judges."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from callcoach.domain.call import Role
from callcoach.domain.signals import CUSTOMER_ACTS, REP_ACTS, Act, Signals
from callcoach.domain.story import Component
from callcoach.domain.verdict import JUDGED_VERDICTS, CallScore, Level, Verdict
from callcoach.training import metrics
from callcoach.training.corpus import LabelledCall
from callcoach.training.evaluation import (
    ActFigures,
    AllVerdictFigures,
    AnswerFigures,
    BaselineFigures,
    CalibrationFigures,
    ContrastFigures,
    Evaluation,
    EvidenceFigures,
    LevelFigures,
    Prediction,
    Protocol,
    VerdictChange,
    VerdictFigures,
    YesNoFigures,
)


def evaluate(
    labelled: Sequence[LabelledCall],
    scores: Mapping[str, CallScore],
    signals: Mapping[str, Signals],
    baselines: Mapping[str, Mapping[str, Verdict]],
    *,
    protocol: Protocol,
) -> Evaluation:
    """Measure `scores` and `signals` (by call id, one for each labelled call) and the baselines' verdicts (name -> call id).

    What is measured: docs/evaluation.md. Raises KeyError where a call has no score or signals.
    """
    base = [call for call in labelled if call.base_id is None]
    twins = [call for call in labelled if call.base_id is not None]
    told = {call.call_id: scores[call.call_id].verdict for call in labelled}
    explains = {call.call_id: scores[call.call_id].probabilities.get(Verdict.EXPLAINS, 0.0) for call in labelled}

    def verdicts_of(calls: Sequence[LabelledCall]) -> VerdictFigures:
        return _verdict_figures(calls, told, explains)

    overall = verdicts_of(labelled)
    by_writer = {writer: verdicts_of(list(calls)) for writer, calls in groupby(sorted(labelled, key=_writer_of), key=_writer_of)}
    return Evaluation(
        calls=len(labelled),
        base_calls=len(base),
        twins=len(twins),
        initiatives=len({call.initiative_id for call in labelled}),
        writers=len(by_writer),
        protocol=protocol,
        verdict=AllVerdictFigures(
            n=overall.n,
            kappa=overall.kappa,
            kappa_interval=overall.kappa_interval,
            macro_f1=overall.macro_f1,
            explains_auc=overall.explains_auc,
            accuracy=overall.accuracy,
            confusion=overall.confusion,
            base=verdicts_of(base),
            twins=verdicts_of(twins),
            by_writer=by_writer,
        ),
        levels={part.value: _level_figures(labelled, scores, part) for part in Component},
        acts={act.value: _act_figures(labelled, signals, act) for act in (*REP_ACTS, *CUSTOMER_ACTS)},
        contrast=contrast(labelled, told),
        asked_why=_yes_no_figures(labelled, lambda call: call.labels.asked_why, lambda call: scores[call.call_id].asked_why),
        answer=_answer_figures(labelled, scores),
        behaviours={name: _behaviour_figures(labelled, scores, name) for name in _BEHAVIOURS},
        evidence=_evidence_figures(labelled, scores),
        calibration=_calibration_figures(labelled, scores),
        baselines={name: baseline_figures(labelled, verdicts) for name, verdicts in baselines.items()},
        predictions=tuple(_prediction(call, scores[call.call_id]) for call in labelled),
    )


def contrast(labelled: Sequence[LabelledCall], told: Mapping[str, Verdict]) -> ContrastFigures:
    """How often base call and twin are both told right; only pairs with both calls in `labelled` count."""
    by_id = {call.call_id: call for call in labelled}
    pairs = [(by_id[call.base_id], call) for call in labelled if call.base_id in by_id and call.base_id is not None]
    right = [_right(base, told) and _right(twin, told) for base, twin in pairs]
    changes = Counter((base.labels.verdict, twin.labels.verdict) for base, twin in pairs)
    won = Counter((base.labels.verdict, twin.labels.verdict) for (base, twin), both in zip(pairs, right, strict=True) if both)
    order = {verdict: number for number, verdict in enumerate(Verdict)}
    return ContrastFigures(
        pairs=len(pairs),
        both_right=metrics.share_of(right),
        both_right_interval=metrics.share_interval(right, [twin.initiative_id for _, twin in pairs]),
        same=metrics.share_of([told[base.call_id] is told[twin.call_id] for base, twin in pairs]),
        by_change=tuple(
            VerdictChange(base=base, twin=twin, pairs=changes[base, twin], both_right=won[base, twin])
            for base, twin in sorted(changes, key=lambda change: (order[change[0]], order[change[1]]))
        ),
    )


def baseline_figures(labelled: Sequence[LabelledCall], told: Mapping[str, Verdict]) -> BaselineFigures:
    """The same verdict figures, for a baseline's verdicts by call id."""
    base = _verdict_figures([call for call in labelled if call.base_id is None], told, {})
    twins = _verdict_figures([call for call in labelled if call.base_id is not None], told, {})
    overall = _verdict_figures(labelled, told, {})
    return BaselineFigures(
        kappa=overall.kappa,
        kappa_base=base.kappa,
        kappa_twins=twins.kappa,
        macro_f1=overall.macro_f1,
        both_right=contrast(labelled, told).both_right,
    )


def _writer_of(call: LabelledCall) -> str:
    return call.writer


def _right(call: LabelledCall, told: Mapping[str, Verdict]) -> bool:
    return told[call.call_id] is call.labels.verdict


def _verdict_figures(calls: Sequence[LabelledCall], told: Mapping[str, Verdict], explains: Mapping[str, float]) -> VerdictFigures:
    gold = [call.labels.verdict for call in calls]
    ours = [told[call.call_id] for call in calls]
    counts = Counter(zip(gold, ours, strict=True))
    is_explained = [verdict is Verdict.EXPLAINS for verdict in gold]
    return VerdictFigures(
        n=len(calls),
        kappa=metrics.kappa(gold, ours),
        kappa_interval=metrics.kappa_interval(gold, ours, [call.initiative_id for call in calls]),
        macro_f1=metrics.macro_f1(gold, ours),
        explains_auc=metrics.auc(is_explained, [explains[call.call_id] for call in calls]) if explains else None,
        accuracy=metrics.share_of([_right(call, told) for call in calls]),
        confusion={row.value: {column.value: counts[row, column] for column in Verdict} for row in JUDGED_VERDICTS},
    )


def _level_figures(calls: Sequence[LabelledCall], scores: Mapping[str, CallScore], part: Component) -> LevelFigures:
    gold = [int(call.labels.levels[part]) for call in calls]
    told = [int(scores[call.call_id].levels.get(part, Level.ABSENT)) for call in calls]
    return LevelFigures(
        n=len(calls),
        qwk=metrics.quadratic_weighted_kappa(gold, told, grades=len(Level)),
        accuracy=metrics.share_of([ours == theirs for ours, theirs in zip(told, gold, strict=True)]),
    )


def _act_figures(calls: Sequence[LabelledCall], signals: Mapping[str, Signals], act: Act) -> ActFigures:
    role = Role.REP if act in REP_ACTS else Role.CUSTOMER
    gold: list[bool] = []
    strength: list[float] = []
    for call in calls:
        measured = {turn.turn: turn.acts.get(act, 0.0) for turn in signals[call.call_id].turns}
        for number, _ in call.transcript.turns_of(role):
            gold.append(act in call.tags[number])
            strength.append(measured.get(number, 0.0))
    return ActFigures(n=len(gold), ap=metrics.average_precision(gold, strength), prevalence=metrics.share_of(gold))


def _yes_no_figures(
    calls: Sequence[LabelledCall], gold_of: Callable[[LabelledCall], bool], told_of: Callable[[LabelledCall], bool]
) -> YesNoFigures:
    gold, told = [gold_of(call) for call in calls], [told_of(call) for call in calls]
    return YesNoFigures(
        n=len(calls), f1=metrics.f1(gold, told), kappa=metrics.kappa([str(yes) for yes in gold], [str(yes) for yes in told])
    )


_BEHAVIOURS = ("offer_hunting", "feature_dump", "diagnosed_first")


def _behaviour_figures(calls: Sequence[LabelledCall], scores: Mapping[str, CallScore], name: str) -> YesNoFigures:
    return _yes_no_figures(
        calls,
        lambda call: bool(getattr(call.labels.behaviours, name)),
        lambda call: bool(getattr(scores[call.call_id].behaviours, name)),
    )


def _answer_figures(calls: Sequence[LabelledCall], scores: Mapping[str, CallScore]) -> AnswerFigures:
    asked = [call for call in calls if call.labels.asked_why]
    gold = [call.labels.answer for call in calls]
    told = [scores[call.call_id].answer for call in calls]
    return AnswerFigures(
        n=len(calls),
        kappa=metrics.kappa(gold, told),
        macro_f1=metrics.macro_f1(gold, told),
        n_asked=len(asked),
        kappa_when_asked=metrics.kappa([call.labels.answer for call in asked], [scores[call.call_id].answer for call in asked]),
    )


def _evidence_figures(calls: Sequence[LabelledCall], scores: Mapping[str, CallScore]) -> EvidenceFigures:
    quotes = [(call, quote) for call in calls for quote in scores[call.call_id].evidence]
    return EvidenceFigures(
        quotes=len(quotes),
        in_tagged_turns=metrics.share_of([bool(call.tags[quote.turn]) for call, quote in quotes]),
        in_turns_tagged_so=metrics.share_of([quote.act in call.tags[quote.turn] for call, quote in quotes]),
        verbatim=metrics.share_of([quote.quote in call.transcript.turns[quote.turn].text for call, quote in quotes]),
    )


def _calibration_figures(calls: Sequence[LabelledCall], scores: Mapping[str, CallScore]) -> CalibrationFigures:
    judged = [(scores[call.call_id].confidence, scores[call.call_id].verdict is call.labels.verdict) for call in calls]
    confidence, right = [sure for sure, _ in judged], [hit for _, hit in judged]
    stated = [(sure, hit) for sure, hit in judged if sure is not None]
    return CalibrationFigures(
        n=len(stated),
        ece=metrics.expected_calibration_error([sure for sure, _ in stated], [hit for _, hit in stated]),
        accuracy=metrics.share_of(right),
        accuracy_at_90=metrics.accuracy_of_surest(confidence, right, share=0.9),
        accuracy_at_80=metrics.accuracy_of_surest(confidence, right, share=0.8),
    )


def _prediction(call: LabelledCall, score: CallScore) -> Prediction:
    return Prediction(
        call_id=call.call_id,
        initiative=call.initiative_id,
        writer=call.writer,
        twin_of=call.base_id,
        verdict=score.verdict,
        gold=call.labels.verdict,
        confidence=score.confidence,
        why_score=score.why_score,
        probabilities={verdict.value: probability for verdict, probability in score.probabilities.items()},
        levels={part.value: int(score.levels.get(part, Level.ABSENT)) for part in Component},
        gold_levels={part.value: int(level) for part, level in call.labels.levels.items()},
        asked_why=score.asked_why,
        gold_asked_why=call.labels.asked_why,
        answer=score.answer.value,
        gold_answer=call.labels.answer.value,
        reason=score.reason,
    )
