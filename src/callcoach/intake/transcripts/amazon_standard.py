"""Amazon Transcribe's batch output (`results.items`), with speakers or channels. Knows no other format."""

from collections.abc import Iterator

from callcoach.domain.call import Transcript
from callcoach.intake.transcripts.asked import Asked
from callcoach.intake.transcripts.joining import Said, by_voice, said, transcript_of
from callcoach.intake.transcripts.json_node import Node
from callcoach.intake.transcripts.language_codes import two_letters
from callcoach.intake.transcripts.speakers import Voice
from callcoach.intake.transcripts.word_times import Spoken

NAME = "amazon-transcribe"


def is_this(root: Node) -> bool:
    """Whether JSON has Amazon's results: items or transcripts, no channels with alternatives."""
    results = root.at("results")
    return not results.holds_list("channels") and (results.holds_list("items") or results.holds_list("transcripts"))


def parse(root: Node, asked: Asked) -> Transcript:
    """Words with times, in seconds as text (`"4.87"`); speakers by `speaker_labels` or `channel_labels`, else one voice.

    Who is the agent is not in this output: everybody is unknown.
    """
    results = root.at("results")
    return transcript_of(
        _pieces(results),
        asked,
        call_id=root.name("jobName"),
        language=two_letters(results.optional_text("language_code")),
    )


def _pieces(results: Node) -> Iterator[Said]:
    speakers = _speakers(results)
    for channel, items in _streams(results):
        yield from by_voice((_voice(item, channel, speakers), _spoken(item)) for item in items)
    if not results.holds_list("items") and results.at("channel_labels").value is None:
        for row in results.rows("transcripts"):
            yield from said(Voice("speaker"), (), text=row.optional_text("transcript"))


def _voice(item: Node, channel: str | None, speakers: dict[str, str]) -> Voice:
    name = channel or item.name("speaker_label") or speakers.get(item.optional_text("start_time") or "")
    return Voice(name or "speaker")


def _streams(results: Node) -> Iterator[tuple[str | None, list[Node]]]:
    """The items of each channel, else all of them under no name."""
    channels = list(results.at("channel_labels").rows("channels", needed=False))
    for channel in channels:
        yield channel.name("channel_label") or channel.place, list(channel.rows("items"))
    if not channels:
        yield None, list(results.rows("items", needed=False))


def _speakers(results: Node) -> dict[str, str]:
    """Older outputs name the speaker of an item only in the segments, found by the item's start time."""
    return {
        start: label
        for segment in results.at("speaker_labels").rows("segments", needed=False)
        for item in segment.rows("items", needed=False)
        if (start := item.optional_text("start_time")) and (label := item.name("speaker_label"))
    }


def _spoken(item: Node) -> Spoken:
    alternatives = list(item.rows("alternatives"))
    best = alternatives[0] if alternatives else Node({}, item.place)
    return Spoken(
        best.text("content") if alternatives else "",
        item.span("start_time", "end_time", as_text=True),
        best.probability("confidence", as_text=True),
        punctuation=item.optional_text("type") == "punctuation",
    )
