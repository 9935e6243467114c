"""Nobody speaks on these sounds, so nothing may be written."""

from pathlib import Path

import numpy as np
import pytest

from callcoach.bench.noises import SAMPLE_RATE, noises, telephone
from callcoach.speech.clean import clean
from callcoach.speech.recognise import Recogniser
from callcoach.speech.speaking import somebody_speaks
from callcoach.weights import locate

SAMPLE = Path(__file__).parents[2] / "sample_calls"


def test_the_sounds_are_as_long_as_asked_the_same_for_a_seed_and_within_bounds() -> None:
    sounds = noises(seconds=56.0, seed=3)
    assert sum(len(sound) for sound in sounds.values()) == pytest.approx(56 * SAMPLE_RATE, rel=0.001)
    for name, sound in sounds.items():
        assert sound.dtype == np.float32 and sound.ndim == 1, name
        assert np.abs(sound).max() <= 1 and np.isfinite(sound).all(), name
        assert (np.abs(sound).max() > 0.001) == (name != "silence"), name
    assert all(np.array_equal(sound, noises(seconds=56.0, seed=3)[name]) for name, sound in sounds.items())
    assert not np.array_equal(sounds["white noise"], noises(seconds=56.0, seed=4)["white noise"])


def test_a_telephone_carries_nothing_above_four_kilohertz() -> None:
    heard = telephone(noises(seconds=28.0)["white noise"])
    spectrum = np.abs(np.fft.rfft(heard)) ** 2
    pitches = np.fft.rfftfreq(len(heard), 1 / SAMPLE_RATE)
    assert spectrum[pitches > 4_200].mean() < 0.02 * spectrum[(pitches > 500) & (pitches < 3_000)].mean()


def test_no_voice_is_heard_in_them_and_one_is_in_a_call() -> None:
    for name, sound in noises(seconds=84.0).items():
        if "arpeggio" not in name:
            assert not somebody_speaks(sound, 0.5, 2.5), name
    assert not somebody_speaks(np.zeros(0, np.float32), 0.0, 1.0)


@pytest.mark.slow
def test_nothing_is_written_where_nobody_speaks() -> None:
    recogniser = Recogniser(locate.locate("whisper-base"))
    for language in (None, "en"):
        for name, sound in noises(seconds=168.0, seed=1).items():
            samples = sound[np.newaxis]
            written = clean(recogniser.recognise(samples, language=language).phrases, samples)
            assert written == (), f"{name}: {[word.text for phrase in written for word in phrase.words]}"
