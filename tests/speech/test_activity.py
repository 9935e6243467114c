from itertools import pairwise

import numpy as np
import pytest

from callcoach.speech.activity import LONGEST_SECONDS, SAMPLE_RATE, Stretch, talk


def channel(*loud: tuple[float, float], seconds: float = 60.0, noise: float = 0.001, level: float = 0.1) -> np.ndarray:
    """Line noise with bursts that rise and fall like syllables, four a second."""
    random = np.random.default_rng(5)
    samples = random.normal(0, noise, int(seconds * SAMPLE_RATE))
    for start, end in loud:
        times = np.arange(int(start * SAMPLE_RATE), int(end * SAMPLE_RATE))
        samples[times[0] : times[-1] + 1] += level * np.abs(np.sin(4 * np.pi * times / SAMPLE_RATE)) * np.sin(times / 6)
    return samples.astype(np.float32)


def seconds(stretches: list[Stretch]) -> list[tuple[float, float]]:
    return [(round(stretch.start / SAMPLE_RATE, 1), round(stretch.end / SAMPLE_RATE, 1)) for stretch in stretches]


def test_talk_is_found_with_a_little_silence_around_it() -> None:
    ((start, end),) = seconds(talk(channel((10, 14))))
    assert start == pytest.approx(9.7, abs=0.1) and end == pytest.approx(14.3, abs=0.1)


def test_a_long_silence_between_two_stretches_is_left_out() -> None:
    assert len(talk(channel((10, 14), (30, 33)))) == 2


def test_at_a_breath_one_stretch_ends_where_the_next_begins() -> None:
    first, second = talk(channel((10, 14), (14.6, 18)))
    assert first.end == second.start


def test_talk_without_any_pause_is_cut_into_windows_and_nothing_is_lost() -> None:
    stretches = talk(channel((1, 119), seconds=120))
    assert all(stretch.end - stretch.start <= LONGEST_SECONDS * SAMPLE_RATE for stretch in stretches)
    assert all(one.end == two.start for one, two in pairwise(stretches))
    assert seconds(stretches)[0][0] <= 1.0 and seconds(stretches)[-1][1] >= 119.0


def test_an_hour_of_talk_is_found_to_its_end() -> None:
    turns = [(float(start), start + 6.0) for start in range(0, 3_590, 10)]
    assert len({round(stretch.start / SAMPLE_RATE) // 10 for stretch in talk(channel(*turns, seconds=3_600))}) >= 358


def test_the_other_partys_voice_leaking_in_is_not_talk() -> None:
    both = channel((10, 14)) + channel((20, 30), noise=0.0, level=0.1 * 10 ** (-40 / 20))
    assert len(talk(both)) == 1


@pytest.mark.parametrize("noise", [0.0, 0.001, 0.05])
def test_noise_alone_is_not_talk(noise: float) -> None:
    assert talk(channel(noise=noise)) == []


def test_a_card_that_lifts_the_whole_recording_off_zero_hides_nothing() -> None:
    assert seconds(talk(channel((10, 14)) + np.float32(0.2))) == seconds(talk(channel((10, 14))))


def test_no_samples_at_all() -> None:
    assert talk(np.zeros(0, dtype=np.float32)) == []
