"""`callcoach initiative` as it is typed; by the rules alone, so no model is loaded."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from callcoach.cli.main import app
from callcoach.errors import CallcoachError, StoryUnfinished, UsageError

FILLED = """\
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
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place to work in, as a person's shell stands in one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def refusal(*arguments: str) -> CallcoachError:
    result = typed(*arguments)
    assert isinstance(result.exception, CallcoachError), result.output
    return result.exception


def test_the_way_from_nothing_to_a_changed_publication(folder: Path) -> None:
    begun = typed("initiative", "new", "rush", "--name", "Rush Lane", "--launched", "2026-10-05")
    assert begun.exit_code == 0
    assert "Next: fill it in" in begun.output
    assert isinstance(refusal("initiative", "check", "rush", "--rules-only"), StoryUnfinished)

    (folder / "rubrics" / "rush.yaml").write_text(FILLED, encoding="utf-8")
    assert "complete, and nothing in it is vague" in typed("initiative", "check", "rush", "--rules-only").output
    assert isinstance(refusal("initiative", "diff", "rush"), UsageError)

    published = typed("initiative", "publish", "rush", "--by", "M01", "--on", "2026-10-01", "--note", "first", "--rules-only")
    assert published.exit_code == 0, published.output
    assert ", published." in typed("initiative", "check", "--rules-only").output
    assert "published 2026-10-01, 0 calls judged, as the file stands now." in typed("initiative", "versions", "rush").output
    assert "the same texts" in typed("initiative", "diff", "rush").output

    (folder / "rubrics" / "rush.yaml").write_text(
        (folder / "rubrics" / "rush.yaml").read_text(encoding="utf-8").replace("31 percent", "three in ten"), encoding="utf-8"
    )
    assert "changed since it was published" in typed("initiative", "check", "rush", "--rules-only").output
    changed = typed("initiative", "diff", "rush", "--json")
    (change,) = json.loads(changed.output)
    assert change["field"] == "story.wall"
    assert "31 percent" in change["removed"][0]

    assert "told until 2026-12-31" in typed("initiative", "retire", "rush", "--on", "2026-12-31").output


def test_a_check_prints_line_words_and_better_and_fails(folder: Path) -> None:
    (folder / "rubrics").mkdir()
    text = FILLED.replace("Ask who cleaned up the last rush file and how long it took.", "Show the value with confidence.")
    (folder / "rubrics" / "rush.yaml").write_text(text.replace("owner: M01\n", ""), encoding="utf-8")
    result = typed("initiative", "check", "rush", "--rules-only")
    assert isinstance(result.exception, StoryUnfinished)
    assert result.exception.exit_code == 4
    assert "missing rubrics/rush.yaml: Nobody answers for it" in result.output
    assert "better: owner: M01" in result.output
    found = json.loads(typed("initiative", "check", "rush", "--rules-only", "--json").output)
    assert found[0]["findings"][0]["kind"] == "no_owner"


def test_the_schema_is_json(folder: Path) -> None:
    assert json.loads(typed("initiative", "schema").output)["title"] == "callcoach initiative"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("initiative", "check", "nobody"), "no initiative nobody"),
        (("rescore", "--initiative", "nobody"), "No initiative nobody"),
        (("rescore", "--version", "abcd1234"), "Name it with --initiative"),
        (("initiative", "compare", "rush", "ffffffff"), "ffffffff is no version of rush"),
    ],
)
def test_what_cannot_be_done_says_what_can(arguments: tuple[str, ...], sentence: str, folder: Path) -> None:
    (folder / "rubrics").mkdir()
    (folder / "rubrics" / "rush.yaml").write_text(FILLED, encoding="utf-8")
    assert sentence in str(refusal(*arguments))
