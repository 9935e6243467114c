"""Read a CSV file of pulse answers, as survey tools give it out. Knows nothing of who these people are."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from callcoach.domain.pulse import HIGHEST, LOWEST, PulseQuestion
from callcoach.errors import BadInput
from callcoach.intake.text_file import read_text, shown

COLUMNS = ("initiative", "person", "at", *(question.value for question in PulseQuestion))
DONT_KNOW = ("", "don't know", "dont know", "don’t know", "n/a", "na", "?", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseRow:
    """One row: who answered what when; at is None where the file names no time. line counts from 1, the header is line 1."""

    line: int
    initiative_id: str
    person_id: str
    at: datetime | None
    grades: Mapping[PulseQuestion, int | None]


def read_pulse(path: Path) -> tuple[PulseRow, ...]:
    """Comma, semicolon or tab between cells. Raises BadInput with a sentence a line for every wrong row."""
    text = read_text(path, BadInput)
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    names = {name: name.strip().lower() for name in rows.fieldnames or () if name}
    missing = [name for name in COLUMNS if name not in names.values() and name != "at"]
    if missing:
        raise BadInput(f"{shown(path)}: the column {missing[0]} is missing. The columns are {', '.join(COLUMNS)}.")
    found, wrong = [], []
    for row in rows:
        cells = {names[name]: (cell or "").strip() for name, cell in row.items() if name in names}
        if not any(cells.values()):
            continue
        try:
            found.append(_row(rows.line_num, cells))
        except ValueError as trouble:
            wrong.append(f"{shown(path)} line {rows.line_num}: {trouble}")
    if wrong:
        raise BadInput("\n".join(wrong))
    return tuple(found)


def grade(word: str) -> int | None:
    """A grade as typed; None for "don't know". Raises ValueError for anything else."""
    if word.strip().lower() in DONT_KNOW:
        return None
    if word.strip() not in map(str, range(LOWEST, HIGHEST + 1)):
        raise ValueError(f'"{word}" is no grade. Write {LOWEST} to {HIGHEST}, or ? for don\'t know.')
    return int(word)


def _row(line: int, cells: Mapping[str, str]) -> PulseRow:
    for name in ("initiative", "person"):
        if not cells[name]:
            raise ValueError(f"{name} is empty. Fill it in, or take the row out.")
    try:
        at = datetime.fromisoformat(cells["at"]) if cells.get("at") else None
    except ValueError:
        raise ValueError(f'at is "{cells["at"]}". Write it like 2026-11-16 or 2026-11-16T09:30:00+00:00.') from None
    if at is not None:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return PulseRow(
        line=line,
        initiative_id=cells["initiative"],
        person_id=cells["person"],
        at=at,
        grades={question: grade(cells[question.value]) for question in PulseQuestion},
    )
