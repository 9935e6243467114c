"""Which calls somebody has yet to label without having seen a judgement of them, and reports that keep it from them.

One rule for every screen: of such a call no verdict, no reason, no quote and nobody's opinion is shown to whoever is to label it.
"""

from collections.abc import Collection
from dataclasses import replace

from callcoach.app.workspace import Workspace
from callcoach.coaching.standing import Standing
from callcoach.domain.coaching import Moment, RepReport
from callcoach.errors import UsageError
from callcoach.storage.labels import Labels


def to_label_blind(workspace: Workspace, person_id: str | None) -> frozenset[str]:
    """The calls of every calibration round that this person is not done with."""
    return frozenset(call_id for _, call_ids in _rounds(workspace, person_id) for call_id in call_ids)


def blind_round(workspace: Workspace, person_id: str | None, call_id: str) -> str | None:
    """The round in which somebody has yet to label this call."""
    return next((round_id for round_id, call_ids in _rounds(workspace, person_id) if call_id in call_ids), None)


def needs_no_label_first(workspace: Workspace, person_id: str | None, call_id: str) -> None:
    """Raises UsageError where somebody has yet to label the call blind: whoever judged it in the open is blind no more."""
    found = blind_round(workspace, person_id, call_id)
    if found is not None:
        raise UsageError(f"You are to label this call blind in round {found}. Finish the round; then say here what you hear.")


def without_blind(standing: Standing, blind: Collection[str]) -> Standing:
    """The standing without what it says of single calls that are to be labelled; figures over many calls stay."""
    if not blind:
        return standing
    return replace(
        standing,
        reps=tuple(replace(rep, report=report_without_blind(rep.report, blind)) for rep in standing.reps),
        stories=tuple(replace(story, moments=_seen(story.moments, blind)) for story in standing.stories),
        initiatives=tuple(
            replace(
                each,
                finding=replace(
                    each.finding, moments=_seen(each.finding.moments, blind), example=_one_seen(each.finding.example, blind)
                ),
            )
            for each in standing.initiatives
        ),
    )


def report_without_blind(report: RepReport, blind: Collection[str]) -> RepReport:
    """As `without_blind`, of one rep."""
    if not blind:
        return report
    return replace(
        report,
        profile=replace(report.profile, history=tuple(call for call in report.profile.history if call.call_id not in blind)),
        recommendations=tuple(
            replace(each, moments=moments, example=_one_seen(each.example, blind))
            for each in report.recommendations
            if (moments := _seen(each.moments, blind))
        ),
        said_again=tuple(each for each in report.said_again if not any(moment.call_id in blind for moment in each.said)),
    )


def _seen(moments: tuple[Moment, ...], blind: Collection[str]) -> tuple[Moment, ...]:
    return tuple(moment for moment in moments if moment.call_id not in blind)


def _one_seen(moment: Moment | None, blind: Collection[str]) -> Moment | None:
    return None if moment is None or moment.call_id in blind else moment


def _rounds(workspace: Workspace, person_id: str | None) -> list[tuple[str, tuple[str, ...]]]:
    if person_id is None:
        return []
    labels = Labels(workspace.store)
    mine = [each for each in labels.rounds() if person_id in each.people]
    return [(each.round_id, tuple(each.call_ids)) for each in mine if not labels.done(each).get(person_id, False)]
