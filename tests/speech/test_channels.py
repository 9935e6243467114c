import numpy as np
import pytest

from callcoach.speech.activity import SAMPLE_RATE, talk
from callcoach.speech.channels import sort_out

SECONDS = 40


def voice(*said: tuple[float, float], seed: int, level: float = 0.1) -> np.ndarray:
    """Coloured noise that rises and falls like syllables while somebody talks, silence otherwise."""
    random = np.random.default_rng(seed)
    sound = np.zeros(SECONDS * SAMPLE_RATE)
    for start, end in said:
        times = np.arange(int(start * SAMPLE_RATE), int(end * SAMPLE_RATE))
        breath = np.convolve(random.normal(size=len(times)), random.normal(size=32), mode="same") / 6
        sound[times] = level * np.abs(np.sin(4 * np.pi * times / SAMPLE_RATE + seed)) * breath
    return sound


def noise(seed: int, level: float = 0.0005) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, level, SECONDS * SAMPLE_RATE)


def late(sound: np.ndarray, seconds: float) -> np.ndarray:
    return np.concatenate([np.zeros(round(seconds * SAMPLE_RATE)), sound])[: len(sound)]


def leak(sound: np.ndarray, decibels: float, delay: float) -> np.ndarray:
    """Through a small room and a handset: late, echoing, duller."""
    room = np.random.default_rng(9).normal(size=480) * np.exp(-np.arange(480) / 80)
    room[0] = 3
    echo = np.convolve(sound, room)[: len(sound)]
    return late(echo * np.sqrt(np.mean(sound**2) / np.mean(echo**2)) * 10 ** (decibels / 20), delay)


def recording(*channels: np.ndarray) -> np.ndarray:
    samples = np.stack(channels).astype(np.float32)
    samples.setflags(write=False)
    return samples


def level(sound: np.ndarray, start: float, end: float) -> float:
    return float(np.sqrt(np.mean(sound[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)] ** 2)))


REP = voice((1, 6), (12, 18), (25, 30), (36, 39), seed=1)
CUSTOMER = voice((7, 11), (19, 24), (31, 35), seed=2)


def test_a_party_on_each_channel_stays_as_it_is() -> None:
    samples = recording(REP + noise(3), CUSTOMER + noise(4))
    channels = sort_out(samples)
    assert channels.numbers == (0, 1) and np.shares_memory(channels.samples, samples)


@pytest.mark.parametrize(
    "silent",
    [
        np.zeros(SECONDS * SAMPLE_RATE),
        noise(5),
        # clicks of a switch on the line
        noise(5) + np.where(np.arange(SECONDS * SAMPLE_RATE) % 100_000 < 200, 0.3, 0.0),
    ],
    ids=["nothing", "line noise", "clicks"],
)
def test_a_silent_channel_is_dropped(silent: np.ndarray) -> None:
    assert sort_out(recording(silent, REP + CUSTOMER + noise(3))).numbers == (1,)


def test_where_every_channel_is_silent_one_stays() -> None:
    assert sort_out(recording(noise(3, 0.0001), noise(4, 0.001))).numbers == (1,)


BOTH = REP + CUSTOMER


@pytest.mark.parametrize(
    "copy",
    [
        BOTH,
        -0.3 * BOTH,
        late(BOTH, 0.003),
        np.roll(BOTH, -130),
        # each channel coded on its own
        BOTH + noise(6, 0.004),
    ],
    ids=["equal", "turned over and softer", "late", "early", "noisier"],
)
def test_one_sound_in_two_channels_is_a_mono_recording(copy: np.ndarray) -> None:
    channels = sort_out(recording(BOTH + noise(3), copy + noise(4)))
    assert channels.numbers == (0,) and channels.samples.shape == (1, SECONDS * SAMPLE_RATE)


def test_the_much_louder_of_two_copies_stays() -> None:
    assert sort_out(recording(0.2 * BOTH + noise(3), BOTH + noise(4))).numbers == (1,)


def test_two_parties_with_strong_cross_talk_stay_two() -> None:
    assert sort_out(recording(REP + 0.5 * CUSTOMER + noise(3), CUSTOMER + 0.5 * REP + noise(4))).numbers == (0, 1)


def test_a_conference_keeps_each_party_once() -> None:
    third = voice((3, 5), (20, 22), seed=7)
    samples = recording(noise(3), REP + noise(4), CUSTOMER + noise(5), REP + noise(6), third + noise(8))
    assert sort_out(samples).numbers == (1, 2, 4)


@pytest.mark.parametrize("decibels", [-12, -20])
@pytest.mark.parametrize("delay", [0.0, 0.05])
def test_a_voice_that_leaks_into_the_other_channel_is_heard_once(decibels: float, delay: float) -> None:
    clean = recording(REP + noise(3), CUSTOMER + noise(4))
    samples = recording(clean[0] + leak(CUSTOMER, decibels, delay), clean[1] + leak(REP, decibels, delay))
    assert len(talk(samples[0])) > len(talk(clean[0])) or level(samples[0], 7.5, 10.5) > 3 * level(clean[0], 7.5, 10.5)
    channels = sort_out(samples)
    assert channels.numbers == (0, 1)
    for row, start, end in ((0, 7.5, 10.5), (0, 19.5, 23.5), (1, 1.5, 5.5), (1, 25.5, 29.5)):
        assert level(channels.samples[row], start, end) < 0.15 * level(samples[row], start, end) + level(clean[row], start, end)
    for row, start, end in ((0, 1.0, 6.0), (0, 12.0, 18.0), (1, 7.0, 11.0), (1, 31.0, 35.0)):
        own = slice(int(start * SAMPLE_RATE), int(end * SAMPLE_RATE))
        assert np.array_equal(channels.samples[row, own], samples[row, own])


def test_what_a_soft_party_says_while_the_other_talks_is_kept() -> None:
    # 18 dB softer than the rep, whose voice leaks in at -20 dB: hardly louder than the leak
    soft = 0.125 * voice((2, 5), (13, 17), (26, 29), seed=11)
    samples = recording(REP + noise(3, 0.0001), soft + leak(REP, -20, 0.02) + noise(4, 0.0001))
    quiet = sort_out(samples).samples[1]
    for start, end in ((2, 5), (13, 17), (26, 29)):
        own = slice(int(start * SAMPLE_RATE), int(end * SAMPLE_RATE))
        assert float(np.mean(quiet[own] == samples[1, own])) > 0.98
    assert level(quiet, 37, 38.5) < 0.2 * level(samples[1], 37, 38.5)


def test_a_party_who_speaks_softly_all_along_is_no_leak() -> None:
    samples = recording(REP + noise(3, 0.0001), 0.05 * CUSTOMER + noise(4, 0.0001))
    assert np.shares_memory(sort_out(samples).samples, samples)


def test_one_channel_is_left_alone() -> None:
    samples = recording(REP)
    channels = sort_out(samples)
    assert channels.numbers == (0,) and np.array_equal(channels.samples, samples)


def test_no_samples_at_all() -> None:
    assert sort_out(np.zeros((2, 0), dtype=np.float32)).numbers == (0,)
