"""Reports from the field: take one down, answer it, tell whoever reported. Decides who may do which; prints nothing."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from callcoach.app.reviews import reviewed
from callcoach.app.workspace import Workspace
from callcoach.coaching.field import FieldStanding, field_standing, in_order
from callcoach.coaching.heard import Hearings, hear
from callcoach.domain.call import Transcript
from callcoach.domain.field_reports import FieldAnswer, FieldCase, FieldReport
from callcoach.domain.people import Company, PersonRole, VisibleReps
from callcoach.domain.story import Component, Initiative
from callcoach.errors import UsageError
from callcoach.intake.drafts import find_draft, read_draft
from callcoach.judging.evidence import times_of
from callcoach.judging.labelling import find_quote
from callcoach.storage.history import History
from callcoach.storage.two_way import TwoWay

EVERYBODY = VisibleReps(everybody=True)
NOBODY_KNOWN = Company()
MAY_ANSWER = (PersonRole.ENABLEMENT, PersonRole.ADMIN)
"""Beside the owner of the initiative."""

FEWEST_WORDS = 3


def report_field(
    workspace: Workspace,
    initiative: Initiative,
    component: Component,
    *,
    by: str,
    words: str,
    at: datetime,
    call_id: str | None = None,
    quote: str | None = None,
    visible: VisibleReps = EVERYBODY,
    company: Company = NOBODY_KNOWN,
) -> FieldReport:
    """Keep that a part of the story does not land. visible: whose calls the person may see, and so may name.

    company: who may report; an empty one knows nobody, and takes any id.

    Raises UsageError for too few words, an unknown person, a call that is not kept or not theirs, or a quote that is not word for
    word in it.
    """
    if company.people and company.person(by) is None:
        raise UsageError(f"{by} is not in the people file, so that no answer would reach them. Give the id that it has.")
    if len(words.split()) < FEWEST_WORDS:
        raise UsageError("Say in a sentence what does not land, as you would to a colleague.")
    if quote and not call_id:
        raise UsageError("A quote stands in a call: name it, too.")
    report = FieldReport(
        initiative_id=initiative.id,
        component=component,
        by=by,
        at=at.astimezone(UTC).replace(microsecond=0),
        words=words.strip(),
        version=initiative.version,
    )
    if call_id:
        call = workspace.store.call(call_id)
        if call is None or call.rep_id not in visible:
            raise UsageError(
                f"No call {call_id} of yours is kept in {workspace.settings.home}. Look up its id on the call's page."
            )
        report = replace(report, call_id=call_id, heard_on=call.day)
        if quote:
            report = replace(report, **_place(quote, call_id, workspace.store.current_transcript(call_id)))
    TwoWay(workspace.store).report(report)
    return report


def field_cases(workspace: Workspace, initiative_id: str | None = None, *, by: str | None = None) -> tuple[FieldCase, ...]:
    """All reports, an initiative's or a person's, with their answers: open ones first, the latest first."""
    return in_order(TwoWay(workspace.store).cases(initiative_id, by=by))


def find_case(workspace: Workspace, report_id: str) -> FieldCase:
    """The report of this id, or of an id that begins so. Raises UsageError where there is none, or more than one."""
    found = [case for case in TwoWay(workspace.store).cases() if report_id and case.report.report_id.startswith(report_id)]
    if len(found) != 1:
        what = "More than one report has an id that begins with" if found else "There is no report"
        raise UsageError(f"{what} {report_id}. List them with: callcoach field list")
    return found[0]


def answer_field(
    workspace: Workspace,
    report_id: str,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    by: str,
    because: str,
    at: datetime,
    version: str | None = None,
) -> FieldCase:
    """Close a report with the version that changed for it, or with why nothing changes. An answer is never changed.

    Raises UsageError where the report is closed already, the person is neither owner nor enablement, the reason is missing, or
    the version is none that was published after the one reported on.
    """
    case = find_case(workspace, report_id)
    initiative = next((one for one in initiatives if one.id == case.report.initiative_id), None)
    if initiative is None:
        raise UsageError(f"The report is on {case.report.initiative_id}, which is not among the initiatives. Check --rubrics.")
    person = company.person(by)
    if by != initiative.owner and not (person and person.role in MAY_ANSWER):
        owner = initiative.owner or "nobody is named"
        raise UsageError(f"{by} may not answer it: that is for the owner of {initiative.id} ({owner}) and for enablement.")
    if len(because.split()) < FEWEST_WORDS:
        raise UsageError("Say in a sentence what was changed, or why nothing is; the person who reported will read it.")
    answer = FieldAnswer(
        report_id=case.report.report_id,
        by=by,
        at=at.astimezone(UTC).replace(microsecond=0),
        because=because.strip(),
        version=_published(initiative, case.report, version) if version else None,
    )
    if not TwoWay(workspace.store).answer(answer):
        raise UsageError(f"{case.report.report_id} is answered already, and an answer is never changed.")
    return replace(case, answer=answer)


def news_for(workspace: Workspace, person_id: str) -> tuple[FieldCase, ...]:
    """The person's reports that were answered and whose answer they have not been shown."""
    cases = TwoWay(workspace.store).cases(by=person_id)
    return in_order([case for case in cases if case.answer is not None and case.told_at is None])


def mark_told(workspace: Workspace, person_id: str, report_ids: Collection[str], *, at: datetime) -> None:
    """The person has been shown these answers; reports of others stay as they are."""
    own = {case.report.report_id for case in TwoWay(workspace.store).cases(by=person_id) if case.answer is not None}
    TwoWay(workspace.store).told(own & set(report_ids), at)


def field_standing_of(workspace: Workspace, initiative: Initiative, hearings: Hearings) -> FieldStanding:
    """Reports, customers' signals and what versions made of them, for one initiative."""
    return field_standing(
        initiative,
        hearings.of_initiative(initiative.id),
        TwoWay(workspace.store).cases(initiative.id),
        {text.version: text for text in History(workspace.store).versions(initiative.id)},
    )


def field_now(workspace: Workspace, initiative: Initiative) -> FieldStanding:
    """The same from the calls that are kept, as people corrected them, for whoever writes the next version."""
    scores = [read.score for read in reviewed(workspace, workspace.store.scores(initiative_id=initiative.id))]
    return field_standing_of(workspace, initiative, hear(workspace.store.calls(), scores, [initiative]))


def waiting_for(workspace: Workspace, rubrics: Path, asked: str) -> tuple[FieldCase, ...]:
    """The open reports on parts that an initiative's latest publication rewrote: they wait to be answered with it."""
    initiative = read_draft(find_draft(rubrics, asked)).initiative
    if initiative is None:
        return ()
    cases = TwoWay(workspace.store).cases(initiative.id)
    texts = {text.version: text for text in History(workspace.store).versions(initiative.id)}
    latest = field_standing(initiative, (), cases, texts).versions[:1]
    return tuple(case for version in latest for case in cases if case.report.report_id in version.unanswered)


def _place(quote: str, call_id: str, transcript: Transcript | None) -> Mapping[str, Any]:
    """Turn, words and time of a quote as they stand in the transcript."""
    number = find_quote(quote, transcript) if transcript else None
    if transcript is None or number is None:
        raise UsageError(f"“{quote}” is not in the words of {call_id}. Give it word for word as callcoach shows it.")
    turn = transcript.turns[number]
    found = re.search(r"\s+".join(map(re.escape, quote.strip().strip('“”"').split())), turn.text)
    assert found is not None, "find_quote looks at the same words"
    return {"turn": number, "quote": found[0], "start": times_of(turn, *found.span())[0]}


def _published(initiative: Initiative, report: FieldReport, asked: str) -> str:
    """The published version that an id, or its beginning, names."""
    versions = list(dict.fromkeys(each.version for each in initiative.published))
    found = [version for version in versions if version.startswith(asked)]
    if len(found) != 1:
        raise UsageError(f"{asked} names no published version of {initiative.id}. Published: {', '.join(versions) or 'none'}.")
    if report.version in versions[versions.index(found[0]) :]:
        raise UsageError(
            f"{asked} is not newer than the version that was reported on ({report.version}). Publish the changed story first: "
            "callcoach initiative publish"
        )
    return found[0]
