"""The pulse: ask, take an answer, take in a file of them, show what they come to. Decides who may answer; prints nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from callcoach.app.current import current_company, current_initiatives
from callcoach.app.workspace import Workspace
from callcoach.coaching.pulse import last_day_of_quarter, latest_quarter, pulse, quarter_of
from callcoach.domain.people import Company, PersonRole
from callcoach.domain.pulse import PULSE_ROLES, Pulse, PulseQuestion, PulseSheet
from callcoach.domain.story import Initiative, default_rubrics
from callcoach.errors import BadInput, UsageError
from callcoach.intake.pulse_file import read_pulse
from callcoach.intake.text_file import shown
from callcoach.storage.two_way import TwoWay


class Taken(NamedTuple):
    """How many sheets a file held, and how many of them were new."""

    sheets: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPulse:
    """The pulse of one initiative that a person may answer until `closes`. own: what they answered last in this quarter.

    found: what everybody's answers come to, for whoever has answered: nobody's grades follow the others'.
    """

    initiative: Initiative
    role: PersonRole
    quarter: str
    closes: date
    own: PulseSheet | None
    found: Pulse | None


def open_pulses(workspace: Workspace, person_id: str, *, today: date) -> tuple[OpenPulse, ...]:
    """The pulses that a person may answer today, by priority: of every initiative that has not ended.

    Raises UsageError for somebody who is neither rep nor manager.
    """
    role = role_in_pulse(current_company(workspace), person_id)
    asked = [each for each in default_rubrics(current_initiatives(workspace)) if each.ended is None or each.ended >= today]
    return tuple(
        OpenPulse(
            initiative=initiative,
            role=role,
            quarter=quarter_of(today),
            closes=last_day_of_quarter(today),
            own=own,
            found=pulse_of(workspace, initiative.id, today=today) if own else None,
        )
        for initiative in sorted(asked, key=lambda each: (each.priority or 99, each.name))
        for own in (own_sheet(workspace, initiative.id, person_id, today=today),)
    )


def answer_open_pulse(
    workspace: Workspace, initiative_id: str, person_id: str, grades: Mapping[PulseQuestion, int | None], *, at: datetime
) -> PulseSheet | None:
    """Keep an answer to a pulse that is open; None where none of this initiative is. Raises UsageError as `answer_pulse`."""
    asked = [each.initiative for each in open_pulses(workspace, person_id, today=at.date())]
    if initiative_id not in {each.id for each in asked}:
        return None
    return answer_pulse(workspace, initiative_id, person_id, grades, company=current_company(workspace), initiatives=asked, at=at)


def answer_pulse(
    workspace: Workspace,
    initiative_id: str,
    person_id: str,
    grades: Mapping[PulseQuestion, int | None],
    *,
    company: Company,
    initiatives: Sequence[Initiative],
    at: datetime,
) -> PulseSheet:
    """Keep what a rep or manager answers; a later sheet of the same quarter counts in place of an earlier one.

    Raises UsageError for an unknown initiative, somebody who is neither, or a question left out.
    """
    missing = [question.value for question in PulseQuestion if question not in grades]
    if missing:
        raise UsageError(f"{missing[0]} has no answer. Give all of {', '.join(PulseQuestion)}; ? for don't know.")
    try:
        sheet = _sheet(initiative_id, person_id, grades, company, initiatives, at)
    except ValueError as trouble:
        raise UsageError(str(trouble)) from None
    # a sheet is named by its second: whoever changes their mind within it has said the later one
    while not TwoWay(workspace.store).add_sheets([sheet]):
        if own_sheet(workspace, initiative_id, person_id, today=sheet.at.date()) == sheet:
            break
        sheet = replace(sheet, at=sheet.at + timedelta(seconds=1))
    return sheet


def import_pulse(workspace: Workspace, file: Path, *, company: Company, initiatives: Sequence[Initiative], at: datetime) -> Taken:
    """Take in a CSV file of answers, all or none; what is there already stays. at: for rows that name no time.

    Raises BadInput with a sentence a line for every wrong row.
    """
    sheets, wrong = [], []
    for row in read_pulse(file):
        try:
            if row.at is not None and row.at > at + timedelta(days=1):
                raise ValueError(f"{row.at.date()} is yet to come. Write the day of the answer, or leave it empty for today.")
            sheets.append(_sheet(row.initiative_id, row.person_id, row.grades, company, initiatives, row.at or at))
        except ValueError as trouble:
            wrong.append(f"{shown(file)} line {row.line}: {trouble}")
    if wrong:
        raise BadInput("\n".join(wrong))
    return Taken(len(sheets), TwoWay(workspace.store).add_sheets(sheets))


def pulse_of(workspace: Workspace, initiative_id: str, *, today: date) -> Pulse:
    """The pulse of the latest quarter of which something can be shown. Names nobody, so that every role may see it."""
    sheets = TwoWay(workspace.store).sheets(initiative_id)
    return pulse(initiative_id, sheets, latest_quarter(sheets, today=today))


def own_sheet(workspace: Workspace, initiative_id: str, person_id: str, *, today: date) -> PulseSheet | None:
    """What a person answered last in this quarter, for nobody's eyes but theirs."""
    own = [
        sheet
        for sheet in TwoWay(workspace.store).sheets(initiative_id)
        if sheet.person_id == person_id and quarter_of(sheet.at.date()) == quarter_of(today)
    ]
    return own[-1] if own else None


def role_in_pulse(company: Company, person_id: str) -> PersonRole:
    """Whether a person answers as rep or as manager. Raises UsageError for anybody else."""
    try:
        return _role(company, person_id)
    except ValueError as trouble:
        raise UsageError(str(trouble)) from None


def _sheet(
    initiative_id: str,
    person_id: str,
    grades: Mapping[PulseQuestion, int | None],
    company: Company,
    initiatives: Sequence[Initiative],
    at: datetime,
) -> PulseSheet:
    known = sorted({initiative.id for initiative in initiatives})
    if initiative_id not in known:
        raise ValueError(f"No initiative {initiative_id}. Known: {', '.join(known) or 'none'}.")
    return PulseSheet(
        initiative_id=initiative_id,
        person_id=person_id,
        role=_role(company, person_id),
        at=at.astimezone(UTC).replace(microsecond=0),
        grades={question: grades[question] for question in PulseQuestion},
    )


def _role(company: Company, person_id: str) -> PersonRole:
    person = company.person(person_id)
    if person is None:
        raise ValueError(f"{person_id} is not in the people file, and its roles say who answers as rep and who as manager.")
    if person.role not in PULSE_ROLES:
        raise ValueError(f"{person.name} ({person_id}) is {person.role}. The pulse is for reps and managers.")
    return person.role
