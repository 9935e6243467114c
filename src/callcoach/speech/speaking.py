"""Ask a speech detector whether anybody speaks in a stretch of sound: a second opinion where recognised words are in doubt.

The recogniser writes words under ringing, hold music and coughs; the detector (Silero, inside faster-whisper) was made for
nothing but telling those from voices. It costs a third of the recognition's time, so it is asked about doubtful stretches only.
"""

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
FRAME = 512
# over three frames, a tenth of a second, so that a single frame of an arpeggio does not pass for a voice
FRAMES = 3
# noise, tones, ringing and hold music of bench.noises stay below 0.3 but for arpeggios; talk in the sample calls above 0.45
SPEECH = 0.3
MARGIN_SECONDS = 0.3
# the detector misses some very loud talk: everything is brought to the level of a quiet telephone call first
LEVEL = 0.02


def somebody_speaks(sound: NDArray[np.float32], start: float, end: float) -> bool:
    """Whether a voice is heard between `start` and `end` (seconds) of `sound` (one channel, 16 kHz) or just beside it."""
    from faster_whisper.vad import get_vad_model

    first = max(0, round((start - MARGIN_SECONDS) * SAMPLE_RATE))
    stretch = sound[first : round((end + MARGIN_SECONDS) * SAMPLE_RATE)]
    stretch = np.pad(stretch, (0, -len(stretch) % FRAME))
    loudness = float(np.sqrt(np.mean(np.square(stretch)))) if len(stretch) else 0.0
    if not loudness:
        return False
    speech = np.asarray(get_vad_model()(np.asarray(stretch * (LEVEL / loudness), dtype=np.float32))).reshape(-1)
    smooth = np.convolve(speech, np.ones(FRAMES) / FRAMES, mode="same" if len(speech) >= FRAMES else "full")
    return bool(smooth.max() >= SPEECH)
