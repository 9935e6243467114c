"""A rubric's fields and its text follow each other; comments and layout stay, and hostile text costs a sentence."""

import difflib
from pathlib import Path

import pytest

from callcoach.errors import BadRubric
from callcoach.intake.rubric_form import MOST_LETTERS, Change, form_of, read_text, with_changes

RUBRICS = sorted((Path(__file__).resolve().parents[2] / "rubrics").glob("*.yaml"))
SAFESEAT = next(path for path in RUBRICS if path.stem == "safeseat")


def lines_changed(before, after):
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:1] in "+-"]


@pytest.mark.parametrize("path", RUBRICS, ids=lambda path: path.stem)
def test_writing_the_form_back_unchanged_changes_no_byte(path):
    text = path.read_text()
    form = form_of(read_text(text, path).values)
    assert form["value_story.wall"] and form["launched"].startswith("2026")
    assert with_changes(text, [Change(place, value) for place, value in form.items()], path) == text


def test_a_changed_field_changes_its_own_lines_and_no_comment():
    text = SAFESEAT.read_text()
    changed = with_changes(text, [Change("value_story.hammer", 'It says: "signed" # every quarter')], SAFESEAT)
    assert form_of(read_text(changed, SAFESEAT).values)["value_story.hammer"] == 'It says: "signed" # every quarter'
    assert [line for line in text.splitlines() if "#" in line] == [
        line for line in changed.splitlines() if "#" in line and "signed" not in line
    ]
    hammer = text[text.index("  hammer: >") : text.index("  part: >")]
    gone = [line[2:] for line in lines_changed(text, changed) if line.startswith("-")]
    assert gone and all(line in hammer for line in gone)


def test_lists_days_and_numbers_come_back_as_they_were_written():
    changes = [
        Change("terms", "one\n two: and more \n\n"),
        Change("ended", "2027-01-31"),
        Change("priority", "3"),
        Change("value_story.insight.learned", ""),
    ]
    changed = with_changes(SAFESEAT.read_text(), changes, SAFESEAT)
    form = form_of(read_text(changed, SAFESEAT).values)
    assert (form["terms"], form["ended"], form["priority"]) == ("one\ntwo: and more", "2027-01-31", "3")
    assert form["value_story.insight.learned"] == ""
    assert changed.index("launched:") < changed.index("ended:") < changed.index("terms:")


def test_criteria_are_added_changed_and_taken_away():
    text = SAFESEAT.read_text()
    added = with_changes(text, [Change("criteria.0", "own-count"), Change("criteria.0.question", "Is it theirs?")], SAFESEAT)
    added = with_changes(
        added, [Change("criteria.0.yes", "You missed\nforty last month"), Change("criteria.0.weight", "2.5")], SAFESEAT
    )
    form = form_of(read_text(added, SAFESEAT).values)
    assert form["criteria.0.id"] == "own-count" and form["criteria.0.about"] == "part"
    assert (form["criteria.0.yes"], form["criteria.0.weight"]) == ("You missed\nforty last month", "2.5")
    away = with_changes(added, [Change("criteria.0", None)], SAFESEAT)
    assert read_text(away, SAFESEAT).values == read_text(text, SAFESEAT).values


@pytest.mark.parametrize("place", ["published", "id", "../../x", "criteria.0.published", "criteria.99999.id", "value_story", ""])
def test_only_fields_of_the_form_are_set(place):
    with pytest.raises(BadRubric, match="no field of the form"):
        with_changes(SAFESEAT.read_text(), [Change(place, "x")], SAFESEAT)


BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "line 2: this refers to another place"),
        ("a: &a [*a]", "line 1: this refers to another place"),
        ("x: &here {a: 1}\ny:\n  <<: *here\n", "line 3: this refers to another place"),
        ("[" * 20_000, "this is not YAML"),
        ("a: " + "x" * MOST_LETTERS, "letters"),
        ("a: b: c", "line 1"),
        ("a: [1, 2", "line 1"),
    ],
)
def test_text_that_would_only_cost_time_is_refused_with_a_sentence(text, said):
    with pytest.raises(BadRubric, match=said):
        read_text(text, SAFESEAT)


def test_a_star_in_a_text_is_no_alias():
    assert read_text("a: five *stars* here\n# *comment\nb: '*x'\n", SAFESEAT).values == {"a": "five *stars* here", "b": "*x"}
    assert read_text("a: [-1, 2]\nc: |\n  - *x is shown\n", SAFESEAT).values["c"] == "- *x is shown\n"


def test_a_tag_builds_nothing():
    assert "system" not in repr(form_of(read_text("name: !!python/object/apply:os.system [ls]", SAFESEAT).values)["name"])
