"""Other wordings of an initiative on calls of any age: score again, compare two versions, try a draft, weigh an example.

Joins stored calls to judging. Knows nothing of terminals or SQL; a draft that is only tried is never stored.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from callcoach.app.stages import JUDGE
from callcoach.app.stored_calls import Judged, StoredCalls, Unjudged
from callcoach.app.wordings import text_changes, value_of
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.domain.coaching import CallProblem
from callcoach.domain.restated import Accord, Comparison, ExampleEffect, Flagged, Flip, Near, Telling, TextChange, Trial
from callcoach.domain.signals import Act
from callcoach.domain.story import Component, Criterion, Initiative
from callcoach.domain.verdict import Answer, CallScore, Evidence, Verdict
from callcoach.judging.criteria import is_met
from callcoach.judging.nearest import nearest_quote
from callcoach.judging.verdict import WORTH
from callcoach.storage.history import History

NEAREST_SHOWN = 3


class Rescored(NamedTuple):
    """How many calls were judged with which version, how many of these had to be measured, and which could not be judged."""

    initiative_id: str
    version: str
    judged: int
    measured: int
    is_current: bool
    problems: tuple[CallProblem, ...] = ()


class _Told(NamedTuple):
    """One call as one wording judges it, with the rep's words nearest to each component."""

    call: Call
    score: CallScore
    nearest: Mapping[Component, Evidence | None]


def rescore(workspace: Workspace, initiative: Initiative, *, is_current: bool, beside: Sequence[Initiative] = ()) -> Rescored:
    """Judge every stored call that is an initiative's by its dates. is_current: False keeps the scores beside the current.

    beside: the rubrics of a folder; a call that one of the same id in its own language judges is left to that one.
    """
    stored, history = StoredCalls(workspace), History(workspace.store)
    workspace.store.keep_initiative(initiative)
    n_judged = n_measured = 0
    problems = []
    for judged in stored.judged(stored.of(initiative, beside), initiative):
        if isinstance(judged, Unjudged):
            problems.append(CallProblem(call_id=judged.call.call_id, sentence=judged.sentence))
            continue
        n_judged, n_measured = n_judged + 1, n_measured + judged.measured
        measured_by, judged_by = judged.signals_made_by, judged.score_made_by
        if is_current:
            signals = judged.signals if judged.measured else None
            # the failures of an earlier run are over with it
            workspace.store.keep_judgement(
                signals, judged.score, signals_made_by=measured_by, score_made_by=judged_by, stage=JUDGE
            )
        else:
            history.keep_beside(judged.signals, judged.score, signals_made_by=measured_by, score_made_by=judged_by)
    return Rescored(initiative.id, initiative.version, n_judged, n_measured, is_current, tuple(problems))


def compare(workspace: Workspace, before: Initiative, after: Initiative, *, labels: Mapping[str, Verdict]) -> Comparison:
    """Both versions on the same stored calls. labels: call id -> what people say, where they do."""
    stored = StoredCalls(workspace)
    return compare_on(stored, stored.of(after), before, after, labels=labels)


def compare_on(
    stored: StoredCalls,
    calls: Sequence[Call],
    before: Initiative,
    after: Initiative,
    *,
    labels: Mapping[str, Verdict],
    with_causes: bool = True,
) -> Comparison:
    """The same on some calls. with_causes: False leaves out which of several changed fields flips a call, which takes longest."""
    changes = text_changes(before, after)
    problems: dict[str, CallProblem] = {}
    old, new = _told(stored, calls, before, problems), _told(stored, calls, after, problems)
    old, new = ([told for told in found if told.call.call_id not in problems] for found in (old, new))
    component = _concerned(changes)
    flipped = [(first, second) for first, second in zip(old, new, strict=True) if first.score.verdict is not second.score.verdict]
    explained = flipped if with_causes or len(changes) == 1 else []
    causes = _causes(stored, before, after, changes, [second for _, second in explained])
    return Comparison(
        initiative_id=after.id,
        before=before.version,
        after=after.version,
        changes=changes,
        n_calls=len(new),
        flips=tuple(
            Flip(
                call_id=first.call.call_id,
                before=_telling(first, component),
                after=_telling(second, component),
                up=_goes_up(first.score.verdict, second.score.verdict),
                causes=causes.get(first.call.call_id, ()),
                rules=tuple(each.sentence for each in second.score.criteria if each not in first.score.criteria),
                people=labels.get(first.call.call_id),
            )
            for first, second in flipped
        ),
        mean_why=(_mean_why(old), _mean_why(new)),
        accord_before=_accord(old, labels),
        accord_after=_accord(new, labels),
        problems=tuple(problems.values()),
    )


def try_draft(workspace: Workspace, draft: Initiative, *, since: date | None = None) -> Trial:
    """A draft on all stored calls with customers, whether or not it was live: nothing is stored of it."""
    stored = StoredCalls(workspace, since=since)
    problems: dict[str, CallProblem] = {}
    found = _told(stored, stored.with_customers(), draft, problems)
    verdicts = Counter(told.score.verdict for told in found)
    nearest = {}
    for component in Component:
        near = [
            Near(call_id=told.call.call_id, quote=quote, verdict=told.score.verdict)
            for told in found
            if (quote := told.nearest[component]) is not None
        ]
        nearest[component] = tuple(sorted(near, key=lambda one: (-(one.quote.strength or 0.0), one.call_id))[:NEAREST_SHOWN])
    return Trial(
        initiative_id=draft.id,
        version=draft.version,
        n_calls=len(found),
        n_raised=sum(n for verdict, n in verdicts.items() if verdict not in (Verdict.NOT_RAISED, Verdict.NOT_ASSESSED)),
        verdicts={verdict: verdicts[verdict] for verdict in Verdict if verdicts[verdict]},
        flagged=tuple(flag for told in found if (flag := _flag(told.score)) is not None),
        nearest=nearest,
        problems=tuple(problems.values()),
    )


def example_effects(workspace: Workspace, initiative: Initiative) -> tuple[ExampleEffect, ...]:
    """For each example of each criterion, the stored calls whose answer is another one without it."""
    stored = StoredCalls(workspace)
    variants = [variant for criterion in initiative.criteria for variant in _without_each(criterion)]
    flips: list[list[tuple[str, bool | None, bool | None]]] = [[] for _ in variants]
    whole = {criterion.id: place for place, criterion in enumerate(initiative.criteria)}
    for call in stored.of(initiative) if variants else ():
        stored.recall(call)
        criteria = (*initiative.criteria, *(criterion for _, _, criterion in variants))
        answers = [is_met(measured) for measured in workspace.language.criteria(stored.transcript(call), criteria)]
        for place, (_, _, criterion) in enumerate(variants):
            with_it, without = answers[whole[criterion.id]], answers[len(whole) + place]
            if with_it is not without:
                flips[place].append((call.call_id, with_it, without))
    return tuple(
        ExampleEffect(criterion_id=criterion.id, kind=kind, example=example, flips=tuple(found))
        for (kind, example, criterion), found in zip(variants, flips, strict=True)
    )


def _without_each(criterion: Criterion) -> list[tuple[str, str, Criterion]]:
    """(kind, example, the criterion without it) for each example."""
    return [
        (kind, example, _with_examples(criterion, kind, (*examples[:place], *examples[place + 1 :])))
        for kind in ("yes", "no", "near_misses")
        for examples in [getattr(criterion, kind)]
        for place, example in enumerate(examples)
    ]


def _with_examples(criterion: Criterion, kind: str, examples: Any) -> Criterion:
    return replace(criterion, **{kind: examples})


def _causes(
    stored: StoredCalls, before: Initiative, after: Initiative, changes: Sequence[TextChange], flipped: Sequence[_Told]
) -> dict[str, tuple[str, ...]]:
    """By call: the fields that flip it when they alone change."""
    fields = [change.field for change in changes]
    if len(fields) == 1:
        return {told.call.call_id: (fields[0],) for told in flipped}
    causes: dict[str, tuple[str, ...]] = {told.call.call_id: () for told in flipped}
    calls = [told.call for told in flipped]
    for field in fields:
        alone = _with_value(before, field, value_of(after, field))
        for one, both in zip(stored.judged(calls, alone), flipped, strict=True):
            if isinstance(one, Judged) and one.score.verdict is both.score.verdict:
                causes[one.call.call_id] = (*causes[one.call.call_id], field)
    return causes


def _concerned(changes: Sequence[TextChange]) -> Component:
    """The component whose nearest words tell most of a change: the first that changed, else what the customer should hear."""
    fields = {change.field for change in changes}
    return next((component for component in Component if f"story.{component.value}" in fields), Component.PART)


def _told(stored: StoredCalls, calls: Sequence[Call], initiative: Initiative, problems: dict[str, CallProblem]) -> list[_Told]:
    """Each call judged with a wording, without the words and signals behind it: a year of calls has to fit into memory.

    Those that cannot be judged are left out and join `problems`, by call id.
    """
    found = []
    for judged in stored.judged(calls, initiative):
        if isinstance(judged, Unjudged):
            problems[judged.call.call_id] = CallProblem(call_id=judged.call.call_id, sentence=judged.sentence)
            continue
        nearest = {component: nearest_quote(judged.transcript, judged.signals, component) for component in Component}
        found.append(_Told(judged.call, judged.score, nearest))
    return found


def _telling(told: _Told, component: Component) -> Telling:
    return Telling(
        verdict=told.score.verdict,
        why_score=told.score.why_score,
        levels=told.score.levels,
        nearest=told.nearest[component],
    )


def _goes_up(before: Verdict, after: Verdict) -> bool | None:
    return WORTH[after] > WORTH[before] if before in WORTH and after in WORTH else None


def _mean_why(found: Sequence[_Told]) -> float | None:
    scores = [told.score.why_score for told in found if told.score.why_score is not None]
    return round(sum(scores) / len(scores), 1) if scores else None


def _accord(found: Sequence[_Told], labels: Mapping[str, Verdict]) -> Accord | None:
    labelled = [told.score for told in found if told.call.call_id in labels]
    if not labelled:
        return None
    return Accord(n=len(labelled), agreed=sum(score.verdict is labels[score.call_id] for score in labelled))


def _flag(score: CallScore) -> Flagged | None:
    reasons = {
        Verdict.STUMBLES: ("the rep tries or is asked, and cannot connect it", Act.STUMBLE),
        Verdict.RECITES: ("the talk track is read out", Act.RECITE),
    }
    if score.verdict in reasons:
        reason, act = reasons[score.verdict]
    elif score.verdict is not Verdict.NOT_RAISED and score.asked_why and score.answer in (Answer.DEFLECTS, Answer.NONE):
        reason, act = "the customer asks why and gets no answer", Act.ASK
    else:
        return None
    quote = next((quote for quote in score.evidence if quote.act == act.value), None)
    return Flagged(call_id=score.call_id, verdict=score.verdict, reason=reason, quote=quote or _first(score.evidence))


def _first(evidence: Sequence[Evidence]) -> Evidence | None:
    return evidence[0] if evidence else None


def _with_value(initiative: Initiative, field: str, value: Any) -> Initiative:
    if field.startswith("story."):
        return replace(initiative, story=replace(initiative.story, **{field.removeprefix("story."): value}))
    return replace(initiative, **{field: value})
