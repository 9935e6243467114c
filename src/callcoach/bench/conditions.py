"""Make a two-party recording harder to hear, each time in one stated way and always the same way. Knows no files but wav."""

import wave
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
TELEPHONE_RATE = 8_000
TELEPHONE_BAND = (300.0, 3_400.0)
SNR_DB = 10.0
VOICES_IN_BABBLE = 8
CROSS_TALK_DB = -15.0
# a handset or a line hears the other party a little later
CROSS_TALK_SECONDS = 0.012
SEED = 20_261_116

_FRAME = RATE // 50
# frames within 30 dB of the loudest tenth hold speech
_SPEECH_SHARE = 1e-3

Sound = NDArray[np.float32]


class Condition(StrEnum):
    """How the sample recordings are heard: as they are, or spoilt on purpose. MONO is also a recording that has one channel."""

    CLEAN = "clean"
    TELEPHONE = "telephone"
    NOISY = "noisy"
    CROSS_TALK = "cross_talk"
    MONO = "mono"


def spoil(samples: Sound, condition: Condition) -> tuple[Sound, int]:
    """The two channels (shape (2, n), 16 kHz) as they sound in `condition`, and the rate in Hz; CLEAN changes nothing."""
    match condition:
        case Condition.TELEPHONE:
            return telephone(samples), TELEPHONE_RATE
        case Condition.NOISY:
            return noisy(samples), RATE
        case Condition.CROSS_TALK:
            return cross_talk(samples), RATE
        case Condition.MONO:
            return mono(samples), RATE
        case Condition.CLEAN:
            return samples, RATE


def telephone(samples: Sound) -> Sound:
    """300 to 3400 Hz at 8 kHz, through mu-law and back: shape (channels, n / 2)."""
    from scipy.signal import butter, resample_poly, sosfiltfilt

    band = butter(4, TELEPHONE_BAND, btype="bandpass", fs=RATE, output="sos")
    narrow = resample_poly(sosfiltfilt(band, samples, axis=1), 1, RATE // TELEPHONE_RATE, axis=1)
    return _mu_law_and_back(narrow)


def noisy(samples: Sound, *, snr_db: float = SNR_DB, seed: int = SEED) -> Sound:
    """Babble and pink noise in equal parts on each channel, `snr_db` below the mean power of that channel's speech.

    The babble is the recording's own voices, eight times over at random places and backwards: as many talk, nobody says a word.
    """
    random = np.random.default_rng(seed)
    voices = samples.sum(axis=0)[::-1]
    spoilt = []
    for channel in samples:
        babble = sum(np.roll(voices, int(shift)) for shift in random.integers(0, len(voices), VOICES_IN_BABBLE))
        noise = _at_power_one(np.asarray(babble)) + _at_power_one(_pink(len(channel), random))
        level = np.sqrt(speech_power(channel) / 10 ** (snr_db / 10))
        spoilt.append(channel + level * _at_power_one(noise))
    return _unclipped(np.stack(spoilt))


def cross_talk(samples: Sound) -> Sound:
    """Each channel with the other one in it, 15 dB lower and 12 ms later."""
    delay = round(CROSS_TALK_SECONDS * RATE)
    late = np.pad(samples[::-1], ((0, 0), (delay, 0)))[:, : samples.shape[1]]
    return _unclipped(samples + 10 ** (CROSS_TALK_DB / 20) * late)


def mono(samples: Sound) -> Sound:
    """Both channels in one, at half their level so that nothing clips: shape (1, n)."""
    mixed: Sound = samples.mean(axis=0, keepdims=True).astype(np.float32)
    return mixed


def two_party(samples: Sound, *, same: float = 0.98) -> bool:
    """Whether there are two channels that hold two sounds, none of them silence: one party each."""
    if len(samples) != 2:
        return False
    left, right = (channel.astype(np.float64) for channel in samples)
    loudness = float(np.sqrt(np.dot(left, left) * np.dot(right, right)))
    return loudness > 0 and abs(float(np.dot(left, right))) < same * loudness


def speech_power(channel: Sound) -> float:
    """Mean power while somebody speaks: over the 20 ms frames that are not 30 dB below the loudest tenth."""
    frames = channel[: len(channel) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.mean(np.square(frames, dtype=np.float64), axis=1)
    if not len(power):
        return 0.0
    loud = power[power >= _SPEECH_SHARE * np.quantile(power, 0.9)]
    return float(loud.mean())


def write_wav(path: Path, samples: Sound, rate: int) -> Path:
    """A 16-bit wav file of `samples`, shape (channels, n), in -1..1."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(samples))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples.T, -1, 1) * 32_767).round().astype("<i2").tobytes())
    return path


def _mu_law_and_back(samples: NDArray[np.float64]) -> Sound:
    """Through the 256 steps of mu-law, as a telephone line has them."""
    loudness = np.log1p(255 * np.minimum(np.abs(samples), 1)) / np.log1p(255)
    steps = np.round(loudness * 127) / 127
    return np.asarray(np.sign(samples) * np.expm1(steps * np.log1p(255)) / 255, dtype=np.float32)


def _pink(count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Noise whose power falls by half with each octave."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), count)


def _at_power_one(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    power = float(np.mean(np.square(sound, dtype=np.float64)))
    return sound / np.sqrt(power) if power > 0 else sound


def _unclipped(samples: NDArray[np.floating]) -> Sound:
    loudest = float(np.abs(samples).max(initial=0))
    return (samples / max(1.0, loudest)).astype(np.float32)
