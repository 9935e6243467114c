"""Rows as files: CSV and XLSX that no spreadsheet takes for formulas, and JSON Lines. Streams; knows nothing of what rows say."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from callcoach.app.audit import note
from callcoach.app.export_rows import ABOUT, ROWS, SCHEMA_VERSION, Export, Row, columns
from callcoach.app.exports import Sight, export_rows
from callcoach.app.redacting import Redacting
from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import Account
from callcoach.errors import StorageError

BOM = "\ufeff"
PIECE = 64 * 1024
LONGEST_CELL = 32_767
"""Letters that a cell of a spreadsheet can hold."""
MOST_ROWS = 1_048_575
"""Rows under the header that a sheet can hold; more go on the next sheet."""

FORMULA = frozenset("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫")
BLANK = " \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u2060\u3000\ufeff\x00"
"""What spreadsheets drop before they look whether a formula begins."""


class Form(StrEnum):
    """How an export is written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


MEDIA_TYPES: Mapping[Form, str] = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.JSONL: "application/jsonl",
}


def export_pieces(
    workspace: Workspace,
    export: Export,
    form: Form,
    sight: Sight,
    *,
    account: Account | None,
    at: datetime,
    redacted: bool = False,
) -> Iterator[bytes]:
    """The file piece by piece, noted in the audit log before the first. account: None for the command line.

    redacted: without whom it speaks of.
    """
    redacting = Redacting(workspace) if redacted else None
    note(workspace, account, "export.read", export.value, at, form=form.value, redacted="yes" if redacted else None)
    return pieces_of(export, form, export_rows(workspace, export, sight, redacting), at=at)


def write_export(
    workspace: Workspace, export: Export, form: Form, sight: Sight, out: Path, *, at: datetime, redacted: bool = False
) -> int:
    """Write the file and return its bytes; the old one stays until the new one is whole. Raises StorageError."""
    beside = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                for piece in export_pieces(workspace, export, form, sight, account=None, at=at, redacted=redacted):
                    file.write(piece)
            beside.replace(out)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        return out.stat().st_size
    except OSError as trouble:
        raise StorageError(
            f"{out}: it cannot be written ({trouble.strerror or trouble}). Check the space and your rights there."
        ) from trouble


def pieces_of(export: Export, form: Form, rows: Iterable[Row], *, at: datetime) -> Iterator[bytes]:
    """Rows in a form. at: when it is made, for those forms that say it."""
    if form is Form.CSV:
        return _as_csv(export, rows)
    if form is Form.JSONL:
        return _gathered(msgspec.json.encode(row, order="deterministic") + b"\n" for row in rows)
    return _as_xlsx(export, rows, at)


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    return text[:1] in FORMULA or text.lstrip(BLANK)[:1] in FORMULA


def safe_cell(text: str) -> str:
    """The text with an apostrophe before what would begin a formula, and without NUL characters."""
    clean = text.replace("\x00", "")
    return f"'{clean}" if looks_like_a_formula(text) else clean


def _as_csv(export: Export, rows: Iterable[Row]) -> Iterator[bytes]:
    names = [each.name for each in fields(ROWS[export])]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")

    def lines() -> Iterator[bytes]:
        yield BOM.encode()
        writer.writerow(names)
        for row in rows:
            writer.writerow([_csv_cell(getattr(row, name)) for name in names])
            yield _taken(text)
        yield _taken(text)

    return _gathered(lines())


def _taken(text: io.StringIO) -> bytes:
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written


def _csv_cell(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return safe_cell(str(value))


def _as_xlsx(export: Export, rows: Iterable[Row], at: datetime) -> Iterator[bytes]:
    import xlsxwriter

    names = [each.name for each in fields(ROWS[export])]
    with tempfile.TemporaryFile(prefix="callcoach-export-") as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        }
        with xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"title": f"callcoach {export.value}", "created": at.replace(tzinfo=None)})
            bold = book.add_format({"bold": True, "bottom": 1})
            as_text = book.add_format({"quote_prefix": True})
            about = book.add_worksheet("About")
            about.set_column(0, 0, 24)
            about.set_column(1, 1, 100)
            lines = [("callcoach", export.value), ("What", ABOUT[export]), ("Made", at.isoformat(timespec="seconds"))]
            lines += [("Schema version", str(SCHEMA_VERSION)), ("", ""), ("Column", "What it says"), *columns(export).items()]
            for number, line in enumerate(lines):
                for column, words in enumerate(line):
                    about.write_string(number, column, words, bold if line[0] in ("callcoach", "Column") else None)
            sheet, line_number, sheets = None, MOST_ROWS, 0
            for row in _or_none(rows):
                if line_number >= MOST_ROWS:
                    sheets, line_number = sheets + 1, 0
                    sheet = book.add_worksheet(export.value if sheets == 1 else f"{export.value} {sheets}")
                    sheet.freeze_panes(1, 0)
                    sheet.set_column(0, len(names) - 1, 18)
                    for column, name in enumerate(names):
                        sheet.write_string(0, column, name, bold)
                if row is None:
                    break
                line_number += 1
                assert sheet is not None, "the first row opens a sheet"
                for column, name in enumerate(names):
                    _write_cell(sheet, line_number, column, getattr(row, name), as_text)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _or_none(rows: Iterable[Row]) -> Iterator[Row | None]:
    """The rows, then None, so that a sheet with its header is there without any."""
    yield from rows
    yield None


def _write_cell(sheet: Any, row: int, column: int, value: object, as_text: Any) -> None:
    """as_text: the format that keeps a cell text when somebody edits it, too."""
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case datetime():
            sheet.write_string(row, column, value.isoformat(timespec="seconds"))
        case date():
            sheet.write_string(row, column, value.isoformat())
        case _:
            text = str(value).replace("\x00", "")[:LONGEST_CELL]
            sheet.write_string(row, column, text, as_text if looks_like_a_formula(text) else None)


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Small pieces put together to some 64 KB each."""
    waiting, size = [], 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)
