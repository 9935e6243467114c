"""What people say of a story, on the database that a Store has opened: pulse sheets, reports from the field and their answers.

Sheets, reports and answers are added and never changed. Knows nothing of who may see which.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update

from callcoach.domain.field_reports import FieldAnswer, FieldCase, FieldReport
from callcoach.domain.pulse import PulseSheet
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, utc, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put_new


class TwoWay:
    """Pulse sheets and field reports. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    # the pulse

    def add_sheets(self, sheets: Iterable[PulseSheet]) -> int:
        """Keep sheets in the order given, in one transaction; one that is there already stays as it is. How many were new."""
        with writing(self._engine) as connection:
            return sum(
                put_new(
                    connection,
                    schema.pulse_sheets,
                    {
                        "sheet_id": sheet.sheet_id,
                        "initiative_id": sheet.initiative_id,
                        "person_id": sheet.person_id,
                        "body": body_of(sheet),
                    },
                )
                for sheet in sheets
            )

    def sheets(self, initiative_id: str) -> tuple[PulseSheet, ...]:
        """All sheets of an initiative in the order in which they arrived."""
        table = schema.pulse_sheets
        question = select(table.c.body).where(table.c.initiative_id == initiative_id).order_by(table.c.number)
        with reading(self._engine) as connection:
            return tuple(value_of(row, PulseSheet) for row in connection.execute(question))

    # reports from the field

    def report(self, report: FieldReport) -> bool:
        """Keep a report; whether it was new."""
        row = {
            "report_id": report.report_id,
            "initiative_id": report.initiative_id,
            "person_id": report.by,
            "body": body_of(report),
        }
        with writing(self._engine) as connection:
            return put_new(connection, schema.field_reports, row)

    def answer(self, answer: FieldAnswer) -> bool:
        """Close a report; False where it was closed before, and stays as it is."""
        row = {"report_id": answer.report_id, "told_at": None, "body": body_of(answer)}
        with writing(self._engine) as connection:
            return put_new(connection, schema.field_answers, row)

    def told(self, report_ids: Collection[str], at: datetime) -> None:
        """Note that those who reported were shown the answers; the first time counts."""
        table = schema.field_answers
        with writing(self._engine) as connection:
            for report_id in sorted(report_ids):
                untold = update(table).where(table.c.report_id == report_id, table.c.told_at.is_(None))
                connection.execute(untold.values(told_at=utc(at)))

    def cases(self, initiative_id: str | None = None, *, by: str | None = None) -> tuple[FieldCase, ...]:
        """All reports, an initiative's or a person's, with their answers, the first first."""
        reports, answers = schema.field_reports, schema.field_answers
        asked = select(reports.c.report_id, reports.c.body)
        if initiative_id is not None:
            asked = asked.where(reports.c.initiative_id == initiative_id)
        if by is not None:
            asked = asked.where(reports.c.person_id == by)
        with reading(self._engine) as connection:
            told = {row.report_id: row for row in connection.execute(select(answers))}
            found = [(row.report_id, value_of(row, FieldReport)) for row in connection.execute(asked)]
        cases = []
        for report_id, report in sorted(found, key=lambda each: (each[1].at, each[0])):
            row = told.get(report_id)
            cases.append(
                FieldCase(
                    report=report,
                    answer=value_of(row, FieldAnswer) if row else None,
                    told_at=datetime.fromisoformat(row.told_at) if row and row.told_at else None,
                )
            )
        return tuple(cases)
