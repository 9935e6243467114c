from datetime import UTC, datetime

import pytest

from callcoach.domain.call import Call, CallKind
from callcoach.errors import BadManifest
from callcoach.intake.outcomes import join, kept_from_crm, read_outcomes


def call(call_id, day=5, **known):
    started = datetime(2026, 10, day, 9, tzinfo=UTC)
    return Call(call_id=call_id, content=call_id, transcript_path="x.txt", started_at=started, **known)


def table(tmp_path, text):
    path = tmp_path / "crm.csv"
    path.write_text(text, encoding="utf-8")
    return read_outcomes(path)


CALLS = (
    call("w-1", customer_name="Kimball Tire"),
    call("w-2", day=6, extra={"account_id": "A-7"}),
    call("w-3", day=6, extra={"account_id": "A-8"}),
    call("w-4", day=6, extra={"account_id": "A-8"}),
    call("kick-off", kind=CallKind.LEADER_RECORDING),
)


def test_rows_are_laid_on_calls_by_id_and_by_account_and_day(tmp_path):
    rows, problems = table(
        tmp_path,
        "call_id,account_id,customer_name,day,outcome,amount,tier,discount,discount_on,closed_on\n"
        "w-1,,,,won,870,high,0,,2026-10-20\n"
        ",a-7,,2026-10-06,lost,,,15%,2026-10-18,2026-10-20\n",
    )
    assert problems == ()
    calls, unmatched = join(rows, CALLS, "crm.csv")
    assert unmatched == ()
    first, second = calls
    assert (first.call_id, first.outcome, first.amount, first.extra["tier"]) == ("w-1", "won", 870.0, "high")
    assert (second.call_id, second.outcome, second.extra["discount"]) == ("w-2", "lost", "15%")
    assert second.amount is None


def test_a_customers_name_and_a_day_name_a_call_too(tmp_path):
    rows, _ = table(tmp_path, "customer_name,day,outcome\nkimball tire,2026-10-05,won\n")
    (told,), unmatched = join(rows, CALLS, "crm.csv")
    assert (told.call_id, told.outcome, unmatched) == ("w-1", "won", ())


def test_every_row_that_is_about_no_call_is_named(tmp_path):
    rows, _ = table(
        tmp_path,
        "call_id,account_id,day,outcome\nw-9,,,won\n,A-1,2026-10-06,won\n,A-8,2026-10-06,won\nkick-off,,,won\n",
    )
    calls, unmatched = join(rows, CALLS, "crm.csv")
    assert calls == ()
    assert unmatched == (
        "crm.csv line 2: there is no call w-9.",
        "crm.csv line 3: there is no call with A-1 on 2026-10-06.",
        "crm.csv line 4: there are 2 calls with A-8 on 2026-10-06. Write the call_id: w-3, w-4.",
        "crm.csv line 5: there is no call kick-off.",
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("w-1,,middling,,", "crm.csv line 2: tier is 'middling'. Write low or high, or leave it empty."),
        ("w-1,,,120,", "crm.csv line 2: discount '120' is no percentage. Write 0 where none was given, 15 for 15%."),
        ("w-1,,,,soon", "crm.csv line 2: discount_on 'soon' is no day. Write 2026-10-31."),
        ("w-1,$870,,,", "crm.csv line 2: amount '$870' is not a number. Write 1200 or 1200.50, without currency and separators."),
        (",870,,,", "it names no call. Write its call_id, or account_id and day."),
    ],
)
def test_what_cannot_be_used_is_a_problem_and_the_rest_is_read(tmp_path, row, sentence):
    rows, problems = table(tmp_path, f"call_id,amount,tier,discount,discount_on\n{row}\nw-2,5,,,\n")
    assert [problem.sentence for problem in problems] == [sentence]
    assert [each.call_id for each in rows] == ["w-2"]


def test_a_table_that_names_no_call_is_refused(tmp_path):
    with pytest.raises(BadManifest, match="there is no column call_id, nor account_id and day, nor customer_name and day"):
        table(tmp_path, "outcome,amount\nwon,5\n")


def test_an_empty_cell_takes_nothing_back(tmp_path):
    rows, _ = table(tmp_path, "call_id,outcome,amount\nw-1,,99\n")
    (told,), _ = join(rows, (call("w-1", outcome="won"),), "crm.csv")
    assert (told.outcome, told.amount) == ("won", 99.0)


def test_what_a_crm_told_once_is_kept_until_somebody_says_otherwise(tmp_path):
    rows, _ = table(tmp_path, "call_id,outcome,amount,tier\nw-1,won,870,low\n")
    (told,), _ = join(rows, (call("w-1"),), "crm.csv")
    from_manifest = call("w-1")
    assert kept_from_crm(from_manifest, told) == told
    corrected = call("w-1", outcome="lost")
    assert kept_from_crm(corrected, told).outcome == "lost"
    assert kept_from_crm(from_manifest, None) == from_manifest
    assert join(rows, (told,), "crm.csv").calls == ()
