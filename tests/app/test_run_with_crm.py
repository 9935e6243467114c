"""What a CRM says reaches the calls of a run and those kept before, and stays when a later run brings no table."""

from datetime import UTC, datetime

import pytest

from callcoach.app.outcomes import with_outcomes
from callcoach.app.workspace import Workspace
from callcoach.domain.call import Call
from callcoach.errors import BadInput
from callcoach.settings import Settings


def call(call_id, **known):
    return Call(call_id=call_id, content=call_id, transcript_path="x.txt", started_at=datetime(2026, 10, 5, tzinfo=UTC), **known)


@pytest.fixture
def workspace(tmp_path):
    made = Workspace(Settings(home=tmp_path / "home"))
    yield made
    made.store.close()


def keep(workspace, found):
    workspace.store.add_calls((*found.calls, *found.others))


def test_a_table_in_the_folder_reaches_its_calls_and_those_of_earlier_folders(workspace, tmp_path):
    workspace.store.add_calls([call("earlier")])
    (tmp_path / "crm.csv").write_text("call_id,outcome,tier\ntoday,won,high\nearlier,lost,\nnobody,won,\n")
    found = with_outcomes(workspace, [tmp_path], [call("today")], None)
    assert [(each.call_id, each.outcome, each.extra["tier"]) for each in found.calls] == [("today", "won", "high")]
    assert [(each.call_id, each.outcome) for each in found.others] == [("earlier", "lost")]
    assert found.unmatched == ("crm.csv line 4: there is no call nobody.",)
    keep(workspace, found)
    again = with_outcomes(workspace, [tmp_path], [call("today")], None)
    assert again.calls == found.calls and again.others == ()


def test_what_was_told_stays_when_the_next_run_brings_no_table(workspace, tmp_path):
    named = tmp_path / "from the crm.csv"
    named.write_text("call_id;outcome;amount\ntoday;won;870\n")
    keep(workspace, with_outcomes(workspace, [], [call("today")], named))
    later = with_outcomes(workspace, [tmp_path / "empty"], [call("today", customer_name="Kimball Tire")], None)
    assert (later.calls[0].outcome, later.calls[0].amount, later.calls[0].customer_name) == ("won", 870.0, "Kimball Tire")


def test_the_file_that_was_named_has_the_last_word(workspace, tmp_path):
    (tmp_path / "crm.csv").write_text("call_id,outcome\ntoday,lost\n")
    named = tmp_path / "newer.csv"
    named.write_text("call_id,outcome\ntoday,won\n")
    assert with_outcomes(workspace, [tmp_path], [call("today")], named).calls[0].outcome == "won"


def test_a_file_that_is_not_there_is_said_before_the_work(workspace, tmp_path):
    with pytest.raises(BadInput, match=r"gone\.csv: there is no such file"):
        with_outcomes(workspace, [], [call("today")], tmp_path / "gone.csv")


def test_a_table_without_a_usable_header_is_a_problem_and_the_calls_are_used(workspace, tmp_path):
    (tmp_path / "crm.csv").write_text("won,lost\n1,2\n")
    found = with_outcomes(workspace, [tmp_path], [call("today")], None)
    assert [each.call_id for each in found.problems] == ["crm.csv"]
    assert found.calls == (call("today"),)
