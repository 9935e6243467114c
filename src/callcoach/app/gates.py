"""Where each initiative stands on the way to coaching today: joins the check of its story, people's labels and its dates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from callcoach.app.calibration import find_initiative
from callcoach.app.ledger import labels_kept
from callcoach.app.workspace import Workspace
from callcoach.coaching.gate import Thresholds, Waiting, gate
from callcoach.domain.calibration import Agreement, Gate, Override
from callcoach.domain.coaching import CallProblem
from callcoach.domain.people import PersonRole
from callcoach.domain.story import Initiative, default_rubrics
from callcoach.errors import BadInput, UsageError
from callcoach.intake.labels import labels_file, read_labels
from callcoach.intake.people import read_company
from callcoach.intake.rubrics import read_rubrics
from callcoach.judging.story_check import check_story
from callcoach.settings import Settings
from callcoach.storage.labels import Labels


def gates(
    workspace: Workspace,
    initiatives: Sequence[Initiative],
    *,
    today: date,
    agreements: Mapping[str, Agreement | None] | None = None,
) -> dict[str, Gate]:
    """The gate of each initiative, by id, with the thresholds of the settings.

    agreements: how far people agree, by initiative, where that was worked out already.
    """
    labels = Labels(workspace.store)
    overrides = labels.overrides()
    return {
        initiative.id: gate(
            initiative,
            findings=check_story(initiative),
            agreement=agreement_on(workspace, initiative) if agreements is None else agreements.get(initiative.id),
            overrides=overrides,
            thresholds=thresholds(workspace.settings),
            today=today,
            waiting=_waiting(labels, initiative.id),
        )
        for initiative in default_rubrics(initiatives)
    }


def agreement_on(workspace: Workspace, initiative: Initiative) -> Agreement | None:
    """How far people agree on an initiative, over all finished rounds and files; None where nobody has labelled a call."""
    found = Labels(workspace.store).finished_labels(initiative.id)
    if not found:
        return None
    from callcoach.training.agreement import agreement

    scores = {score.call_id: score for score in workspace.store.scores(initiative_id=initiative.id)}
    return agreement(initiative.id, found, scores, version=initiative.version)


def take_in_labels(workspace: Workspace, rubrics: Path, initiatives: Sequence[Initiative]) -> tuple[CallProblem, ...]:
    """Take in the files of labels that lie beside the rubrics. What is wrong with a file is a problem under its name."""
    problems = []
    for initiative in default_rubrics(initiatives):
        path = labels_file(rubrics, initiative.id)
        if not path.is_file():
            continue
        try:
            Labels(workspace.store).take_in(labels_kept(workspace, read_labels(path)))
        except BadInput as trouble:
            problems.append(CallProblem(call_id=f"labels/{path.name}", sentence=str(trouble)))
    return tuple(problems)


def gates_of_folder(workspace: Workspace, rubrics: Path, initiative_id: str | None, *, today: date) -> tuple[Gate, ...]:
    """The gates of a folder of rubrics, or of one initiative in it; the labels that lie beside them are taken in first.

    Raises UsageError for an unknown id, BadInput for a file of labels that is none.
    """
    initiatives = (
        (find_initiative(rubrics, initiative_id),) if initiative_id else default_rubrics(read_rubrics(rubrics).initiatives)
    )
    problems = take_in_labels(workspace, rubrics, initiatives)
    if problems:
        raise BadInput("\n".join(problem.sentence for problem in problems))
    return tuple(gates(workspace, initiatives, today=today).values())


def override_gate(
    workspace: Workspace,
    rubrics: Path,
    people: Path,
    initiative_id: str,
    *,
    by: str,
    because: str,
    until: date,
    at: datetime,
) -> Override:
    """Keep an administrator's word. Raises UsageError where the people file names nobody of this id as one, or a reason lacks."""
    company = read_company(people)
    person = company.person(by)
    if person is None or person.role is not PersonRole.ADMIN:
        admins = ", ".join(each.id for each in company.people if each.role is PersonRole.ADMIN) or "nobody"
        raise UsageError(f"{by} may not override the gate: that takes an administrator (role: admin in {people}: {admins}).")
    return keep_override(workspace, rubrics, initiative_id, by=by, because=because, until=until, at=at)


def keep_override(
    workspace: Workspace, rubrics: Path, initiative_id: str, *, by: str, because: str, until: date, at: datetime
) -> Override:
    """The same for somebody who is known to be an administrator."""
    initiative = find_initiative(rubrics, initiative_id)
    if not because.strip():
        raise UsageError("An override says why. Give the reason with --because.")
    if until < at.date():
        raise UsageError(f"{until} has passed. Give the last day the override counts with --until.")
    word = Override(initiative_id=initiative.id, by=by, because=because.strip(), at=at, until=until)
    Labels(workspace.store).override(word)
    return word


def thresholds(settings: Settings) -> Thresholds:
    """What calibrated means here."""
    return Thresholds(
        calls=settings.calibration_calls,
        people=settings.calibration_people,
        raised=settings.calibration_raised,
        agreement=settings.calibration_agreement,
        machine=settings.calibration_machine,
    )


def _waiting(labels: Labels, initiative_id: str) -> Waiting | None:
    """The latest round that is not finished."""
    for calibration in reversed(labels.rounds(initiative_id)):
        left = tuple(person for person, done in labels.done(calibration).items() if not done)
        if left:
            return Waiting(round_id=calibration.round_id, people=left)
    return None
