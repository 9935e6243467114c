"""Put words where their sound is, so that pauses can be measured. Knows nothing of speakers or of what the words mean.

Recognition stretches a word over a silence beside it, and sometimes lays the first word after a pause into the pause.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Word
from callcoach.speech.activity import FRAME_SECONDS, loudness

# the slowest plausible saying of a word: a start of its own plus time for each letter
SECONDS_PER_WORD = 0.3
SECONDS_PER_LETTER = 0.07
# this far below the channel's ordinary speech is no speech: cross-talk and line noise lie 30 dB and more below it
SILENCE_RATIO = 10 ** (-25 / 20)
# a stop inside a word (the "k" of "okay") is shorter than this
SILENCE_IN_A_WORD = 0.2
SQUEEZED = 0.08
PAUSE = 1.0


def longest(text: str) -> float:
    """Seconds that saying `text` can take before its time is not believed."""
    return SECONDS_PER_WORD + SECONDS_PER_LETTER * sum(letter.isalnum() for letter in text)


def settled(words: Sequence[Word], sound: NDArray[np.float32]) -> tuple[Word, ...]:
    """`words` of one channel in order, those in silence or over one moved or cut to where `sound` (16 kHz) holds speech."""
    if not words:
        return ()
    levels = loudness(sound)
    speech = np.median([_loudest(levels, word.start, word.end) for word in words])
    sounding = levels > speech * SILENCE_RATIO
    moved: list[Word] = []
    for number, word in enumerate(words):
        after = words[number + 1].start if number + 1 < len(words) else len(levels) * FRAME_SECONDS
        before = moved[-1].end if moved else 0.0
        if not sounding[_frames(word.start, word.end)].any():
            word = _in_the_gap(word, sounding, before, after)
        elif word.end - word.start > longest(word.text):
            word = _cut(word, sounding)
        if _squeezed(word, after):
            beside = replace(word, start=round(max(before, after - SQUEEZED), 2), end=round(after, 2))
            word = _in_the_gap(beside, sounding, max(before, after - PAUSE), after)
        moved.append(word)
    return tuple(moved)


def _squeezed(word: Word, after: float) -> bool:
    """Whether a word opens the talk after a pause, but the only sound at its place before the pause is a click."""
    return word.end - word.start < SQUEEZED and after - word.end > PAUSE and word.text[-1] not in ".?!"


def _in_the_gap(word: Word, sounding: NDArray[np.bool_], before: float, after: float) -> Word:
    """A misplaced word: on the last burst of speech before the word that follows it, where there is one, else left alone."""
    bursts = [burst for burst in _bursts(sounding, before, after) if burst[1] - burst[0] > 2 * FRAME_SECONDS]
    if not bursts:
        return word
    start, end = bursts[-1]
    return replace(word, start=round(max(start, end - longest(word.text)), 2), end=round(end, 2))


def _cut(word: Word, sounding: NDArray[np.bool_]) -> Word:
    """A word that lasts too long: its longest burst of speech."""
    start, end = max(_bursts(sounding, word.start, word.end), key=lambda burst: burst[1] - burst[0])
    return replace(word, start=round(start, 2), end=round(min(end, start + longest(word.text)), 2))


def _bursts(sounding: NDArray[np.bool_], start: float, end: float) -> list[tuple[float, float]]:
    """Start and end of each stretch of speech between two times, the short stops inside a word bridged."""
    frames = np.flatnonzero(sounding[_frames(start, end)]) + _frames(start, end).start
    if not len(frames):
        return []
    parts = np.split(frames, np.flatnonzero(np.diff(frames) * FRAME_SECONDS > SILENCE_IN_A_WORD) + 1)
    return [(max(start, float(part[0]) * FRAME_SECONDS), min(end, float(part[-1] + 1) * FRAME_SECONDS)) for part in parts]


def _loudest(levels: NDArray[np.float32], start: float, end: float) -> float:
    return float(levels[_frames(start, end)].max(initial=0.0))


def _frames(start: float, end: float) -> slice:
    first = int(start / FRAME_SECONDS)
    return slice(first, max(first + 1, round(end / FRAME_SECONDS)))
