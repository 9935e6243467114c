"""Drops that are divided by day: each call by itself, with what lies beside it, and none lost without a word."""

from pathlib import Path

import pytest

from callcoach.intake.calls import CallFolder, Reading, read_call_folder

WORDS = "Rep: Half of those who ring out never ring again.\nCustomer: What would that do for me?\n"


def found_in(root: Path, files: dict[str, str]) -> CallFolder:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return read_call_folder(root, Reading(deep=True))


@pytest.mark.parametrize(
    "files",
    [
        {"20/001.wav": "RIFF", "21/001.wav": "RIFF one"},
        # transcripts alone were taken for one call's in two forms
        {"20/001.txt": WORDS, "21/001.txt": WORDS + WORDS},
        {"20/001.txt": WORDS, "21/001.json": '[{"speaker": "rep", "start": 0, "end": 4, "text": "Good morning."}]'},
    ],
)
def test_of_two_calls_of_one_name_one_is_used_and_the_other_a_problem(tmp_path: Path, files: dict[str, str]) -> None:
    found = found_in(tmp_path, files)
    (call,) = found.calls
    used = call.audio_path or call.transcript_path
    assert call.call_id == "001" and used is not None and used.startswith("20/")
    (problem,) = found.problems
    assert f"another call is named 001 already ({used})" in problem.sentence


def test_a_row_for_one_of_them_takes_nothing_from_the_other(tmp_path: Path) -> None:
    rows = "call_id,audio_path\nfirst,20/001.wav\n"
    found = found_in(tmp_path, {"manifest.csv": rows, "20/001.wav": "RIFF", "21/001.wav": "RIFF one"})
    assert {call.call_id: call.audio_path for call in found.calls} == {"first": "20/001.wav", "001": "21/001.wav"}


def test_a_sidecar_is_that_of_the_call_in_its_folder(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        {"20/audio/001.wav": "RIFF", "21/audio/001.wav": "RIFF one", "21/001.yaml": "call_id: second\nrep_id: R02\n"},
    )
    assert {call.call_id: call.rep_id for call in found.calls} == {"001": None, "second": "R02"} and found.problems == ()


def test_what_goes_by_the_name_of_a_single_call_is_its_own_wherever_it_lies(tmp_path: Path) -> None:
    found = found_in(tmp_path, {"sound/001.wav": "RIFF", "words/001.txt": WORDS, "facts/001.json": '{"rep_id": "R03"}'})
    ((call_id, rep_id),) = [(call.call_id, call.rep_id) for call in found.calls]
    assert (call_id, rep_id) == ("001", "R03") and found.problems == ()
