"""The rows of an export, found in stretches so that a large company's fit into little memory; each for whom may see its rep.

Knows nothing of files. Calls that somebody is still to label blind are left out of what says a verdict: see `app.blindness`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from callcoach.app.blindness import to_label_blind
from callcoach.app.current import current_company, current_initiatives
from callcoach.app.export_rows import CallRow, EvidenceRow, Export, QueueRow, RecommendationRow, Row, SaidBy, ScoreRow
from callcoach.app.kept_reports import kept_morning
from callcoach.app.redacting import Redacting
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.domain.coaching import RepReport
from callcoach.domain.people import VisibleReps
from callcoach.domain.queue import Asked, Queued
from callcoach.domain.review import VERDICT, Review, ReviewedScore
from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore, Level
from callcoach.judging.apply_reviews import apply_reviews
from callcoach.storage.labels import Labels
from callcoach.storage.listing import Listing
from callcoach.storage.queue import ReviewQueue

AT_ONCE = 500
Names = Callable[[str], str]
"""What somebody is called in an export, by their id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What whoever asks for an export may see. blind: calls of which they may be told no judgement yet."""

    visible: VisibleReps
    blind: frozenset[str] = frozenset()


EVERYTHING = Sight(visible=VisibleReps(everybody=True))
"""What the command line sees: whoever has the database has all of it."""


def sight_of(workspace: Workspace, visible: VisibleReps, person_id: str | None) -> Sight:
    """What somebody may see; person_id: who they are in the company, None where they are nobody of it."""
    return Sight(visible=visible, blind=to_label_blind(workspace, person_id))


def export_rows(workspace: Workspace, export: Export, sight: Sight, redacting: Redacting | None = None) -> Iterator[Row]:
    """Each row of the export; calls, scores and evidence in the order of call ids. redacting: takes out whom they speak of."""
    if redacting is not None:
        return (redacting.row(row) for row in _rows(workspace, export, sight, redacting.person))
    known = {person.id: person.name for person in current_company(workspace).people}
    return _rows(workspace, export, sight, lambda person_id: known.get(person_id, person_id))


def _rows(workspace: Workspace, export: Export, sight: Sight, names: Names) -> Iterator[Row]:
    match export:
        case Export.CALLS:
            return _calls(workspace, sight, names)
        case Export.SCORES:
            return _scores(workspace, sight, names)
        case Export.EVIDENCE:
            return _evidence(workspace, sight, names)
        case Export.RECOMMENDATIONS:
            return _recommendations(workspace, sight, names)
        case Export.QUEUE:
            return _queue(workspace, sight, names)


def _calls(workspace: Workspace, sight: Sight, names: Names) -> Iterator[Row]:
    for call in _all_calls(workspace, sight):
        yield CallRow(
            call_id=call.call_id,
            started_at=call.started_at,
            kind=call.kind,
            rep_id=call.rep_id,
            rep_name=_name(names, call.rep_id),
            team=call.team,
            customer_name=call.customer_name,
            direction=call.direction,
            language=call.language,
            outcome=call.outcome,
            amount=call.amount,
            content=call.content,
        )


def _scores(workspace: Workspace, sight: Sight, names: Names) -> Iterator[Row]:
    stories = _initiative_names(workspace)
    for call, read in _all_scores(workspace, sight):
        yield _score_row(call, read, names, stories)


def _evidence(workspace: Workspace, sight: Sight, names: Names) -> Iterator[Row]:
    for call, read in _all_scores(workspace, sight):
        of_machine = {(each.act, each.turn, each.quote) for each in read.machine.evidence}
        for each in read.score.evidence:
            yield EvidenceRow(
                call_id=call.call_id,
                initiative_id=read.score.initiative_id,
                started_at=call.started_at,
                rep_id=call.rep_id,
                rep_name=_name(names, call.rep_id),
                act=each.act,
                turn=each.turn,
                quote=each.quote,
                start=each.start,
                end=each.end,
                reply_to=each.reply_to,
                said_by=SaidBy.MACHINE if (each.act, each.turn, each.quote) in of_machine else SaidBy.PERSON,
                rubric_version=read.machine.versions.get("rubric"),
                judge_version=read.machine.versions.get("judge"),
            )


def _recommendations(workspace: Workspace, sight: Sight, names: Names) -> Iterator[Row]:
    kept = kept_morning(workspace)
    if kept is None:
        return
    stories = _initiative_names(workspace)
    for rep in kept.report.reps:
        if rep.profile.rep_id in sight.visible:
            yield from (
                _recommendation_row(rep, number, kept.as_of, names, stories) for number in range(len(rep.recommendations))
            )


def _queue(workspace: Workspace, sight: Sight, names: Names) -> Iterator[Row]:
    queue, everything = ReviewQueue(workspace.store), Asked(state=None)
    stories, first = _initiative_names(workspace), 0
    while rows := queue.page(sight.visible, everything, first=first, size=AT_ONCE):
        first += len(rows)
        yield from (_queue_row(row, names, stories) for row in rows if row.call.call_id not in sight.blind)


def _all_calls(workspace: Workspace, sight: Sight) -> Iterator[Call]:
    listing, behind = Listing(workspace.store), None
    while calls := listing.calls(sight.visible, behind=behind, size=AT_ONCE):
        behind = calls[-1].call_id
        yield from calls


def _all_scores(workspace: Workspace, sight: Sight) -> Iterator[tuple[Call, ReviewedScore]]:
    listing, behind = Listing(workspace.store), None
    said = _reviews_by_call(Labels(workspace.store).reviews())
    while calls := listing.calls(sight.visible, behind=behind, size=AT_ONCE):
        behind = calls[-1].call_id
        shown = {call.call_id: call for call in calls if call.call_id not in sight.blind}
        for score in listing.scores(sorted(shown)):
            yield shown[score.call_id], read_with(score, said)


def read_with(score: CallScore, said: Mapping[str, Sequence[Review]]) -> ReviewedScore:
    """The score with what people said of its call."""
    return apply_reviews(score, said.get(score.call_id, ()))


def _reviews_by_call(reviews: Sequence[Review]) -> Mapping[str, Sequence[Review]]:
    found: defaultdict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        found[review.call_id].append(review)
    return dict(found)


def _score_row(call: Call, read: ReviewedScore, names: Names, stories: Mapping[str, str]) -> ScoreRow:
    score, versions = read.score, read.machine.versions
    of_person = any(review.about == VERDICT for review in read.counted)
    return ScoreRow(
        call_id=call.call_id,
        initiative_id=score.initiative_id,
        initiative=stories.get(score.initiative_id, score.initiative_id),
        started_at=call.started_at,
        rep_id=call.rep_id,
        rep_name=_name(names, call.rep_id),
        team=call.team,
        customer_name=call.customer_name,
        verdict=score.verdict,
        verdict_by=SaidBy.PERSON if of_person else SaidBy.MACHINE,
        machine_verdict=read.machine.verdict,
        confidence=read.machine.confidence,
        why_score=score.why_score,
        wall=_level(score, Component.WALL),
        hammer=_level(score, Component.HAMMER),
        part=_level(score, Component.PART),
        asked_why=score.asked_why,
        answer=score.answer,
        offer_hunting=score.behaviours.offer_hunting,
        feature_dump=score.behaviours.feature_dump,
        diagnosed_first=score.behaviours.diagnosed_first,
        reason=score.reason,
        needs_person=score.needs_person,
        corrected_by=_joined(dict.fromkeys(_name(names, review.person_id) or "" for review in read.counted)),
        because=_joined(dict.fromkeys(review.because for review in read.counted), "; "),
        people_differ=bool(read.conflicts),
        rubric_version=versions.get("rubric"),
        judge_version=versions.get("judge"),
        language_version=versions.get("language"),
        speech_version=versions.get("speech"),
        software_version=versions.get("callcoach"),
    )


def _recommendation_row(
    rep: RepReport, number: int, as_of: datetime, names: Names, stories: Mapping[str, str]
) -> RecommendationRow:
    advice = rep.recommendations[number]
    moment = advice.moments[0]
    return RecommendationRow(
        as_of=as_of,
        rep_id=advice.rep_id,
        rep_name=names(advice.rep_id),
        team=rep.profile.team,
        initiative_id=advice.initiative_id,
        initiative=stories.get(advice.initiative_id, advice.initiative_id),
        behaviour=advice.behaviour,
        headline=advice.headline,
        intent=advice.intent,
        because=advice.because,
        practice=advice.practice,
        owner=_name(names, advice.owner or None),
        due=advice.due,
        n_calls=advice.n_calls,
        n_shown=advice.n_shown,
        call_id=moment.call_id,
        start=moment.start,
        quote=moment.quote,
    )


def _queue_row(row: Queued, names: Names, stories: Mapping[str, str]) -> QueueRow:
    call, moment = row.call, row.call.moment
    return QueueRow(
        call_id=call.call_id,
        initiative_id=call.initiative_id,
        initiative=stories.get(call.initiative_id, call.initiative_id),
        started_at=call.started_at,
        rep_id=call.rep_id,
        rep_name=_name(names, call.rep_id),
        team=call.team,
        customer_name=call.customer_name,
        state=row.state,
        whys=",".join(reason.why.value for reason in call.reasons),
        reasons=" ".join(reason.sentence for reason in call.reasons),
        machine_verdict=call.verdict,
        uncertainty=call.uncertainty,
        quote=moment.quote if moment else None,
        start=moment.start if moment else None,
        dismissed_by=_name(names, row.dismissal.by) if row.dismissal else None,
        because=row.dismissal.because if row.dismissal else None,
    )


def _initiative_names(workspace: Workspace) -> dict[str, str]:
    return {initiative.id: initiative.name for initiative in current_initiatives(workspace)}


def _name(names: Names, person_id: str | None) -> str | None:
    return None if person_id is None else names(person_id)


def _level(score: CallScore, component: Component) -> int | None:
    level: Level | None = score.levels.get(component)
    return None if level is None or score.reason is not None else int(level)


def _joined(words: Mapping[str, object], by: str = ", ") -> str | None:
    return by.join(word for word in words if word) or None
