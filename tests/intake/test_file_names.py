"""What the names of files say, by a company's own pattern, and what goes before that."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcoach.errors import UsageError
from callcoach.intake.calls import Reading, read_call_folder
from callcoach.intake.facts import WrongField
from callcoach.intake.file_names import FileNames

OURS = "{date:%Y%m%d}_{rep_id}_{customer_id}_{call_id}.wav"
WORDS = "Rep: Half of those who ring out never ring again.\nCustomer: What would that do for me?\n"


@pytest.mark.parametrize(
    ("pattern", "name", "facts"),
    [
        (
            OURS,
            "20261005_R01_C7_wren-01",
            {"started_at": "2026-10-05", "rep_id": "R01", "customer_id": "C7", "call_id": "wren-01"},
        ),
        # each field is as short as it can be, the last takes the rest
        (OURS, "20261005_R01_C7_a_b", {"started_at": "2026-10-05", "rep_id": "R01", "customer_id": "C7", "call_id": "a_b"}),
        # without {call_id} the whole name is it
        (
            "{rep_id}-{date:%d.%m.%Y}",
            "R01-05.10.2026",
            {"started_at": "2026-10-05", "rep_id": "R01", "call_id": "R01-05.10.2026"},
        ),
        ("{date:%Y-%m-%d}T{time:%H%M}_{call_id}", "2026-10-05T0940_x", {"started_at": "2026-10-05T09:40:00", "call_id": "x"}),
        (
            "{started_at:%Y%m%dT%H%M%S%z} {call_id}",
            "20261005T094000+0200 x",
            {"started_at": "2026-10-05T09:40:00+02:00", "call_id": "x"},
        ),
        # a field with a form ends by itself, and days can be counted
        ("{date:%Y%j}{time:%H%M}_{call_id}", "20262780940_x", {"started_at": "2026-10-05T09:40:00", "call_id": "x"}),
        # of one length
        ("{rep_id:3.3}{call_id}", "R01x_y", {"rep_id": "R01", "call_id": "x_y"}),
        ("{started_at:%Y%m%dT%H%M%S}Z_{call_id}", "20261005T094000Z_x", {"started_at": "2026-10-05T09:40:00", "call_id": "x"}),
        # digits stay as they are written
        ("{rep_id:d}_{call_id}", "007_x", {"rep_id": "007", "call_id": "x"}),
        (None, "2026-10-05_R01_wren-01", {"started_at": "2026-10-05", "rep_id": "R01", "call_id": "wren-01"}),
        (None, "whatever", {"call_id": "whatever"}),
    ],
)
def test_a_name_is_read_by_the_pattern(pattern: str | None, name: str, facts: dict[str, str]) -> None:
    assert FileNames(pattern).facts(name) == facts


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wren-01", "its name does not follow the pattern {date:%Y%m%d}_"),
        ("20261005_R01_wren-01", "its name does not follow the pattern"),
        ("20261305_R01_C7_x", "date in its name is '20261305', not as %Y%m%d"),
        # one digit too few would be read as the 5th or as October by chance
        ("2026105_R01_C7_x", "date in its name is '2026105', not as %Y%m%d"),
        ("x" * 400, "its name does not follow the pattern"),
    ],
)
def test_a_name_that_does_not_follow_is_named_with_the_pattern(name: str, said: str) -> None:
    with pytest.raises(WrongField) as refused:
        FileNames(OURS).facts(name)
    assert said in str(refused.value) and OURS in str(refused.value)
    assert "Rename it, or write a row in manifest.csv or a sidecar for it." in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("calls", "it names no field"),
        ("{rep_id}_{rep_id}", "it names a field twice"),
        ("{Rep}_{call_id}", "{Rep} is no field"),
        ("{audio_path}", "{audio_path} is no field"),
        ("{rep_id", "expected '}'"),
        ("{}", "{} is no field"),
        ("{rep_id:%Y}", "is no date; only date, time and started_at are"),
        ("{time:%H%M}_{call_id}", "it has {time} without {date}"),
        ("{started_at:%Y}_{date:%Y}", "one of them is enough"),
        # each name would be cut after its first letter
        ("{rep_id}{call_id}", "nothing stands between {rep_id} and {call_id}"),
        ("{rep_id:w}{call_id}", "nothing stands between"),
        ("{rep_id}/{call_id}", "it holds a slash; only the name of a file is read"),
        # these calls would be of 1900, and past any date
        ("{date:%m%d}_{call_id}", "{date:%m%d} does not say year, month and day"),
        ("{started_at:%Y%mT%H%M}_{call_id}", "does not say year, month and day"),
        ("{date:%Q}_{call_id}", "format spec '%Q' not recognised"),
    ],
)
def test_a_pattern_that_nothing_can_be_read_with_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        FileNames(pattern)
    assert said in str(refused.value) and "CALLCOACH_FILE_NAME_PATTERN" in str(refused.value)


def test_fields_that_mean_nothing_to_callcoach_are_told_apart() -> None:
    assert FileNames(OURS).unknown_fields == ("customer_id",)
    assert FileNames(None).fields == ()


def test_the_manifest_goes_before_the_sidecar_and_that_before_the_name(tmp_path: Path) -> None:
    for name in ("20261005_R01_C7_wren-01", "20261006_R02_C8_wren-02", "20261007_R03_C9_wren-03", "odd", "odder"):
        (tmp_path / f"{name}.txt").write_text(WORDS)
    (tmp_path / "manifest.csv").write_text("call_id,rep_id,transcript_path\nfirst,R09,20261005_R01_C7_wren-01.txt\n")
    (tmp_path / "20261006_R02_C8_wren-02.yaml").write_text("rep_email: dana@example.com\ncustomer_id: C88\n")
    (tmp_path / "people.yaml").write_text("people:\n  - {id: R05, name: Dana, role: rep, email: dana@example.com}\n")
    (tmp_path / "odd.yaml").write_text("call_id: wren-04\nrep_id: R04\n")
    found = read_call_folder(tmp_path, Reading(FileNames(OURS)))
    calls = {call.call_id: (call.rep_id, call.started_at, call.extra.get("customer_id")) for call in found.calls}
    assert calls == {
        "first": ("R09", None, None),  # a row is taken as it is
        "wren-02": ("R05", datetime(2026, 10, 6, tzinfo=UTC), "C88"),  # the sidecar's e-mail names the rep, the name the day
        "wren-03": ("R03", datetime(2026, 10, 7, tzinfo=UTC), "C9"),
        "wren-04": ("R04", None, None),  # its sidecar says all that its name does not
    }
    ((name, sentence),) = [(problem.call_id, problem.sentence) for problem in found.problems]
    assert name == "odder.txt" and sentence.startswith("odder.txt: its name does not follow the pattern " + OURS)


def test_an_offset_in_a_name_is_kept(tmp_path: Path) -> None:
    (tmp_path / "20261005T234000-0500_x.txt").write_text(WORDS)
    (call,) = read_call_folder(tmp_path, Reading(FileNames("{started_at:%Y%m%dT%H%M%S%z}_{call_id}"))).calls
    assert call.started_at is not None and call.started_at.utcoffset() == timedelta(hours=-5)
    assert str(call.day) == "2026-10-05"
