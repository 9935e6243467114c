"""Sounds of a telephone line in which nobody says a word: silence, noise, hum, keys, ringing, hold music, coughs.

Whatever text comes out of them was invented. Synthesised, so that they need no licence. Knows nothing of recognition.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

SAMPLE_RATE = 16_000

Sound = NDArray[np.float32]
_Floats = NDArray[np.float64]
_Maker = Callable[[int, np.random.Generator], _Floats]

_KEYS = {"1": (697, 1209), "5": (770, 1336), "9": (852, 1477), "0": (941, 1336), "#": (941, 1477), "2": (697, 1336)}
# the progressions that hold music is made of, as semitones above C
_CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
_TUNE = (0, 2, 4, 7, 9, 7, 4, 2, 5, 4, 2, 0, -5, -3, 0, 4)
_MIDDLE_C = 261.63


def noises(seconds: float = 600.0, seed: int = 0) -> dict[str, Sound]:
    """Sounds by name, `seconds` long altogether: mono, 16 kHz, within -1..1; the same seed gives the same samples.

    Names that end in ` (telephone)` are limited to what a telephone carries, 300 to 3,400 Hz in 8-bit steps.
    """
    length = round(seconds * SAMPLE_RATE / (len(_MAKERS) + len(_OVER_THE_TELEPHONE)))
    made = {
        name: _level(maker(length, np.random.default_rng([seed, number]))) for number, (name, maker) in enumerate(_MAKERS.items())
    }
    return made | {f"{name} (telephone)": telephone(made[name]) for name in _OVER_THE_TELEPHONE}


def telephone(sound: Sound) -> Sound:
    """`sound` as an 8 kHz line in mu-law carries it, still at 16 kHz."""
    narrow = sosfilt(butter(6, (300, 3_400), "bandpass", fs=SAMPLE_RATE, output="sos"), sound)
    loud = np.clip(narrow, -1, 1)
    companded = np.sign(loud) * np.log1p(255 * np.abs(loud)) / np.log(256)
    steps = np.round(companded * 127) / 127
    return np.asarray(np.sign(steps) * (256 ** np.abs(steps) - 1) / 255, dtype=np.float32)


def _level(sound: _Floats) -> Sound:
    return np.asarray(np.clip(sound, -1, 1), dtype=np.float32)


def _times(length: int) -> _Floats:
    return np.arange(length) / SAMPLE_RATE


def _tone(length: int, *hertz: float) -> _Floats:
    times = _times(length)
    waves: _Floats = np.sum([np.sin(2 * np.pi * pitch * times) for pitch in hertz], axis=0)
    return waves / len(hertz)


def _cadence(length: int, *, on: float, off: float) -> _Floats:
    """1 for `on` seconds, 0 for `off` seconds, and again."""
    return (_times(length) % (on + off) < on).astype(np.float64)


def _pulses(length: int, rng: np.random.Generator, *, every: float, make: Callable[[], _Floats]) -> _Floats:
    """Short sounds at uneven intervals of about `every` seconds."""
    sound = np.zeros(length)
    at = rng.uniform(0.2, every)
    while (begin := round(at * SAMPLE_RATE)) < length:
        pulse = make()[: length - begin]
        sound[begin : begin + len(pulse)] += pulse
        at += every * rng.uniform(0.5, 1.5)
    return sound


def _silence(length: int, _: np.random.Generator) -> _Floats:
    return np.zeros(length)


def _white(length: int, rng: np.random.Generator) -> _Floats:
    return 0.05 * rng.standard_normal(length)


def _faint(length: int, rng: np.random.Generator) -> _Floats:
    return 0.002 * rng.standard_normal(length)


def _pink(length: int, rng: np.random.Generator) -> _Floats:
    # the usual three-pole filter for -3 dB an octave (Kellet)
    shaped = lfilter(
        [0.049922035, -0.095993537, 0.050612699, -0.004408786],
        [1, -2.494956002, 2.017265875, -0.522189400],
        rng.standard_normal(length),
    )
    return np.asarray(0.8 * shaped, dtype=np.float64)


def _hum(mains: float) -> _Maker:
    def hum(length: int, rng: np.random.Generator) -> _Floats:
        harmonics = np.sum([_tone(length, mains * n) / n for n in (1, 2, 3, 5, 7)], axis=0)
        return np.asarray(0.1 * harmonics + 0.003 * rng.standard_normal(length), dtype=np.float64)

    return hum


def _dialled(length: int, rng: np.random.Generator) -> _Floats:
    digits = list(_KEYS.values())
    press = round(0.12 * SAMPLE_RATE)
    return _pulses(length, rng, every=0.4, make=lambda: 0.4 * _tone(press, *digits[rng.integers(len(digits))]))


def _signal(*hertz: float, on: float, off: float, level: float = 0.3) -> _Maker:
    return lambda length, _: level * _tone(length, *hertz) * _cadence(length, on=on, off=off)


def _double_ring(length: int, _: np.random.Generator) -> _Floats:
    place = _times(length) % 3.0
    return 0.3 * _tone(length, 400, 450) * ((place < 0.4) | ((place >= 0.6) & (place < 1.0)))


def _square_tune(length: int, _: np.random.Generator) -> _Floats:
    times = _times(length)
    notes = np.array(_TUNE)[(times / 0.25).astype(int) % len(_TUNE)]
    phase = np.cumsum(_MIDDLE_C * 2 ** (notes / 12)) / SAMPLE_RATE
    return np.asarray(0.15 * np.sign(np.sin(2 * np.pi * phase)) * np.exp(-3 * (times % 0.25)), dtype=np.float64)


def _note(length: int, hertz: float) -> _Floats:
    """A soft note with overtones that dies away, like an electric piano."""
    times = _times(length)
    waves = np.sum([np.sin(2 * np.pi * hertz * n * times) * np.exp(-(1.5 + n) * times) / n for n in (1, 2, 3, 4)], axis=0)
    return np.asarray(waves, dtype=np.float64)


def _song(length: int, step: float, notes_at: Callable[[int], tuple[int, ...]], level: float) -> _Floats:
    sound = np.zeros(length)
    for number in range(int(length / SAMPLE_RATE / step) + 1):
        begin = round(number * step * SAMPLE_RATE)
        ringing = min(round(2.5 * step * SAMPLE_RATE), length - begin)
        for semitone in notes_at(number) if ringing > 0 else ():
            sound[begin : begin + ringing] += _note(ringing, _MIDDLE_C * 2 ** (semitone / 12))
    return level * sound


def _chords(length: int, _: np.random.Generator) -> _Floats:
    return _song(length, 1.2, lambda number: _CHORDS[number % len(_CHORDS)], 0.12)


def _arpeggio(length: int, _: np.random.Generator) -> _Floats:
    return _song(length, 0.2, lambda number: (_CHORDS[number // 6 % 4][number % 3] + 12 * (number % 2),), 0.25)


def _band(length: int, rng: np.random.Generator) -> _Floats:
    """Chords, a bass, a drum and a tune that slides like a voice."""
    times = _times(length)
    bass = _song(length, 0.6, lambda number: (_CHORDS[number // 2 % 4][0] - 24,), 0.3)
    hits = 0.15 * rng.standard_normal(length) * np.exp(-30 * (times % 0.6))
    notes = np.array(_TUNE)[(times / 0.6).astype(int) % len(_TUNE)] + 0.4 * np.sin(2 * np.pi * 5.5 * times)
    lead = 0.12 * np.sin(2 * np.pi * np.cumsum(2 * _MIDDLE_C * 2 ** (notes / 12)) / SAMPLE_RATE)
    return np.asarray(_chords(length, rng) + bass + hits + lead, dtype=np.float64)


def _strings(length: int, _: np.random.Generator) -> _Floats:
    """Saw-tooth chords that swell and fade: the pad of a hold tune."""
    times = _times(length)
    sound = np.zeros(length)
    for number, chord in enumerate(_CHORDS):
        here = ((times / 2.4).astype(int) % len(_CHORDS)) == number
        swell = np.sin(np.pi * (times % 2.4) / 2.4)
        for semitone in chord:
            phase = times * _MIDDLE_C * 2 ** (semitone / 12)
            sound += here * swell * (2 * (phase % 1) - 1)
    return 0.1 * sound


def _coughs(length: int, rng: np.random.Generator) -> _Floats:
    def cough() -> _Floats:
        size = round(rng.uniform(0.15, 0.35) * SAMPLE_RATE)
        rough = sosfilt(butter(2, (350, 1_800), "bandpass", fs=SAMPLE_RATE, output="sos"), rng.standard_normal(size))
        return np.asarray(0.7 * rough * np.exp(-np.linspace(0, 5, size)), dtype=np.float64)

    return _pulses(length, rng, every=1.3, make=cough)


def _clicks(length: int, rng: np.random.Generator) -> _Floats:
    size = round(0.008 * SAMPLE_RATE)
    return _pulses(length, rng, every=0.35, make=lambda: 0.5 * rng.standard_normal(size) * np.exp(-np.linspace(0, 6, size)))


def _breath(length: int, rng: np.random.Generator) -> _Floats:
    air = sosfilt(butter(2, (400, 2_500), "bandpass", fs=SAMPLE_RATE, output="sos"), rng.standard_normal(length))
    return np.asarray(0.15 * air * np.maximum(0, np.sin(2 * np.pi * _times(length) / 3.5)) ** 2, dtype=np.float64)


_MAKERS: Mapping[str, _Maker] = {
    "silence": _silence,
    "faint noise": _faint,
    "white noise": _white,
    "pink noise": _pink,
    "hum 50 Hz": _hum(50),
    "hum 60 Hz": _hum(60),
    "keys": _dialled,
    "ringing EU": _signal(425, on=1.0, off=4.0),
    "ringing US": _signal(440, 480, on=2.0, off=4.0),
    "ringing UK": _double_ring,
    "busy": _signal(480, 620, on=0.5, off=0.5),
    "beeps": _signal(1_000, on=0.3, off=1.7),
    "recording beep": _signal(1_400, on=0.2, off=4.8),
    "hold tune, square": _square_tune,
    "hold chords": _chords,
    "hold arpeggio": _arpeggio,
    "hold strings": _strings,
    "hold band": _band,
    "coughs": _coughs,
    "clicks": _clicks,
    "breath": _breath,
}
_OVER_THE_TELEPHONE = ("pink noise", "ringing US", "hold tune, square", "hold arpeggio", "hold strings", "hold band", "coughs")
