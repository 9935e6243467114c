"""Decode one untrusted recording inside a process that can do nothing else. Knows neither the file's name nor any other file.

Run as `python -m callcoach.speech.decode_child DEMUXER MAX_SECONDS CPU_SECONDS`: the recording is file descriptor 0, samples
(float32, 16 kHz, channels interleaved) go to descriptor 1, and one line of JSON, the outcome, ends descriptor 2. Before the first
byte is parsed, memory and CPU are limited and opening any further file becomes impossible.
"""

import contextlib
import io
import json
import os
import resource
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import av
import numpy as np

from callcoach.speech.promises import last_ogg_page_is_cut, mp3_frames, wav_seconds

SAMPLE_RATE = 16_000
MEMORY_BYTES = 1 << 30
CODECS = ("pcm_", "adpcm_", "mp3", "aac", "opus", "vorbis", "flac", "alac", "amr", "gsm", "g72")
# one lost packet at a cut or a splice is ordinary; more is a file that says something else than was recorded
MAX_BAD_PACKETS = 0.02


class Refused(Exception):
    """The recording is not decoded; the first argument is the reason's code, the rest its facts."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.outcome = {"refused": reason, **facts}


def main() -> None:
    """Decode descriptor 0 to descriptor 1 and report on descriptor 2."""
    demuxer, max_seconds, cpu_seconds = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    recording, samples = os.fdopen(0, "rb", closefd=False), os.fdopen(1, "wb", closefd=False)
    # the parent has read the head, and its place in the file is ours too
    os.lseek(0, 0, os.SEEK_SET)
    _warm_up()
    _lock_down(cpu_seconds)
    try:
        outcome = decode(recording, samples, demuxer, max_seconds)
        samples.flush()
    except Refused as refusal:
        outcome = refusal.outcome
    except MemoryError:
        outcome = {"refused": "too_much_memory"}
    except (av.FFmpegError, ValueError, OverflowError) as error:
        outcome = {"refused": "unreadable", "detail": str(error)[:200]}
    os.write(2, ("\n" + json.dumps(outcome) + "\n").encode())


def decode(recording: BinaryIO, samples: BinaryIO, demuxer: str, max_seconds: float) -> dict[str, Any]:
    """Write the recording's samples; returns channels, frames (samples per channel) and the duration its header declares."""
    promise = _promise(recording, demuxer)
    with av.open(recording, format=demuxer, options={"format_whitelist": demuxer, "protocol_whitelist": ""}) as container:
        if not container.streams.audio:
            raise Refused("no_audio")
        if len(container.streams.audio) > 1:
            raise Refused("several_streams", streams=len(container.streams.audio))
        stream = container.streams.audio[0]
        codec = stream.codec_context.name
        if not codec.startswith(CODECS):
            raise Refused("codec", codec=codec)
        channels = stream.codec_context.channels
        if channels not in (1, 2):
            raise Refused("channels", channels=channels)
        declared = _declared_seconds(promise, container, stream, demuxer)
        if declared is not None and declared > max_seconds:
            raise Refused("too_long", seconds=declared)
        stream.codec_context.thread_type = "NONE"
        frames = 0
        for chunk in _chunks(container, stream):
            if chunk.shape[1] // channels * channels != chunk.shape[1]:
                raise Refused("unreadable", detail="the number of channels changes")
            frames += chunk.shape[1] // channels
            if frames > max_seconds * SAMPLE_RATE:
                raise Refused("too_long", seconds=None)
            samples.write(np.clip(np.nan_to_num(chunk), -1.0, 1.0, dtype=np.float32).tobytes())
    if not frames:
        raise Refused("no_samples")
    return {"channels": channels, "frames": frames, "declared": declared}


def _chunks(container: Any, stream: Any) -> Iterator[Any]:
    resampler = None
    packets = bad = 0
    for packet in container.demux(stream):
        packets += 1
        try:
            decoded = packet.decode()
        except av.InvalidDataError:
            bad += 1
            continue
        for frame in decoded:
            # the frame's own layout: a resampler told "stereo" would mix channels that carry one party each
            resampler = resampler or av.AudioResampler(format="flt", layout=frame.layout, rate=SAMPLE_RATE)
            for resampled in resampler.resample(frame):
                yield resampled.to_ndarray()
    for resampled in resampler.resample(None) if resampler else ():
        yield resampled.to_ndarray()
    if bad > max(2, MAX_BAD_PACKETS * packets):
        raise Refused("damaged", bad=bad, packets=packets)


def _promise(recording: BinaryIO, demuxer: str) -> float | None:
    """What the bytes promise, read before FFmpeg sees them: seconds of a WAV file, frames of an MP3 file."""
    if demuxer == "ogg" and last_ogg_page_is_cut(recording, recording.seek(0, os.SEEK_END)):
        raise Refused("cut_short")
    promise = wav_seconds(recording) if demuxer == "wav" else mp3_frames(recording) if demuxer == "mp3" else None
    recording.seek(0)
    return promise


def _declared_seconds(promise: float | None, container: Any, stream: Any, demuxer: str) -> float | None:
    """The length the recording claims, None where it claims none (FFmpeg only estimates that of an MP3 without a frame count)."""
    if demuxer == "wav":
        return promise
    if demuxer == "mp3":
        rate = stream.codec_context.sample_rate
        return promise * (1152 if rate >= 32_000 else 576) / rate if promise and rate else None
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration is not None else None


def _warm_up() -> None:
    """Use every library once while files can still be opened, for what it imports or loads lazily."""
    silence = io.BytesIO()
    with av.open(silence, "w", format="wav") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 160), dtype=np.int16), format="s16", layout="stereo")
        frame.rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    silence.seek(0)
    decode(silence, io.BytesIO(), "wav", 1.0)


def _lock_down(cpu_seconds: int) -> None:
    open_files = max(int(name) for name in os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 16  # noqa: PTH112, PTH208
    limits = {
        "RLIMIT_AS": MEMORY_BYTES,
        "RLIMIT_CPU": cpu_seconds,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": 0,
        "RLIMIT_NOFILE": open_files,
    }
    for name, value in limits.items():
        # not every system knows every limit; the others and the parent's time limit still hold there
        with contextlib.suppress(AttributeError, ValueError, OSError):
            kind = getattr(resource, name)
            resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    main()
