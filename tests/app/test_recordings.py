"""Which file is played for a call, and how its sound is drawn."""

import wave
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from kept_call import EVERYBODY, RIDGE, keep_call, opened, tone

from callcoach.app.recordings import drawn, lanes, playable
from callcoach.app.workspace import Workspace
from callcoach.speech.peaks import PeaksWriter, read_peaks
from callcoach.testing import make_call

CALL = make_call("rep 0:00 one two three four five six seven / customer 0:04 one two three four five six seven")


def peaks_of(left: np.ndarray, right: np.ndarray | None = None) -> bytes:
    file = BytesIO()
    writer = PeaksWriter(file, 1 if right is None else 2)
    writer.add(np.stack([left] if right is None else [left, right]).astype(np.float32))
    writer.finish()
    return file.getvalue()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opening = opened(tmp_path / "home")
    yield opening
    opening.store.close()


def test_a_plain_recording_is_played_as_it_is(workspace: Workspace, tmp_path: Path) -> None:
    recording = tone(tmp_path / "call.wav", seconds=1)
    keep_call(workspace, recording=recording)
    found = playable(workspace, EVERYBODY, "call-1")
    assert found is not None and (found.path, found.media_type) == (recording, "audio/wav")
    assert playable(workspace, RIDGE, "call-1") is None


def test_another_file_under_the_same_name_is_not_played(workspace: Workspace, tmp_path: Path) -> None:
    recording = tone(tmp_path / "call.wav", seconds=1)
    keep_call(workspace, recording=recording)
    tone(recording, seconds=2)
    assert playable(workspace, EVERYBODY, "call-1") is None


def test_what_browsers_do_not_play_is_decoded_once_and_kept(workspace: Workspace, tmp_path: Path) -> None:
    recording = tone(tmp_path / "call.wav", seconds=1)
    # mu-law, one byte a sample, as telephone systems write it
    header = b"RIFF" + (8_000 + 36).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    header += (7).to_bytes(2, "little") + (1).to_bytes(2, "little") + (8000).to_bytes(4, "little") * 2
    header += (1).to_bytes(2, "little") + (8).to_bytes(2, "little") + b"data" + (8000).to_bytes(4, "little")
    recording.write_bytes(header + bytes(range(250)) * 32)
    keep_call(workspace, recording=recording)
    found = playable(workspace, EVERYBODY, "call-1")
    assert found is not None and found.media_type == "audio/wav"
    assert found.path.is_relative_to(workspace.settings.home / "cache" / "audio")
    with wave.open(str(found.path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (16_000, 2, 1)
        assert file.getnframes() == 16_000
    made = found.path.stat().st_mtime_ns
    again = playable(workspace, EVERYBODY, "call-1")
    assert again is not None and again.path.stat().st_mtime_ns == made
    assert [each.suffix for each in found.path.parent.iterdir()] == [".wav"]


def test_a_browser_that_fails_gets_any_recording_as_wav(workspace: Workspace, tmp_path: Path) -> None:
    keep_call(workspace, recording=tone(tmp_path / "call.wav", seconds=1))
    found = playable(workspace, EVERYBODY, "call-1", as_wav=True)
    assert found is not None and found.tag.endswith("-wav")


def test_each_side_on_a_channel_of_its_own_is_drawn_by_channel_whichever_it_is() -> None:
    speaks = np.repeat([1.0, 0.0], 4 * 16_000)
    for first, second in ((speaks, 1 - speaks), (1 - speaks, speaks)):
        rep, customer = drawn(read_peaks(peaks_of(first, second)), CALL).lanes
        assert (rep.role, customer.role) == ("rep", "customer")
        assert rep.points[10] == 100 and rep.points[-10] == 0 and customer.points[-10] == 100


def test_a_mono_recording_is_drawn_by_who_speaks() -> None:
    found = drawn(read_peaks(peaks_of(np.ones(8 * 16_000))), CALL)
    rep, customer = found.lanes
    assert found.duration == 8.0
    assert rep.points[10] == 100 and rep.points[-20] == 0 and customer.points[10] == 0 and customer.points[90] == 100


def test_without_times_there_is_one_lane_of_nobody_in_particular() -> None:
    found = drawn(read_peaks(peaks_of(np.ones(16_000))), make_call("rep Hello. / customer Hi."))
    assert [lane.role for lane in found.lanes] == ["unknown"]
    assert [lane.role for lane in drawn(read_peaks(peaks_of(np.ones(16_000))), None).lanes] == ["unknown"]


def test_an_hour_is_drawn_in_as_many_points_as_a_screen_has() -> None:
    an_hour = replace(CALL, turns=(replace(CALL.turns[0], end=1_800.0), replace(CALL.turns[1], start=1_800.0, end=3_600.0)))
    found = drawn(read_peaks(peaks_of(np.ones(3_600 * 16_000, dtype=np.float32))), an_hour)
    assert all(1_500 < len(lane.points) <= 1_800 for lane in found.lanes)
    assert found.step * len(found.lanes[0].points) == pytest.approx(3_600, abs=3)


def test_lanes_are_for_those_who_may_hear_the_call(workspace: Workspace, tmp_path: Path) -> None:
    keep_call(workspace, recording=tone(tmp_path / "call.wav", seconds=1), peaks=peaks_of(np.ones(16_000)))
    assert lanes(workspace, EVERYBODY, "call-1") is not None
    assert lanes(workspace, RIDGE, "call-1") is None
