import io
import os
import subprocess
import sys
import threading
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hostile_recordings import extensible, film
from speech_recordings import CHANNEL_HZ, LEFT_HZ, RIGHT_HZ, encoded, pitch, tone, write

from callcoach.errors import BadAudio
from callcoach.speech.audio import Audio, decode
from callcoach.speech.memory import let_go


def heard(path: Path, *, max_seconds: float = 600.0, max_bytes: int = 100_000_000) -> Audio:
    return decode(path, max_seconds=max_seconds, max_bytes=max_bytes)


def refusal(path: Path, **caps: float) -> str:
    with pytest.raises(BadAudio) as refused:
        heard(path, **caps)
    sentence = str(refused.value)
    assert sentence.startswith(f"{path}: ") and sentence.endswith(".") and "\n" not in sentence
    return sentence.removeprefix(f"{path}: ")


KINDS = [
    ("wav", "pcm_u8", 8_000),
    ("wav", "pcm_s16le", 8_000),
    ("wav", "pcm_s24le", 44_100),
    ("wav", "pcm_s32le", 16_000),
    ("wav", "pcm_f32le", 22_050),
    ("wav", "pcm_f64le", 11_025),
    ("wav", "pcm_mulaw", 8_000),
    ("wav", "pcm_alaw", 8_000),
    ("wav", "adpcm_ima_wav", 8_000),
    ("wav", "adpcm_ms", 8_000),
    ("wav", "pcm_s16le", 4_000),  # the lowest rate
    ("wav", "pcm_s16le", 192_000),  # and the highest
    ("wav", "libmp3lame", 16_000),  # as some recorders pack it
    ("mp3", "libmp3lame", 16_000),
    ("ipod", "aac", 16_000),  # m4a
    ("ipod", "alac", 8_000),
    ("mp4", "aac", 44_100),
    ("mov", "pcm_mulaw", 8_000),
    ("ogg", "libopus", 48_000),
    ("ogg", "vorbis", 16_000),
    ("flac", "flac", 8_000),
    ("flac", "flac", 96_000),
    ("webm", "libopus", 48_000),
    ("matroska", "pcm_s16le", 8_000),
    ("aiff", "pcm_s16be", 8_000),
    ("au", "pcm_mulaw", 8_000),
]


@pytest.mark.parametrize(("container", "codec", "rate"), KINDS)
def test_every_container_is_heard_at_16_khz_with_each_party_on_its_channel(
    tmp_path: Path, container: str, codec: str, rate: int
) -> None:
    # the name says nothing: the same bytes are read whatever the file is called
    path = write(tmp_path / "call.bin", encoded(tone(2.0, rate=rate), container=container, codec=codec, rate=rate))
    audio = heard(path)
    assert audio.channels == 2 and audio.samples.dtype == np.float32
    assert audio.samples.shape[0] == 2 and audio.duration == pytest.approx(2.0, abs=0.15)
    assert pitch(audio.samples[0]) == pytest.approx(LEFT_HZ, rel=0.02)
    assert pitch(audio.samples[1]) == pytest.approx(RIGHT_HZ, rel=0.02)
    assert 0.4 < np.abs(audio.samples[:, 4_000:20_000]).max() <= 1.0


def test_amr_of_a_telephone_is_heard(tmp_path: Path) -> None:
    body = encoded(tone(2.0, channels=1), container="amr", codec="libopencore_amrnb")
    audio = heard(write(tmp_path / "call.amr", body))
    assert audio.samples.shape == (1, pytest.approx(32_000, abs=400))
    assert pitch(audio.samples[0]) == pytest.approx(LEFT_HZ, rel=0.02)


def test_amr_goes_on_after_a_pause_that_the_telephone_did_not_send(tmp_path: Path) -> None:
    body = encoded(tone(2.0, channels=1), container="amr", codec="libopencore_amrnb")
    comfort_noise, nothing = b"\x44" + bytes(5), b"\x7c"
    audio = heard(write(tmp_path / "call.amr", body + (comfort_noise + 7 * nothing) * 25 + body[6:]))
    assert audio.duration == pytest.approx(2 + 4 + 2, abs=0.1)
    assert pitch(audio.samples[0, -24_000:]) == pytest.approx(LEFT_HZ, rel=0.02)


def test_wide_band_amr_is_heard(tmp_path: Path) -> None:
    # nobody here writes it: a second of frames of the lowest rate, filled at random
    frames = b"".join(b"\x04" + np.random.default_rng(number).bytes(17) for number in range(50))
    audio = heard(write(tmp_path / "call.amr", b"#!AMR-WB\n" + frames))
    assert audio.samples.shape == (1, 16_000) and np.abs(audio.samples).max() > 0.001


@pytest.mark.parametrize("channels", range(1, 9))
@pytest.mark.parametrize("kind", ["wav", "extensible", "flac"])
def test_every_channel_stays_apart(tmp_path: Path, channels: int, kind: str) -> None:
    sound = tone(1.0, channels=channels)
    body = extensible(sound) if kind == "extensible" else encoded(sound, container=kind, codec=KINDS_OF_PCM[kind])
    audio = heard(write(tmp_path / "conference", body))
    assert audio.channels == channels and audio.samples.shape == (channels, 16_000)
    assert [pitch(row) for row in audio.samples] == pytest.approx(CHANNEL_HZ[:channels], rel=0.02)
    # whoever is silent stays so: nothing of the others is mixed in
    sound[-1] = 0
    body = extensible(sound) if kind == "extensible" else encoded(sound, container=kind, codec=KINDS_OF_PCM[kind])
    assert not heard(write(tmp_path / "conference", body)).samples[-1].any()


KINDS_OF_PCM = {"wav": "pcm_s16le", "flac": "flac"}


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_s24le", "pcm_f32le"])
def test_what_needs_no_resampling_comes_out_as_it_went_in(tmp_path: Path, codec: str) -> None:
    sound = tone(10.5, rate=16_000)
    audio = heard(write(tmp_path / "call.wav", encoded(sound, container="wav", codec=codec, rate=16_000)))
    assert np.abs(audio.samples - sound).max() <= 2**-15


def test_a_wav_of_64_bits_is_heard_and_its_length_held_to(tmp_path: Path) -> None:
    body = encoded(tone(4.0), container="wav", codec="pcm_s16le", rf64="always")
    assert body[:4] == b"RF64"
    assert heard(write(tmp_path / "call.wav", body)).duration == 4.0
    assert "its header says 0:04, only 0:02 is there" in refusal(write(tmp_path / "cut.wav", body[: len(body) // 2]))


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_of_a_video_meeting_the_sound_is_heard(tmp_path: Path, container: str) -> None:
    audio = heard(write(tmp_path / "meeting", film(sound_tracks=1, container=container)))
    assert audio.duration == pytest.approx(2.0, abs=0.1)
    assert [pitch(row) for row in audio.samples] == pytest.approx([LEFT_HZ, RIGHT_HZ], rel=0.02)


@pytest.mark.parametrize("seconds", [3, pytest.param(3_600, marks=pytest.mark.slow)])
def test_a_pause_that_was_not_recorded_is_silence_in_its_place(tmp_path: Path, seconds: int) -> None:
    # a meeting that sent nothing for a while
    body = io.BytesIO()
    with av.open(body, "w", format="matroska") as out:
        track = out.add_stream("pcm_s16le", rate=8_000, layout="mono")
        for begin, sound in ((4_000, tone(2.0, channels=1)), (20_000 + 8_000 * seconds, tone(2.0, channels=1))):
            frame = av.AudioFrame.from_ndarray((sound * 32_767).astype(np.int16), format="s16", layout="mono")
            frame.rate, frame.pts, frame.time_base = 8_000, begin, Fraction(1, 8_000)
            out.mux(track.encode(frame))
        out.mux(track.encode(None))
    audio = heard(write(tmp_path / "call.mkv", body.getvalue()), max_seconds=4_000)
    sounding = np.abs(audio.samples[0]).reshape(-1, 8_000).max(axis=1) > 0.1
    assert sounding.tolist() == [True] * 4 + [False] * 2 * seconds + [True] * 4


def test_samples_are_read_only_and_outlive_their_memory(tmp_path: Path) -> None:
    audio = heard(write(tmp_path / "call.wav", encoded(tone(2.0), container="wav", codec="pcm_s16le")))
    with pytest.raises(ValueError, match="read-only"):
        audio.samples[0, 0] = 1.0
    assert audio.samples[1].flags.c_contiguous
    before = audio.samples[1, 8_000:9_000].copy()
    let_go(audio.samples)
    assert np.array_equal(audio.samples[1, 8_000:9_000], before)


def test_one_channel_stays_one(tmp_path: Path) -> None:
    path = write(tmp_path / "memo.wav", encoded(tone(channels=1), container="wav", codec="pcm_s16le"))
    assert heard(path).samples.shape == (1, 16_000)


def test_the_same_file_gives_the_same_samples(tmp_path: Path) -> None:
    path = write(tmp_path / "call.ogg", encoded(tone(rate=48_000), container="ogg", codec="libopus", rate=48_000))
    assert np.array_equal(heard(path).samples, heard(path).samples)


PLAYLISTS = [
    "ffconcat version 1.0\nfile canary.wav\n",
    "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\ncanary.wav\n#EXT-X-ENDLIST\n",
    "Rep: Good morning.\nCustomer: Hello.\n",
]


@pytest.mark.parametrize("text", PLAYLISTS)
def test_a_text_named_wav_is_refused_and_the_file_it_names_is_never_opened(tmp_path: Path, text: str) -> None:
    canary = tmp_path / "canary.wav"
    os.mkfifo(canary)
    opened = threading.Event()

    def wait_for_a_reader() -> None:
        with canary.open("wb"):  # returns only when somebody opens the other end
            opened.set()

    threading.Thread(target=wait_for_a_reader, daemon=True).start()
    sentence = refusal(write(tmp_path / "call.wav", text.encode()))
    assert "holds text, not sound" in sentence
    assert not opened.is_set()
    canary.open("rb").close()  # the waiting thread ends


def test_the_decoder_cannot_open_any_file_once_it_reads_a_recording(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt", b"secret")
    program = (
        "from callcoach.speech import decode_child\n"
        "decode_child._warm_up(); decode_child._lock_down(30, 1000)\n"
        f"try: open({str(secret)!r}).read(); print('open')\n"
        "except OSError as error: print('closed', error.errno)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("closed")


def test_a_playlist_behind_the_first_bytes_of_a_wav_is_refused(tmp_path: Path) -> None:
    assert "cannot be decoded" in refusal(write(tmp_path / "call.wav", b"RIFF\x00\x00\x00\x00WAVE" + PLAYLISTS[0].encode()))


def test_a_quicktime_file_that_points_at_another_file_reads_nothing(tmp_path: Path) -> None:
    body = encoded(tone(), container="mov", codec="pcm_s16le")
    outside = body.replace(b"url \x00\x00\x00\x01", b"url \x00\x00\x00\x00")
    write(tmp_path / "canary.wav", encoded(tone(), container="wav", codec="pcm_s16le"))
    try:
        audio = heard(write(tmp_path / "call.mov", outside))
    except BadAudio:
        return
    assert audio.duration <= 1.1


OTHER_BYTES = {
    "empty": (b"", "is empty"),
    "zip": (None, "is in no audio format"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(200), "is in no audio format"),
    "random": (np.random.default_rng(7).bytes(20_000), "is in no audio format"),
    "fake mp3": (b"\xff\xfb\x90\x00" + np.random.default_rng(8).bytes(60_000), "cannot be decoded"),
    "fake flac": (b"fLaC" + np.random.default_rng(9).bytes(20_000), "cannot be decoded"),
    "fake ogg": (b"OggS" + np.random.default_rng(10).bytes(20_000), "cannot be decoded"),
    "fake mp4": (b"\x00\x00\x00\x18ftypisom" + np.random.default_rng(11).bytes(20_000), "cannot be decoded"),
    "fake webm": (b"\x1a\x45\xdf\xa3" + np.random.default_rng(12).bytes(20_000), "cannot be decoded"),
}


@pytest.mark.parametrize("name", OTHER_BYTES)
def test_what_is_no_recording_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    body, what = OTHER_BYTES[name]
    path = tmp_path / "call.wav"
    if body is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("call.txt", "hello")
    else:
        write(path, body)
    sentence = refusal(path)
    assert what in sentence or "damaged" in sentence, sentence


CUT = [("mp3", "libmp3lame", 16_000), ("wav", "pcm_s16le", 8_000), ("flac", "flac", 8_000), ("ipod", "aac", 16_000)]


@pytest.mark.parametrize(("container", "codec", "rate"), [*CUT, ("ogg", "libopus", 48_000), ("webm", "libopus", 48_000)])
@pytest.mark.parametrize("share", [0.4, 0.8])
def test_a_recording_that_was_cut_is_not_taken_for_a_whole_one(
    tmp_path: Path, container: str, codec: str, rate: int, share: float
) -> None:
    body = encoded(tone(20.0, rate=rate), container=container, codec=codec, rate=rate)
    sentence = refusal(write(tmp_path / "call", body[: int(share * len(body))]))
    assert "Copy or export the recording again" in sentence


def test_silence_that_packs_into_few_bytes_is_refused_by_its_length_before_it_is_decoded(tmp_path: Path) -> None:
    silence = np.zeros((2, 8_000 * 360), dtype=np.float32)
    path = write(tmp_path / "silence.flac", encoded(silence, container="flac", codec="flac"))
    assert path.stat().st_size < 200_000
    assert "lasts longer than the limit of 5:00" in refusal(path, max_seconds=300)


def test_a_header_that_lies_about_the_length_is_found_out_while_decoding(tmp_path: Path) -> None:
    body = bytearray(encoded(np.zeros((1, 8_000 * 120), dtype=np.float32), container="flac", codec="flac"))
    body[21] &= 0xF0  # STREAMINFO's 36-bit sample count: 0 is "unknown"
    body[22:26] = bytes(4)
    assert "lasts longer than the limit of 1:00" in refusal(write(tmp_path / "call.flac", bytes(body)), max_seconds=60)
    assert heard(tmp_path / "call.flac", max_seconds=130).duration == pytest.approx(120)


def test_more_bytes_than_the_cap_are_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", encoded(tone(), container="wav", codec="pcm_s16le"))
    assert "more than the limit" in refusal(path, max_bytes=1_000)


def test_a_recording_that_is_still_being_written_is_not_judged_by_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "call.wav", encoded(tone(), container="wav", codec="pcm_s16le"))
    run = subprocess.run

    def run_while_the_call_goes_on(*arguments: Any, **named: Any) -> Any:
        with path.open("ab") as recorder:
            recorder.write(bytes(100))
        return run(*arguments, **named)

    monkeypatch.setattr(subprocess, "run", run_while_the_call_goes_on)
    assert refusal(path) == "changed while it was read. Wait until the recording is complete, then run again."


def test_a_recording_that_loses_its_end_meanwhile_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "call.wav", encoded(tone(), container="wav", codec="pcm_s16le"))
    run = subprocess.run

    def run_on_what_is_left(*arguments: Any, **named: Any) -> Any:
        os.truncate(path, 100)
        return run(*arguments, **named)

    monkeypatch.setattr(subprocess, "run", run_on_what_is_left)
    assert "changed while it was read" in refusal(path)


def test_a_missing_file_a_folder_and_a_pipe_are_refused_at_once(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "nothing.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    assert "is not a file" in refusal(tmp_path / "pipe.wav")
    (tmp_path / "folder.wav").mkdir()
    assert "is not a file" in refusal(tmp_path / "folder.wav")
