"""Amazon Bedrock Data Automation's standard output for audio (`audio_segments`, `audio_items`). Knows no other format."""

from callcoach.domain.call import Transcript
from callcoach.intake.transcripts.asked import Asked, WrongPlace
from callcoach.intake.transcripts.joining import said, transcript_of
from callcoach.intake.transcripts.json_node import Node, shown
from callcoach.intake.transcripts.language_codes import two_letters
from callcoach.intake.transcripts.speakers import Voice
from callcoach.intake.transcripts.word_times import Spoken

NAME = "amazon-bedrock-data-automation"
MILLIS = 0.001


def is_this(root: Node) -> bool:
    """Whether JSON has the segments of Bedrock Data Automation."""
    return root.holds_list("audio_segments")


def parse(root: Node, asked: Asked) -> Transcript:
    """Speakers are told apart (`spk_0`, else `ch_0`), not known; times are milliseconds; items without one are punctuation."""
    items = {number: item for item in root.rows("audio_items", needed=False) if (number := item.number("item_index")) is not None}
    about = root.at("metadata")
    pieces = [
        piece
        for row in root.rows("audio_segments")
        for piece in said(
            Voice(row.at("speaker").name("speaker_label") or row.at("channel").name("channel_label") or "speaker"),
            [_spoken(items[number]) for number in _numbers(row) if number in items],
            text=row.optional_text("text"),
            within=row.span("start_timestamp_millis", "end_timestamp_millis", scale=MILLIS),
        )
    ]
    return transcript_of(
        pieces,
        asked,
        language=two_letters(about.optional_text("dominant_asset_language")),
        duration=about.seconds("duration_millis", scale=MILLIS),
    )


def _numbers(row: Node) -> list[float]:
    listed = row.at("audio_item_indices")
    if listed.value is None:
        return []
    if not isinstance(listed.value, list) or not all(isinstance(number, int) for number in listed.value):
        raise WrongPlace(f"{listed.place} is {shown(listed.value)}, not a list of whole numbers.")
    return listed.value


def _spoken(item: Node) -> Spoken:
    span = item.span("start_timestamp_millis", "end_timestamp_millis", scale=MILLIS)
    text = item.text("content")
    return Spoken(text, span, punctuation=span is None and not any(map(str.isalnum, text)))
