"""The company that is invented for benches is read as any other, poison is found in it, and figures become words."""

from pathlib import Path

import msgspec
import pytest

from callcoach.app.bench_transcripts import TranscriptPlan, bench_json, bench_transcripts
from callcoach.app.invented_company import POISON, poison_in, write_company
from callcoach.app.progress import Silent
from callcoach.bench.page import filled
from callcoach.bench.transcripts import TranscriptBench, transcript_lines
from callcoach.errors import BadInput, BadTranscript
from callcoach.intake.calls import read_call_folder
from callcoach.intake.rubrics import read_rubrics
from callcoach.intake.transcripts import read_transcript
from callcoach.settings import Settings
from callcoach.training.corpus import read_corpus
from callcoach.weights.locate import models_folder

MODELS = models_folder()
CORPUS = MODELS / "corpus"
INITIATIVES = ("quiet-house", "open-block")


def invented(folder: Path, n: int, **how: object) -> Path:
    initiatives = [read_corpus(CORPUS / name).initiatives[0] for name in INITIATIVES]
    write_company(folder, n, initiatives, [call for each in initiatives for call in each.calls if call.base_id is None], **how)
    return folder


def test_an_invented_company_is_read_without_a_problem(tmp_path: Path) -> None:
    found = read_call_folder(invented(tmp_path / "company", 40) / "calls")
    assert (len(found.calls), found.problems) == (40, ())
    assert len({call.rep_id for call in found.calls}) == 5
    assert {each.id for each in read_rubrics(tmp_path / "company" / "rubrics").initiatives} == set(INITIATIVES)


def test_as_many_turns_as_wanted_have_a_word_that_no_other_call_has(tmp_path: Path) -> None:
    for share, name in ((0.0, "none"), (0.2, "some"), (1.0, "all")):
        folder = invented(tmp_path / name, 60, new_words=share) / "calls"
        said = [read_transcript(file, call_id=file.stem) for file in sorted(folder.glob("*.json"))]
        new = [turn.text.endswith(f" x{number}") for number, transcript in enumerate(said) for turn in transcript.turns]
        assert sum(new) / len(new) == pytest.approx(share, abs=0.03)


def test_poison_is_in_the_calls_it_was_put_into(tmp_path: Path) -> None:
    folder = invented(tmp_path / "company", 6, poison=dict(enumerate(POISON, start=1))) / "calls"
    with pytest.raises(BadTranscript):
        read_transcript(folder / "call-00001.json", call_id="call-00001")
    found = [poison_in(read_transcript(folder / f"call-{number:05d}.json", call_id="c")) for number in (0, 2, 3, 4, 5)]
    assert found == [None, "dies", "grows", "hangs", None]


def test_the_figures_that_ship_stand_on_the_page() -> None:
    page = MODELS.parent / "docs" / "operations.md"
    assert filled(page.read_text(encoding="utf-8"), page.parent) == page.read_text(encoding="utf-8")


def test_a_file_of_something_else_is_refused_with_the_command(tmp_path: Path) -> None:
    for name, bench in (("crash", "crash"), ("transcript", "transcripts")):
        (tmp_path / f"{name}.json").write_text("{}")
        with pytest.raises(BadInput, match=rf"no result of callcoach bench {bench} .* Write it anew with --json"):
            filled(f"<!-- figures of {name}.json -->\n<!-- end of figures -->", tmp_path)


@pytest.mark.slow
def test_a_small_night_is_measured_with_its_workers() -> None:
    found = bench_transcripts(Settings(workers=1), CORPUS, TranscriptPlan(calls=10, texts=3), Silent())
    assert (found.calls, found.texts, found.judged, found.database) == (10, 3, 20, "sqlite")
    assert 0 < found.took.by_stage["judge"] <= found.took.seconds and found.took.cpu_seconds > 1
    assert found.memory[-1].share == 1.0 and found.memory[-1].all_mb > found.memory[-1].own_mb > 50
    assert msgspec.json.decode(bench_json(found), type=TranscriptBench) == found
    assert any("calls per hour" in line for line in transcript_lines(found))
