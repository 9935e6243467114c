"""Decode one untrusted recording inside a process that can do nothing else. Knows neither the file's name nor any other file.

Run as `python -m callcoach.speech.decode_child DEMUXER MAX_SAMPLES CPU_SECONDS PEAKS`. The recording is file descriptor 0.
Samples (float32, 16 kHz) go to descriptor 1, a file in which channel c begins MAX_SAMPLES * c samples from the start; peaks go to
the file of descriptor PEAKS. One line of JSON, the outcome, ends descriptor 2. Before the first byte is parsed, memory and CPU
are limited and opening any further file becomes impossible.
"""

import contextlib
import errno
import io
import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from callcoach.speech.peaks import SAMPLES_PER_PIXEL, PeaksWriter
from callcoach.speech.promises import amr_seconds, last_ogg_page_is_cut, mp3_frames, wav_seconds

SAMPLE_RATE = 16_000
MOST_CHANNELS = 8
LOWEST_RATE, HIGHEST_RATE = 4_000, 192_000
# over what the process holds before it reads the first byte, which is 220 MB mapped and 50 MB used
MEMORY_BYTES = 256 << 20
# where the system does not say how much that is
MEMORY_BYTES_IN_ALL = 512 << 20
CODECS = ("pcm_", "adpcm_", "mp3", "aac", "opus", "vorbis", "flac", "alac", "amr", "gsm", "g72")
# one lost packet at a cut or a splice is ordinary; more is a file that says something else than was recorded
MAX_BAD_PACKETS = 0.02
BAD_PACKETS_TO_GIVE_UP = 500
# hours of silence fit into a few bytes of these, and what their headers say of it need not be true
MAY_BE_A_BOMB = ("flac", "mp3", "ogg")
# FLAC's longest block at the lowest rate; a last granule position that is off by a little gives a packet of days
MOST_SECONDS_IN_A_PACKET = 65_535 / LOWEST_RATE
# these give each packet its time, and leave packets out while nobody speaks; less than this is how they round
TELL_TIMES = ("mov", "matroska")
PAUSE_SECONDS = 0.1
# telephone codecs come in 160 samples: resampling each by itself would take twice the time
SAMPLES_AT_A_TIME = 8_192
# four seconds of every channel are held at a time
BLOCK = 80 * SAMPLES_PER_PIXEL


class Refused(Exception):
    """The recording is not decoded; the first argument is the reason's code, the rest its facts."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.outcome = {"refused": reason, **facts}


class Sound:
    """Samples on their way out: gathered in blocks, made finite, written channel by channel with their peaks."""

    def __init__(self, samples: BinaryIO, peaks: BinaryIO, *, channels: int, max_samples: int) -> None:
        self.channels, self.length = channels, 0
        self._samples, self._peaks, self._max_samples = samples, PeaksWriter(peaks, channels), max_samples
        self._block = np.empty((channels, BLOCK), dtype=np.float32)
        self._held = self._written = 0

    def add(self, interleaved: NDArray[np.float32]) -> None:
        """Samples of all channels in turn, shape (n * channels,)."""
        if len(interleaved) % self.channels:
            raise Refused("unreadable", detail="the number of channels changes")
        sound = interleaved.reshape(-1, self.channels).T
        if self.length + sound.shape[1] > self._max_samples:
            raise Refused("too_long")
        self.length += sound.shape[1]
        while sound.shape[1]:
            taken = min(sound.shape[1], BLOCK - self._held)
            self._block[:, self._held : self._held + taken] = sound[:, :taken]
            self._held += taken
            sound = sound[:, taken:]
            if self._held == BLOCK:
                self._write()

    def finish(self) -> None:
        """Write what is held."""
        self._write()
        self._samples.flush()
        self._peaks.finish()

    def _write(self) -> None:
        block = np.clip(np.nan_to_num(self._block[:, : self._held], nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)
        for channel, sound in enumerate(block):
            self._samples.seek((channel * self._max_samples + self._written) * block.itemsize)
            self._samples.write(sound.tobytes())
        self._peaks.add(block)
        self._written, self._held = self._written + self._held, 0


def main() -> None:
    """Decode descriptor 0 to descriptor 1 and report on descriptor 2."""
    demuxer, max_samples, cpu_seconds, peaks_descriptor = sys.argv[1], *map(int, sys.argv[2:5])
    recording, samples = os.fdopen(0, "rb", closefd=False), os.fdopen(1, "wb", closefd=False)
    peaks = os.fdopen(peaks_descriptor, "wb", closefd=False)
    # the parent has read the head, and its place in the file is ours too
    os.lseek(0, 0, os.SEEK_SET)
    _warm_up()
    _lock_down(cpu_seconds, file_bytes=MOST_CHANNELS * max_samples * 4)
    try:
        outcome = decode(recording, samples, peaks, demuxer, max_samples)
    except Refused as refusal:
        outcome = refusal.outcome
    except MemoryError:
        outcome = {"refused": "too_much_memory"}
    except OSError as trouble:
        outcome = {"refused": "no_space" if trouble.errno == errno.ENOSPC else "unreadable", "detail": trouble.strerror or ""}
    except (av.FFmpegError, ValueError, OverflowError) as error:
        outcome = {"refused": "unreadable", "detail": getattr(error, "strerror", None) or str(error)[:200]}
    os.write(2, ("\n" + json.dumps(outcome) + "\n").encode())
    # closing FFmpeg's and Python's things once more gains nothing, and a file that upset them could upset that too
    os._exit(0)


def decode(recording: BinaryIO, samples: BinaryIO, peaks: BinaryIO, demuxer: str, max_samples: int) -> dict[str, Any]:
    """Write the recording's samples and peaks.

    Returns channels, length (samples a channel) and the duration its header declares (seconds, None where it declares none).
    """
    max_seconds = max_samples / SAMPLE_RATE
    promise = _promise(recording, demuxer, max_seconds)
    if demuxer in MAY_BE_A_BOMB:
        _refuse_a_bomb(recording, demuxer, max_seconds)
    with _opened(recording, demuxer) as container:
        stream = _only_stream(container)
        declared = _declared_seconds(promise, container, stream, demuxer)
        if declared is not None and declared > max_seconds:
            raise Refused("too_long")
        sound = None
        for interleaved, channels in _chunks(container, stream, max_seconds if demuxer in TELL_TIMES else 0.0):
            sound = sound or Sound(samples, peaks, channels=channels, max_samples=max_samples)
            sound.add(interleaved)
    if sound is None or not sound.length:
        raise Refused("no_samples")
    sound.finish()
    return {"channels": sound.channels, "length": sound.length, "declared": declared}


def _opened(recording: BinaryIO, demuxer: str) -> Any:
    recording.seek(0)
    codecs = ",".join(sorted(codec for codec in av.codecs_available if codec.startswith(CODECS)))
    whitelists = {"format_whitelist": demuxer, "protocol_whitelist": "", "codec_whitelist": codecs}
    return av.open(recording, format=demuxer, options=whitelists)


def _only_stream(container: Any) -> Any:
    """The one sound track, once what its header says of it is something that we read."""
    if not container.streams.audio:
        raise Refused("no_audio")
    if len(container.streams.audio) > 1:
        raise Refused("several_streams", streams=len(container.streams.audio))
    stream = container.streams.audio[0]
    # None where FFmpeg itself has no decoder
    codec = stream.codec_context.name if stream.codec_context else None
    if codec is None or not codec.startswith(CODECS):
        raise Refused("codec", codec=codec)
    _check(stream.codec_context.channels, stream.codec_context.sample_rate)
    stream.codec_context.thread_type = "NONE"
    return stream


def _check(channels: int, rate: int) -> None:
    if channels > MOST_CHANNELS:
        raise Refused("channels", channels=channels)
    # 0 of either: the first sound will tell
    if rate and not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise Refused("rate", rate=rate)


def _chunks(container: Any, stream: Any, longest_pause: float) -> Iterator[tuple[NDArray[np.float32], int]]:
    """Interleaved samples at 16 kHz, and of how many channels they are; where times tell of a pause, it becomes silence."""
    decoder, gathered, resampler = _decoder(stream), av.AudioFifo(), None
    begin, heard = (container.start_time or 0) / av.time_base, 0.0
    channels = packets = bad = 0
    for packet in container.demux(stream):
        packets += 1
        try:
            decoded = decoder.decode(packet)
        except av.InvalidDataError:
            bad += 1
            if bad > BAD_PACKETS_TO_GIVE_UP and bad > packets / 2:
                raise Refused("damaged", bad=bad, packets=packets) from None
            continue
        for frame in decoded:
            if not channels:
                channels = frame.layout.nb_channels
                _check(channels, frame.sample_rate)
            pause = float(frame.pts * frame.time_base) - begin - heard if longest_pause and frame.pts is not None else 0.0
            if pause > longest_pause:
                raise Refused("too_long")
            if pause > PAUSE_SECONDS:
                yield from ((rest, channels) for rest in _resampled(resampler, gathered, end=True))
                resampler = None
                silence = round(pause * SAMPLE_RATE)
                for first in range(0, silence, BLOCK):
                    yield np.zeros(min(BLOCK, silence - first) * channels, dtype=np.float32), channels
                heard += pause
            heard += frame.samples / frame.sample_rate
            # the frame's own layout: a resampler told "stereo" would mix channels that carry one party each;
            # interleaved: reading eight planes apart crashes PyAV 18.1
            resampler = resampler or av.AudioResampler(format="flt", layout=frame.layout, rate=SAMPLE_RATE)
            # from here on samples follow one another
            frame.pts = None
            gathered.write(frame)
            if gathered.samples >= SAMPLES_AT_A_TIME:
                yield from ((samples, channels) for samples in _resampled(resampler, gathered))
    yield from ((rest, channels) for rest in _resampled(resampler, gathered, end=True))
    if bad > max(2, MAX_BAD_PACKETS * packets):
        raise Refused("damaged", bad=bad, packets=packets)


def _resampled(resampler: Any, gathered: Any, *, end: bool = False) -> Iterator[NDArray[np.float32]]:
    """What is gathered, interleaved; at the `end` of a stretch also what the resampler still holds."""
    if resampler is not None:
        frames = [gathered.read()] if gathered.samples else []
        for frame in [*frames, None] if end else frames:
            for resampled in resampler.resample(frame):
                yield resampled.to_ndarray().reshape(-1)


def _decoder(stream: Any) -> Any:
    """FFmpeg's own decoders of AMR stop at the pauses that telephones do not send; those of OpenCORE go on."""
    name = f"libopencore_{stream.codec_context.name}"
    if name not in av.codecs_available:
        return stream.codec_context
    decoder: Any = av.CodecContext.create(name, "r")
    decoder.sample_rate, decoder.layout = stream.codec_context.sample_rate, "mono"
    return decoder


def _refuse_a_bomb(recording: BinaryIO, demuxer: str, max_seconds: float) -> None:
    """Add up what the packets say, ten times as fast as decoding them."""
    with _opened(recording, demuxer) as container:
        stream = _only_stream(container)
        ticks_left, most_in_a_packet = (max_seconds + 1) / stream.time_base, MOST_SECONDS_IN_A_PACKET / stream.time_base
        for packet in container.demux(stream):
            ticks_left -= min(packet.duration or 0, most_in_a_packet)
            if ticks_left < 0:
                raise Refused("too_long")


def _promise(recording: BinaryIO, demuxer: str, max_seconds: float) -> float | None:
    """What the bytes promise, read before FFmpeg sees them: seconds of a WAV or AMR file, frames of an MP3 file."""
    if demuxer == "ogg" and last_ogg_page_is_cut(recording, recording.seek(0, os.SEEK_END)):
        raise Refused("cut_short")
    if demuxer == "amr":
        seconds = amr_seconds(recording, max_seconds)
        if seconds is None:
            raise Refused("cut_short")
        return seconds
    return wav_seconds(recording) if demuxer == "wav" else mp3_frames(recording) if demuxer == "mp3" else None


def _declared_seconds(promise: float | None, container: Any, stream: Any, demuxer: str) -> float | None:
    """The length the recording claims, None where it claims none (FFmpeg only estimates that of an MP3 without a frame count)."""
    if demuxer in ("wav", "amr"):
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
    decode(silence, io.BytesIO(), io.BytesIO(), "wav", SAMPLE_RATE)


def _lock_down(cpu_seconds: int, file_bytes: int) -> None:
    limits = {
        "RLIMIT_AS": (_mapped_bytes() + MEMORY_BYTES,) * 2,
        # the first ends the process with a signal that tells why
        "RLIMIT_CPU": (cpu_seconds, cpu_seconds + 1),
        "RLIMIT_FSIZE": (file_bytes, file_bytes),
        "RLIMIT_CORE": (0, 0),
        "RLIMIT_NPROC": (0, 0),
        # what is open stays open
        "RLIMIT_NOFILE": (0, 0),
    }
    for name, limit in limits.items():
        # not every system knows every limit; the others and the parent's time limit still hold there
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), limit)


def _mapped_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return MEMORY_BYTES_IN_ALL - MEMORY_BYTES


if __name__ == "__main__":
    main()
