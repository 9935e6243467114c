from pathlib import Path

import pytest

from callcoach.bench.material import Material, Recording, gather, spread
from callcoach.bench.speakers import Span
from callcoach.errors import BadInput
from callcoach.intake.transcripts import read_transcript

TRANSCRIPT = '{"turns": [{"speaker": "rep", "text": "Hello."}, {"speaker": "customer", "text": "Hello."}]}'
LEADER = '{"turns": [{"speaker": "leader", "text": "Team, hear me."}]}'
RTTM = "SPEAKER call 1 0.50 2.25 <NA> <NA> agent <NA> <NA>\n\nSPEAKER call 1 3 1 <NA> <NA> caller <NA> <NA>\n"


def folder_of(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def found(folder: Path) -> Material:
    return gather(folder, read_transcript, endings=(".wav", ".ogg"))


def test_a_recording_has_what_is_beside_it(tmp_path: Path) -> None:
    folder_of(tmp_path, a__wav="", a__json=TRANSCRIPT, b__ogg="", b__rttm=RTTM, c__wav="", notes__txt="", d__json=TRANSCRIPT)
    a, b, c = found(tmp_path).recordings
    assert a.reference is not None and [turn.speaker for turn in a.reference.turns] == ["rep", "customer"]
    assert a.language == "en"
    assert b.spans == (Span(speaker="agent", start=0.5, end=2.75), Span(speaker="caller", start=3, end=4))
    assert (c.name, c.reference, c.spans, c.language) == ("c", None, (), None)


def test_what_cannot_be_used_is_named_and_the_recording_counts_for_speed(tmp_path: Path) -> None:
    folder_of(
        tmp_path,
        # JSON of somebody else, a broken reference, broken RTTM, two of one name
        a__wav="",
        a__json='{"name": "a"}',
        b__wav="",
        b__json='{"turns": [',
        c__wav="",
        c__rttm="SPEAKER call 1 0.5",
        d__ogg="",
        d__wav="",
    )
    material = found(tmp_path)
    assert [recording.audio.name for recording in material.recordings] == ["a.wav", "b.wav", "c.wav", "d.ogg"]
    assert not any(recording.reference or recording.spans for recording in material.recordings)
    for problem, name in zip(material.problems, ("a.json", "b.json", "c.rttm", "d.wav"), strict=True):
        assert name in problem
    assert "line 1" in material.problems[2] and "d.ogg" in material.problems[3]


def test_a_leaders_recording_is_no_call(tmp_path: Path) -> None:
    folder_of(tmp_path, a__wav="", a__json=TRANSCRIPT, b__wav="", b__json=LEADER)
    assert [recording.name for recording in found(tmp_path).recordings] == ["a"]


def test_references_may_lie_elsewhere_under_another_ending(tmp_path: Path) -> None:
    elsewhere = tmp_path / "reference"
    elsewhere.mkdir()
    folder_of(tmp_path, a__wav="")
    folder_of(elsewhere, a__transcript__json=TRANSCRIPT)
    material = gather(tmp_path, read_transcript, endings=(".wav",), references=elsewhere, reference_ending=".transcript.json")
    assert material.recordings[0].reference is not None


def test_no_folder_and_no_recording_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        found(tmp_path / "nowhere")
    with pytest.raises(BadInput, match="holds no recording"):
        found(folder_of(tmp_path, a__json=TRANSCRIPT))


def test_long_material_is_thinned_evenly_and_never_to_nothing() -> None:
    recordings = [(Recording(name=str(number), audio=Path(f"{number}.wav")), 60.0) for number in range(10)]
    assert [one.name for one in spread(recordings, 600)] == [str(number) for number in range(10)]
    assert [one.name for one in spread(recordings, 200)] == ["0", "3", "6", "9"]
    assert [one.name for one in spread(recordings, 1)] == ["0"]
    assert spread([], 600) == ()
