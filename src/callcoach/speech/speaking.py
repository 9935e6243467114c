"""Ask a speech detector whether anybody speaks in a stretch of sound, where loudness alone says that something sounds.

The recogniser writes words under ringing, hold music and coughs, and loses the talk beside them. The detector (Silero, inside
faster-whisper) was made for telling those from voices. It is asked about single stretches only: over minutes of continuous talk
on the telephone it loses its way.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
FRAME = 512
# over three frames, a tenth of a second, so that a single frame of an arpeggio does not pass for a voice
FRAMES = 3
# noise, tones, ringing and hold music of bench.noises stay below 0.3 but for arpeggios; talk in the sample calls above 0.45
SPEECH = 0.3
# of the frames of a stretch of talk of the sample calls a voice is likely in 57% and more, beside noise 10 dB softer in 3% and
# more; in music, ringing and keys in none
VOICED = 0.5
LEAST_SHARE = 0.02
# of shorter stretches of telephone talk (the kick-off of the sample calls) the detector misses some
SECONDS_TO_TELL = 5.0
MARGIN_SECONDS = 0.3
# the detector misses some very loud talk: everything is brought to the level of a quiet telephone call first
LEVEL = 0.02


def without_a_voice(sound: NDArray[np.float32]) -> bool:
    """Whether a stretch of sound (16 kHz, at most half a minute) holds no voice anywhere; False where it is too short to tell."""
    if len(sound) < SECONDS_TO_TELL * SAMPLE_RATE:
        return False
    return bool(np.mean(_speech(sound) > VOICED) < LEAST_SHARE)


def somebody_speaks(sound: NDArray[np.float32], start: float, end: float) -> bool:
    """Whether a voice is heard between `start` and `end` (seconds) of `sound` (one channel, 16 kHz) or just beside it."""
    first = max(0, round((start - MARGIN_SECONDS) * SAMPLE_RATE))
    speech = _speech(sound[first : round((end + MARGIN_SECONDS) * SAMPLE_RATE)])
    smooth = np.convolve(speech, np.ones(FRAMES) / FRAMES, mode="same" if len(speech) >= FRAMES else "full")
    return bool(smooth.max() >= SPEECH)


def _speech(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """How likely (0..1) each 32 ms frame holds a voice."""
    frames = np.pad(sound, (0, -len(sound) % FRAME if len(sound) else FRAME))
    loudness = float(np.sqrt(np.mean(np.square(frames))))
    if not loudness:
        return np.zeros(1, dtype=np.float32)
    return np.asarray(_detector()(np.asarray(frames * (LEVEL / loudness), dtype=np.float32)), dtype=np.float32).reshape(-1)


@cache
def _detector() -> Any:
    from faster_whisper.vad import get_vad_model

    return get_vad_model()
