"""The JSON of Amazon's Post Call Analytics solution (`SpeechSegments`). Knows no other format."""

from collections.abc import Iterator, Mapping

from callcoach.domain.call import Role, Transcript
from callcoach.intake.transcripts.asked import Asked
from callcoach.intake.transcripts.joining import said, transcript_of
from callcoach.intake.transcripts.json_node import Node
from callcoach.intake.transcripts.language_codes import two_letters
from callcoach.intake.transcripts.speakers import Voice
from callcoach.intake.transcripts.word_times import Spoken

NAME = "amazon-post-call-analytics"
ROLES = {"agent": Role.REP, "customer": Role.CUSTOMER}

LONGEST_WORD = 0.4
"""Seconds. Its words may end where they start; such a word lasts until the next one begins, but no longer than this."""


def is_this(root: Node) -> bool:
    """Whether JSON has the segments of Post Call Analytics."""
    return root.holds_list("SpeechSegments")


def parse(root: Node, asked: Asked) -> Transcript:
    """Who is Agent and Customer stands in `ConversationAnalytics.SpeakerLabels`; times are seconds."""
    about = root.at("ConversationAnalytics")
    voices = _voices(about)
    pieces = [
        piece
        for row in root.rows("SpeechSegments")
        for speaker in [row.name("SegmentSpeaker") or "?"]
        for within in [row.span("SegmentStartTime", "SegmentEndTime")]
        for piece in said(
            voices.get(speaker, Voice(speaker)),
            list(_spoken(list(row.rows("WordConfidence", needed=False)), within)),
            text=row.optional_text("DisplayText"),
            within=within,
        )
    ]
    return transcript_of(
        pieces,
        asked,
        language=two_letters(about.optional_text("LanguageCode")),
        duration=about.seconds("Duration", as_text=True),
    )


def _voices(about: Node) -> Mapping[str, Voice]:
    """A label that is neither Agent nor Customer is a name, such as `Spk_2` or that of a person."""
    return {
        speaker: Voice(key=speaker, name=label, role=ROLES.get((label or "").strip().lower()))
        for row in about.rows("SpeakerLabels", needed=False)
        if (speaker := row.name("Speaker"))
        for label in [row.optional_text("DisplayText")]
    }


def _spoken(items: list[Node], within: tuple[float, float] | None) -> Iterator[Spoken]:
    spans = [item.span("StartTime", "EndTime") for item in items]
    for number, (item, span) in enumerate(zip(items, spans, strict=True)):
        if span is not None and span[0] == span[1]:
            following = spans[number + 1] if number + 1 < len(spans) else None
            border = following[0] if following else within[1] if within else span[1]
            span = span[0], max(min(border, span[0] + LONGEST_WORD), span[0])
        yield Spoken(item.text("Text"), span, item.probability("Confidence"))
