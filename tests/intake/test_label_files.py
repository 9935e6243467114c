from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcoach.domain.calibration import Label
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict
from callcoach.errors import BadInput
from callcoach.intake.labels import labels_file, read_labels, write_labels

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30).map(str.strip).map(lambda text: text or None)


@st.composite
def labels(draw: st.DrawFn) -> Label:
    verdict = draw(st.sampled_from(Verdict))
    answer = draw(st.sampled_from(Answer))
    levels = {component: draw(st.sampled_from(Level)) for component in Component}
    return Label(
        call_id=draw(st.sampled_from(["wren-01", "wren-02", "a, b", 'c "d"'])),
        initiative_id="catchback",
        person_id=draw(st.sampled_from(["E01", "M01"])),
        at=datetime(2026, 11, 16, draw(st.integers(0, 23)), tzinfo=UTC),
        version="8cc9cd05b4b2d4a7",
        verdict=verdict,
        levels={} if verdict is Verdict.NOT_ASSESSED else levels,
        asked_why=answer is not Answer.NOT_ASKED,
        answer=answer,
        criteria=draw(st.dictionaries(st.sampled_from(["count", "proof"]), st.sampled_from([True, False, None]), max_size=2)),
        quote=draw(TEXT),
        note=draw(TEXT),
        round_id=draw(st.sampled_from([None, "catchback-1"])),
    )


@given(st.lists(labels(), max_size=6))
def test_labels_survive_the_file_whatever_people_write(tmp_path_factory: pytest.TempPathFactory, made: list[Label]) -> None:
    path = tmp_path_factory.mktemp("labels") / "catchback.csv"
    path.write_text(write_labels(made), encoding="utf-8")

    read = read_labels(path)
    assert sorted(map(body, read)) == sorted(map(body, made))
    assert write_labels(read) == path.read_text(encoding="utf-8")


def body(label: Label) -> bytes:
    return msgspec.json.encode(label, order="deterministic")


def test_a_note_is_never_a_formula(tmp_path: Path) -> None:
    (tmp_path / "catchback.csv").write_text(
        "call_id,person,at,verdict,wall,hammer,part,asked_why,answer,version,note\n"
        "c1,E01,2026-11-16T09:00,recites,1,1,1,no,na,v1,=2+5\n"
    )
    (label,) = read_labels(tmp_path / "catchback.csv")

    assert label.note == "=2+5" and label.at.tzinfo is UTC and label.round_id is None
    assert ",'=2+5\n" in write_labels([label])


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("c1,E01,2026-11-16,recited,1,1,1,no,na,v1", 'line 2: verdict is "recited". Write one of explains, partial'),
        ("c1,E01,2026-11-16,recites,3,1,1,no,na,v1", 'wall is "3". Write one of 0, 1, 2.'),
        ("c1,E01,2026-11-16,recites,1,1,1,yes,na,v1", "asked_why is yes and the answer na"),
        ("c1,,2026-11-16,recites,1,1,1,no,na,v1", "person is empty"),
        ("c1,E01,yesterday,recites,1,1,1,no,na,v1", 'at is "yesterday"'),
    ],
)
def test_a_wrong_cell_is_named_with_its_line_and_what_to_write(tmp_path: Path, row: str, sentence: str) -> None:
    path = tmp_path / "catchback.csv"
    path.write_text(f"call_id,person,at,verdict,wall,hammer,part,asked_why,answer,version\n{row}\n")
    with pytest.raises(BadInput) as raised:
        read_labels(path)
    assert sentence in str(raised.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "catchback.csv").write_text("call_id,person\nc1,E01\n")
    with pytest.raises(BadInput, match="the column at is missing"):
        read_labels(tmp_path / "catchback.csv")


def test_labels_lie_beside_the_rubrics() -> None:
    assert labels_file(Path("rubrics"), "safeseat") == Path("rubrics/labels/safeseat.csv")


def test_an_answer_to_a_criterion_that_is_none_is_named_and_not_taken_for_unclear(tmp_path: Path) -> None:
    path = tmp_path / "catchback.csv"
    head = "call_id,person,at,verdict,wall,hammer,part,asked_why,answer,version,criterion:count\n"
    row = "c1,E01,2026-11-16T09:00,recites,1,1,1,no,na,v1,"
    path.write_text(f"{head}{row}unclear\n")
    assert read_labels(path)[0].criteria == {"count": None}
    path.write_text(f"{head}{row}Yes\n")
    with pytest.raises(BadInput, match=r'line 2: criterion:count is "Yes"\. Write one of yes, no, unclear'):
        read_labels(path)
