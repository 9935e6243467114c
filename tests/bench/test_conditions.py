import wave
from pathlib import Path

import numpy as np
import pytest

from callcoach.bench.conditions import (
    RATE,
    Condition,
    cross_talk,
    mono,
    noisy,
    speech_power,
    spoil,
    telephone,
    two_party,
    write_wav,
)

SECONDS = 4


def tone(hertz: float, *, seconds: float = SECONDS, loud: float = 0.2) -> np.ndarray:
    return (loud * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def call() -> np.ndarray:
    """The rep's 500 Hz in the first half, the customer's 900 Hz in the second."""
    half = SECONDS * RATE // 2
    left, right = tone(500), tone(900)
    left[half:] = 0
    right[:half] = 0
    return np.stack([left, right])


def power(sound: np.ndarray) -> float:
    return float(np.mean(np.square(sound, dtype=np.float64)))


def power_at(sound: np.ndarray, hertz: float, rate: int = RATE) -> float:
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    place = round(hertz * len(sound) / rate)
    return float(spectrum[place - 2 : place + 3].sum())


def test_noise_is_ten_decibels_below_speech_though_half_of_the_channel_is_silent() -> None:
    clean = call()
    spoilt = noisy(clean)
    for before, after in zip(clean, spoilt, strict=True):
        assert speech_power(before) == pytest.approx(0.02, rel=0.02)
        assert 10 * np.log10(speech_power(before) / power(after - before)) == pytest.approx(10, abs=0.05)


def test_noise_is_the_same_each_time_and_other_with_another_seed() -> None:
    assert np.array_equal(noisy(call()), noisy(call()))
    assert not np.array_equal(noisy(call()), noisy(call(), seed=1))


def test_noise_on_a_loud_call_does_not_clip() -> None:
    assert np.abs(noisy(call() * 4.9)).max() <= 1.0


def test_the_other_party_leaks_fifteen_decibels_lower_and_twelve_milliseconds_later() -> None:
    clean = np.zeros((2, RATE), dtype=np.float32)
    clean[1, 1000] = 0.5
    left, right = cross_talk(clean)
    assert np.argmax(np.abs(left)) == 1000 + 192
    assert 20 * np.log10(np.abs(left).max() / 0.5) == pytest.approx(-15, abs=0.01)
    assert np.array_equal(right, clean[1])


def test_the_telephone_keeps_its_band_only_and_halves_the_rate() -> None:
    both = np.stack([tone(1_000) + tone(100), tone(1_000) + tone(3_900)])
    narrow = telephone(both)
    assert narrow.shape == (2, SECONDS * RATE // 2)
    for channel, outside in zip(narrow, (100, 3_900), strict=True):
        assert power_at(channel, outside, 8_000) < 0.01 * power_at(channel, 1_000, 8_000)
    assert power(narrow[0]) == pytest.approx(0.02, rel=0.05)


def test_mu_law_leaves_at_most_255_different_levels() -> None:
    random = np.random.default_rng(0).normal(0, 0.2, (2, RATE)).astype(np.float32)
    assert 100 < len(np.unique(telephone(random)[0])) <= 255


def test_mono_is_both_parties_at_half_their_level() -> None:
    mixed = mono(call())
    assert mixed.shape == (1, SECONDS * RATE)
    assert mixed[0].max() == pytest.approx(0.1, abs=0.001)
    assert power_at(mixed[0], 500) == pytest.approx(power_at(mixed[0], 900), rel=0.01)


def test_clean_changes_nothing_and_only_the_telephone_changes_the_rate() -> None:
    assert np.array_equal(spoil(call(), Condition.CLEAN)[0], call())
    rates = {condition: spoil(call(), condition)[1] for condition in Condition}
    assert rates.pop(Condition.TELEPHONE) == 8_000
    assert set(rates.values()) == {RATE}


@pytest.mark.parametrize(
    ("samples", "parties"),
    [
        (call(), True),
        # one microphone in both channels, also with the sign turned
        (np.stack([tone(500), tone(500)]), False),
        (np.stack([tone(500), -0.5 * tone(500)]), False),
        # a channel in which nobody is
        (np.stack([tone(500), 0 * tone(500)]), False),
        (tone(500)[None], False),
        (np.stack([tone(500), tone(700), tone(900)]), False),
    ],
)
def test_two_parties_are_two_channels_with_two_sounds(samples: np.ndarray, parties: bool) -> None:
    assert two_party(samples) is parties


def test_files_are_sixteen_bit_wav_with_the_samples_in_them(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "call.wav", call(), RATE)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        stored = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2).T / 32_767
    assert np.abs(stored - call()).max() < 1 / 32_767
