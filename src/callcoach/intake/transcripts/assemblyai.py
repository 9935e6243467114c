"""AssemblyAI's transcript (`utterances`, `words`). Knows no other format."""

from collections.abc import Iterator

from callcoach.domain.call import Transcript
from callcoach.intake.transcripts.asked import Asked, WrongPlace
from callcoach.intake.transcripts.joining import Said, by_voice, said, transcript_of
from callcoach.intake.transcripts.json_node import Node
from callcoach.intake.transcripts.language_codes import two_letters
from callcoach.intake.transcripts.speakers import Voice
from callcoach.intake.transcripts.word_times import Spoken

NAME = "assemblyai"
MILLIS = 0.001


def is_this(root: Node) -> bool:
    """Whether JSON has AssemblyAI's words or utterances at its top, or is its job without them."""
    return (
        root.holds_list("words")
        or root.holds_list("utterances")
        or (root.at("audio_url").value is not None and root.at("status").value is not None)
    )


def parse(root: Node, asked: Asked) -> Transcript:
    """Utterances where speakers or channels were asked for, else one voice; times are whole milliseconds.

    Speakers that have letters or numbers are unknown; those that AssemblyAI names or calls by their role are known by that.
    """
    status = root.optional_text("status")
    if status not in (None, "completed"):
        why = root.optional_text("error")
        raise WrongPlace(
            f"AssemblyAI says that this transcript is {status!r:.40}" + (f": {why[:200]}" if why else "") + ". Get it anew."
        )
    utterances = list(root.rows("utterances", needed=False))
    return transcript_of(
        _utterances(utterances) if utterances else _words(root),
        asked,
        language=two_letters(root.optional_text("language_code")),
        duration=root.seconds("audio_duration"),
    )


def _utterances(utterances: list[Node]) -> Iterator[Said]:
    for row in utterances:
        yield from said(
            _voice(row),
            [_spoken(word) for word in row.rows("words", needed=False)],
            text=row.optional_text("text"),
            within=row.span("start", "end", scale=MILLIS, whole=True),
        )


def _words(root: Node) -> Iterator[Said]:
    rows = list(root.rows("words", needed=False))
    yield from by_voice((_voice(row), _spoken(row)) for row in rows)
    if not rows:
        yield from said(Voice("speaker"), (), text=root.optional_text("text"))


def _voice(row: Node) -> Voice:
    """`A`, `1` or `1A` is a key; a longer word is a name. Channels count only where there is no speaker."""
    speaker = row.name("speaker")
    if speaker is None:
        channel = row.name("channel")
        return Voice(f"channel {channel}" if channel else "speaker")
    return Voice(f"speaker {speaker}", speaker if len(speaker) > 2 and not speaker.isdigit() else None)


def _spoken(row: Node) -> Spoken:
    return Spoken(row.text("text"), row.span("start", "end", scale=MILLIS, whole=True), row.probability("confidence"))
