"""Quieten one party's voice where it only leaks into another channel, so that nothing is transcribed twice. Knows no words.

A leak is the other channel through a short filter: a delay, a room, a handset. The filter is fitted where the other party
clearly dominates; where more is left than it leaves of a leak, the channel's own party talks, and that stays as it is.
"""

import tempfile
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from callcoach.speech.activity import DB_OVER_FLOOR, FRAME, SAMPLE_RATE, Stretch, loudness

Sound = NDArray[np.float32]
Frames = NDArray[np.bool_]

# a leak arrives up to 50 ms late, with the echo of a room; clocks of two channels may differ by a little
EARLIEST, LATEST = round(-0.01 * SAMPLE_RATE), round(0.07 * SAMPLE_RATE)
# the filter is fitted anew for each section: people move, and memory stays bounded
SECTION = 300 * SAMPLE_RATE
BLOCK = 2 * SAMPLE_RATE
REGULAR = 1e-4
# where the other channel is this much louder, and within this range of its loudest, its party dominates
DB_DOMINANT = 6.0
DB_LOUD = 25.0
LEAST_DOMINANT_SECONDS = 2.0
# a leak is at most this much louder than what the filter predicts; independent channels exceed 15 dB
DB_UNEXPLAINED = 8.0
# own talk leaves this much more of itself than a leak does. Ten calls with leaks of -12, -20 and -30 dB laid in, delayed, echoing
# and mu-law coded: 98% of the time with a leak alone goes, 99.9% of own talk stays; of a party 20 dB softer than the leaking one
# 99.5% stays even where both talk at once all the time (by level alone instead of what is left: 97%)
DB_OWN_TALK = 10.0
# levels are compared over this many frames; own talk is longer than a click and keeps its soft beginnings and ends
SMOOTH_FRAMES = 5
OWN_LEAST_FRAMES = 4
OWN_AROUND_FRAMES = 8


def quieten_leaks(samples: Sound) -> Sound:
    """`samples` (channels, n) at 16 kHz with leaks taken down to each channel's noise floor; itself where nothing leaks."""
    quiet: Sound | None = None
    for to in range(len(samples)):
        floor = float(np.percentile(_levels(samples[to]), 10))
        for section in _sections(samples.shape[1]):
            leaks = np.zeros((section.end - section.start) // FRAME, dtype=bool)
            for source in range(len(samples)):
                if source != to:
                    leaks |= leaked(samples[source, section.start : section.end], samples[to, section.start : section.end], floor)
            if leaks.any():
                quiet = _copy(samples) if quiet is None else quiet
                _take_down(quiet[to, section.start : section.end], leaks, floor)
    return samples if quiet is None else quiet


def _copy(samples: Sound) -> Sound:
    """A writable copy that lies in a file without a name, not in memory: three hours of two channels are 1.4 GB."""
    with tempfile.TemporaryFile() as file:
        copy = np.memmap(file, dtype=np.float32, mode="w+", shape=samples.shape)
    for section in _sections(samples.shape[1]):
        copy[:, section.start : section.end] = samples[:, section.start : section.end]
    return copy


def leaked(source: Sound, heard: Sound, floor: float) -> Frames:
    """The 20 ms frames of `heard` that hold nothing but `source` leaking in; `floor` is the noise level of `heard`."""
    levels, loud = _levels(heard), _levels(source)
    nothing = np.zeros(len(levels), dtype=bool)
    over = loud > 10 ** (DB_DOMINANT / 20) * levels
    dominant = over & (loud > np.percentile(loud, 99) * 10 ** (-DB_LOUD / 20))
    if dominant.sum() * FRAME < LEAST_DOMINANT_SECONDS * SAMPLE_RATE:
        return nothing
    leak = _through(_filter(source, heard, dominant), source)
    predicted, rest = _levels(leak), _levels(heard - leak)
    # quieter than this it is never taken for talk
    audible = 10 ** (DB_OVER_FLOOR / 20) * floor
    telling = dominant & (levels > audible)
    if telling.sum() * FRAME < LEAST_DOMINANT_SECONDS * SAMPLE_RATE / 4:
        return nothing
    unexplained = float(np.median(levels[telling] / (predicted[telling] + 1e-9)))
    if unexplained > 10 ** (DB_UNEXPLAINED / 20):
        return nothing
    # what the filter leaves of a leak: little where the line is true, more where it was coded
    left = float(np.median(rest[telling] / (predicted[telling] + 1e-9)))
    allowed = predicted * left * 10 ** (DB_OWN_TALK / 20)
    own = _without_islands(_smooth(rest) > np.maximum(_smooth(allowed), audible))
    return ~_around(own) & (_smooth(predicted) > floor / 2)


def _filter(source: Sound, heard: Sound, dominant: Frames) -> Sound:
    """The filter that best makes `heard` of `source` in the dominant frames: taps `EARLIEST` to `LATEST`."""
    from scipy.linalg import solve_toeplitz

    chosen = np.repeat(dominant, FRAME)
    taps, size = LATEST - EARLIEST, 2 * BLOCK
    own, cross = np.zeros(size // 2 + 1), np.zeros(size // 2 + 1, dtype=complex)
    for start in range(0, len(chosen), BLOCK):
        mask = chosen[start : start + BLOCK]
        if not mask.any():
            continue
        masked = np.fft.rfft(source[start : start + len(mask)] * mask, size)
        own += np.abs(masked) ** 2
        cross += np.fft.rfft(heard[start : start + len(mask)] * mask, size) * masked.conj()
    alike = np.fft.irfft(own, size)[:taps]
    late = np.roll(np.fft.irfft(cross, size), -EARLIEST)[:taps]
    alike[0] *= 1 + REGULAR
    fitted: Sound = solve_toeplitz(alike, late).astype(np.float32)
    return fitted


def _through(taps: Sound, source: Sound) -> Sound:
    from scipy.signal import oaconvolve

    heard: Sound = oaconvolve(source, taps)[-EARLIEST:][: len(source)]
    return heard


def _levels(sound: Sound) -> Sound:
    """Level of each frame, in blocks: a memory-mapped channel is not read at once."""
    parts = [loudness(sound[section.start : section.end]) for section in _sections(len(sound))]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def _sections(length: int) -> Iterator[Stretch]:
    """Whole sections; what is left at the end belongs to the last."""
    count = max(1, length // SECTION)
    for number in range(count):
        yield Stretch(number * SECTION, length if number == count - 1 else (number + 1) * SECTION)


def _smooth(levels: Sound) -> Sound:
    power = np.convolve(levels.astype(np.float64) ** 2, np.ones(SMOOTH_FRAMES) / SMOOTH_FRAMES, mode="same")
    root: Sound = np.sqrt(np.maximum(power, 0)).astype(np.float32)
    return root


def _without_islands(own: Frames) -> Frames:
    from scipy.ndimage import binary_opening

    opened: Frames = binary_opening(own, np.ones(OWN_LEAST_FRAMES))
    return opened


def _around(own: Frames) -> Frames:
    from scipy.ndimage import binary_dilation

    wider: Frames = binary_dilation(own, np.ones(2 * OWN_AROUND_FRAMES + 1))
    return wider


def _take_down(sound: Sound, leaks: Frames, floor: float) -> None:
    """Scale each leaked frame to the noise floor: digital silence instead would make the noise around it look like talk."""
    levels = loudness(sound)
    gains = np.where(leaks, np.minimum(1.0, floor / np.maximum(levels, 1e-9)), 1.0).astype(np.float32)
    for start in range(0, len(gains), SECTION // FRAME):
        some = gains[start : start + SECTION // FRAME]
        sound[start * FRAME : (start + len(some)) * FRAME] *= np.repeat(some, FRAME)
