"""Amazon Transcribe Call Analytics, post-call (`Transcript[].ParticipantRole`). Knows no other format."""

from callcoach.domain.call import Role, Transcript
from callcoach.intake.transcripts.asked import Asked
from callcoach.intake.transcripts.joining import said, transcript_of
from callcoach.intake.transcripts.json_node import Node
from callcoach.intake.transcripts.language_codes import two_letters
from callcoach.intake.transcripts.speakers import Voice
from callcoach.intake.transcripts.word_times import Spoken

NAME = "amazon-call-analytics"
ROLES = {"AGENT": Role.REP, "CUSTOMER": Role.CUSTOMER}
MILLIS = 0.001


def is_this(root: Node) -> bool:
    """Whether JSON has the list that only Call Analytics writes with a capital."""
    return root.holds_list("Transcript")


def parse(root: Node, asked: Asked) -> Transcript:
    """AGENT is the rep, CUSTOMER the customer; times are milliseconds; a redacted word stays as `[PII]`."""
    pieces = [
        piece
        for row in root.rows("Transcript")
        for piece in said(
            _voice(row.name("ParticipantRole")),
            [_spoken(item) for item in row.rows("Items", needed=False)],
            text=row.optional_text("Content"),
            within=row.span("BeginOffsetMillis", "EndOffsetMillis", scale=MILLIS),
        )
    ]
    return transcript_of(
        pieces,
        asked,
        call_id=root.name("JobName"),
        language=two_letters(root.optional_text("LanguageCode")),
        duration=root.at("ConversationCharacteristics").seconds("TotalConversationDurationMillis", scale=MILLIS),
    )


def _voice(role: str | None) -> Voice:
    return Voice(key=role or "?", role=ROLES.get((role or "").upper(), Role.UNKNOWN))


def _spoken(item: Node) -> Spoken:
    return Spoken(
        item.text("Content"),
        item.span("BeginOffsetMillis", "EndOffsetMillis", scale=MILLIS),
        item.probability("Confidence"),
        punctuation=item.optional_text("Type") == "punctuation",
    )
