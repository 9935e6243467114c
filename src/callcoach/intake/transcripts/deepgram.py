"""Deepgram's answer for recordings (`results.channels`, `results.utterances`). Knows no other format."""

from collections.abc import Iterator

from callcoach.domain.call import Transcript
from callcoach.intake.transcripts.asked import Asked
from callcoach.intake.transcripts.joining import Said, by_voice, said, transcript_of
from callcoach.intake.transcripts.json_node import Node
from callcoach.intake.transcripts.language_codes import two_letters
from callcoach.intake.transcripts.speakers import Voice
from callcoach.intake.transcripts.word_times import Spoken

NAME = "deepgram"


def is_this(root: Node) -> bool:
    """Whether JSON has the channels of Deepgram's results."""
    return root.at("results").holds_list("channels")


def parse(root: Node, asked: Asked) -> Transcript:
    """Utterances where they were asked for, else the words of each channel; times are seconds.

    Channels and speakers are told apart, not known: all are unknown.
    """
    results = root.at("results")
    channels = list(results.rows("channels"))
    utterances = list(results.rows("utterances", needed=False))
    pieces = _utterances(utterances, len(channels)) if utterances else _channels(channels)
    return transcript_of(
        pieces,
        asked,
        language=_language(channels),
        duration=root.at("metadata").seconds("duration"),
    )


def _utterances(utterances: list[Node], channels: int) -> Iterator[Said]:
    for row in utterances:
        yield from said(
            _voice(row.name("channel") if channels > 1 else None, row.name("speaker")),
            [_spoken(word) for word in row.rows("words", needed=False)],
            text=row.optional_text("transcript"),
            within=row.span("start", "end"),
        )


def _channels(channels: list[Node]) -> Iterator[Said]:
    for number, channel in enumerate(channels):
        alternatives = list(channel.rows("alternatives"))
        if not alternatives:
            continue
        key = str(number) if len(channels) > 1 else None
        rows = list(alternatives[0].rows("words", needed=False))
        yield from by_voice((_voice(key, row.name("speaker")), _spoken(row)) for row in rows)
        if not rows:
            yield from said(_voice(key, None), (), text=alternatives[0].optional_text("transcript"))


def _voice(channel: str | None, speaker: str | None) -> Voice:
    named = (("channel", channel), ("speaker", speaker))
    return Voice(" ".join(f"{kind} {key}" for kind, key in named if key is not None) or "speaker")


def _spoken(row: Node) -> Spoken:
    text = row.optional_text("punctuated_word") or row.text("word")
    return Spoken(text, row.span("start", "end"), row.probability("confidence"))


def _language(channels: list[Node]) -> str | None:
    return next((two_letters(code) for channel in channels if (code := channel.optional_text("detected_language"))), None)
