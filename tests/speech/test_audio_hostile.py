"""Files that mean harm, or nothing: each is refused with one sentence, at once, in little memory, or heard for what it is."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hostile_recordings import (
    CANARY_HZ,
    MAGIC,
    WHOLE,
    attachments_only,
    element,
    film,
    flac_of_silence,
    flipped,
    matroska,
    mp3_of_silence,
    nested,
    noise,
    ogg_page,
    opus_of_silence,
    patched,
    wav,
    whole,
    with_data_elsewhere,
    zipped,
)
from speech_recordings import encoded, write

MOST_SECONDS, MOST_MEGABYTES = 5.0, 512
BOMB_HOURS = 4.2

# a small process of its own: what a child used before it became the decoder, its parent's memory, counts as the child's
WORKER = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
from callcoach.errors import BadAudio
from callcoach.speech.audio import decode
for line in sys.stdin:
    begun = time.monotonic()
    answer = {"sentence": None, "heard": None}
    try:
        audio = decode(Path(json.loads(line)), max_seconds=14_400, max_bytes=2_000_000_000)
        row = audio.samples[0, :160_000]
        pitch = float(np.argmax(np.abs(np.fft.rfft(row))) * 16_000 / len(row))
        sane = bool(np.isfinite(row).all() and np.abs(row).max() <= 1)
        answer["heard"] = {"duration": audio.duration, "channels": audio.channels, "pitch": pitch, "sane": sane}
    except BadAudio as refusal:
        answer["sentence"] = str(refusal)
    answer["took"] = time.monotonic() - begun
    answer["child_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    answer["own_mb"] = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[subprocess.Popen[str]]:
    program = subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield program
    program.communicate(timeout=10)


@pytest.fixture(scope="module")
def tried(worker: subprocess.Popen[str]) -> Callable[[Path], dict[str, Any]]:
    """What comes of a file; that it came quickly (`within` so many seconds) and in little memory is checked here."""

    def try_it(path: Path, within: float = MOST_SECONDS) -> dict[str, Any]:
        assert worker.stdin and worker.stdout
        worker.stdin.write(json.dumps(str(path)) + "\n")
        worker.stdin.flush()
        answer: dict[str, Any] = json.loads(worker.stdout.readline())
        sentence = answer["sentence"]
        if sentence is not None:
            assert answer["took"] < within
            assert "\n" not in sentence and sentence.endswith(".") and sentence.isprintable()
            assert any(f" {verb} " in sentence for verb in ("Copy", "Give", "Export", "Check", "Split", "Name", "Wait")), sentence
        assert answer["child_mb"] < MOST_MEGABYTES and answer["own_mb"] < MOST_MEGABYTES / 4
        return answer

    return try_it


TEXT, UNKNOWN, BROKEN, CUT, NOTHING = (
    "holds text, not sound",
    "is in no audio format that is read here",
    "cannot be decoded",
    "is cut short",
    "holds no sound",
)
BOMB = "lasts longer than the limit of 4:00:00. Split it, or raise CALLCOACH_MAX_RECORDING_SECONDS."

Body = bytes | Callable[[], bytes]
REFUSED: dict[str, tuple[Body, str]] = {
    # nothing, or next to nothing
    "empty": (b"", "is empty"),
    "one byte": (b"R", TEXT),
    "one zero": (b"\0", UNKNOWN),
    # other files, and what people upload by mistake
    "text": (b"Rep: Good morning.\n", TEXT),
    "text in UTF-8": ("Vertreter: Grüß Gott.\n".encode(), TEXT),
    "web page": (b"<!DOCTYPE html><html><body>Log in to download</body></html>", TEXT),
    "picture as text": (b'<?xml version="1.0"?><svg><image href="canary.wav"/></svg>', TEXT),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + noise(1), UNKNOWN),
    "ZIP with a recording inside": (zipped, UNKNOWN),
    "PNG": (b"\x89PNG\r\n\x1a\n" + noise(2), UNKNOWN),
    "ELF": (b"\x7fELF\x02\x01\x01" + noise(3), UNKNOWN),
    "gzip": (b"\x1f\x8b\x08\x00" + noise(4), UNKNOWN),
    "RIFF that is a film": (b"RIFF\x00\x01\x00\x00AVI LIST" + noise(5), UNKNOWN),
    "AMR with several channels": (b"#!AMR_MC1.0\n\0\0\0\x02" + noise(6), UNKNOWN),
    "noise": (noise(7), UNKNOWN),
    # lists of files, which a guessing decoder follows
    "ffconcat": (b"ffconcat version 1.0\nfile canary.wav\n", TEXT),
    "ffconcat by absolute path": (b"ffconcat version 1.0\nfile 'file:///HERE/canary.wav'\n", TEXT),
    "HLS": (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\ncanary.wav\n#EXT-X-ENDLIST\n", TEXT),
    "HLS with a key": (b'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="canary.wav"\n#EXTINF:10,\ncanary.wav\n', TEXT),
    "SDP": (b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n", TEXT),
    "DASH": (b'<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>canary.wav</BaseURL></MPD>', TEXT),
    "cue sheet": (b'FILE "canary.wav" WAVE\n  TRACK 01 AUDIO\n', TEXT),
    "playlist behind the magic of WAV": (MAGIC["wav"] + b"ffconcat version 1.0\nfile canary.wav\n", BROKEN),
    "playlist behind the magic of Ogg": (MAGIC["ogg"] + b"ffconcat version 1.0\nfile canary.wav\n", CUT),
    "QuickTime whose sound is in another file": (lambda: with_data_elsewhere(b"alis", "canary.wav"), NOTHING),
    # containers without a recording, or with too many
    "Matroska with attachments only": (attachments_only, BROKEN),
    "Matroska with nothing": (lambda: matroska(), BROKEN),
    "Matroska of no tracks": (lambda: matroska(element("1549a966", b""), element("1654ae6b", b"")), BROKEN),
    "film with two sound tracks": (lambda: film(sound_tracks=2), "holds 2 sound tracks. Export one track"),
    "film without sound": (lambda: film(sound_tracks=0), NOTHING),
    "WAV without a format": (MAGIC["wav"] + b"data\x00\x10\x00\x00" + bytes(4_096), BROKEN),
    "WAV without sound": (lambda: wav(b"", size=0), NOTHING),
    "FLAC without sound": (lambda: whole("flac")[:200], BROKEN),
    "Ogg of empty pages": (lambda: b"".join(ogg_page(b"", [], 0, page) for page in range(20_000)), BROKEN),
    "ID3 tag alone": (b"ID3\x04\x00\x00\x00\x00\x10\x00" + bytes(2_048), BROKEN),
    "ID3 tag of 256 MB": (b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + noise(8), BROKEN),
    "AMR header alone": (b"#!AMR\n", NOTHING),
    # headers that say what cannot be
    "0 channels": (lambda: wav(channels=0), BROKEN),
    "9 channels": (lambda: wav(channels=9), "has 9 channels. Export it with eight at most"),
    "255 channels": (lambda: wav(channels=255), "has 255 channels"),
    "65,535 channels": (lambda: wav(channels=65_535), BROKEN),
    "0 Hz": (lambda: wav(rate=0), BROKEN),
    "1 Hz": (lambda: wav(rate=1), "has 1 samples a second. Export it with 8000 to 48000."),
    "768 kHz": (lambda: wav(rate=768_000), "has 768000 samples a second"),
    "4 GHz": (lambda: wav(rate=4_000_000_000), BROKEN),
    "0 bits": (lambda: wav(bits=0), "is not read here"),
    "65,535 bits": (lambda: wav(bits=65_535), "is not read here"),
    "codec that nobody knows": (lambda: wav(tag=0xFFFF), "is not read here"),
    "codec that is not let in": (lambda: wav(tag=0x0161), "is coded as wmav2, which is not read here. Export it as WAV"),
    "MP3 in WAV that is noise": (lambda: wav(noise(9, 64_000), tag=0x55), "is damaged"),
    "chunk of 4 GB": (lambda: wav(before=b"LIST\xff\xff\xff\xff"), BROKEN),
    "sound of 1 GB in 32 kB": (lambda: wav(size=200_000_000), CUT),
    "RF64 that lies": (lambda: b"RF64" + wav(size=2**32 - 1, before=_ds64(200_000_000))[4:], CUT),
    "MP4 with 4 billion samples": (lambda: patched("m4a", b"stsz", 8, b"\xff\xff\xff\xff\xff\xff\xff\xff"), NOTHING),
    "MP4 box of 16 EB": (MAGIC["mp4"] + bytes(12) + b"\0\0\0\x01moov" + b"\xff" * 8 + noise(10), BROKEN),
    "MP4 boxes in boxes": (lambda: nested(b"moov", 5_000), BROKEN),
    "Matroska element of 72 PB": (MAGIC["webm"] + b"\x01\xff\xff\xff\xff\xff\xff\xfe" + noise(11), BROKEN),
    "AU of 0 channels": (lambda: patched("au", b".snd", 20, bytes(4)), BROKEN),
    "AU of 4 billion channels": (lambda: patched("au", b".snd", 20, b"\xff\xff\xff\xff"), BROKEN),
    "AIFF of 0 channels": (lambda: patched("aiff", b"COMM", 8, bytes(2)), BROKEN),
    # a few bytes that would become gigabytes
    "FLAC bomb that says nothing": (lambda: flac_of_silence(BOMB_HOURS), BOMB),
    "FLAC bomb that says ten seconds": (lambda: flac_of_silence(BOMB_HOURS, says=80_000), BOMB),
    "FLAC bomb of a day": (lambda: flac_of_silence(24.0, says=24 * 3600 * 8_000), BOMB),
    "Opus bomb": (lambda: opus_of_silence(6.0), BOMB),
    "Opus bomb that says a minute": (lambda: opus_of_silence(6.0, says=1 / 60), BOMB),
    "MP3 bomb": (lambda: mp3_of_silence(6.0, says_little=False), BOMB),
    "MP3 bomb that says a second": (lambda: mp3_of_silence(6.0, says_little=True), BOMB),
    "AMR bomb of bytes that each are a pause": (b"#!AMR\n" + b"\x7c" * 1_000_000, BOMB),
} | {f"noise behind the magic of {kind}": (magic + noise(20 + number), "") for number, (kind, magic) in enumerate(MAGIC.items())}


def _ds64(size: int) -> bytes:
    return b"ds64\x1c\x00\x00\x00" + bytes(8) + size.to_bytes(8, "little") + bytes(12)


def test_there_are_more_than_sixty_of_them() -> None:
    assert len(REFUSED) >= 60


def canary(folder: Path) -> Path:
    """A recording beside the others that must never be heard."""
    times = np.arange(24_000) / 8_000
    sound = 0.5 * np.sin(2 * np.pi * CANARY_HZ * times)[np.newaxis].astype(np.float32)
    return write(folder / "canary.wav", encoded(sound, container="wav", codec="pcm_s16le"))


# FFmpeg takes a millisecond and more to tell one such block of FLAC from the next, so how long these take is the
# processor's matter: hour for hour, no more than three times as long as an hour of the same takes to be heard
SLOW = {"FLAC bomb that says nothing", "FLAC bomb that says ten seconds"}


@pytest.fixture(scope="module")
def bomb_seconds(tmp_path_factory: pytest.TempPathFactory, tried: Callable[..., dict[str, Any]]) -> float:
    hour = tried(write(tmp_path_factory.mktemp("hour") / "hour.flac", flac_of_silence(1.0)))
    assert hour["heard"]["duration"] == pytest.approx(3600, rel=0.01)
    return 3 * BOMB_HOURS * float(hour["took"])


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in REFUSED])
def test_it_is_refused_in_one_sentence_and_no_other_file_is_heard(
    request: pytest.FixtureRequest, tmp_path: Path, tried: Callable[..., dict[str, Any]], name: str
) -> None:
    body, what = REFUSED[name]
    body = body() if callable(body) else body
    canary(tmp_path)
    within = request.getfixturevalue("bomb_seconds") if name in SLOW else MOST_SECONDS
    answer = tried(write(tmp_path / "call.wav", body.replace(b"/HERE", str(tmp_path).encode())), within)
    assert answer["heard"] is None
    assert answer["sentence"].startswith(f"{tmp_path}/call.wav: ")
    assert what in answer["sentence"], answer["sentence"]


def test_a_quicktime_file_cannot_reach_a_file_by_its_absolute_path(
    tmp_path: Path, tried: Callable[[Path], dict[str, Any]]
) -> None:
    body = with_data_elsewhere(b"alis", str(canary(tmp_path)))
    assert NOTHING in tried(write(tmp_path / "call.mov", body))["sentence"]


CUT_AT = [0, 10, 50, 85]


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("percent", CUT_AT)
def test_a_recording_that_ends_early_is_never_taken_for_a_whole_one(
    tmp_path: Path, tried: Callable[[Path], dict[str, Any]], kind: str, percent: int
) -> None:
    body = whole(kind)
    sentence = tried(write(tmp_path / "call", body[: max(40, percent * len(body) // 100)]))["sentence"]
    assert sentence is not None and "Copy or export the recording again." in sentence


@pytest.mark.slow
@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("seed", range(12))
def test_a_header_with_flipped_bits_is_refused_or_gives_sound_within_bounds(
    tmp_path: Path, tried: Callable[[Path], dict[str, Any]], kind: str, seed: int
) -> None:
    answer = tried(write(tmp_path / "call", flipped(kind, seed)))
    heard = answer["heard"]
    assert answer["sentence"] or (heard["sane"] and heard["channels"] <= 8 and heard["duration"] <= 100)


# what looks wrong and is right all the same
HEARD: dict[str, tuple[Body, float]] = {
    # recorders that write to a pipe cannot know the size
    "WAV of size 0": (lambda: wav(size=0), 2.0),
    "WAV of the largest size": (lambda: wav(size=2**32 - 1), 2.0),
    # nothing in a header tells samples from other bytes
    "MP3 bytes in the samples of a WAV": (lambda: wav(bytes(16_000) + whole("mp3")[:16_000]), 2.0),
    # a download that went on past the end
    "noise after the last page of Ogg": (lambda: whole("ogg") + noise(40), 10.0),
    # the header says 0 Hz, and every block says it better
    "FLAC of 0 Hz": (lambda: patched("flac", b"fLaC", 18, bytes(3)), 10.0),
    # two recordings in one Ogg file, as radio software writes them
    "Ogg chained to Ogg": (lambda: whole("ogg") + whole("ogg"), 20.0),
    # the location is empty of meaning where `url ` is no flag: the file's own sound is heard
    "QuickTime that names another file by URL": (lambda: with_data_elsewhere(b"url ", "canary.wav"), 2.0),
}


@pytest.mark.parametrize("name", HEARD)
def test_it_is_heard_for_what_it_is(tmp_path: Path, tried: Callable[[Path], dict[str, Any]], name: str) -> None:
    body, seconds = HEARD[name]
    answer = tried(write(tmp_path / "call.wav", body() if callable(body) else body))
    assert answer["sentence"] is None
    assert answer["heard"]["duration"] == pytest.approx(seconds, abs=0.1)
    assert answer["heard"]["pitch"] != pytest.approx(CANARY_HZ, rel=0.01)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(MAGIC["wav"])
        file.truncate(3_000_000_000)


PLACES: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: None, "cannot be opened (No such file or directory). Check the path"),
    "link to itself": (_loop, "cannot be opened (Too many levels of symbolic links)"),
    "folder": (lambda path: path.mkdir(), "is not a file. Name a recording."),
    "named pipe": (os.mkfifo, "is not a file"),
    "link to a device without end": (lambda path: path.symlink_to("/dev/zero"), "is not a file"),
    "3 GB of nothing": (_sparse, "has 3000 MB, more than the limit of 2000 MB. Export it in a compressed format"),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_place_without_a_recording_is_refused_at_once(
    tmp_path: Path, tried: Callable[[Path], dict[str, Any]], name: str
) -> None:
    make, what = PLACES[name]
    make(tmp_path / "call.wav")
    assert what in tried(tmp_path / "call.wav")["sentence"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_recording_that_may_not_be_read_says_so(tmp_path: Path, tried: Callable[[Path], dict[str, Any]]) -> None:
    write(tmp_path / "call.wav", whole("wav")).chmod(0)
    assert (
        "cannot be opened (Permission denied). Check the path and that you may read it."
        in tried(tmp_path / "call.wav")["sentence"]
    )


NAMES = {
    "line break": ("a\nb: fine.wav", r"a\nb: fine.wav: is empty."),
    "terminal colours": ("\x1b[31mred\x07.wav", r"\x1b[31mred\x07.wav: is empty."),
    "letters from right to left": ("call\u202evaw.exe", r"call\u202evaw.exe: is empty."),
    "no UTF-8": ("caf\udce9.wav", r"caf\udce9.wav: is empty."),
    "another script": ("通話 №7 – ünï.wav", "通話 №7 – ünï.wav: is empty."),
    "as long as may be": ("x" * 251 + ".wav", "x.wav: is empty."),
}


@pytest.mark.parametrize("name", NAMES)
def test_whatever_the_name_holds_the_sentence_is_one_line(
    tmp_path: Path, tried: Callable[[Path], dict[str, Any]], name: str
) -> None:
    written, ending = NAMES[name]
    sentence = tried(write(tmp_path / written, b""))["sentence"]
    assert sentence.split(" Copy")[0].endswith(ending)
    assert len(sentence) < 400


@pytest.mark.parametrize("name", ["x" * 300 + ".wav", "nul\0.wav"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, tried: Callable[[Path], dict[str, Any]], name: str) -> None:
    assert "cannot be opened" in tried(tmp_path / name)["sentence"]
