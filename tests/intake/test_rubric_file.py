"""The program's edits leave a person's file as it was but for the lines they concern."""

import difflib
import json
from datetime import date
from pathlib import Path

import pytest

from callcoach.domain.story import Published
from callcoach.errors import BadRubric, EditConflict
from callcoach.intake.drafts import find_draft, read_draft
from callcoach.intake.rubric_file import SCHEMA_LINE, add_published, edit, set_ended, write_new
from callcoach.intake.rubric_schema import SCHEMA_FILE, new_text, schema, schema_text
from callcoach.intake.rubrics import IN_THREE, read_initiative

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / "rubrics").glob("*.yaml")), *sorted((ROOT / "models" / "corpus").glob("*/initiative.yaml"))]
FIRST = Published(version="0123456789abcdef", on=date(2026, 10, 1), by="M01", note="first: as told in June")

ODD = """\
# the one the board likes
id:   odd-one      # never change this
name: "Odd One"
launched: 2026-10-05
terms: ["odd one",   'the odd']


value_story:
    wall: Shops lose cards when the line drops.   # 41 of 60
    hammer: |
        A second line.

    part: >-
        Ask when it last
        went down.
facts:
- one
-   two
"""


def added_lines(before: str, after: str) -> list[str]:
    steps = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    assert not [line for line in steps if line.startswith("- ")], "no line of the writer's was touched"
    return [line[2:] for line in steps if line.startswith("+ ")]


@pytest.mark.parametrize("source", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_publishing_and_ending_add_their_lines_and_touch_no_other(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "initiative.yaml"
    path.write_bytes(source.read_bytes())
    before = read_initiative(path)
    add_published(path, FIRST)
    set_ended(path, date(2027, 1, 1))
    after = read_initiative(path)
    assert after.version == before.version
    assert after.published == (*before.published, FIRST)
    assert after.ended == date(2027, 1, 1)
    lines = added_lines(source.read_text(encoding="utf-8"), path.read_text(encoding="utf-8"))
    assert len(lines) <= 6


def test_comments_blank_lines_and_odd_spacing_stay(tmp_path: Path) -> None:
    path = write_new_file(tmp_path, ODD)
    add_published(path, FIRST)
    add_published(path, Published(version="f" * 16, on=date(2026, 11, 1), by="M02"))
    lines = added_lines(ODD, path.read_text(encoding="utf-8"))
    assert lines[0] == "published:"
    assert len(lines) == 8
    assert [each.by for each in read_initiative(path).published] == ["M01", "M02"]


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "odd-one.yaml"
    path.write_bytes(ODD.replace("\n", "\r\n").encode())
    set_ended(path, date(2027, 1, 1))
    text = path.read_bytes()
    assert b"ended: 2027-01-01\r\n" in text
    assert b"\n" not in text.replace(b"\r\n", b"")


def test_an_edit_by_somebody_else_is_never_lost(tmp_path: Path) -> None:
    path = write_new_file(tmp_path, ODD)
    seen = path.read_bytes()
    theirs = ODD.replace("Shops lose cards", "Shops lose sales")
    path.write_text(theirs, encoding="utf-8")
    with pytest.raises(EditConflict, match=r"odd-one\.yaml: somebody changed the file meanwhile"):
        add_published(path, FIRST, expected=seen)
    assert path.read_text(encoding="utf-8") == theirs


def test_an_edit_while_ours_is_made_is_not_overwritten(tmp_path: Path) -> None:
    path = write_new_file(tmp_path, ODD)
    theirs = ODD + "priority: 2\n"

    def meanwhile(fields: object) -> None:
        path.write_text(theirs, encoding="utf-8")

    with pytest.raises(EditConflict):
        edit(path, meanwhile)
    assert path.read_text(encoding="utf-8") == theirs
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_an_edit_that_would_break_the_file_is_not_written(tmp_path: Path) -> None:
    path = write_new_file(tmp_path, ODD)
    with pytest.raises(BadRubric, match=r"odd-one\.yaml.*ended is before launched"):
        set_ended(path, date(2020, 1, 1))
    assert path.read_text(encoding="utf-8") == ODD


def test_a_new_file_takes_nobodys_place(tmp_path: Path) -> None:
    path = write_new_file(tmp_path, ODD)
    with pytest.raises(EditConflict, match="there already"):
        write_new(path, "id: other\n")


def write_new_file(folder: Path, text: str) -> Path:
    path = folder / "odd-one.yaml"
    write_new(path, text)
    return path


def test_the_published_schema_is_that_of_the_code() -> None:
    assert (ROOT / "rubrics" / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text(), (
        "run `callcoach initiative schema > rubrics/initiative.schema.json`"
    )


def test_the_schema_knows_every_field_and_what_to_write() -> None:
    published = schema()
    assert published["additionalProperties"] is False
    assert {"id", "value_story", "criteria", "published", "growth_driver"} <= set(published["properties"])
    story = published["$defs"]["_Story"]
    assert {"required": ["part"]} in story["anyOf"]
    assert "part" not in story["required"]
    assert "how you know" in story["properties"]["wall"]["description"]
    assert json.loads(schema_text()) == published


def test_a_new_file_names_its_schema_and_says_all_that_it_lacks_at_once(tmp_path: Path) -> None:
    path = tmp_path / "safe-seat.yaml"
    write_new(path, new_text("safe-seat", "SafeSeat: for offices", date(2026, 10, 5)))
    assert path.read_text(encoding="utf-8").startswith(f"{SCHEMA_LINE}{SCHEMA_FILE}\n")
    draft = read_draft(path)
    assert draft.initiative is None
    for missing in ("owner", "priority", "growth_driver", "type", "wall", "hammer", "source", *IN_THREE):
        (sentence,) = [sentence for sentence in draft.trouble if f"has no {missing}." in sentence]
        assert " line " in sentence


def test_a_part_told_in_three_is_judged_as_one_text(tmp_path: Path) -> None:
    three = ODD.replace(
        "    part: >-\n        Ask when it last\n        went down.\n",
        "    position: Ask when it last\n      went down.\n"
        "    importance: Count the cards.\n    why_it_matters: Name that Saturday.\n",
    )
    initiative = read_initiative(write_new_file(tmp_path, three))
    assert initiative.story.part == "Ask when it last went down. Count the cards. Name that Saturday."
    assert initiative.story.importance == "Count the cards."


def test_a_file_is_found_by_id_by_name_and_by_path(tmp_path: Path) -> None:
    path = write_new_file(tmp_path, ODD)
    (tmp_path / "renamed.yaml").write_text(ODD.replace("odd-one", "other-one"), encoding="utf-8")
    assert find_draft(tmp_path, "odd-one") == path
    assert find_draft(tmp_path, "other-one") == tmp_path / "renamed.yaml"
    assert find_draft(tmp_path / "elsewhere", str(path)) == path
    with pytest.raises(BadRubric, match="no initiative nobody"):
        find_draft(tmp_path, "nobody")


def test_an_id_in_several_languages_names_the_default_ones_file(tmp_path: Path) -> None:
    (tmp_path / "odd-one.yaml").write_text(ODD, encoding="utf-8")
    for name in ("odd-one.es.yaml", "another_es.yaml"):
        (tmp_path / name).write_text(f"language: es\n{ODD}", encoding="utf-8")
    assert find_draft(tmp_path, "odd-one") == tmp_path / "odd-one.yaml"
    assert find_draft(tmp_path, "odd-one.es") == tmp_path / "odd-one.es.yaml"
    (tmp_path / "odd-one.yaml").rename(tmp_path / "renamed.yaml")
    assert find_draft(tmp_path, "odd-one") == tmp_path / "renamed.yaml"
