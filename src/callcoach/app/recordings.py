"""Find a call's recording for whoever may hear it, in a form that browsers play, and draw it as two lanes.

The place of a recording comes from the run that read it and never from a request; a file that is no longer the one that was read
is not played. Knows nothing of HTTP.
"""

import hashlib
import tempfile
import wave
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.app.workspace import Workspace
from callcoach.coaching import call_wording
from callcoach.domain.call import Call, Role, Transcript
from callcoach.domain.people import VisibleReps
from callcoach.speech import containers
from callcoach.speech.audio import SAMPLE_RATE, decode
from callcoach.speech.peaks import Peaks, read_peaks
from callcoach.storage.given import GivenToRuns

MOST_POINTS = 1_800
"""Of a lane: as many as a wide screen has pixels for."""

TELLS_SIDES = 1.6
"""A channel is a side's where it is so many times as loud while that side speaks, against the other channel. Recordings with a
side on each channel have 5 and more, the same sound on both has 1."""

_FULL = 127
_BLOCK = SAMPLE_RATE * 10

# what every current browser plays as it is; WAV by its own coding below, MP4 by its brand
_TYPES = {
    containers.MP3: "audio/mpeg",
    containers.FLAC: "audio/flac",
    containers.OGG: "audio/ogg",
    containers.MP4: "audio/mp4",
    containers.WEBM: "audio/webm",
}
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Whether a call can be heard; where not, `why_not` says why and what next."""

    here: bool
    why_not: str | None = None


class Playable(NamedTuple):
    """A file to play. tag: names its bytes."""

    path: Path
    media_type: str
    tag: str


class Lane(NamedTuple):
    """How loud one side is: 0..100, a point every `Lanes.step` seconds. role: rep, customer, or unknown where nobody can tell."""

    role: str
    points: tuple[int, ...]


class Lanes(NamedTuple):
    """The sound of a call, drawn. duration and step in seconds. tag: names the drawing."""

    duration: float
    step: float
    lanes: tuple[Lane, ...]
    tag: str


def recording_of(workspace: Workspace, call: Call) -> Recording:
    """Whether the call's recording is there to be played."""
    if not call.audio_path:
        return Recording(here=False, why_not=call_wording.no_recording(given=False, kept=False))
    path = GivenToRuns(workspace.store).recording(call.content)
    if path is None or not path.is_file():
        return Recording(here=False, why_not=call_wording.no_recording(given=True, kept=path is not None))
    return Recording(here=True)


def playable(workspace: Workspace, reader_visible: VisibleReps, call_id: str, *, as_wav: bool = False) -> Playable | None:
    """The recording of a call as a browser plays it; None where there is none, or it is not theirs to hear.

    as_wav: whatever it is, as WAV, for a browser that could not play it as it is. Raises BadAudio where it cannot be decoded.
    """
    call = workspace.store.call(call_id)
    if call is None or call.rep_id not in reader_visible or not call.audio_path:
        return None
    path = GivenToRuns(workspace.store).recording(call.content)
    if path is None or not _is_still(path, call.content):
        return None
    media_type = None if as_wav else _plays_as(path)
    if media_type is not None:
        return Playable(path, media_type, call.content)
    return Playable(_decoded(workspace, path, call.content), "audio/wav", call.content + "-wav")


def lanes(workspace: Workspace, reader_visible: VisibleReps, call_id: str) -> Lanes | None:
    """How loud each side of a call is over time; None where that is not kept, or not theirs to see."""
    call = workspace.store.call(call_id)
    body = None if call is None or call.rep_id not in reader_visible else workspace.store.peaks(call.content)
    if call is None or body is None:
        return None
    transcript = workspace.store.current_transcript(call_id)
    return drawn(read_peaks(body), transcript, tag=call.content[:32])


def drawn(peaks: Peaks, transcript: Transcript | None, *, tag: str = "") -> Lanes:
    """Two lanes, the rep's and the customer's: by channel where each side has one, else by who speaks when; only of who speaks.

    One lane of nobody in particular where the transcript does not say when anybody speaks.
    """
    step = peaks.samples_per_pixel / peaks.sample_rate
    loud = np.maximum(peaks.most.astype(np.int16), -peaks.least.astype(np.int16)).clip(0, _FULL)
    n = loud.shape[1]
    speaks = {role: _when(transcript, role, n, step) for role in (Role.REP, Role.CUSTOMER)}
    group = max(1, -(-n // MOST_POINTS))
    duration = round(n * step, 2)
    if n == 0 or not any(when.any() for when in speaks.values()):
        single = (Lane(Role.UNKNOWN.value, _points(loud.max(axis=0), group)),)
        return Lanes(duration, step * group, single, tag)
    sides = _channels(loud, speaks[Role.REP], speaks[Role.CUSTOMER])
    mixed = loud.max(axis=0)
    tracks = {
        role: loud[sides[role]] if sides else np.where(speaks[role], mixed, 0).astype(np.int16)
        for role in (Role.REP, Role.CUSTOMER)
    }
    found = (Lane(role.value, _points(track, group)) for role, track in tracks.items() if speaks[role].any())
    return Lanes(duration, step * group, tuple(found), tag)


def _when(transcript: Transcript | None, role: Role, n: int, step: float) -> NDArray[np.bool_]:
    """Whether somebody with this role speaks, for each pixel; a leader's talk is drawn where the rep's would be."""
    speaks = np.zeros(n, dtype=np.bool_)
    roles = (Role.REP, Role.LEADER) if role is Role.REP else (role,)
    for turn in transcript.turns if transcript else ():
        if turn.role in roles and turn.start is not None and turn.end is not None:
            speaks[int(turn.start / step) : int(turn.end / step) + 1] = True
    return speaks


def _channels(loud: NDArray[np.int16], rep: NDArray[np.bool_], customer: NDArray[np.bool_]) -> dict[Role, int]:
    """Which channel is whose; none where the channels do not tell the sides apart."""
    if len(loud) < 2 or not (rep & ~customer).any() or not (customer & ~rep).any():
        return {}
    ratio = (loud[:, rep & ~customer].mean(axis=1) + 0.5) / (loud[:, customer & ~rep].mean(axis=1) + 0.5)
    first, last = int(ratio.argmax()), int(ratio.argmin())
    return {Role.REP: first, Role.CUSTOMER: last} if ratio[first] > TELLS_SIDES**2 * ratio[last] else {}


def _points(track: NDArray[np.int16], group: int) -> tuple[int, ...]:
    padded = np.pad(track, (0, -len(track) % group))
    most = padded.reshape(-1, group).max(axis=1)
    return tuple(int(each) for each in np.rint(most * 100 / _FULL))


def _is_still(path: Path, content: str) -> bool:
    """Whether the file is the one that was read: another call's recording may bear its name by now."""
    try:
        found = path.stat()
    except OSError:
        return False
    return path.is_file() and _digest(path, found.st_mtime_ns, found.st_size) == content


@lru_cache(maxsize=4_096)
def _digest(path: Path, _changed: int, _size: int) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _plays_as(path: Path) -> str | None:
    """The type under which browsers play the file as it is; None where some do not."""
    with path.open("rb") as file:
        head = file.read(4_096)
    container = containers.container_of(head[: containers.HEAD_BYTES])
    if container is containers.WAV:
        return "audio/wav" if _is_plain_wav(head) else None
    if container is containers.MP4 and head[8:10] == b"3g":
        return None
    return None if container is None else _TYPES.get(container)


def _is_plain_wav(head: bytes) -> bool:
    """Whether the samples are plain numbers; telephony's mu-law and A-law are not played everywhere."""
    at = head.find(b"fmt ")
    if head[:4] != b"RIFF" or at < 0 or len(head) < at + 34:
        return False
    coding = int.from_bytes(head[at + 8 : at + 10], "little")
    bits = int.from_bytes(head[at + 22 : at + 24], "little")
    if coding == _EXTENSIBLE:
        coding = int.from_bytes(head[at + 32 : at + 34], "little")
    return (coding == _PCM and bits in (8, 16, 24, 32)) or (coding == _FLOAT and bits == 32)


def _decoded(workspace: Workspace, path: Path, content: str) -> Path:
    """The recording as 16-bit WAV, made once by the decoder that trusts no file, and kept in the home folder's cache."""
    folder = workspace.settings.home / "cache" / "audio"
    kept = folder / f"{content}.wav"
    if kept.is_file():
        return kept
    settings = workspace.settings
    sound = decode(path, max_seconds=settings.max_recording_seconds, max_bytes=settings.max_recording_bytes)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        try:
            with wave.open(part, "wb") as file:
                file.setnchannels(sound.channels)
                file.setsampwidth(2)
                file.setframerate(SAMPLE_RATE)
                for begin in range(0, sound.samples.shape[1], _BLOCK):
                    piece = np.clip(sound.samples[:, begin : begin + _BLOCK] * 32_767, -32_768, 32_767).astype("<i2")
                    file.writeframes(np.ascontiguousarray(piece.T).tobytes())
            # two who listen at once each make one, and the second puts the same in its place
            Path(part.name).replace(kept)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return kept
