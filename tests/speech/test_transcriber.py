import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from speech_recordings import encoded, write

from callcoach.domain.call import Transcript
from callcoach.domain.story import GlossaryTerm
from callcoach.errors import BadAudio
from callcoach.speech.transcriber import Transcriber
from callcoach.weights.locate import locate

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_calls"
PUBLIC = ROOT.parent / "shared" / "data" / "audio"
GLOSSARY = (
    GlossaryTerm(term="CatchBack", heard_as=("catch back", "cash back")),
    GlossaryTerm(term="Wrenfield", heard_as=("renfield", "wren field")),
)

slow = pytest.mark.slow
needs_public_data = pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public recordings are not beside this checkout")


@cache
def transcriber() -> Transcriber:
    return Transcriber(locate("whisper-base"))


@cache
def wrong_number() -> Transcript:
    return transcriber().transcribe(SAMPLES / "audio" / "wren-21.ogg", call_id="wren-21", glossary=GLOSSARY)


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
    for heard, true in zip(call.turns, reference["turns"], strict=True):
        assert heard.start == pytest.approx(true["start"], abs=0.6) and heard.end == pytest.approx(true["end"], abs=1.0)
    said, meant = (" ".join(text) for text in ((t.text for t in call.turns), (t["text"] for t in reference["turns"])))
    # numbers apart (4417 for four-four-one-seven) hardly a word is lost
    assert word_errors(meant, said) < 0.2


@slow
def test_a_window_that_whisper_ends_early_is_heard_again() -> None:
    # at the end of this call Whisper stops at "Well see, ..." and leaves four of the rep's turns out
    call = transcriber().transcribe(SAMPLES / "audio" / "wren-05.ogg", call_id="wren-05")
    assert call.turns[-1].speaker == "rep" and "Tuesday" in call.turns[-1].text
    assert any("every month" in turn.text for turn in call.turns)


@slow
def test_a_name_is_repaired_and_marked() -> None:
    rep = " ".join(turn.text for turn in wrong_number().turns if turn.speaker == "rep")
    assert "CatchBack" in rep and "Wrenfield" in rep
    assert all(word.heard != word.text for turn in wrong_number().turns for word in turn.words)


@slow
def test_text_is_its_words_joined_and_times_run_forward() -> None:
    for turn in wrong_number().turns:
        assert turn.text == " ".join(word.text for word in turn.words)
        assert turn.start == turn.words[0].start
        for word, following in zip(turn.words, turn.words[1:], strict=False):
            assert word.start <= word.end and word.start <= following.start


@slow
def test_the_same_recording_gives_the_same_transcript() -> None:
    again = Transcriber(locate("whisper-base")).transcribe(
        SAMPLES / "audio" / "wren-21.ogg", call_id="wren-21", glossary=GLOSSARY
    )
    assert again == wrong_number()


@slow
def test_the_rep_may_be_on_the_right_channel() -> None:
    swapped = transcriber().transcribe(SAMPLES / "audio" / "wren-21.ogg", call_id="wren-21", rep_channel=1, glossary=GLOSSARY)
    other = {"rep": "customer", "customer": "rep"}
    assert [turn.speaker for turn in swapped.turns] == [other[turn.speaker] for turn in wrong_number().turns]


@slow
def test_a_leader_has_all_the_turns_of_a_recording() -> None:
    huddle = transcriber().transcribe(SAMPLES / "audio" / "huddle-ridge.ogg", call_id="huddle-ridge", leader=True)
    reference = json.loads((SAMPLES / "reference" / "huddle-ridge.transcript.json").read_text())
    assert {turn.speaker for turn in huddle.turns} == {"leader"}
    assert word_errors(" ".join(t["text"] for t in reference["turns"]), " ".join(t.text for t in huddle.turns)) < 0.15


@slow
def test_one_channel_of_two_people_is_not_given_to_the_rep() -> None:
    huddle = transcriber().transcribe(SAMPLES / "audio" / "huddle-ridge.ogg", call_id="mono")
    assert {turn.speaker for turn in huddle.turns} == {"unknown"}


@slow
@pytest.mark.parametrize("loudness", [0.0, 0.003, 0.05])
def test_nothing_is_heard_in_silence_line_noise_or_loud_noise(tmp_path: Path, loudness: float) -> None:
    noise = np.random.default_rng(3).normal(0, 1, (2, 8_000 * 40)).astype(np.float32) * loudness
    path = write(tmp_path / "hold.wav", encoded(noise, container="wav", codec="pcm_s16le"))
    call = transcriber().transcribe(path, call_id="hold")
    assert call.turns == () and call.duration == pytest.approx(40)


@slow
def test_ringing_and_hold_music_are_not_words_and_have_no_language(tmp_path: Path) -> None:
    times = np.arange(8_000 * 30) / 8_000
    ringing = 0.2 * (np.sin(2 * np.pi * 440 * times) + np.sin(2 * np.pi * 480 * times)) * (times % 6 < 2)
    notes = np.array([262, 330, 392, 523, 392, 330])[(times * 2).astype(int) % 6]
    music = sum(0.15 / k * np.sin(2 * np.pi * k * notes * times) * np.exp(-2 * (times * 2 % 1)) for k in (1, 2, 3))
    both = np.stack([ringing, music]).astype(np.float32)
    path = write(tmp_path / "hold.wav", encoded(both, container="wav", codec="pcm_mulaw"))
    call = transcriber().transcribe(path, call_id="hold")
    assert call.turns == () and call.language is None


@slow
@needs_public_data
def test_two_readers_on_two_channels_are_kept_apart() -> None:
    expected = json.loads((PUBLIC / "references.json").read_text())["stereo_diarization.wav"]
    call = transcriber().transcribe(PUBLIC / "stereo_diarization.wav", call_id="stereo")
    for speaker, side in (("rep", "left"), ("customer", "right")):
        assert word_errors(expected[side], " ".join(turn.text for turn in call.turns if turn.speaker == speaker)) < 0.1


@slow
@needs_public_data
def test_one_microphone_stored_in_both_channels_is_one_channel() -> None:
    call = transcriber().transcribe(PUBLIC / "jfk.flac", call_id="jfk")
    assert {turn.speaker for turn in call.turns} == {"unknown"}
    assert word_errors(json.loads((PUBLIC / "references.json").read_text())["jfk.flac"], call.turns[0].text) < 0.1


def test_a_channel_that_is_neither_left_nor_right_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", encoded(np.zeros((2, 800), dtype=np.float32), container="wav", codec="pcm_s16le"))
    with pytest.raises(BadAudio, match="rep_channel is 2"):
        Transcriber(tmp_path).transcribe(path, call_id="x", rep_channel=2)


def test_the_fingerprint_changes_with_the_weights_and_the_parameters_and_with_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"one")
    name = Transcriber(tmp_path).fingerprint
    assert Transcriber(tmp_path, threads=7, device="cpu").fingerprint == name
    assert Transcriber(tmp_path, beam_size=5).fingerprint != name
    (tmp_path / "model.bin").write_bytes(b"two")
    assert Transcriber(tmp_path).fingerprint != name
