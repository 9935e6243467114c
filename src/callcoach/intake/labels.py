"""Files of blind labels, one per initiative, to keep in git beside the rubrics. Knows nothing of who may see what."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from callcoach.domain.calibration import CRITERION, Label
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.errors import BadInput
from callcoach.intake.text_file import read_text, shown

COLUMNS = (
    "call_id",
    "person",
    "at",
    "verdict",
    "wall",
    "hammer",
    "part",
    "asked_why",
    "answer",
    "version",
    "round",
    "quote",
    "note",
)
Meaning = TypeVar("Meaning")
_YES_NO = {"yes": True, "no": False}
_YES_NO_UNCLEAR: Mapping[str, bool | None] = {**_YES_NO, "unclear": None}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def labels_file(rubrics: Path, initiative_id: str) -> Path:
    """Where the labels of an initiative lie beside its rubric."""
    return rubrics / "labels" / f"{initiative_id}.csv"


def read_labels(path: Path) -> tuple[Label, ...]:
    """The labels of the initiative that the file is named after. Raises BadInput with a sentence a line for every wrong row."""
    rows = csv.DictReader(io.StringIO(read_text(path, BadInput)))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ()) and name not in ("round", "quote", "note")]
    if missing:
        raise BadInput(f"{shown(path)}: the column {missing[0]} is missing. The columns are {', '.join(COLUMNS)}.")
    labels, wrong = [], []
    for line, row in enumerate(rows, 2):
        cells = {name: (text or "").strip() for name, text in row.items() if name}
        try:
            labels.append(_label(path.stem, cells))
        except ValueError as trouble:
            wrong.append(f"{shown(path)} line {line}: {trouble}")
    if wrong:
        raise BadInput("\n".join(wrong))
    return tuple(labels)


def write_labels(labels: Iterable[Label]) -> str:
    """The labels as CSV, by call, person and time; the same labels give the same bytes."""
    ordered = sorted(labels, key=lambda label: (label.call_id, label.person_id, label.at))
    criteria = sorted({CRITERION + name for label in ordered for name in label.criteria})
    text = io.StringIO()
    writer = csv.DictWriter(text, [*COLUMNS, *criteria], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(label) for label in ordered)
    return text.getvalue()


def _label(initiative_id: str, cells: Mapping[str, str]) -> Label:
    for name in ("call_id", "person", "at", "version"):
        if not cells.get(name):
            raise ValueError(f"{name} is empty. Fill it in, or take the row out.")
    verdict = _one_of(cells, "verdict", {verdict.value: verdict for verdict in Verdict})
    levels = {}
    if verdict is not Verdict.NOT_ASSESSED:
        grades = {str(int(level)): level for level in Level}
        levels = {component: _one_of(cells, component.value, grades) for component in Component}
    asked = _one_of(cells, "asked_why", _YES_NO)
    answer = _one_of(cells, "answer", {answer.value: answer for answer in Answer})
    if asked == (answer is Answer.NOT_ASKED):
        raise ValueError(
            f"asked_why is {cells['asked_why']} and the answer {answer}. The answer is na exactly where nobody asked."
        )
    try:
        at = datetime.fromisoformat(cells["at"])
    except ValueError:
        raise ValueError(f'at is "{cells["at"]}". Write it like 2026-11-16T09:30:00+00:00.') from None
    return Label(
        call_id=cells["call_id"],
        initiative_id=initiative_id,
        person_id=cells["person"],
        at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        version=cells["version"],
        verdict=verdict,
        levels=levels,
        asked_why=asked,
        answer=answer,
        criteria={
            name.removeprefix(CRITERION): _one_of(cells, name, _YES_NO_UNCLEAR)
            for name, said in cells.items()
            if name.startswith(CRITERION) and said
        },
        quote=_text(cells.get("quote")),
        note=_text(cells.get("note")),
        round_id=cells.get("round") or None,
    )


def _row(label: Label) -> dict[str, str]:
    said = {None: "unclear", True: "yes", False: "no"}
    return {
        "call_id": label.call_id,
        "person": label.person_id,
        "at": label.at.isoformat(),
        "verdict": label.verdict.value,
        **{component.value: str(int(level)) for component, level in label.levels.items()},
        "asked_why": said[label.asked_why],
        "answer": label.answer.value,
        "version": label.version,
        "round": label.round_id or "",
        "quote": _cell(label.quote),
        "note": _cell(label.note),
        **{CRITERION + name: said[answer] for name, answer in label.criteria.items()},
    }


def _cell(text: str | None) -> str:
    """Free text so that no office program runs it as a formula."""
    return f"'{text}" if text and text.startswith(("'", *_FORMULA)) else text or ""


def _text(cell: str | None) -> str | None:
    return (cell[1:] if cell and cell[0] == "'" and cell[1:].startswith(("'", *_FORMULA)) else cell) or None


def _one_of(cells: Mapping[str, str], name: str, meanings: Mapping[str, Meaning]) -> Meaning:
    if cells.get(name) not in meanings:
        raise ValueError(f'{name} is "{cells.get(name, "")}". Write one of {", ".join(meanings)}.')
    return meanings[cells[name]]
