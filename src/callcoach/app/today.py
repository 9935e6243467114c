"""The morning brief for whoever opens the app: what to do, what moved, what failed in the night. Adds up and runs nothing.

Everything is of the latest whole run; nobody is shown a rep whose calls they may not see.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from callcoach.app.blindness import report_without_blind, to_label_blind
from callcoach.app.current import current_initiatives
from callcoach.app.kept_reports import kept_morning
from callcoach.app.past_runs import PastRun, past_runs
from callcoach.app.pulse import OpenPulse, open_pulses
from callcoach.app.review_queue import QueuePage, review_queue
from callcoach.app.workspace import Workspace
from callcoach.coaching import diagnosis_wording
from callcoach.coaching.report import Action, actions
from callcoach.domain.behaviour import Estimate
from callcoach.domain.coaching import CallProblem, InitiativeFinding, MorningReport, RepReport
from callcoach.domain.diagnosis import Direction
from callcoach.domain.people import Company, PersonRole, Viewer, VisibleReps
from callcoach.domain.pulse import PULSE_ROLES
from callcoach.domain.queue import Asked

SEE_OPERATIONS = (PersonRole.ENABLEMENT, PersonRole.ADMIN)
MOST_PROBLEMS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to do. rep_id or initiative_id: whom or what it is about; neither: among the runs."""

    sentence: str
    mine: bool
    owner: str | None = None
    subject: str | None = None
    rep_id: str | None = None
    initiative_id: str | None = None
    due: date | None = None
    praise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where an initiative stands and goes, in sentences. next_step: None where it would name a rep to somebody who sees none."""

    initiative_id: str
    name: str
    headline: str
    next_step: str | None
    for_leaders: bool
    direction: Direction
    momentum: str | None
    adoption: str | None
    explained: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """All that the start page shows; as_of is None before any whole run, and then the rest is empty.

    own: the reader's part of the report, where the reader is a rep. pulses: those that the reader is asked and has not answered.
    problems: for those who may repair them; n_problems: all.
    """

    day: date | None = None
    as_of: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    n_calls: int = 0
    n_new_calls: int = 0
    corrected_since: int = 0
    tasks: tuple[Task, ...] = ()
    moved: tuple[Moved, ...] = ()
    own: RepReport | None = None
    queue: QueuePage | None = None
    pulses: tuple[OpenPulse, ...] = ()
    problems: tuple[CallProblem, ...] = ()
    n_problems: int = 0
    run: PastRun | None = None


def today_of(workspace: Workspace, viewer: Viewer, company: Company, visible: VisibleReps, now: datetime) -> Today:
    """The start page of this viewer."""
    operates = viewer.role in SEE_OPERATIONS
    latest = past_runs(workspace, now=now, most=1).runs if operates else ()
    run = latest[0] if latest else None
    kept = kept_morning(workspace)
    if kept is None:
        return Today(run=run)
    report = _seen(kept.report, visible, operates=operates)
    names = {initiative.id: initiative.name for initiative in current_initiatives(workspace)}
    own = next((rep for rep in report.reps if viewer.role is PersonRole.REP and rep.profile.rep_id == viewer.person_id), None)
    own = own and report_without_blind(own, to_label_blind(workspace, viewer.person_id))
    counted = report.n_calls if visible.everybody or viewer.role is PersonRole.EXECUTIVE else _calls_of(report)
    return Today(
        day=report.today,
        as_of=kept.as_of,
        first_day=report.first_day,
        last_day=report.last_day,
        n_calls=counted,
        n_new_calls=report.n_new_calls,
        corrected_since=kept.corrected_since,
        tasks=() if viewer.role is PersonRole.REP else _tasks(report, viewer, company, names),
        moved=tuple(_moved(finding, names, names_reps=visible.everybody) for finding in report.initiatives),
        own=own,
        queue=None
        if viewer.role is PersonRole.EXECUTIVE
        else review_queue(workspace, visible, Asked(), person_id=viewer.person_id),
        pulses=_unanswered(workspace, viewer, company, now.date()),
        problems=report.problems[:MOST_PROBLEMS],
        n_problems=len(kept.report.problems),
        run=run,
    )


def _seen(report: MorningReport, visible: VisibleReps, *, operates: bool) -> MorningReport:
    """The report without the reps that the viewer may not see."""
    return replace(
        report,
        reps=tuple(rep for rep in report.reps if rep.profile.rep_id in visible),
        flagged=tuple(call for call in report.flagged if call.rep_id in visible),
        problems=report.problems if operates else (),
    )


def _calls_of(report: MorningReport) -> int:
    return sum(rep.profile.n_calls for rep in report.reps)


def _unanswered(workspace: Workspace, viewer: Viewer, company: Company, today: date) -> tuple[OpenPulse, ...]:
    person = company.person(viewer.person_id) if viewer.person_id else None
    if person is None or viewer.role not in PULSE_ROLES or person.role not in PULSE_ROLES:
        return ()
    return tuple(each for each in open_pulses(workspace, person.id, today=today) if each.own is None)


def _tasks(report: MorningReport, viewer: Viewer, company: Company, names: dict[str, str]) -> tuple[Task, ...]:
    """Mine first; a manager sees others' only where they are about the manager's own reps or about an initiative."""
    reps = {rep.profile.rep_id for rep in report.reps}
    # what is to be heard stands beside, call by call
    found = [
        _task(action, viewer, company, reps, names)
        for action in actions(replace(report, flagged=()), company, names)
        if action.about is not None or report.problems
    ]
    return tuple(sorted(found, key=lambda task: (not task.mine, task.praise)))


def _task(action: Action, viewer: Viewer, company: Company, reps: set[str], names: dict[str, str]) -> Task:
    about_rep = action.about in reps
    return Task(
        sentence=action.sentence,
        mine=action.owner is not None and action.owner == viewer.person_id,
        owner=company.name_of(action.owner) if action.owner else None,
        subject=company.name_of(action.about) if about_rep else names.get(action.about or "", action.about),
        rep_id=action.about if about_rep else None,
        initiative_id=None if about_rep else action.about,
        due=action.due,
        praise=about_rep and action.due is None,
    )


def _moved(finding: InitiativeFinding, names: dict[str, str], *, names_reps: bool) -> Moved:
    momentum, adoption = finding.momentum, finding.adoption
    return Moved(
        initiative_id=finding.initiative_id,
        name=names.get(finding.initiative_id, finding.initiative_id),
        headline=finding.headline,
        next_step=finding.next_step if names_reps or finding.for_leaders else None,
        for_leaders=finding.for_leaders,
        direction=momentum.direction if momentum else Direction.UNKNOWN,
        momentum=diagnosis_wording.momentum(momentum) if momentum else None,
        adoption=diagnosis_wording.adoption(adoption) if adoption else None,
        explained=adoption.explained if adoption else None,
    )
