"""The transcript JSON that callcoach reads and writes. Knows no other format."""

import math
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from callcoach.domain.call import Transcript, Turn, Word
from callcoach.errors import BadTranscript
from callcoach.intake.facts import WrongField, checked_call_id
from callcoach.intake.transcripts.speakers import labels

JSON_START = re.compile(r"\s*(\{|\[\s*[\[{\"\]])")
SHAPE = '{"call_id": ..., "turns": [{"speaker": "rep", "text": "..."}]}'


class _Probe(msgspec.Struct):
    turns: list[msgspec.Raw]


class _Place(Exception):
    """A value that breaks the format; the message names it."""


def is_this(text: str) -> bool:
    """Whether a text is JSON by how it begins; `[0:07] Rep: ...` is not."""
    return JSON_START.match(text) is not None


def probe(text: str, *, source: str) -> None:
    """Raises BadTranscript where the JSON has no list of turns; looks no further."""
    try:
        msgspec.json.decode(text, type=_Probe)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise BadTranscript(f"{source}: this JSON is no transcript callcoach knows. It looks like {SHAPE}.") from None


def parse(
    text: str, *, source: str, call_id: str | None = None, else_call_id: str = "call", rep_names: Sequence[str] = ()
) -> Transcript:
    """start, end and words may be missing. Unheard-of speakers are unknown. Raises BadTranscript with the place, `turns[3].text`.

    A turn with a word that has no time keeps none of its words: times with holes would give wrong pauses.
    """
    try:
        root = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as trouble:
        raise BadTranscript(f"{source}: this is not valid JSON ({trouble}). Write it anew from where it came.") from None
    if not isinstance(root, dict) or not isinstance(root.get("turns"), list):
        raise BadTranscript(f"{source}: this JSON has no list of turns. It looks like {SHAPE}.")
    try:
        own_id = _optional(root, "call_id", str, "")
        rows = [_row(row, f"turns[{number}]") for number, row in enumerate(root["turns"])]
        speaker = labels((row["speaker"] for row in rows), rep_names)
        return Transcript(
            call_id=checked_call_id(call_id or own_id or else_call_id),
            turns=tuple(_turn(row, speaker[row["speaker"]], f"turns[{number}]") for number, row in enumerate(rows)),
            language=_optional(root, "language", str, ""),
            duration=_seconds(root, "duration", ""),
        )
    except (_Place, WrongField) as trouble:
        raise BadTranscript(f"{source}: {trouble}") from None


def write_json(transcript: Transcript) -> str:
    """The transcript as one line of JSON: all keys always there, null where a time is not known."""
    turns = [
        {
            "speaker": turn.speaker,
            "start": turn.start,
            "end": turn.end,
            "text": turn.text,
            "words": [
                {"text": word.text, "start": word.start, "end": word.end, "probability": word.probability} for word in turn.words
            ],
        }
        for turn in transcript.turns
    ]
    whole = {"call_id": transcript.call_id, "language": transcript.language, "duration": transcript.duration, "turns": turns}
    return msgspec.json.encode(whole).decode()


def _row(row: Any, place: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise _Place(f"{place} is not an object. Each turn has speaker and text.")
    for key in ("speaker", "text"):
        if key not in row:
            raise _Place(f"{place} has no {key}. Each turn has speaker and text.")
        if not isinstance(row[key], str):
            raise _Place(f"{place}.{key} is {_short(row[key])}, not a text.")
    return row


def _turn(row: dict[str, Any], speaker: str, place: str) -> Turn:
    start, end = _seconds(row, "start", place), _seconds(row, "end", place)
    if start is not None and end is not None and end < start:
        raise _Place(f"{place} ends at {end} before it starts at {start}. Times are seconds from the start of the recording.")
    return Turn(speaker=speaker, text=row["text"], start=start, end=end, words=_words(row.get("words"), place))


def _words(rows: Any, place: str) -> tuple[Word, ...]:
    if rows is None:
        return ()
    if not isinstance(rows, list):
        raise _Place(f"{place}.words is {_short(rows)}, not a list.")
    words: list[Word] = []
    timed = True
    for number, row in enumerate(rows):
        where = f"{place}.words[{number}]"
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise _Place(f"{where} has no text. Each word has text, start and end.")
        start, end = _seconds(row, "start", where), _seconds(row, "end", where)
        probability = _number(row, "probability", where)
        if start is None or end is None:
            timed = False
        elif end < start:
            raise _Place(f"{where} ends at {end} before it starts at {start}.")
        elif probability is not None and not 0 <= probability <= 1:
            raise _Place(f"{where}.probability is {probability}, not between 0 and 1.")
        else:
            words.append(Word(text=row["text"], start=start, end=end, probability=probability))
    return tuple(words) if timed else ()


def _seconds(row: dict[str, Any], key: str, place: str) -> float | None:
    seconds = _number(row, key, place)
    if seconds is not None and seconds < 0:
        raise _Place(f"{_join(place, key)} is {seconds}. Seconds are 0 or more.")
    return seconds


def _number(row: dict[str, Any], key: str, place: str) -> float | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _Place(f"{_join(place, key)} is {_short(value)}, not a number.")
    return float(value)


def _optional(row: dict[str, Any], key: str, kind: type[str], place: str) -> str | None:
    value = row.get(key)
    if value is None or isinstance(value, kind):
        return value or None
    raise _Place(f"{_join(place, key)} is {_short(value)}, not a text.")


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _short(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else text[:57] + "..."
