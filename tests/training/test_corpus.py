from pathlib import Path

import pytest

from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.errors import BadCorpus
from callcoach.training.corpus import read_corpus

SHIPPED = Path(__file__).parents[2] / "models" / "corpus"

INITIATIVE = """\
id: spare-line
name: Spare Line
company: Testing Telecom
industry: telecom
growth_driver: customers
launched: 2026-10-05
terms: [spare line]
value_story:
  wall: An outage closes a shop's till.
  hammer: We put in a second line that takes over.
  part: Ask what the last outage cost them.
script: |
  Nobody likes an outage.
facts:
  - "price: 30 dollars"
"""

CALLS = """\
=== spare-line-01 rep=R02 date=2026-10-14 minutes=6 outcome=lost
--- verdict=recites wall=1 hammer=1 part=0 asked_why=yes answer=deflects offer_hunting=no feature_dump=yes diagnosed_first=no
--- why: reads it out
R: Nobody likes an outage. {recite,wall}
C: What would I want that for? {ask, need}
C2: Who is it?
R: It's thirty dollars. {hammer,answer}
"""

TWINS = """\
=== spare-line-01b from=spare-line-01 outcome=open
--- verdict=explains wall=2 hammer=1 part=2 asked_why=yes answer=full offer_hunting=no feature_dump=no diagnosed_first=no
--- why: she ties it to the till
@0 R: Your till stood still in May. {wall}
@2 -
@3+ R: So you go on selling. {part,answer}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    initiative = tmp_path / "spare-line"
    initiative.mkdir()
    (initiative / "initiative.yaml").write_text(INITIATIVE)
    (initiative / "calls.txt").write_text(CALLS)
    (initiative / "twins.txt").write_text(TWINS)
    (tmp_path / "WRITERS.yaml").write_text("spare-line: w3\n")
    return tmp_path


def test_a_call_is_read_with_its_labels_and_tags(folder: Path) -> None:
    (labelled,) = read_corpus(folder).initiatives
    call = labelled.calls[0]
    assert labelled.initiative.story.wall == "An outage closes a shop's till."
    assert labelled.initiative.facts == ("price: 30 dollars",)
    assert (call.call_id, call.base_id, call.initiative_id, call.writer, call.rep) == (
        "spare-line-01",
        None,
        "spare-line",
        "w3",
        "R02",
    )
    assert [turn.speaker for turn in call.transcript.turns] == ["rep", "customer", "customer2", "rep"]
    assert call.transcript.turns[1].text == "What would I want that for?"
    assert call.transcript.turns[0].start is None
    assert call.tags == ({Act.RECITE, Act.WALL}, {Act.ASK, Act.NEED}, frozenset(), {Act.HAMMER, Act.ANSWER})
    assert call.labels.verdict is Verdict.RECITES
    assert call.labels.levels == {
        Component.WALL: Level.MENTIONED,
        Component.HAMMER: Level.MENTIONED,
        Component.PART: Level.ABSENT,
    }
    assert call.labels.asked_why is True
    assert call.labels.answer is Answer.DEFLECTS
    assert (call.labels.behaviours.feature_dump, call.labels.behaviours.diagnosed_first) == (True, False)
    assert call.labels.rationale == "reads it out"


def test_a_twin_is_its_base_call_with_turns_replaced_left_out_and_put_in(folder: Path) -> None:
    twin = read_corpus(folder).calls[1]
    assert (twin.call_id, twin.base_id, twin.writer, twin.rep) == ("spare-line-01b", "spare-line-01", "w3", "R02")
    assert [turn.text for turn in twin.transcript.turns] == [
        "Your till stood still in May.",
        "What would I want that for?",
        "It's thirty dollars.",
        "So you go on selling.",
    ]
    assert twin.tags == ({Act.WALL}, {Act.ASK, Act.NEED}, {Act.HAMMER, Act.ANSWER}, {Act.PART, Act.ANSWER})
    assert twin.labels.verdict is Verdict.EXPLAINS


def test_one_initiatives_folder_is_a_corpus_of_its_own(folder: Path) -> None:
    assert read_corpus(folder / "spare-line").calls == read_corpus(folder).calls


def test_without_writers_each_initiative_is_a_writer_and_twins_may_be_missing(folder: Path) -> None:
    (folder / "WRITERS.yaml").unlink()
    (folder / "spare-line" / "twins.txt").unlink()
    (call,) = read_corpus(folder).calls
    assert call.writer == "spare-line"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "complaint"),
    [
        # a letter that is no speaker
        ("calls.txt", "R: It's thirty", "X: It's thirty", 7, "cannot read \"X: It's thirty"),
        # a customer cannot recite, nor a rep have a need
        ("calls.txt", "{ask, need}", "{ask,recite}", 5, "customer turn cannot be tagged recite"),
        ("calls.txt", "{recite,wall}", "{need,wall}", 4, "rep turn cannot be tagged need"),
        ("calls.txt", "verdict=recites", "verdict=recited", 1, "verdict=recited. Write verdict= and one of explains"),
        ("calls.txt", "verdict=recites", "verdict=not_assessed", 1, "verdict=not_assessed"),
        ("calls.txt", "wall=1", "wall=3", 1, "wall=3. Write wall= and one of 0, 1, 2"),
        ("calls.txt", "answer=deflects", "answer=ducks", 1, "answer=ducks"),
        ("calls.txt", "feature_dump=yes", "feature_dump=maybe", 1, "feature_dump=maybe. Write feature_dump= and one of yes, no"),
        ("calls.txt", " diagnosed_first=no", "", 1, "no diagnosed_first="),
        # labels and tags must tell one story
        ("calls.txt", "wall=1", "wall=0", 1, "wall=0, but a turn is tagged so"),
        ("calls.txt", "part=0", "part=1", 1, "part=1, but no turn is tagged so"),
        ("calls.txt", "asked_why=yes answer=deflects", "asked_why=no answer=na", 1, "asked_why and the `ask` tags disagree"),
        ("calls.txt", "answer=deflects", "answer=na", 1, "answer is na exactly when asked_why is no"),
        ("calls.txt", "verdict=recites", "verdict=explains", 1, "explains needs part=2 and wall above 0"),
        ("calls.txt", " rep=R02", "", 1, "names no rep"),
        ("calls.txt", "rep=R02", "rep R02", 1, '"rep" is to read name=value'),
        ("calls.txt", "=== spare-line-01 rep", "R: Hello?\n=== spare-line-01 rep", 1, "stands before the first call"),
        ("twins.txt", "from=spare-line-01", "from=spare-line-09", 1, "comes from spare-line-09, which calls.txt does not hold"),
        ("twins.txt", "@0 R:", "@9 R:", 4, "names turn 9, but spare-line-01 ends with turn 3"),
        ("twins.txt", "@0 R:", "@1 R:", 4, "turn 1 is the customer's"),
        ("twins.txt", "@2 -", "@0 -", 5, "changes turn 0 a second time"),
        ("twins.txt", "@2 -", "2 -", 5, 'cannot read "2 -"'),
        ("twins.txt", "@2 -", "@2+ -", 5, 'cannot read "-"'),
        ("twins.txt", "verdict=explains", "verdict=recites", 1, "has the verdict of its base call"),
        ("twins.txt", "spare-line-01b", "spare-line-01", 1, "is there twice"),
        ("twins.txt", "part=2", "part=1", 1, "explains needs part=2 and wall above 0"),
        ("initiative.yaml", "name: Spare Line\n", "", None, "`name` is missing or empty"),
        ("initiative.yaml", "  wall: An outage closes a shop's till.\n", "", None, "`value_story.wall` is missing"),
        ("initiative.yaml", "terms: [spare line]", "terms: spare line", None, "`terms` is to be a list of texts"),
        ("initiative.yaml", '"price: 30 dollars"', "price: 30 dollars", None, "`facts` is to be a list of texts"),
        ("initiative.yaml", "2026-10-05", "autumn", None, "`launched` is to be a day"),
        ("initiative.yaml", "terms: [spare line]", "terms: [spare line", 8, "not valid YAML"),
    ],
)
def test_each_mistake_is_named_with_file_line_and_what_to_do(
    folder: Path, file: str, old: str, new: str, line: int | None, complaint: str
) -> None:
    path = folder / "spare-line" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(BadCorpus) as caught:
        read_corpus(folder)
    place = f"{path}, line {line}: " if line else f"{path}: "
    said = [sentence for sentence in str(caught.value).splitlines() if complaint in sentence]
    assert said, str(caught.value)
    assert said[0].startswith(place)
    assert said[0].endswith((".", "..."))


def test_all_mistakes_are_named_at_once(folder: Path) -> None:
    path = folder / "spare-line" / "calls.txt"
    path.write_text(CALLS.replace("wall=1", "wall=7").replace("R: It's", "It's"))
    with pytest.raises(BadCorpus) as caught:
        read_corpus(folder)
    assert "wall=7" in str(caught.value)
    assert "line 7: cannot read" in str(caught.value)


def test_a_call_id_used_in_two_initiatives_is_refused(folder: Path) -> None:
    other = folder / "other"
    other.mkdir()
    (other / "initiative.yaml").write_text(INITIATIVE.replace("id: spare-line", "id: other"))
    (other / "calls.txt").write_text(CALLS)
    with pytest.raises(BadCorpus, match='"spare-line-01" is also used in other'):
        read_corpus(folder)


def test_a_folder_without_labelled_calls_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match="no labelled calls here"):
        read_corpus(tmp_path)
    with pytest.raises(BadCorpus, match="there is no such folder"):
        read_corpus(tmp_path / "nowhere")


def test_a_file_that_is_not_text_is_refused(folder: Path) -> None:
    (folder / "spare-line" / "calls.txt").write_bytes(b"=== \xff\xfe")
    with pytest.raises(BadCorpus, match="not UTF-8 text"):
        read_corpus(folder)


def test_the_shipped_corpus_is_read_without_a_mistake() -> None:
    corpus = read_corpus(SHIPPED)
    assert len(corpus.initiatives) == 90
    assert sum(call.base_id is None for call in corpus.calls) == 1122
    assert sum(call.base_id is not None for call in corpus.calls) == 1360
    assert len({call.writer for call in corpus.calls}) == 30
    assert {len(call.tags) == len(call.transcript.turns) for call in corpus.calls} == {True}
