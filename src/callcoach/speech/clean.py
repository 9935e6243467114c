"""Drop text that nobody said: words invented in noise, lines repeated by a decoder in a loop. Knows nothing of turns or stories.

A repeated line left standing would look like reciting; an invented one would be quoted to a rep who never said it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from callcoach.domain.call import Word
from callcoach.speech.recognise import Phrase

# Whisper's own rule for silence (openai/whisper, transcribe.py): both together, either alone also marks soft real speech
NO_SPEECH = 0.6
LOG_PROBABILITY = -1.0
# whatever it sounds like: real phrases of the sample calls and of a noisy public one stay above -1.3, text invented over ringing,
# music, coughs and keys lies below -2.6
LOG_PROBABILITY_HOPELESS = -2.0
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


def clean(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """`phrases` without invented ones, and each repeated line standing once."""
    kept = []
    for phrase in phrases:
        words = () if _invented(phrase) else without_loops(phrase.words)
        if words:
            kept.append(replace(phrase, words=words))
    return tuple(kept)


def _invented(phrase: Phrase) -> bool:
    said = _plain(" ".join(word.text for word in phrase.words))
    if said in SUBTITLE_LINES or not said:
        return True
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
