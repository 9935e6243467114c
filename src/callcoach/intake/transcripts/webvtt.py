"""WebVTT as Zoom (`Name: words`) and Teams (`<v Name>words</v>`) write it. Knows no other format."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from callcoach.domain.call import Transcript, Turn
from callcoach.errors import BadTranscript
from callcoach.intake.transcripts.speakers import is_like_a_name, labels, role_label

VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]{1,9}([^<>]{0,200})>")
TAG = re.compile(r"<[^<>]*>")
PREFIX = re.compile(r"([^:<>]{1,60}):\s+(?=\S)")
NOBODY = "unknown"

PAUSE_ENDS_TURN = 2.0
"""Seconds. A speaker who goes on after less is still in the same turn: cues are cut for reading, every few words."""


class _Said(NamedTuple):
    name: str | None
    text: str
    start: float
    end: float


def is_this(text: str) -> bool:
    """Whether a text is WebVTT by its first word."""
    return text.lstrip("\ufeff").startswith("WEBVTT")


def parse(text: str, *, source: str, call_id: str, rep_names: Sequence[str] = ()) -> Transcript:
    """Cues without a name continue the speaker before them. Raises BadTranscript where no cue can be read."""
    try:
        captions = webvtt.from_string(text.lstrip("\ufeff")).captions
        said = [piece for caption in captions for piece in _pieces(caption)]
    except (MalformedFileError, MalformedCaptionError, ValueError) as trouble:
        raise BadTranscript(f"{source}: this is not valid WebVTT ({trouble}). Export it anew.") from None
    if not said:
        raise BadTranscript(f"{source}: this WebVTT file has no cue with words. Export it anew.")
    if not any(piece.name for piece in said):
        said = list(_names_in_front(said))
    turns = _turns(said)
    speaker = labels((name for name, _ in turns), rep_names)
    return Transcript(
        call_id=call_id,
        turns=tuple(
            Turn(
                speaker=speaker[name],
                text=" ".join(piece.text for piece in pieces),
                start=pieces[0].start,
                end=max(piece.end for piece in pieces),
            )
            for name, pieces in turns
        ),
        duration=max(piece.end for piece in said),
    )


def _pieces(caption: "webvtt.Caption") -> Iterator[_Said]:
    """The words of a cue, per voice tag; the tags themselves go."""
    start, end = caption.start_time.in_milliseconds() / 1000, caption.end_time.in_milliseconds() / 1000
    if end < start:
        raise ValueError(f"a cue ends at {end} s before it starts at {start} s")
    parts = VOICE.split("\n".join(caption.lines))
    names = [None, *(html.unescape(name).strip() or None for name in parts[1::2])]
    for name, words in zip(names, parts[0::2], strict=True):
        text = " ".join(html.unescape(TAG.sub("", words)).split())
        if text:
            yield _Said(name, text, start, end)


def _names_in_front(said: list[_Said]) -> Iterator[_Said]:
    """Take `Name: ` off the words. Once-seen words before a colon are a name only if they can be one and open a file's talk."""
    prefixes = [match[1].strip() if (match := PREFIX.match(piece.text)) else None for piece in said]
    seen = Counter(prefix for prefix in prefixes if prefix and (is_like_a_name(prefix) or role_label(prefix)))
    first = list(seen)[:2]
    for piece, prefix in zip(said, prefixes, strict=True):
        if prefix is not None and prefix in seen and (seen[prefix] > 1 or prefix in first or " " in prefix or role_label(prefix)):
            yield piece._replace(name=prefix, text=piece.text[len(prefix) :].lstrip()[1:].strip())
        else:
            yield piece


def _turns(said: list[_Said]) -> list[tuple[str, list[_Said]]]:
    """Cues of one speaker without a pause between them, under the speaker's name."""
    turns: list[tuple[str, list[_Said]]] = []
    for piece in said:
        name = piece.name or (turns[-1][0] if turns else NOBODY)
        if turns and turns[-1][0] == name and piece.start - turns[-1][1][-1].end < PAUSE_ENDS_TURN:
            turns[-1][1].append(piece)
        else:
            turns.append((name, [piece]))
    return turns
