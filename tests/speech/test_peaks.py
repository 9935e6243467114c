import io
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from speech_recordings import encoded, tone, write

from callcoach.speech.audio import decode
from callcoach.speech.peaks import PeaksWriter, read_peaks


def written(*pieces: np.ndarray) -> bytes:
    body = io.BytesIO()
    writer = PeaksWriter(body, len(pieces[0]))
    for piece in pieces:
        writer.add(piece.astype(np.float32))
    writer.finish()
    return body.getvalue()


def test_the_layout_is_that_of_audiowaveform_version_2() -> None:
    left, right = np.zeros(1_000), np.zeros(1_000)
    left[10], left[20], right[900] = 0.5, -0.25, 1.0

    # version, 8 bit, sample rate, samples a pixel, pixels, channels; then pixel by pixel least and most of the left, of the right
    header = struct.pack("<iIiiIi", 2, 1, 16_000, 800, 2, 2)
    assert written(np.stack([left, right])) == header + struct.pack("8b", -32, 64, 0, 0, 0, 0, 0, 127)


def test_reading_gives_what_was_written() -> None:
    sound = np.random.default_rng(1).uniform(-1, 1, (3, 16_000))
    peaks = read_peaks(written(sound))

    assert (peaks.sample_rate, peaks.samples_per_pixel) == (16_000, 800)
    assert peaks.least.shape == peaks.most.shape == (3, 20) and peaks.most.dtype == np.int8
    assert np.abs(peaks.most - 128 * sound.reshape(3, 20, 800).max(axis=2)).max() <= 1
    assert np.abs(peaks.least - 128 * sound.reshape(3, 20, 800).min(axis=2)).max() <= 1


@pytest.mark.parametrize("size", [1, 799, 800, 801, 5_000])
def test_the_size_of_the_pieces_makes_no_difference(size: int) -> None:
    sound = np.random.default_rng(2).uniform(-1, 1, (2, 10_123))
    pieces = [sound[:, begin : begin + size] for begin in range(0, sound.shape[1], size)]
    assert written(*pieces) == written(sound)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        struct.pack("<iIiiIi", 1, 1, 16_000, 800, 0, 1),  # another version
        struct.pack("<iIiiIi", 2, 0, 16_000, 800, 0, 1),  # 16 bit
        struct.pack("<iIiiIi", 2, 1, 16_000, 800, 5, 2) + bytes(19),  # cut
        struct.pack("<iIiiIi", 2, 1, 16_000, 800, 0, -1),  # no channels
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="peaks"):
        read_peaks(body)


@pytest.mark.parametrize(("container", "codec", "rate"), [("wav", "pcm_s16le", 8_000), ("ogg", "libopus", 48_000)])
def test_a_recording_is_decoded_together_with_its_peaks(tmp_path: Path, container: str, codec: str, rate: int) -> None:
    sound = tone(6.0, rate=rate)
    sound[0, : 2 * rate] = 0
    path = write(tmp_path / "call", encoded(sound, container=container, codec=codec, rate=rate))
    audio = decode(path, max_seconds=60, max_bytes=10_000_000)
    peaks = read_peaks(audio.peaks)

    assert peaks.most.shape == (2, -(-audio.samples.shape[1] // 800))
    assert np.abs(peaks.most[:, :100] - 128 * audio.samples[:, :80_000].reshape(2, 100, 800).max(axis=2)).max() <= 1
    assert peaks.most[0, 5:35].max() <= 1 and 60 <= peaks.most[0, 45:95].min() <= peaks.most[1, 5:95].max() <= 75


LONG_CALL = """
import resource, sys
from pathlib import Path
from callcoach.speech.audio import decode
from callcoach.speech.memory import let_go
audio = decode(Path(sys.argv[1]), max_seconds=14_400, max_bytes=2_000_000_000)
for row in audio.samples:
    for begin in range(0, len(row), 480_000):
        row[begin : begin + 480_000].max()
        let_go(audio.samples)
# what is measured of a process itself begins with the memory of the one that started it
own = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(audio.duration, len(audio.peaks), own, child)
"""


@pytest.mark.slow
def test_three_hours_of_two_parties_take_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    minute = np.random.default_rng(3).integers(-9_000, 9_000, 2 * 8_000 * 60, dtype=np.int16).tobytes()
    header = encoded(tone(0.1), container="wav", codec="pcm_s16le")[:36]
    with (tmp_path / "long.wav").open("wb") as recording:
        recording.write(header + b"data" + struct.pack("<I", 180 * len(minute)))
        for _ in range(180):
            recording.write(minute)
    command = [sys.executable, "-c", LONG_CALL, str(tmp_path / "long.wav")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    duration, peaks, own, child = run.stdout.split()

    assert float(duration) == 3 * 3600
    assert int(peaks) == 24 + 3 * 3600 * 20 * 2 * 2
    assert int(own) < 80 and int(child) < 160
