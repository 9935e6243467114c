"""Whether a voice is heard: asked of long stretches before recognition, of doubtful words after it."""

from pathlib import Path

import numpy as np
import pytest

from callcoach.bench.noises import noises
from callcoach.speech.activity import talk
from callcoach.speech.audio import decode
from callcoach.speech.speaking import SAMPLE_RATE, SECONDS_TO_TELL, somebody_speaks, without_a_voice

AUDIO = Path(__file__).parents[2] / "sample_calls" / "audio"

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("recording", ["wren-01", "wren-16", "vp-kickoff", "huddle-ridge"])
def test_no_stretch_of_talk_is_taken_for_hold_music(recording: str) -> None:
    samples = decode(AUDIO / f"{recording}.ogg", max_seconds=600, max_bytes=10**8).samples
    stretches = [channel[start:end] for channel in samples for start, end in talk(channel)]
    assert len(stretches) > 5
    assert not any(without_a_voice(stretch) for stretch in stretches)


def test_hold_music_tones_and_noise_hold_no_voice() -> None:
    taken = [name for name, sound in noises(280.0, 5).items() if not without_a_voice(sound[: 20 * SAMPLE_RATE])]
    # one kind in ten may be given to the recogniser, whose words are then looked at one by one
    assert len(taken) <= 3, taken


def test_what_is_too_short_to_tell_is_left_to_the_recogniser() -> None:
    assert not without_a_voice(np.zeros(round((SECONDS_TO_TELL - 0.1) * SAMPLE_RATE), dtype=np.float32))
    assert without_a_voice(np.zeros(round((SECONDS_TO_TELL + 0.1) * SAMPLE_RATE), dtype=np.float32))


def test_a_voice_is_found_where_it_is_and_not_where_it_is_not() -> None:
    sound = np.array(decode(AUDIO / "wren-21.ogg", max_seconds=600, max_bytes=10**8).samples[0])
    silence = np.zeros(10 * SAMPLE_RATE, dtype=np.float32)
    both = np.concatenate([silence, sound[: 10 * SAMPLE_RATE]])
    assert not somebody_speaks(both, 2.0, 6.0)
    assert somebody_speaks(both, 11.0, 18.0)
