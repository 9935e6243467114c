"""Exports: what may be seen, as files that every program reads and no spreadsheet takes for formulas."""

import csv
import io
import json
from dataclasses import fields, replace
from datetime import UTC, datetime

import openpyxl
import pytest
from typer.testing import CliRunner

from callcoach.app.audit import audit_page
from callcoach.app.export_files import Form, looks_like_a_formula, pieces_of, safe_cell
from callcoach.app.export_rows import ROWS, CallRow, Export, columns, json_schema
from callcoach.app.exports import EVERYTHING, export_rows
from callcoach.app.reviews import review
from callcoach.cli.main import app as command
from callcoach.domain.call import CallKind
from callcoach.domain.verdict import Verdict

jsonschema = pytest.importorskip("jsonschema_rs")

AT = datetime(2026, 11, 16, tzinfo=UTC)
FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b=cmd",
    "\x00=1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "\t@x",
    "  +1",
    "\u3000＝1",
]


def row(text):
    return CallRow(
        call_id=text, started_at=None, kind=CallKind.CUSTOMER_CALL, rep_id=text, rep_name=text, team=text, customer_name=text,
        direction=text, language=text, outcome=text, amount=-2.5, content="0" * 64,
    )  # fmt: skip


def csv_of(export, rows):
    text = b"".join(pieces_of(export, Form.CSV, rows, at=AT)).decode("utf-8")
    assert text.startswith("\ufeff") and "\r\n" in text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def xlsx_of(export, rows):
    return openpyxl.load_workbook(io.BytesIO(b"".join(pieces_of(export, Form.XLSX, rows, at=AT))))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_begins_a_formula(text):
    (line,) = csv_of(Export.CALLS, [row(text)])
    for name in ("call_id", "rep_id", "rep_name", "team", "customer_name", "direction", "language", "outcome"):
        assert line[name].startswith("'"), name
        assert line[name][1:] == text.replace("\x00", "")
    assert line["amount"] == "-2.5", "a number stays one"


def test_every_cell_of_an_xlsx_is_text_or_a_number():
    book = xlsx_of(Export.CALLS, [row(text) for text in FORMULAS])
    assert book.sheetnames == ["About", "calls"]
    cells = [cell for line in book["calls"].iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    names = [cell.value for cell in next(book["calls"].iter_rows())]
    marked = [line[names.index("customer_name")] for line in book["calls"].iter_rows(min_row=2)]
    assert len(marked) == len(FORMULAS) and all(cell.quotePrefix for cell in marked), "it stays text when somebody edits it"


@pytest.mark.parametrize("text", ["", "plain", "a=b", "it's", "3 - 2", "“=1”", "…"])
def test_plain_text_stays_as_it_is(text):
    assert safe_cell(text) == text and not looks_like_a_formula(text)


def test_json_lines_hold_to_their_schema_and_lose_nothing(company):
    for export in Export:
        schema = json_schema(export)
        rows = list(export_rows(company, export, EVERYTHING))
        assert rows, export
        lines = b"".join(pieces_of(export, Form.JSONL, rows, at=AT)).splitlines()
        assert len(lines) == len(rows)
        for line in lines:
            jsonschema.validate(schema, json.loads(line))
        assert all(columns(export).values()), "every column says what it says"
    text = "=1\x00\n“ü”"
    (line,) = b"".join(pieces_of(Export.CALLS, Form.JSONL, [row(text)], at=AT)).splitlines()
    assert json.loads(line)["customer_name"] == text


def test_csv_and_xlsx_say_the_same(company):
    for export in Export:
        rows = list(export_rows(company, export, EVERYTHING))
        lines, sheet = csv_of(export, rows), xlsx_of(export, rows)[export.value]
        assert len(lines) == sheet.max_row - 1 == len(rows)
        assert list(lines[0]) == [cell.value for cell in next(sheet.iter_rows())] == [each.name for each in fields(ROWS[export])]


def test_without_a_row_there_is_the_header():
    assert csv_of(Export.QUEUE, []) == []
    assert xlsx_of(Export.QUEUE, [])["queue"].max_row == 1
    assert b"".join(pieces_of(Export.QUEUE, Form.JSONL, [], at=AT)) == b""


def test_a_persons_word_is_told_apart_from_the_machines(company):
    review(company, "wren-01", "catchback", by="M01", because="-he says why", at=AT, verdict=Verdict.STUMBLES)
    found = [
        each
        for each in export_rows(company, Export.SCORES, EVERYTHING)
        if (each.call_id, each.initiative_id) == ("wren-01", "catchback")
    ]
    assert [(each.verdict, each.verdict_by, each.corrected_by) for each in found] == [(Verdict.STUMBLES, "person", "Ray Delgado")]
    assert found[0].machine_verdict is not Verdict.STUMBLES and found[0].why_score is None


def test_a_manager_takes_out_the_own_team_a_rep_the_own_calls_an_executive_none(client, company):
    everything = {each.call_id for each in export_rows(company, Export.CALLS, EVERYTHING)}
    seen = {}
    for role in ("admin", "manager", "rep"):
        answer = client(role).get("/exports/calls.csv")
        assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
        seen[role] = {line["call_id"] for line in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))}
    assert seen["admin"] == everything and seen["rep"] < seen["manager"] < everything
    assert client("executive").get("/exports/calls.csv").status_code == 403
    assert client(None).get("/exports/calls.csv").status_code == 303
    for export in Export:
        lines = client("rep").get(f"/exports/{export.value}.jsonl").text.splitlines()
        assert {json.loads(line)["rep_id"] for line in lines} <= {"R01"}, export
    told = [
        (line.action, line.subject, line.details["form"]) for line in audit_page(company).lines if line.action == "export.read"
    ]
    assert ("export.read", "calls", "csv") in told and ("export.read", "queue", "jsonl") in told


def test_an_unknown_export_is_not_found(client):
    for path in ("/exports/everything.csv", "/exports/calls.exe", "/exports/../calls.csv", "/calls/wren-01/transcript.pdf"):
        assert client("admin").get(path).status_code == 404, path


def test_a_calls_words_come_as_captions(client):
    answer = client("manager").get("/calls/wren-01/transcript.vtt")
    assert (
        answer.status_code == 200 and answer.text.startswith("WEBVTT") and answer.headers["content-type"].startswith("text/vtt")
    )
    assert "attachment" in answer.headers["content-disposition"]
    assert client("manager").get("/calls/wren-03/transcript.vtt").status_code == 404


def test_whoever_labels_blind_takes_out_no_verdict_of_those_calls(company):
    shown = {each.call_id for each in export_rows(company, Export.SCORES, EVERYTHING)}
    hidden = {each.call_id for each in export_rows(company, Export.SCORES, replace(EVERYTHING, blind=frozenset({"wren-01"})))}
    assert shown - hidden == {"wren-01"}
    queue = export_rows(company, Export.QUEUE, replace(EVERYTHING, blind=frozenset({"wren-01"})))
    assert "wren-01" not in {each.call_id for each in queue}


def test_the_command_writes_a_whole_file(company, tmp_path):
    out = tmp_path / "new" / "scores.xlsx"
    told = CliRunner().invoke(command, ["export", "scores", "--out", str(out), "--home", str(company.settings.home)])
    assert told.exit_code == 0, told.output
    assert openpyxl.load_workbook(out).sheetnames == ["About", "scores"]
    assert list(out.parent.iterdir()) == [out]
    told = CliRunner().invoke(
        command, ["export", "scores", "--out", str(tmp_path / "x.pdf"), "--home", str(company.settings.home)]
    )
    assert "Give --format csv, xlsx, jsonl" in str(told.exception)
    told = CliRunner().invoke(command, ["export", "people", "--out", str(out)])
    assert "Choose one of calls, scores, evidence" in str(told.exception)
