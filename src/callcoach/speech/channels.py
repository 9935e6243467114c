"""Find which channels of a recording carry a party of their own. Knows nothing of who the parties are.

Recorders write silent channels, one microphone into both channels, and each party's voice faintly into the other's channel.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from callcoach.speech.activity import FRAME, SAMPLE_RATE, loudness, talk
from callcoach.speech.leakage import quieten_leaks

Sound = NDArray[np.float32]

# a channel with less talk is silent: clicks, a ring, the noise of an unused line
LEAST_TALK_SECONDS = 0.5
# the pads that `talk` puts around each stretch
PADS_SECONDS = 0.6
# one sound stored twice may be late by a few milliseconds in one of them
LATEST_COPY = round(0.02 * SAMPLE_RATE)
BLOCK = SAMPLE_RATE // 4
BLOCKS_AT_ONCE = 240
DB_LOUD = 18.0
# of copies the first stays, unless another is louder by 3 dB
LOUDER = 1.4
# two parties with cross-talk of -6 dB each way: quarter-seconds correlate by 0.8 where both talk, by more where one does, but
# then the channel of who talks is 6 dB louder. One sound coded twice: 0.9 and more, and one ratio of levels throughout
SAME_SOUND_CORRELATION = 0.9
SAME_SOUND_SHARE = 0.95
SAME_SOUND_DB = 8.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Channels:
    """The channels with a party of their own: `samples` (rows, n) at 16 kHz; `numbers` are the rows' places in the recording.

    One row is a mono recording: everybody who talks is in it.
    """

    samples: Sound
    numbers: tuple[int, ...]


def sort_out(samples: Sound) -> Channels:
    """`samples` (channels, n) at 16 kHz without silent channels and copies, leaks taken down; at least one row stays.

    Reads in blocks and never writes to `samples`; they are copied only where channels are dropped or leak.
    """
    numbers = _distinct(samples, _talking(samples))
    kept = _rows(samples, numbers)
    return Channels(samples=kept if len(numbers) == 1 else quieten_leaks(kept), numbers=numbers)


def _rows(samples: Sound, numbers: tuple[int, ...]) -> Sound:
    """These channels: a view where their numbers are evenly spaced, as one or two always are."""
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    evenly = tuple(range(numbers[0], numbers[-1] + 1, step))
    return samples[numbers[0] : numbers[-1] + 1 : step] if evenly == numbers else samples[list(numbers)]


def _talking(samples: Sound) -> tuple[int, ...]:
    """Channels with talk; where no channel has any, the loudest."""
    if len(samples) == 1:
        return (0,)
    seconds = [
        sum((stretch.end - stretch.start) / SAMPLE_RATE - PADS_SECONDS for stretch in talk(channel)) for channel in samples
    ]
    talking = tuple(number for number, talked in enumerate(seconds) if talked >= LEAST_TALK_SECONDS)
    return talking or (int(np.argmax([_loudest(channel) for channel in samples])),)


def _distinct(samples: Sound, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """`numbers` without copies."""
    kept = set(numbers)
    for one, other in combinations(numbers, 2):
        if {one, other} <= kept and hold_the_same(samples[one], samples[other]):
            kept.discard(one if _loudest(samples[other]) > LOUDER * _loudest(samples[one]) else other)
    return tuple(sorted(kept))


def _loudest(channel: Sound) -> float:
    levels = loudness(channel)
    return float(np.percentile(levels, 99)) if len(levels) else 0.0


def hold_the_same(one: Sound, other: Sound) -> bool:
    """Whether two channels hold one sound: scaled, of opposite sign, a little late, or coded apart."""
    lag = _lag(one, other)
    one, other = (one[:-lag], other[lag:]) if lag > 0 else (one[-lag:], other[: len(other) + lag])
    correlations, ratios, levels = [], [], []
    for start in range(0, len(one) - BLOCK + 1, BLOCK * BLOCKS_AT_ONCE):
        end = min(len(one) // BLOCK * BLOCK, start + BLOCK * BLOCKS_AT_ONCE)
        left, right = (_centred(sound[start:end]) for sound in (one, other))
        left_power, right_power = (np.einsum("bn,bn->b", sound, sound) + 1e-12 for sound in (left, right))
        correlations.append(np.abs(np.einsum("bn,bn->b", left, right)) / np.sqrt(left_power * right_power))
        ratios.append(10 * np.log10(left_power / right_power))
        levels.append(10 * np.log10(np.maximum(left_power, right_power)))
    if not levels:
        return False
    level = np.concatenate(levels)
    loud = level > np.percentile(level, 99) - DB_LOUD
    low, high = np.percentile(np.concatenate(ratios)[loud], (3, 97))
    alike = float((np.concatenate(correlations)[loud] >= SAME_SOUND_CORRELATION).mean())
    return alike >= SAME_SOUND_SHARE and high - low < SAME_SOUND_DB


def _centred(sound: Sound) -> Sound:
    blocks = np.asarray(sound, dtype=np.float32).reshape(-1, BLOCK)
    centred: Sound = blocks - blocks.mean(axis=1, keepdims=True)
    return centred


def _lag(one: Sound, other: Sound) -> int:
    """Samples by which `other` is late, at most `LATEST_COPY` either way."""
    block = FRAME * 100
    together = np.zeros(block + 1, dtype=complex)
    for start in range(0, len(one), block):
        left, right = (np.asarray(sound[start : start + block]) for sound in (one, other))
        together += np.fft.rfft(right - right.mean(), 2 * block) * np.fft.rfft(left - left.mean(), 2 * block).conj()
    alike = np.abs(np.roll(np.fft.irfft(together, 2 * block), LATEST_COPY)[: 2 * LATEST_COPY + 1])
    return int(alike.argmax()) - LATEST_COPY
