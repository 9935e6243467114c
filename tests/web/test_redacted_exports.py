"""Redacted exports: nobody's name, id or number in them, and what is left can still be worked with."""

import csv
import io
import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from typing import get_type_hints

import pytest
from typer.testing import CliRunner

from callcoach.app import redacting
from callcoach.app.audit import audit_page
from callcoach.app.current import current_company
from callcoach.app.export_rows import ROWS, Export
from callcoach.app.exports import EVERYTHING, export_rows
from callcoach.app.pseudonyms import KEY_FILE, Named, Pseudonyms
from callcoach.app.redacting import Redacting
from callcoach.app.reviews import review
from callcoach.app.workspace import Workspace
from callcoach.cli.main import app as command
from callcoach.domain.verdict import Verdict
from callcoach.settings import Settings
from callcoach.storage.listing import Listing

jsonschema = pytest.importorskip("jsonschema_rs")
AT = datetime(2026, 11, 16, tzinfo=UTC)
ALL = 500


@pytest.mark.parametrize("export", list(Export))
def test_every_column_that_may_hold_words_is_known_to_redaction(export):
    known = (
        redacting.IDS.keys() | redacting.NAMES | redacting.TEXTS | redacting.WRITTEN | redacting.QUOTES | redacting.AS_THEY_ARE
    )
    hints = get_type_hints(ROWS[export])
    words = {each.name for each in fields(ROWS[export]) if "str" in repr(hints[each.name]) or "enum" in repr(hints[each.name])}
    assert words <= known | {"content"}, "a new column: say in app/redacting.py what becomes of it"


def test_stand_ins_are_the_same_each_time_and_others_under_another_key(tmp_path):
    here, again, elsewhere = (Pseudonyms(Settings(home=tmp_path / home)) for home in ("a", "a", "b"))
    assert here.of(Named.PERSON, "R01") == again.of(Named.PERSON, "R01") != elsewhere.of(Named.PERSON, "R01")
    assert here.of(Named.PERSON, "R01").startswith("person-") and here.of(Named.CALL, "R01") != here.of(Named.PERSON, "R01")
    assert (tmp_path / "a" / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert re.fullmatch("[0-9a-f]{64}", here.content("0" * 64)) and here.content("0" * 64) != "0" * 64


@pytest.mark.slow
def test_no_export_holds_a_name_an_id_or_a_number_of_anybody(company):
    review(company, "wren-01", "catchback", by="M01", because="Ask Ray Delgado, 415 555 0199", at=AT, verdict=Verdict.STUMBLES)
    people = current_company(company).people
    calls = Listing(company.store).calls(EVERYTHING.visible, behind=None, size=ALL)
    names = [*(person.name for person in people), *(call.customer_name for call in calls if call.customer_name)]
    ids = [*(person.id for person in people), *(call.call_id for call in calls), *(call.content for call in calls)]
    telling = re.compile(rf"\b(?:{'|'.join(map(re.escape, [*names, *ids]))})\b|415 555 0199", re.IGNORECASE)
    redacted = Redacting(company)
    for export in Export:
        plain, rows = list(export_rows(company, export, EVERYTHING)), list(export_rows(company, export, EVERYTHING, redacted))
        assert len(plain) == len(rows)
        for row in rows:
            said = " | ".join(str(getattr(row, each.name)) for each in fields(row) if each.name != "team")
            assert not telling.search(said), (export, telling.search(said), said)
    evidence = list(export_rows(company, Export.EVIDENCE, EVERYTHING, redacted))
    before = list(export_rows(company, Export.EVIDENCE, EVERYTHING))
    assert [(row.start, row.turn, row.act) for row in evidence] == [(row.start, row.turn, row.act) for row in before]
    assert sum(row.quote == old.quote for row, old in zip(evidence, before, strict=True)) > len(before) / 2, (
        "most quotes name nobody"
    )
    judged = {row.call_id for row in before}
    for call in [call for call in calls if call.call_id in judged][:3]:
        heard = company.store.current_transcript(call.call_id)
        assert heard is not None
        left = redacted.transcript(heard)
        assert not telling.search(" ".join(turn.text for turn in left.turns)) and left.call_id.startswith("call-")
        assert not telling.search(" ".join(word.text for turn in left.turns for word in turn.words))
        assert [(turn.start, turn.end, turn.speaker) for turn in left.turns] == [
            (turn.start, turn.end, turn.speaker) for turn in heard.turns
        ]
        mine = [row for row in evidence if row.call_id == left.call_id]
        assert all(row.quote in left.turns[row.turn].text for row in mine), "a quote stands in its redacted turn"


@pytest.mark.slow
def test_files_are_redacted_where_that_is_asked_for_or_set_for_all(client, company, tmp_path, monkeypatch):
    plain = client("admin").get("/exports/calls.csv")
    taken_out = client("admin").get("/exports/calls.csv?redacted=1")
    assert "redacted" not in plain.headers["content-disposition"] and "-redacted.csv" in taken_out.headers["content-disposition"]
    lines = list(csv.DictReader(io.StringIO(taken_out.text.removeprefix("\ufeff"))))
    assert all(line["call_id"].startswith("call-") and line["rep_id"][:7] in ("", "person-") for line in lines)
    told = [line.details for line in audit_page(company).lines if line.action == "export.read"]
    assert [each.get("redacted") for each in told] == ["yes", None]
    heard = client("admin").get("/calls/wren-01/transcript.vtt?redacted=1").text
    assert (
        "[PERSON 1]" in heard
        and "[PERSON 1]" in client("admin").get("/api/v1/calls/wren-01/transcript?redacted=1&form=json").text
    )
    file = tmp_path / "calls.jsonl"
    home = str(company.settings.home)
    for flags, begins in ((["--redacted"], "call-"), ([], "wren-")):
        done = CliRunner().invoke(command, ["export", "calls", "--out", str(file), "--home", home, *flags])
        assert done.exit_code == 0, done.output
        assert json.loads(file.read_text(encoding="utf-8").splitlines()[-1])["call_id"].startswith(begins)
    monkeypatch.setenv("CALLCOACH_REDACT_EXPORTS", "1")
    always = Workspace(Settings(home=company.settings.home))
    always.__dict__["entities"] = company.entities
    monkeypatch.setattr(company, "settings", always.settings)
    assert "-redacted.csv" in client("admin").get("/exports/calls.csv").headers["content-disposition"]
    assert "set for all exports" in client("admin").get("/exports").text
    always.store.close()
