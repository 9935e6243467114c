"""WebVTT as Zoom (`Name: words`) and Teams (`<v Name>words</v>`) write it. Knows no other format."""

import html
import re
from collections.abc import Iterator

from callcoach.domain.call import Transcript
from callcoach.intake.transcripts.asked import Asked
from callcoach.intake.transcripts.cues import Cue, Piece, lines_of, read_cues, said_in
from callcoach.intake.transcripts.joining import transcript_of
from callcoach.intake.transcripts.language_codes import two_letters

NAME, WHAT = "webvtt", "WebVTT"
VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]{1,9}([^<>]{0,200})>")
TAG = re.compile(r"<[^<>]*>")
BLOCKS = ("NOTE", "STYLE", "REGION")


def is_this(text: str) -> bool:
    """Whether a text is WebVTT by its first word."""
    return text.lstrip("\ufeff").startswith("WEBVTT")


def parse(text: str, asked: Asked) -> Transcript:
    """Cues without a name continue the speaker before them. Raises WrongPlace where no cue can be read."""
    lines = lines_of(text.lstrip("\ufeff"))
    header = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    pieces = [piece for cue in read_cues(lines, WHAT, first=header, skipped=BLOCKS) for piece in _pieces(cue)]
    code = next((line.partition(":")[2].strip() for line in lines[1:header] if line.lower().startswith("language:")), None)
    return transcript_of(said_in(pieces, WHAT), asked, language=two_letters(code))


def _pieces(cue: Cue) -> Iterator[Piece]:
    """The words of a cue, per voice tag; the tags themselves go."""
    parts = VOICE.split("\n".join(cue.lines))
    names = [None, *(html.unescape(name).strip() or None for name in parts[1::2])]
    for name, words in zip(names, parts[0::2], strict=True):
        if said := " ".join(html.unescape(TAG.sub("", words)).split()):
            yield Piece(name, said, cue.start, cue.end)
