"""From an empty file to a published definition, by the rules alone: no model is loaded here."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from callcoach.app import definition
from callcoach.app.wordings import find_version, last_published, text_changes
from callcoach.app.workspace import Workspace
from callcoach.errors import EditConflict, StoryUnfinished, UsageError
from callcoach.intake.rubrics import read_initiative, read_rubrics
from callcoach.settings import Settings

FILLED = """\
# kept by the enablement team
id: rush
name: Rush Lane
type: service
owner: M01
priority: 1
growth_driver: customers
launched: 2026-10-05
value_story:
  wall: Of six hundred rush jobs last year 31 percent came back, and somebody lost the next day putting them right.
  insight: {source: 600 rush jobs of 2025 read again}
  hammer: A rush file goes whole to one linguist who knows the account, by name, up to 4,000 words in 24 hours.
  position: Ask who cleaned up the last rush file and how long it took.
  importance: Put those hours beside the price of the file.
  why_it_matters: Name the person who will not sit over it next time.
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(Settings(home=tmp_path / "home"))


@pytest.fixture
def rubrics(tmp_path: Path) -> Path:
    folder = tmp_path / "rubrics"
    folder.mkdir()
    (folder / "rush.yaml").write_text(FILLED, encoding="utf-8")
    return folder


def publish(workspace: Workspace, rubrics: Path, by: str = "M01", day: int = 1) -> str:
    on = date(2026, 11, day)
    return definition.publish(workspace, rubrics, "rush", by=by, on=on, note="", language=None).version


def rewrite(rubrics: Path, old: str, new: str) -> None:
    path = rubrics / "rush.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_definition_goes_from_nothing_to_published_to_a_draft_again(tmp_path: Path, workspace: Workspace) -> None:
    folder = tmp_path / "fresh"
    path = definition.begin(folder, "rush", "Rush Lane", date(2026, 10, 5))
    assert sorted(each.name for each in folder.iterdir()) == ["initiative.schema.json", "rush.yaml"]
    assert not definition.check_file(folder, "rush", None).passes
    with pytest.raises(StoryUnfinished, match=r"rush\.yaml line \d+: value_story has no wall"):
        publish(workspace, folder)
    path.write_text(FILLED, encoding="utf-8")
    assert definition.check_file(folder, "rush", None).passes

    version = publish(workspace, folder)
    published = read_initiative(path)
    assert published.is_published
    assert workspace.store.initiative("rush", version) is not None
    assert path.read_text(encoding="utf-8").startswith("# kept by the enablement team\n")

    rewrite(folder, "31 percent", "three in ten")
    changed = read_initiative(path)
    assert not changed.is_published
    assert last_published(changed) == version


def test_a_vague_story_is_not_published_and_the_words_and_line_are_named(rubrics: Path, workspace: Workspace) -> None:
    rewrite(rubrics, "Of six hundred rush jobs", "We need to hit our target. Of six hundred rush jobs")
    with pytest.raises(StoryUnfinished, match=r'rush\.yaml line 10: .*"hit our target"'):
        publish(workspace, rubrics)
    assert read_initiative(rubrics / "rush.yaml").published == ()


def test_the_same_wording_is_published_once(rubrics: Path, workspace: Workspace) -> None:
    version = publish(workspace, rubrics)
    with pytest.raises(UsageError, match=f"published already, on 2026-11-01 by M01 .{version}."):
        publish(workspace, rubrics, by="M02", day=2)


def test_dates_and_owners_make_no_new_version_and_words_do(rubrics: Path, workspace: Workspace) -> None:
    version = publish(workspace, rubrics)
    rewrite(rubrics, "owner: M01", "owner: M02")
    rewrite(rubrics, "600 rush jobs of 2025 read again", "all rush jobs of 2025")
    assert read_initiative(rubrics / "rush.yaml").version == version
    rewrite(rubrics, "up to 4,000 words", "up to 5,000 words")
    after = read_initiative(rubrics / "rush.yaml")
    assert after.version != version
    before = find_version(workspace, "rush", version[:6], after)
    (change,) = text_changes(before, after)
    assert change.field == "story.hammer"
    assert "4,000" in change.removed[0] and "5,000" in change.added[0]


def test_an_unknown_version_names_the_known_ones(rubrics: Path, workspace: Workspace) -> None:
    version = publish(workspace, rubrics)
    initiative = read_initiative(rubrics / "rush.yaml")
    with pytest.raises(UsageError, match=f"ffff0000 is no version of rush. Known: {version}"):
        find_version(workspace, "rush", "ffff0000", initiative)
    with pytest.raises(UsageError, match="never been published"):
        last_published(replace(initiative, published=()))


def test_retiring_writes_the_last_day(rubrics: Path) -> None:
    definition.retire(rubrics, "rush", last_day=date(2026, 12, 31))
    assert read_initiative(rubrics / "rush.yaml").ended == date(2026, 12, 31)
    definition.retire(rubrics, "rush", last_day=date(2027, 1, 31))
    assert read_initiative(rubrics / "rush.yaml").ended == date(2027, 1, 31)
    with pytest.raises(UsageError, match="launched on 2026-10-05"):
        definition.retire(rubrics, "rush", last_day=date(2026, 1, 1))


def test_an_id_that_is_taken_or_none_is_refused(rubrics: Path) -> None:
    with pytest.raises(EditConflict, match="there already"):
        definition.begin(rubrics, "rush", "Rush Lane", date(2026, 10, 5))
    with pytest.raises(UsageError, match="no id"):
        definition.begin(rubrics, "../Rush", "Rush Lane", date(2026, 10, 5))


def test_a_criterion_with_an_unknown_subject_is_named_with_its_line(rubrics: Path) -> None:
    text = (
        "criteria:\n  - {id: own-hours, about: wal, question: Does the rep ask?}\n"
        "  - {id: own-hours, about: part, question: Again?}\n"
    )
    (rubrics / "rush.yaml").write_text(FILLED + text, encoding="utf-8")
    checked = definition.check_file(rubrics, "rush", None)
    assert any("line 17" in sentence and "criteria[1].about is 'wal'" in sentence for sentence in checked.draft.trouble)
    (rubrics / "rush.yaml").write_text(FILLED + text.replace("wal,", "wall,"), encoding="utf-8")
    checked = definition.check_file(rubrics, "rush", None)
    assert any("Two criteria are called own-hours" in sentence for sentence in checked.draft.trouble)


def test_the_sample_companys_definitions_may_be_published_and_are() -> None:
    folder = Path(__file__).parents[2] / "rubrics"
    assert all(checked.passes for checked in definition.check_folder(folder, None))
    assert all(initiative.is_published for initiative in read_rubrics(folder).initiatives)
