from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcoach.domain.story import Component
from callcoach.errors import BadRubric
from callcoach.intake.rubrics import read_initiative, read_rubrics

RENEWALS = """\
id: safe-renewal
name: Safe Renewal
launched: 2026-10-05
value_story:
  wall: >
    We asked 96 customers who left.
    Price came fourth.
  hammer: One person renews with them.
  part: Ask what they had to explain twice.
"""

EVERYTHING = (
    RENEWALS
    + """\
company: Wrenfield
industry: telecom
type: offer
owner: M01
priority: 2
growth_driver: brand
ended: 2026-12-31
language: en
terms: [safe renewal, renewal desk]
script: |
  First line.
  Second line.
compliance: Prices may change.
compliance_when: whenever a price is named
facts:
  - no charge
glossary:
  - {term: Safe Renewal, heard_as: [save renewal]}
readiness:
  announced: 2026-09-01
  training:
    - {date: 2026-09-15, format: workshop, minutes: 60}
  materials_ready: 2026-09-14
  field_ready: 2026-10-01
  market_awareness_start: 2026-10-12
previous_story:
  until: 2026-09-30
  wall: Renewals are slow.
  hammer: A discount.
  why_changed: Nobody left for the price.
"""
)


def written(folder: Path, text: str, name: str = "renewals.yaml") -> Path:
    rubrics = folder / "rubrics"
    rubrics.mkdir(exist_ok=True)
    (rubrics / name).write_text(text, encoding="utf-8")
    return rubrics / name


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(BadRubric) as raised:
        read_initiative(written(folder, text))
    return str(raised.value)


def test_a_complete_story_is_read(tmp_path: Path) -> None:
    initiative = read_initiative(written(tmp_path, EVERYTHING))

    assert initiative.story.of(Component.WALL) == "We asked 96 customers who left. Price came fourth."
    assert initiative.launched == date(2026, 10, 5)
    assert initiative.ended == date(2026, 12, 31)
    assert initiative.terms == ("safe renewal", "renewal desk")
    assert initiative.script == "First line.\nSecond line."
    assert initiative.glossary[0].heard_as == ("save renewal",)
    assert initiative.readiness.training[0].minutes == 60
    assert initiative.previous_story is not None
    assert initiative.previous_story.why_changed == "Nobody left for the price."
    assert (initiative.owner, initiative.priority, initiative.growth_driver) == ("M01", 2, "brand")


def test_comments_and_layout_do_not_make_another_version(tmp_path: Path) -> None:
    plain = read_initiative(written(tmp_path, RENEWALS))
    relaid = RENEWALS.replace(
        "wall: >\n    We asked 96 customers who left.\n    Price came fourth.",
        '"wall": We asked 96 customers who left. Price came fourth.',
    )

    assert read_initiative(written(tmp_path, "# a comment\n" + relaid)).version == plain.version


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("wall", "value_story has no wall. Say what problem the customers or the company face, and how you know."),
        ("hammer", "value_story has no hammer. Say what the company does about the wall: the offer, product or message."),
        (
            "part",
            "value_story has no part. Say how the rep positions it, why it is important and why it matters to this customer.",
        ),
    ],
)
def test_a_story_without_a_component_is_refused(tmp_path: Path, field: str, sentence: str) -> None:
    story = {"wall": "w", "hammer": "h", "part": "p"}
    del story[field]
    lines = "".join(f"  {key}: {value}\n" for key, value in story.items())
    head = RENEWALS.split("value_story")[0]

    assert complaint(tmp_path, f"{head}value_story:\n{lines}") == f"rubrics/renewals.yaml: {sentence}"


@pytest.mark.parametrize("empty", ["", " ''", ' "  "', " ~", " >\n\n"])
def test_an_empty_wall_is_no_wall(tmp_path: Path, empty: str) -> None:
    text = RENEWALS.split("  wall")[0] + f"  wall:{empty}\n  hammer: h\n  part: p\n"

    assert complaint(tmp_path, text).startswith("rubrics/renewals.yaml line 5: value_story has no wall. Say what problem")


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        # what is missing
        ("id: safe-renewal\n", "", ": the file has no id. Write a short name"),
        ("name: Safe Renewal\n", "", ": the file has no name. Write the name that customers hear."),
        ("launched: 2026-10-05\n", "", ": the file has no launched. Write the first day"),
        ("name: Safe Renewal", "name:", " line 2: the file has no name."),
        # dates
        ("2026-10-05", "05.10.2026", " line 3: launched is '05.10.2026', which is not a day. Write it like 2026-10-05."),
        ("2026-10-05", "2026-02-30", " line 3: launched is '2026-02-30', which is not a day."),
        ("2026-10-05", "2026", " line 3: launched is 2026, which is not a day."),
        ("2026-10-05\n", "2026-10-05\nended: 2026-01-01\n", " line 4: ended is before launched."),
        # unknown keys
        ("launched:", "lanched: 1\nlaunched:", " line 3: lanched is not a field callcoach knows. Did you mean launched?"),
        ("  wall", "  hamer: x\n  wall", " line 5: value_story.hamer is not a field callcoach knows. Did you mean hammer?"),
        ("launched:", "zzz: 1\nlaunched:", " line 3: zzz is not a field callcoach knows. Known here: id, name,"),
        # values
        ("safe-renewal", "Safe_Renewal", " line 1: id is 'Safe_Renewal'. Write it in lower case letters"),
        ("safe-renewal", "safe--renewal", " line 1: id is 'safe--renewal'."),
        ("launched:", "growth_driver: growth\nlaunched:", " line 3: growth_driver is 'growth'. It is one of customers,"),
        ("launched:", "priority: 0\nlaunched:", " line 3: priority is 0. It is 1 or more."),
        ("launched:", "priority: high\nlaunched:", " line 3: priority is 'high', not a whole number."),
        ("launched:", "terms: one\nlaunched:", " line 3: terms is 'one', not a list."),
        ("launched:", "script: [a]\nlaunched:", " line 3: script is ['a'], not a text."),
        ("launched:", "language: English\nlaunched:", " line 3: language is 'English'. Write the two letters"),
        ("name: Safe Renewal", "name: 2026", " line 2: name is 2026, not a text. Put it in quotes."),
        ("launched:", "glossary: [{heard_as: [a]}]\nlaunched:", ": glossary[1] has no term."),
        ("launched:", "readiness: {training: [{date: soon, format: x, minutes: 1}]}\nlaunched:", "training[1].date is 'soon'"),
        # not YAML, or too clever
        ("name: Safe", "name: x: Safe", " line 2: Mapping values are not allowed here."),
        ("name: Safe Renewal", "name: A\nname: B", " line 3: Found duplicate key"),
        ("name: Safe Renewal", 'name: !!python/object/apply:os.system ["true"]', " line 2: name is ['true'], not a text."),
        (RENEWALS, "", ": there are no fields in it."),
        (RENEWALS, "just words\n", ": there are no fields in it."),
        (RENEWALS, "[" * 700, ": this is not YAML"),
        (RENEWALS, "\0", ": this is not a text file."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_line_and_next_step(tmp_path: Path, was: str, becomes: str, expected: str) -> None:
    assert was in RENEWALS

    sentence = complaint(tmp_path, RENEWALS.replace(was, becomes, 1))

    assert sentence.startswith("rubrics/renewals.yaml")
    assert expected in sentence


def test_an_alias_bomb_is_refused_quickly(tmp_path: Path) -> None:
    levels = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    levels += [f"{b}: &{b} [{','.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]

    assert "more than 50000 values" in complaint(tmp_path, "\n".join(levels))


@given(
    text=st.text(st.characters(codec="utf-8"), max_size=80)
    | st.text(st.sampled_from("id:{}[]&*!|>-'\"\n #,wal%@`~<0e."), max_size=60)
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_refused_in_sentences(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(BadRubric, match=r"x\.yaml"):
        read_initiative(tmp_path / "x.yaml")


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    written(tmp_path, RENEWALS)
    written(tmp_path, RENEWALS.replace("safe-renewal", "another"), "another.yml")
    written(tmp_path, "id: broken\n", "broken.yaml")
    folder = written(tmp_path, "not a rubric", "notes.txt").parent

    rubrics = read_rubrics(folder)

    assert [initiative.id for initiative in rubrics.initiatives] == ["another", "safe-renewal"]
    assert [problem.call_id for problem in rubrics.problems] == ["broken.yaml"]


def test_of_two_files_with_one_id_the_second_is_left_out_and_named(tmp_path: Path) -> None:
    written(tmp_path, RENEWALS, "a.yaml")
    folder = written(tmp_path, RENEWALS.replace("Safe Renewal", "Other"), "b.yaml").parent

    rubrics = read_rubrics(folder)

    assert [initiative.name for initiative in rubrics.initiatives] == ["Safe Renewal"]
    assert rubrics.problems[0].sentence.startswith("rubrics/b.yaml: id safe-renewal is taken by a.yaml in the same language.")


def test_one_story_may_be_told_in_several_languages_and_the_file_that_names_none_is_the_default(tmp_path: Path) -> None:
    written(tmp_path, RENEWALS + "language: es\n", "renewals.es.yaml")
    written(tmp_path, RENEWALS + "language: fr\n", "renewals_fr.yaml")
    folder = written(tmp_path, RENEWALS, "renewals.yaml").parent

    rubrics = read_rubrics(folder)

    assert [initiative.language for initiative in rubrics.initiatives] == ["en", "es", "fr"]
    assert rubrics.problems == ()


@pytest.mark.parametrize("folder", ["gone", "empty"])
def test_a_folder_without_initiatives_says_what_to_do(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(BadRubric, match="one YAML file per initiative"):
        read_rubrics(tmp_path / folder)


def test_every_initiative_in_the_repository_is_accepted() -> None:
    root = Path(__file__).parents[2]
    paths = [*root.glob("rubrics/*.yaml"), *root.glob("models/corpus/*/initiative.yaml")]

    assert all(read_initiative(path).story.wall for path in paths)
    assert paths
