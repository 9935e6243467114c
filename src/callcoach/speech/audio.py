"""Turn a recording nobody has vouched for into samples, in a child process that can open nothing else. Knows nothing of speech.

Every refusal is a BadAudio: one sentence with the file, what is wrong and what to do.
"""

import json
import os
import signal
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
# decoding runs at 500 times real time and more; a file that needs longer than this is built to need it
CPU_SECONDS_LEAST = 3.0
REAL_TIME_FACTOR_WORST = 0.02
# silence in AMR takes 50 bytes a second: what is smaller has hardly anything to decode
BYTES_PER_SECOND_LEAST = 50
# a film is read past its pictures
BYTES_READ_PER_CPU_SECOND = 20e6
# a machine may be busy, and its disk slow to load the decoder
WAIT_SECONDS = 60.0
# a header rounds, a codec pads: less than this missing at the end is no cut
MISSING_SECONDS = 1.0
MISSING_SHARE = 0.02
LONGEST_PATH_SHOWN = 300


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audio:
    """Decoded sound: `samples` float32 in -1..1 of shape (channels, n) at 16 kHz; duration in seconds; `peaks` for `read_peaks`.

    The samples lie read-only in a file without a name, not in memory, until they are looked at (see `memory.let_go`).
    """

    samples: NDArray[np.float32]
    duration: float
    channels: int
    peaks: bytes


def decode(path: Path, *, max_seconds: float, max_bytes: int) -> Audio:
    """The samples of a recording of one to eight channels, each as it was recorded, both caps checked before and while decoding.

    Raises BadAudio where the file is missing, too large, too long, cut short, in no known container, or not decodable.
    """
    max_samples = int(max_seconds * SAMPLE_RATE)
    with _opened(path) as recording, tempfile.TemporaryFile() as samples, tempfile.TemporaryFile() as peaks:
        container = _checked(path, recording, max_bytes)
        before = os.fstat(recording.fileno())
        outcome = _run_child(recording, samples, peaks, container, max_samples)
        after = os.fstat(recording.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise BadAudio(f"{shown(path)}: changed while it was read. Wait until the recording is complete, then run again.")
        if "refused" in outcome:
            _refuse(path, container, outcome, max_seconds)
        duration = outcome["length"] / SAMPLE_RATE
        declared = outcome["declared"]
        if declared is not None and duration < declared - max(MISSING_SECONDS, MISSING_SHARE * declared):
            raise BadAudio(
                f"{shown(path)}: is cut short: its header says {_clock(declared)}, only {_clock(duration)} is there. "
                "Copy or export the recording again."
            )
        peaks.seek(0)
        return Audio(
            samples=_mapped(samples, outcome["channels"], outcome["length"], max_samples),
            duration=duration,
            channels=outcome["channels"],
            peaks=peaks.read(),
        )


def shown(path: Path) -> str:
    """A file as sentences name it: on one line, whatever its name holds."""
    text = str(path)
    if len(text) > LONGEST_PATH_SHOWN:
        text = f"{text[: LONGEST_PATH_SHOWN // 2]}…{text[-LONGEST_PATH_SHOWN // 2 :]}"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def _opened(path: Path) -> BinaryIO:
    try:
        # a named pipe would keep us waiting for somebody to write to it
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "no file can have this name"
        raise BadAudio(f"{shown(path)}: cannot be opened ({why}). Check the path and that you may read it.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise BadAudio(f"{shown(path)}: is not a file. Name a recording.")
    return os.fdopen(descriptor, "rb")


def _checked(path: Path, recording: BinaryIO, max_bytes: int) -> Container:
    size = os.fstat(recording.fileno()).st_size
    if size == 0:
        raise BadAudio(f"{shown(path)}: is empty. Copy or export the recording again.")
    if size > max_bytes:
        raise BadAudio(
            f"{shown(path)}: has {size / 1e6:.0f} MB, more than the limit of {max_bytes / 1e6:.0f} MB. "
            "Export it in a compressed format such as Ogg Opus, or raise CALLCOACH_MAX_RECORDING_BYTES."
        )
    head = recording.read(containers.HEAD_BYTES)
    container = containers.container_of(head)
    if container is None:
        what = "holds text, not sound" if containers.looks_like_text(head) else "is in no audio format that is read here"
        raise BadAudio(f"{shown(path)}: {what}. Give a recording as {containers.KNOWN}.")
    return container


def _run_child(
    recording: BinaryIO, samples: IO[bytes], peaks: IO[bytes], container: Container, max_samples: int
) -> dict[str, Any]:
    cpu_seconds = _cpu_seconds(os.fstat(recording.fileno()).st_size, max_samples / SAMPLE_RATE)
    # -P: a file called json.py or av.py in the folder of the recordings is never imported
    command = [sys.executable, "-P", "-m", "callcoach.speech.decode_child"]
    command += [container.demuxer, str(max_samples), str(cpu_seconds), str(peaks.fileno())]
    single_threaded = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        child = subprocess.run(
            command,
            stdin=recording,
            stdout=samples,
            stderr=subprocess.PIPE,
            pass_fds=(peaks.fileno(),),
            env=os.environ | single_threaded,
            timeout=WAIT_SECONDS + 3 * cpu_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "too_slow"}
    if child.returncode == -getattr(signal, "SIGXCPU", 0):
        return {"refused": "too_slow"}
    report = child.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
    try:
        outcome = json.loads(report)
    except ValueError:
        outcome = None
    if child.returncode == 0 and isinstance(outcome, dict):
        return outcome
    return {"refused": "unreadable", "detail": f"the decoder stopped with {child.returncode}"}


def _cpu_seconds(size: int, max_seconds: float) -> int:
    """How long a file of `size` bytes may keep the decoder busy."""
    most_sound = min(max_seconds, size / BYTES_PER_SECOND_LEAST)
    return round(CPU_SECONDS_LEAST + REAL_TIME_FACTOR_WORST * most_sound + size / BYTES_READ_PER_CPU_SECOND)


def _mapped(samples: IO[bytes], channels: int, length: int, max_samples: int) -> NDArray[np.float32]:
    """The channels, each `max_samples` after the one before; what lies between takes neither disk nor memory."""
    os.ftruncate(samples.fileno(), channels * max_samples * np.dtype(np.float32).itemsize)
    return np.memmap(samples, dtype=np.float32, mode="r", shape=(channels, max_samples))[:, :length]


def _refuse(path: Path, container: Container, outcome: dict[str, Any], max_seconds: float) -> NoReturn:
    detail = f" ({outcome['detail'].rstrip('.')})" if outcome.get("detail") else ""
    again = "Copy or export the recording again."
    codec = outcome.get("codec") or "nobody knows"
    sentences = {
        "no_audio": f"holds no sound. Give a recording as {containers.KNOWN}.",
        "no_samples": f"holds no sound that can be decoded. {again}",
        "several_streams": f"holds {outcome.get('streams')} sound tracks. Export one track, with one party per channel.",
        "codec": f"is coded as {codec}, which is not read here. Export it as {containers.KNOWN}.",
        "channels": f"has {outcome.get('channels')} channels. Export it with eight at most, one party on each.",
        "rate": f"has {outcome.get('rate')} samples a second. Export it with 8000 to 48000.",
        "cut_short": f"is cut short: its last part is incomplete. {again}",
        "too_long": f"lasts longer than the limit of {_clock(max_seconds)}. Split it, or raise CALLCOACH_MAX_RECORDING_SECONDS.",
        "too_much_memory": f"needs more memory to decode than a recording should. {again}",
        "too_slow": f"takes far longer to decode than a recording should. {again}",
        "no_space": f"cannot be decoded: no space is left in {tempfile.gettempdir()}. Free some, or point TMPDIR elsewhere.",
        "damaged": f"is damaged: {outcome.get('bad')} of {outcome.get('packets')} packets cannot be decoded. {again}",
    }
    unreadable = f"starts like {container.name} but cannot be decoded{detail}. {again}"
    raise BadAudio(f"{shown(path)}: {sentences.get(outcome['refused'], unreadable)}")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
