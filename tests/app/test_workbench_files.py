"""The workbench without a browser: nothing is lost, nothing is written outside the folder, nothing is forged."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from callcoach.app import workbench, workbench_writes
from callcoach.app.workbench_writes import Change
from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import Account
from callcoach.domain.definition import Severity
from callcoach.domain.people import PersonRole
from callcoach.errors import BadRubric, EditConflict, StoryUnfinished, UsageError
from callcoach.settings import Settings
from callcoach.storage.accounts import Accounts
from callcoach.storage.history import History
from callcoach.storage.runs import Runs

RUBRICS = Path(__file__).resolve().parents[2] / "rubrics"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
TODAY = NOW.date()
ME, OTHER = "me", "other"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(RUBRICS, tmp_path / "rubrics")
    return (tmp_path / "rubrics").resolve()


@pytest.fixture
def workspace(tmp_path, folder):
    workspace = Workspace(Settings(home=tmp_path / "home"))
    Runs(workspace.store).begin(NOW, versions={}, rubrics=str(folder))
    for name in (ME, OTHER):
        account = Account(account_id=name, email=f"{name}@example.com", role=PersonRole.ENABLEMENT, made_at=NOW)
        Accounts(workspace.store).add(account, "hash")
    yield workspace
    workspace.store.close()


def opened(workspace, name="catchback", by=ME):
    return workbench.open_rubric(workspace, by, name, today=TODAY)


def test_the_folder_is_that_of_the_latest_run_that_read_one(workspace, folder):
    Runs(workspace.store).begin(NOW, versions={})
    found = workbench.bench(workspace, ME, today=TODAY)
    assert [rubric.name for rubric in found.rubrics] == ["catchback", "known-by-name", "safeseat"]
    assert not any(rubric.is_draft for rubric in found.rubrics) and found.folder == "rubrics"
    shutil.rmtree(folder)
    assert "is not there any more" in workbench.bench(workspace, ME, today=TODAY).missing


def test_what_somebody_writes_is_theirs_until_they_save_it(workspace, folder):
    begun = opened(workspace)
    wall = "Owners miss thirty-four calls a month, most of them at noon when hands are full."
    followed = workbench_writes.follow(
        workspace, ME, "catchback", begun.text, [Change("value_story.wall", wall)], base=begun.base, at=NOW
    )
    assert followed.changed and followed.form["value_story.wall"] == wall and not followed.is_published
    assert (folder / "catchback.yaml").read_text() == begun.text == opened(workspace, by=OTHER).text
    # the server or the browser went away: the text is there
    again = opened(workspace)
    assert again.text == followed.text and again.draft_at == NOW and not again.behind
    saved = workbench_writes.save(workspace, ME, "catchback", followed.text, base=again.base, at=NOW)
    assert (folder / "catchback.yaml").read_text() == followed.text and saved.draft_at is None and saved.rubric.is_draft
    assert workbench_writes.put_back(workspace, ME, "catchback", at=NOW)
    assert (folder / "catchback.yaml").read_text() == begun.text and opened(workspace).text == followed.text
    assert workbench_writes.discard(workspace, ME, "catchback") and opened(workspace).text == begun.text


def test_whoever_is_second_sees_both_and_loses_nothing(workspace, folder):
    begun = opened(workspace)
    theirs = begun.text.replace("priority: 1", "priority: 2")
    mine = begun.text.replace("name: CatchBack", "name: Catch Back")
    workbench_writes.save(workspace, OTHER, "catchback", theirs, base=begun.base, at=NOW)
    with pytest.raises(EditConflict, match="Somebody else changed"):
        workbench_writes.save(workspace, ME, "catchback", mine, base=begun.base, at=NOW)
    assert (folder / "catchback.yaml").read_text() == theirs
    conflict = opened(workspace)
    assert conflict.behind and conflict.text == mine and conflict.in_file == theirs
    assert {("-", "name: CatchBack"), ("+", "name: Catch Back"), ("-", "priority: 2"), ("+", "priority: 1")} <= set(
        conflict.differences
    )
    assert workbench_writes.take_over(workspace, ME, "catchback", mine, at=NOW)
    assert not opened(workspace).behind
    workbench_writes.save(workspace, ME, "catchback", mine, base=opened(workspace).base, at=NOW)
    assert (folder / "catchback.yaml").read_text() == mine
    with pytest.raises(UsageError, match="changed again since"):
        workbench_writes.put_back(workspace, OTHER, "catchback", at=NOW)


def test_a_text_that_a_run_would_leave_out_is_kept_and_not_saved(workspace, folder):
    begun = opened(workspace)
    for broken in (begun.text.replace("  hammer: >", "  hamer: >"), begun.text.replace("value_story:", "value_story: [")):
        with pytest.raises(BadRubric):
            workbench_writes.save(workspace, ME, "catchback", broken, base=begun.base, at=NOW)
        assert opened(workspace).text == broken and (folder / "catchback.yaml").read_text() == begun.text
        marks = opened(workspace).marks
        assert marks and all(mark.severity is Severity.REFUSE for mark in marks) and any(mark.line for mark in marks)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("id: catchback", "id: other", "The id stays catchback"), ("e25963be0d107e31", "0" * 16, "written by publishing alone")],
)
def test_neither_the_id_nor_a_publication_is_forged(workspace, folder, old, new, said):
    begun = opened(workspace)
    with pytest.raises(BadRubric, match=said):
        workbench_writes.save(workspace, ME, "catchback", begun.text.replace(old, new), base=begun.base, at=NOW)
    assert (folder / "catchback.yaml").read_text() == begun.text


@pytest.mark.parametrize("name", ["../secret", "secret", "/etc/passwd", "catchback.yaml", "..", "", ".hidden", "linked", "a\0b"])
def test_no_name_leads_out_of_the_folder(workspace, folder, tmp_path, name):
    secret = tmp_path / "secret.yaml"
    shutil.copy(folder / "catchback.yaml", secret)
    shutil.copy(secret, folder / ".hidden.yaml")
    (folder / "linked.yaml").symlink_to(secret)
    before = secret.read_bytes()
    assert opened(workspace, name) is None
    assert workbench_writes.follow(workspace, ME, name, "x: 1", [], base="", at=NOW) is None
    assert workbench_writes.save(workspace, ME, name, "x: 1", base="", at=NOW) is None
    assert workbench_writes.publish(workspace, ME, name, by="E01", note="", at=NOW, language=None) is None
    assert workbench_writes.retire(workspace, ME, name, last_day=TODAY) is None
    assert not workbench_writes.put_back(workspace, ME, name, at=NOW)
    assert secret.read_bytes() == before and "linked" not in {
        each.name for each in workbench.bench(workspace, ME, today=TODAY).rubrics
    }


def test_publishing_keeps_the_wording_and_refuses_a_vague_one(workspace, folder):
    begun = opened(workspace)
    vague = workbench_writes.follow(
        workspace,
        ME,
        "catchback",
        begun.text,
        [Change("value_story.wall", "We need to hit our sales target.")],
        base=begun.base,
        at=NOW,
    )
    assert any(mark.field == "value_story.wall" and mark.severity is Severity.VAGUE and mark.line for mark in vague.marks)
    with pytest.raises(UsageError, match="not saved"):
        workbench_writes.publish(workspace, ME, "catchback", by="E01", note="", at=NOW, language=None)
    workbench_writes.save(workspace, ME, "catchback", vague.text, base=begun.base, at=NOW)
    with pytest.raises(StoryUnfinished):
        workbench_writes.publish(workspace, ME, "catchback", by="E01", note="", at=NOW, language=None)
    good = vague.text.replace(
        "We need to hit our sales target.",
        "Shops miss thirty-four calls a month at noon, counted on 1,140 lines, and lose those callers.",
    )
    workbench_writes.save(workspace, ME, "catchback", good, base=opened(workspace).base, at=NOW)
    published = workbench_writes.publish(workspace, ME, "catchback", by="E01", note=" June \n figures", at=NOW, language=None)
    assert published.note == "June figures" and published.on == TODAY
    assert published.version in {each.version for each in History(workspace.store).versions("catchback")}
    assert opened(workspace).rubric.last_published == published and not opened(workspace).rubric.is_draft
    standing = workbench.standing(workspace, "catchback", today=TODAY)
    assert standing.gate.state.value == "defined" and [each.in_file for each in standing.versions] == [True]


def test_a_new_one_is_saved_unfinished_until_it_is_complete(workspace, folder):
    name = workbench_writes.begin(workspace, "quick-fix", "QuickFix", date(2026, 12, 1))
    begun = opened(workspace, name)
    assert begun.rubric.initiative is None and begun.rubric.title == "QuickFix"
    assert {"value_story.wall", "value_story.hammer", "owner"} <= {mark.field for mark in begun.marks}
    some = begun.text.replace("owner:  ", "owner: M01  ")
    assert workbench_writes.save(workspace, ME, name, some, base=begun.base, at=NOW).text == some
    with pytest.raises(UsageError, match="is no id"):
        workbench_writes.begin(workspace, "../../evil", "Evil", TODAY)
    with pytest.raises(EditConflict):
        workbench_writes.begin(workspace, "quick-fix", "QuickFix", TODAY)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["home", "rubrics"]


def test_retiring_writes_a_day_and_can_be_undone(workspace, folder):
    before = (folder / "safeseat.yaml").read_text()
    workbench_writes.retire(workspace, ME, "safeseat", last_day=TODAY - timedelta(days=1))
    assert opened(workspace, "safeseat").rubric.ended and "ended: 2026-11-15" in (folder / "safeseat.yaml").read_text()
    assert workbench_writes.put_back(workspace, ME, "safeseat", at=NOW)
    assert (folder / "safeseat.yaml").read_text() == before


def test_windows_line_ends_stay_in_the_file(workspace, folder):
    path = folder / "catchback.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    begun = opened(workspace)
    assert "\r" not in begun.text
    # a browser sends a form's text with such line ends, too
    workbench_writes.save(
        workspace,
        ME,
        "catchback",
        begun.text.replace("priority: 1", "priority: 2").replace("\n", "\r\n"),
        base=begun.base,
        at=NOW,
    )
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") and b"priority: 2\r\n" in path.read_bytes()
