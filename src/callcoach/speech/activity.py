"""Find where a channel carries talk by how loud it is. Knows nothing of words, and cannot tell speech from music.

Loudness decides because Silero, the usual detector, loses its way: on continuous telephone-band speech its probabilities sink to
zero within a minute, and a call cut there would be judged as if it had ended.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
FRAME_SECONDS = 0.02
FRAME = int(FRAME_SECONDS * SAMPLE_RATE)
FRAMES_AT_ONCE = 3000
# talk stands this far above the channel's own floor, and within this range of its loudest (cross-talk is softer still)
DB_OVER_FLOOR = 9.0
DB_UNDER_LOUDEST = 38.0
DB_INAUDIBLE = -65.0
CLICK_SECONDS = 0.06
# Whisper writes better sentences when the pauses inside a person's talk, and some silence around it, stay
PAUSE_SECONDS = 0.8
PAD_SECONDS = 0.3
# a breath: talk goes on, but a window that is full may end here
BREATH_SECONDS = 0.4
LONGEST_SECONDS = 29.0
# a stretch that is too long is cut at its softest place in the last third
CUT_FROM = 2 / 3


class Stretch(NamedTuple):
    """Samples `start` to `end` of a channel."""

    start: int
    end: int


def loudness(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Root mean square of each 20 ms frame, its mean taken off: cheap sound cards lift a whole recording off zero."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    levels = np.empty(len(frames), dtype=np.float32)
    # in blocks: the deviations from the mean take as much memory as the sound
    for start in range(0, len(frames), FRAMES_AT_ONCE):
        levels[start : start + FRAMES_AT_ONCE] = frames[start : start + FRAMES_AT_ONCE].std(axis=1)
    return levels


def talk(sound: NDArray[np.float32]) -> list[Stretch]:
    """The stretches of one channel (16 kHz) that may hold speech, none longer than 29 s.

    Pauses are left out; at a mere breath one stretch ends where the next begins.
    """
    levels = loudness(sound)
    if not len(levels):
        return []
    decibels = 20 * np.log10(levels + 1e-9)
    floor, loudest = np.percentile(decibels, (10, 99))
    loud = decibels > max(floor + DB_OVER_FLOOR, loudest - DB_UNDER_LOUDEST, DB_INAUDIBLE)
    bursts = [burst for burst in _runs(loud) if (burst[1] - burst[0]) * FRAME_SECONDS >= CLICK_SECONDS]
    pad, pause, breath = (round(seconds / FRAME_SECONDS) for seconds in (PAD_SECONDS, PAUSE_SECONDS, BREATH_SECONDS))
    stretches: list[tuple[int, int]] = []
    for start, end in bursts:
        begin, finish = max(0, start - pad), min(len(levels), end + pad)
        silence = start - stretches[-1][1] + pad if stretches else pause + 1
        if silence > pause:
            stretches.append((begin, finish))
        elif silence >= breath:
            middle = start - silence // 2
            stretches[-1] = (stretches[-1][0], middle)
            stretches.append((middle, finish))
        else:
            stretches[-1] = (stretches[-1][0], finish)
    return [Stretch(start * FRAME, end * FRAME) for stretch in stretches for start, end in _short_enough(levels, *stretch)]


def _runs(loud: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], loud, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _short_enough(levels: NDArray[np.float32], start: int, end: int) -> Iterator[tuple[int, int]]:
    longest = round(LONGEST_SECONDS / FRAME_SECONDS)
    smooth = np.convolve(levels[start:end], np.ones(5) / 5, mode="same")
    begin = start
    while end - begin > longest:
        first = begin + round(longest * CUT_FROM)
        cut = first + int(np.argmin(smooth[first - start : begin + longest - start]))
        yield begin, cut
        begin = cut
    yield begin, end
