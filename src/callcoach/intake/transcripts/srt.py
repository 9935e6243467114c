"""SubRip captions (`00:00:01,000 --> 00:00:03,000`), with speakers in front where there are any. Knows no other format."""

import re
from collections.abc import Iterator

from callcoach.domain.call import Transcript
from callcoach.intake.transcripts.asked import Asked
from callcoach.intake.transcripts.cues import TIME, Cue, Piece, lines_of, read_cues, said_in
from callcoach.intake.transcripts.joining import transcript_of

NAME, WHAT = "srt", "SRT"
BEGINNING = re.compile(rf"\s*(?:\d{{1,9}}[ \t]*\r?\n\s*)?{TIME}[ \t]*-->")
TAG = re.compile(r"</?(?:[biu]|font)(?:\s[^<>]{0,200})?>|\{\\an\d\}", re.IGNORECASE)
ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&quot;": '"', "&#39;": "'", "&amp;": "&"}
ENTITY = re.compile("|".join(ENTITIES))


def is_this(text: str) -> bool:
    """Whether a text begins with the times of a cue, or with a number and then times."""
    return BEGINNING.match(text.lstrip("\ufeff")) is not None


def parse(text: str, asked: Asked) -> Transcript:
    """Cues without a name continue the speaker before them. Raises WrongPlace where a cue cannot be read."""
    pieces = [piece for cue in read_cues(lines_of(text.lstrip("\ufeff")), WHAT) for piece in _pieces(cue)]
    return transcript_of(said_in(pieces, WHAT), asked)


def _pieces(cue: Cue) -> Iterator[Piece]:
    bare = TAG.sub("", "\n".join(cue.lines))
    if said := " ".join(ENTITY.sub(lambda match: ENTITIES[match[0]], bare).split()):
        yield Piece(None, said, cue.start, cue.end)
