import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from speech_recordings import encoded, write

from callcoach.domain.call import RoleFinding, RoleSource, Transcript
from callcoach.errors import BadAudio
from callcoach.speech.audio import decode
from callcoach.speech.diarize import Diarizer
from callcoach.speech.transcriber import Transcriber
from callcoach.weights.locate import locate

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_calls"
PUBLIC = ROOT.parent / "shared" / "data" / "audio"
slow = pytest.mark.slow
needs_public_data = pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public recordings are not beside this checkout")


@cache
def transcriber() -> Transcriber:
    return Transcriber(locate("whisper-base"), Diarizer(locate("voices")))


def heard(path: Path, **asked: Any) -> Transcript:
    return transcriber().transcribe(path, call_id=path.stem, **asked).transcript


@cache
def wrong_number() -> Transcript:
    return heard(SAMPLES / "audio" / "wren-21.ogg", rep_channel=0)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def word_errors(reference: str, heard: str) -> float:
    import jiwer

    return float(jiwer.wer(" ".join(words_of(reference)), " ".join(words_of(heard))))


@slow
def test_a_call_is_heard_turn_by_turn_with_each_party_on_its_channel() -> None:
    call = wrong_number()
    reference = json.loads((SAMPLES / "reference" / "wren-21.transcript.json").read_text())
    assert call.language == "en" and call.duration == pytest.approx(reference["duration"], abs=0.5)
    assert [turn.speaker for turn in call.turns] == [turn["speaker"] for turn in reference["turns"]]
    for turn, true in zip(call.turns, reference["turns"], strict=True):
        assert turn.start == pytest.approx(true["start"], abs=0.6) and turn.end == pytest.approx(true["end"], abs=1.0)
    said, meant = (" ".join(text) for text in ((t.text for t in call.turns), (t["text"] for t in reference["turns"])))
    # numbers apart (4417 for four-four-one-seven) hardly a word is lost
    assert word_errors(meant, said) < 0.2


@slow
def test_a_window_that_whisper_ends_early_is_heard_again() -> None:
    # at the end of this call Whisper stops at "Well see, ..." and leaves four of the rep's turns out
    call = heard(SAMPLES / "audio" / "wren-05.ogg", rep_channel=0)
    assert call.turns[-1].speaker == "rep" and "Tuesday" in call.turns[-1].text
    assert any("every month" in turn.text for turn in call.turns)


@slow
def test_text_is_its_words_joined_and_times_run_forward() -> None:
    for turn in wrong_number().turns:
        assert turn.text == " ".join(word.text for word in turn.words)
        assert turn.start == turn.words[0].start
        for word, following in zip(turn.words, turn.words[1:], strict=False):
            assert word.start <= word.end and word.start <= following.start


@slow
def test_the_same_recording_gives_the_same_transcript_on_one_core_and_on_two() -> None:
    alone = Transcriber(locate("whisper-base"), Diarizer(locate("voices")), threads=1)
    assert alone.transcribe(SAMPLES / "audio" / "wren-21.ogg", call_id="wren-21", rep_channel=0).transcript == wrong_number()


@slow
def test_the_rep_may_be_on_the_right_channel_or_on_one_nobody_names() -> None:
    recording = SAMPLES / "audio" / "wren-21.ogg"
    labels = [turn.speaker for turn in wrong_number().turns]
    swapped, unnamed = heard(recording, rep_channel=1), heard(recording)
    assert [turn.speaker for turn in swapped.turns] == [{"rep": "customer", "customer": "rep"}[label] for label in labels]
    assert [turn.speaker for turn in unnamed.turns] == [{"rep": "unknown", "customer": "unknown2"}[label] for label in labels]
    assert wrong_number().roles == RoleFinding(source=RoleSource.GIVEN) and unnamed.roles is None


@slow
def test_two_people_in_one_channel_are_told_apart(tmp_path: Path) -> None:
    sound = decode(SAMPLES / "audio" / "wren-14.ogg", max_seconds=600, max_bytes=10**8).samples
    path = write(tmp_path / "mono.wav", encoded(sound.mean(axis=0, keepdims=True)[:, ::2], container="wav", codec="pcm_s16le"))
    told = {turn.speaker: turn.speaker for turn in heard(path).turns}
    assert set(told) == {"unknown", "unknown2"}
    apart = heard(SAMPLES / "audio" / "wren-14.ogg")
    for label in told:
        said, meant = (" ".join(turn.text for turn in call.turns if turn.speaker == label) for call in (heard(path), apart))
        assert word_errors(meant, said) < 0.1


@slow
def test_a_leader_has_all_the_turns_of_a_recording() -> None:
    huddle = heard(SAMPLES / "audio" / "huddle-ridge.ogg", leader=True)
    reference = json.loads((SAMPLES / "reference" / "huddle-ridge.transcript.json").read_text())
    assert {turn.speaker for turn in huddle.turns} == {"leader"}
    assert word_errors(" ".join(t["text"] for t in reference["turns"]), " ".join(t.text for t in huddle.turns)) < 0.15


@slow
@pytest.mark.parametrize("loudness", [0.0, 0.003, 0.05])
def test_nothing_is_heard_in_silence_line_noise_or_loud_noise(tmp_path: Path, loudness: float) -> None:
    noise = np.random.default_rng(3).normal(0, 1, (2, 8_000 * 40)).astype(np.float32) * loudness
    path = write(tmp_path / "hold.wav", encoded(noise, container="wav", codec="pcm_s16le"))
    call = heard(path)
    assert call.turns == () and call.duration == pytest.approx(40)


@slow
def test_ringing_and_hold_music_are_not_words_and_have_no_language(tmp_path: Path) -> None:
    times = np.arange(8_000 * 30) / 8_000
    ringing = 0.2 * (np.sin(2 * np.pi * 440 * times) + np.sin(2 * np.pi * 480 * times)) * (times % 6 < 2)
    notes = np.array([262, 330, 392, 523, 392, 330])[(times * 2).astype(int) % 6]
    music = sum(0.15 / k * np.sin(2 * np.pi * k * notes * times) * np.exp(-2 * (times * 2 % 1)) for k in (1, 2, 3))
    both = np.stack([ringing, music]).astype(np.float32)
    path = write(tmp_path / "hold.wav", encoded(both, container="wav", codec="pcm_mulaw"))
    call = heard(path)
    assert call.turns == () and call.language is None


@slow
@needs_public_data
def test_two_readers_on_two_channels_are_kept_apart() -> None:
    expected = json.loads((PUBLIC / "references.json").read_text())["stereo_diarization.wav"]
    call = heard(PUBLIC / "stereo_diarization.wav", rep_channel=0)
    for speaker, side in (("rep", "left"), ("customer", "right")):
        assert word_errors(expected[side], " ".join(turn.text for turn in call.turns if turn.speaker == speaker)) < 0.1


@slow
@needs_public_data
def test_one_microphone_stored_in_both_channels_is_one_channel() -> None:
    call = heard(PUBLIC / "jfk.flac")
    assert {turn.speaker for turn in call.turns} == {"unknown"}
    assert word_errors(json.loads((PUBLIC / "references.json").read_text())["jfk.flac"], call.turns[0].text) < 0.1


def test_a_channel_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", encoded(np.zeros((2, 800), dtype=np.float32), container="wav", codec="pcm_s16le"))
    with pytest.raises(BadAudio, match="rep_channel is 2, but the recording has 2 channels"):
        Transcriber(tmp_path, Diarizer(tmp_path)).transcribe(path, call_id="x", rep_channel=2)


def test_the_fingerprint_changes_with_the_weights_and_with_nothing_else(tmp_path: Path) -> None:
    voices = Diarizer(tmp_path, model_fingerprint="voices")
    (tmp_path / "model.bin").write_bytes(b"one")
    name = Transcriber(tmp_path, voices).fingerprint
    assert Transcriber(tmp_path, voices, threads=7, device="cpu").fingerprint == name
    assert Transcriber(tmp_path, Diarizer(tmp_path, model_fingerprint="others")).fingerprint != name
    (tmp_path / "model.bin").write_bytes(b"two")
    assert Transcriber(tmp_path, voices).fingerprint != name
