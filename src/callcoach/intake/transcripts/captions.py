"""Write a transcript as WebVTT, SRT or text for people and players. Reads nothing back."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from callcoach.domain.call import Transcript, Turn, Word
from callcoach.errors import BadTranscript
from callcoach.intake.transcripts.srt import ENTITY, TAG

LONGEST_CUE = 84
"""Characters: two lines of 42, the usual measure of subtitles."""

SENTENCE_CUE = 40
"""A cue this long ends where its sentence does."""

CUE_PAUSE = 1.0
"""Seconds. Words behind such a pause stand in a cue of their own, so that none is shown long before it is said."""

SECONDS_PER_WORD = 0.4
"""How long the last turn is shown where only its start is known: calls run at two to four words a second."""


class _Shown(NamedTuple):
    speaker: str
    text: str
    start: float
    end: float


def as_webvtt(transcript: Transcript) -> str:
    """WebVTT with a voice tag in each cue. Raises BadTranscript where a turn has no time."""
    cues = [
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n<v {_name(cue.speaker)}>{_escaped(cue.text)}</v>\n"
        for cue in _cues(transcript, "WebVTT")
    ]
    language = [f"Language: {transcript.language}"] if transcript.language else []
    return "\n".join(["\n".join(["WEBVTT", *language]) + "\n", *cues])


def as_srt(transcript: Transcript) -> str:
    """SRT with the speaker in front of each cue. Raises BadTranscript where a turn has no time."""
    return "\n".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{_name(cue.speaker)}: {_bare(cue.text)}\n"
        for number, cue in enumerate(_cues(transcript, "SRT"), start=1)
    )


def as_text(transcript: Transcript) -> str:
    """A line per turn, with its start in whole seconds where it is known."""
    return "".join(
        (f"[{_short_clock(turn.start)}] " if turn.start is not None else "") + f"{_name(turn.speaker)}: {text}\n"
        for turn in transcript.turns
        if (text := " ".join(turn.text.split()))
    )


def _cues(transcript: Transcript, form: str) -> list[_Shown]:
    turns = [turn for turn in transcript.turns if turn.text.strip()]
    untimed = next((turn for turn in turns if turn.start is None), None)
    if untimed is not None or not turns:
        what = f'the turn "{untimed.text.strip()[:40]}" has no time' if untimed else "there are no words in it"
        raise BadTranscript(f"{transcript.call_id}: {what}, so it cannot be written as {form}. Write it as txt or json.")
    shown = [
        cue
        for turn, following in zip(turns, [*turns[1:], None], strict=True)
        for cue in _cues_of(turn, following.start if following else transcript.duration)
    ]
    return sorted(shown, key=lambda cue: cue.start)


def _cues_of(turn: Turn, until: float | None) -> Iterator[_Shown]:
    start = turn.start or 0.0
    if turn.words and " ".join(word.text for word in turn.words) == turn.text:
        for words in _lines(turn.words):
            end = max(word.end for word in words)
            yield _Shown(turn.speaker, " ".join(" ".join(word.text for word in words).split()), words[0].start, end)
        return
    spoken = start + SECONDS_PER_WORD * len(turn.text.split())
    end = turn.end if turn.end is not None else until if until is not None and until > start else spoken
    yield _Shown(turn.speaker, " ".join(turn.text.split()), start, end)


def _lines(words: tuple[Word, ...]) -> Iterator[list[Word]]:
    """Words cut into cues: at sentences' ends and pauses, and before a cue gets too long to read."""
    line: list[Word] = []
    length = 0
    for word in words:
        ended = line and length >= SENTENCE_CUE and line[-1].text.endswith((".", "?", "!"))
        if line and (ended or length + 1 + len(word.text) > LONGEST_CUE or word.start - line[-1].end > CUE_PAUSE):
            yield line
            line, length = [], 0
        line.append(word)
        length += 1 + len(word.text)
    if line:
        yield line


def _name(speaker: str) -> str:
    """`customer2` as people write it: `Customer 2`."""
    return re.sub(r"(?<=\D)(?=\d)", " ", speaker, count=1).capitalize()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _bare(text: str) -> str:
    """SRT knows no escapes that every player shows right, so only what would be read as a tag or an entity is escaped."""
    text = ENTITY.sub(lambda match: "&amp;" + match[0][1:], text)
    return TAG.sub(lambda match: match[0].replace("<", "&lt;", 1), text)


def _clock(seconds: float, point: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}{point}{thousandths:03d}"


def _short_clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"
