"""The segments of the Whisper family: WhisperX with its speakers, faster-whisper and openai-whisper. Knows no other format."""

from callcoach.domain.call import Transcript
from callcoach.intake.transcripts.asked import Asked
from callcoach.intake.transcripts.joining import Said, said, transcript_of
from callcoach.intake.transcripts.json_node import Node
from callcoach.intake.transcripts.language_codes import two_letters
from callcoach.intake.transcripts.speakers import Voice
from callcoach.intake.transcripts.word_times import Spoken

NAME, NAME_X = "whisper", "whisperx"


def is_this(root: Node) -> bool:
    """Whether JSON is a list of segments with text, by itself or under `segments`."""
    rows = root.value if isinstance(root.value, list) else root.at("segments").value
    first = rows[0] if isinstance(rows, list) and rows else None
    if isinstance(rows, list) and not rows:
        return not isinstance(root.value, list)
    return isinstance(first, dict) and "text" in first and "start" in first


def name_of(root: Node) -> str:
    """`whisperx` where only WhisperX writes what is there (speakers, word_segments, scores), else `whisper`."""
    is_x = root.holds_list("word_segments") or any(
        segment.at("speaker").value is not None or any("score" in word.value for word in segment.rows("words", needed=False))
        for segment in _segments(root)
    )
    return NAME_X if is_x else NAME


def parse(root: Node, asked: Asked) -> Transcript:
    """Segments of words; times are seconds. A word without times (WhisperX: numerals) lies between its neighbours.

    WhisperX tells speakers apart (`SPEAKER_00`) and knows none: all are unknown, and one voice where no speaker is named.
    """
    return transcript_of(
        [piece for segment in _segments(root) for piece in _pieces(segment)],
        asked,
        language=two_letters(root.optional_text("language")),
        duration=root.seconds("duration"),
    )


def _segments(root: Node) -> list[Node]:
    return list(root.objects() if isinstance(root.value, list) else root.rows("segments"))


def _pieces(segment: Node) -> list[Said]:
    """A segment per speaker: its words may name several."""
    span = segment.span("start", "end")
    whole = segment.name("speaker")
    rows = list(segment.rows("words", needed=False))
    runs: list[tuple[str | None, list[Node]]] = []
    for row in rows:
        speaker = row.name("speaker") or (runs[-1][0] if runs else None) or whole
        if runs and runs[-1][0] == speaker:
            runs[-1][1].append(row)
        else:
            runs.append((speaker, [row]))
    if len(runs) <= 1:
        speaker = whole or (runs[0][0] if runs else None)
        return list(said(_voice(speaker), [_spoken(row) for row in rows], text=segment.optional_text("text"), within=span))
    return [piece for speaker, run in runs for piece in said(_voice(speaker), [_spoken(row) for row in run])]


def _voice(speaker: str | None) -> Voice:
    is_key = speaker is None or speaker.upper().startswith("SPEAKER")
    return Voice(speaker or "speaker", None if is_key else speaker)


def _spoken(row: Node) -> Spoken:
    certain = "probability" if row.at("probability").value is not None else "score"
    return Spoken(row.text("word"), row.span("start", "end"), row.probability(certain))
