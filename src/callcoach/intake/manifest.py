"""Read manifest.csv row by row, as office programs write it. Knows nothing of what the columns mean or what files there are."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from callcoach.domain.coaching import CallProblem
from callcoach.errors import BadManifest
from callcoach.intake.text_file import read_text

COLUMNS = (
    "call_id",
    "started_at",
    "kind",
    "rep_email",
    "rep_id",
    "leader_id",
    "team",
    "initiative",
    "direction",
    "audio_path",
    "transcript_path",
    "transcript_format",
    "rep_channel",
    "customer_name",
    "account_id",
    "opportunity_id",
    "language",
    "consent",
    "outcome",
    "amount",
    "tier",
    "discount",
    "discount_on",
    "opened_on",
    "closed_on",
)
"""The columns callcoach gives a meaning or a name; others are kept as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestRow:
    """One row: the line it starts on (the header is line 1) and its cells by column, without surrounding spaces."""

    line: int
    cells: Mapping[str, str]


class ManifestRows(NamedTuple):
    """The rows in order, and the lines that are no rows."""

    rows: tuple[ManifestRow, ...]
    problems: tuple[CallProblem, ...]


def read_manifest(path: Path) -> ManifestRows:
    """Comma, semicolon or tab between cells. A row that cannot be read is a problem; the rest are read.

    Raises BadManifest where the header is missing, names a column twice or has no call_id.
    """
    return read_table(path, needed=(("call_id",),), example="call_id,started_at,rep_id,audio_path", known=COLUMNS)


def read_table(path: Path, *, needed: Sequence[Sequence[str]], example: str, known: Sequence[str]) -> ManifestRows:
    """The rows of any table of calls. needed: the header has all columns of one of these. example, known: for who has to mend it.

    Raises BadManifest as read_manifest does.
    """
    text = read_text(path, BadManifest)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[ManifestRow] = []
    problems: list[CallProblem] = []
    header: tuple[str, ...] | None = None
    for line, cells in _numbered(lines):
        if isinstance(cells, csv.Error):
            problems.append(_problem(path, line, f"it cannot be read ({cells}). Check its quotation marks."))
        elif not any(cells):
            continue
        elif header is None:
            header = _header(path, cells, needed, known)
        elif any(cells[len(header) :]):
            sentence = f"it has {len(cells)} cells, the header {len(header)}. Put quotation marks around texts with commas."
            problems.append(_problem(path, line, sentence, call_id=_call_id(header, cells)))
        else:
            padded = [*cells, *[""] * (len(header) - len(cells))]
            rows.append(ManifestRow(line=line, cells={name: cell for name, cell in zip(header, padded, strict=False) if name}))
    if header is None:
        raise BadManifest(f"{path.name}: it is empty. Write a first line with columns, like {example}.")
    return ManifestRows(tuple(rows), tuple(problems))


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Each row with the line it starts on; an error stands for the row that has it."""
    while True:
        start = lines.line_num + 1  # type: ignore[attr-defined]
        try:
            yield start, [cell.strip() for cell in next(lines)]
        except StopIteration:
            return
        except csv.Error as trouble:
            yield start, trouble


def _header(path: Path, cells: list[str], needed: Sequence[Sequence[str]], known: Sequence[str]) -> tuple[str, ...]:
    header = tuple("_".join(cell.lower().split()) for cell in cells)
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        raise BadManifest(f"{path.name} line 1: the column {twice[0]} stands there twice. Remove or rename one.")
    if not any(set(columns) <= set(header) for columns in needed):
        wanted = ", nor ".join(" and ".join(columns) for columns in needed)
        raise BadManifest(f"{path.name} line 1: there is no column {wanted}. Known columns: {', '.join(known)}.")
    return header


def _call_id(header: tuple[str, ...], cells: list[str]) -> str | None:
    return (cells[header.index("call_id")] or None) if "call_id" in header else None


def _problem(path: Path, line: int, sentence: str, *, call_id: str | None = None) -> CallProblem:
    where = f"{path.name} line {line}"
    return CallProblem(call_id=call_id or where, sentence=f"{where}: {sentence}")


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=header.count)
