"""Drop text that nobody said: words invented in noise, lines repeated by a decoder in a loop. Knows nothing of turns or stories.

A repeated line left standing would look like reciting; an invented one would be quoted to a rep who never said it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Word
from callcoach.speech.recognise import Phrase
from callcoach.speech.speaking import somebody_speaks

# Whisper's own rule for silence (openai/whisper, transcribe.py): both together, either alone also marks soft real speech
NO_SPEECH = 0.6
LOG_PROBABILITY = -1.0
# whatever it sounds like: real phrases of the sample calls and of a noisy public one stay above -1.3, text invented over ringing,
# music, coughs and keys lies below -2.6
LOG_PROBABILITY_HOPELESS = -2.0
# a word or two in the model's favourite style, or anything it was not sure of, is looked at again
FEW_WORDS = 3
LOG_PROBABILITY_DOUBTFUL = -0.5
NO_SPEECH_DOUBTFUL = 0.3
# what Whisper learnt to write under silence from subtitles; nobody says it in a sales call with the model in doubt
SUBTITLE_LINES = (
    "thank you for watching",
    "thanks for watching",
    "thank you so much for watching",
    "please subscribe",
    "subscribe to my channel",
    "subtitles by the amara org community",
    "transcription by castingwords",
)
# people repeat "no, no, no" and "yeah, yeah"; a loop goes on, or repeats a whole line word for word
LOOP_TIMES_SHORT = 6
LOOP_TIMES_LINE = 3
LINE_WORDS = 4
LONGEST_LOOP_WORDS = 30

_WORDS = re.compile(r"[^\W\d_]{2}")


def clean(phrases: Sequence[Phrase], samples: NDArray[np.float32] | None = None) -> tuple[Phrase, ...]:
    """`phrases` without invented ones, and each repeated line standing once.

    samples: the sound they were heard in, shape (channels, n) at 16 kHz; with it, what is doubtful stays only where a voice is
    heard.
    """
    kept = []
    for phrase in phrases:
        words = () if _invented(phrase) else without_loops(phrase.words)
        looped = len(words) < len(phrase.words)
        if words and (samples is None or not (looped or _doubtful(phrase)) or _is_spoken(phrase, samples)):
            kept.append(replace(phrase, words=words))
    return tuple(kept)


def _doubtful(phrase: Phrase) -> bool:
    return (
        len(phrase.words) <= FEW_WORDS
        or phrase.log_probability < LOG_PROBABILITY_DOUBTFUL
        or phrase.no_speech > NO_SPEECH_DOUBTFUL
    )


def _is_spoken(phrase: Phrase, samples: NDArray[np.float32]) -> bool:
    return somebody_speaks(samples[phrase.channel], phrase.words[0].start, phrase.words[-1].end)


def _invented(phrase: Phrase) -> bool:
    said = _plain(" ".join(word.text for word in phrase.words))
    if said in SUBTITLE_LINES or not said:
        return True
    if phrase.no_speech > NO_SPEECH and not _WORDS.search(said):
        return True  # ".0.0.0" under hold music: sure of itself once it is in a loop
    doubtful = LOG_PROBABILITY if phrase.no_speech > NO_SPEECH else LOG_PROBABILITY_HOPELESS
    return phrase.log_probability < doubtful


def without_loops(words: Sequence[Word]) -> tuple[Word, ...]:
    """`words` with a run that follows itself word for word, as a looping decoder writes it, kept once."""
    plain = [_plain(word.text) for word in words]
    kept: list[Word] = []
    at = 0
    while at < len(words):
        length, times = _loop_at(plain, at)
        kept += words[at : at + length]
        at += length * times
    return tuple(kept)


def _loop_at(plain: Sequence[str], at: int) -> tuple[int, int]:
    for length in range(1, min(LONGEST_LOOP_WORDS, (len(plain) - at) // 2) + 1):
        run = plain[at : at + length]
        times = 1
        while plain[at + times * length : at + (times + 1) * length] == run:
            times += 1
        if times >= (LOOP_TIMES_LINE if length >= LINE_WORDS else LOOP_TIMES_SHORT):
            return length, times
    return 1, 1


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower()).split())
