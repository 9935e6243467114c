"""Turn a recording nobody has vouched for into samples, in a child process that can open nothing else. Knows nothing of speech.

Every refusal is a BadAudio: one sentence with the file, what is wrong and what to do.
"""

import json
import os
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray

from callcoach.errors import BadAudio
from callcoach.speech import containers
from callcoach.speech.containers import Container

SAMPLE_RATE = 16_000
# decoding runs at a hundred times real time and more; a file that needs longer than this is built to need it
CPU_SECONDS_LEAST = 30
REAL_TIME_FACTOR_WORST = 0.05
# a header rounds, a codec pads: less than this missing at the end is no cut
MISSING_SECONDS = 1.0
MISSING_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audio:
    """Decoded sound: `samples` float32 in -1..1 of shape (channels, n) at 16 kHz; duration in seconds."""

    samples: NDArray[np.float32]
    duration: float
    channels: int


def decode(path: Path, *, max_seconds: float, max_bytes: int) -> Audio:
    """The samples of one recording with one or two channels, both caps checked before and while decoding.

    Raises BadAudio where the file is missing, too large, too long, cut short, in no known container, or not decodable.
    """
    with _opened(path) as recording:
        container = _checked(path, recording, max_bytes)
        with tempfile.TemporaryFile() as samples:
            outcome = _run_child(recording, samples, container, max_seconds)
            if "refused" in outcome:
                _refuse(path, container, outcome, max_seconds)
            interleaved = np.memmap(samples, dtype=np.float32, mode="r", shape=(outcome["frames"], outcome["channels"]))
            per_channel = np.ascontiguousarray(interleaved.T)
            del interleaved
    duration = outcome["frames"] / SAMPLE_RATE
    declared = outcome["declared"]
    if declared is not None and duration < declared - max(MISSING_SECONDS, MISSING_SHARE * declared):
        raise BadAudio(
            f"{path}: is cut short: its header says {_clock(declared)}, only {_clock(duration)} is there. "
            "Copy or export the recording again."
        )
    return Audio(samples=per_channel, duration=duration, channels=outcome["channels"])


def _opened(path: Path) -> BinaryIO:
    try:
        # a named pipe would keep us waiting for somebody to write to it
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as problem:
        raise BadAudio(f"{path}: cannot be opened ({problem.strerror}). Check the path and that you may read it.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise BadAudio(f"{path}: is not a file. Name a recording.")
    return os.fdopen(descriptor, "rb")


def _checked(path: Path, recording: BinaryIO, max_bytes: int) -> Container:
    size = os.fstat(recording.fileno()).st_size
    if size == 0:
        raise BadAudio(f"{path}: is empty. Copy or export the recording again.")
    if size > max_bytes:
        raise BadAudio(
            f"{path}: has {size / 1e6:.0f} MB, more than the limit of {max_bytes / 1e6:.0f} MB. "
            "Export it in a compressed format such as Ogg Opus, or raise max_recording_bytes."
        )
    head = recording.read(containers.HEAD_BYTES)
    container = containers.container_of(head)
    if container is None:
        what = "holds text, not sound" if containers.looks_like_text(head) else "is in no audio format that is read here"
        raise BadAudio(f"{path}: {what}. Give a recording as {containers.KNOWN}.")
    return container


def _run_child(recording: BinaryIO, samples: IO[bytes], container: Container, max_seconds: float) -> dict[str, Any]:
    cpu_seconds = int(CPU_SECONDS_LEAST + REAL_TIME_FACTOR_WORST * max_seconds)
    # -P: a file called json.py or av.py in the folder of the recordings is never imported
    command = [sys.executable, "-P", "-m", "callcoach.speech.decode_child", container.demuxer, str(max_seconds), str(cpu_seconds)]
    single_threaded = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        child = subprocess.run(
            command,
            stdin=recording,
            stdout=samples,
            stderr=subprocess.PIPE,
            env=os.environ | single_threaded,
            timeout=3 * cpu_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "too_slow"}
    report = child.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
    try:
        outcome = json.loads(report)
    except ValueError:
        outcome = None
    if child.returncode == 0 and isinstance(outcome, dict):
        return outcome
    return {"refused": "unreadable", "detail": f"the decoder stopped with {child.returncode}: {report[:200]}"}


def _refuse(path: Path, container: Container, outcome: dict[str, Any], max_seconds: float) -> NoReturn:
    detail = f" ({outcome['detail'].rstrip('.')})" if outcome.get("detail") else ""
    again = "Copy or export the recording again."
    sentences = {
        "no_audio": f"holds no sound. Give a recording as {containers.KNOWN}.",
        "no_samples": f"holds no sound that can be decoded. {again}",
        "several_streams": f"holds {outcome.get('streams')} sound tracks. Export one track, with one party per channel.",
        "codec": f"is coded as {outcome.get('codec')}, which is not read here. Export it as {containers.KNOWN}.",
        "channels": f"has {outcome.get('channels')} channels. Export it with one channel, or two with one party each.",
        "cut_short": f"is cut short: its last page is incomplete. {again}",
        "too_long": f"lasts longer than the limit of {_clock(max_seconds)}. Split it, or raise max_recording_seconds.",
        "too_much_memory": f"needs more memory to decode than a recording should. {again}",
        "too_slow": f"takes far longer to decode than a recording should. {again}",
        "damaged": f"is damaged: {outcome.get('bad')} of {outcome.get('packets')} packets cannot be decoded. {again}",
    }
    unreadable = f"starts like {container.name} but cannot be decoded{detail}. {again}"
    raise BadAudio(f"{path}: {sentences.get(outcome['refused'], unreadable)}")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
