"""Read transcripts from elsewhere, recognised by their contents, and write our own. One module per format."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from callcoach.domain.call import Transcript
from callcoach.errors import BadInput, BadTranscript
from callcoach.intake.facts import WrongField
from callcoach.intake.text_file import read_text, shown
from callcoach.intake.transcripts import (
    amazon_bedrock,
    amazon_call_analytics,
    amazon_post_call,
    amazon_standard,
    assemblyai,
    deepgram,
    gong,
    own_json,
    plain,
    rev_ai,
    srt,
    webvtt,
    whisper,
)
from callcoach.intake.transcripts.asked import Asked, WrongPlace
from callcoach.intake.transcripts.captions import as_srt, as_text, as_webvtt
from callcoach.intake.transcripts.json_node import Node, decoded_json
from callcoach.intake.transcripts.own_json import write_json

__all__ = ["FORMS", "read_transcript", "recognise", "write_json", "write_transcript"]


class JsonFormat(Protocol):
    """What a module of a JSON format offers."""

    NAME: str

    def is_this(self, root: Node) -> bool:
        """Whether JSON has the shape of the format."""

    def parse(self, root: Node, asked: Asked) -> Transcript:
        """The transcript. Raises WrongPlace."""


class TextFormat(Protocol):
    """What a module of a text format offers."""

    NAME: str

    def parse(self, text: str, asked: Asked) -> Transcript:
        """The transcript. Raises WrongPlace."""


JSON_START = re.compile(r"\ufeff?\s*(\{|\[\s*[\[{\"\]])")
JSON_FORMATS: tuple[JsonFormat, ...] = (
    gong, amazon_call_analytics, amazon_post_call, amazon_bedrock, amazon_standard, deepgram, assemblyai, whisper, rev_ai,
)  # fmt: skip
TOOLS = "Gong, Amazon Transcribe (standard, Call Analytics, Post Call Analytics, Bedrock), Deepgram, AssemblyAI, WhisperX, \
faster-whisper or Rev.ai"

FORMS: Mapping[str, Callable[[Transcript], str]] = {
    "json": lambda transcript: write_json(transcript) + "\n",
    "vtt": as_webvtt,
    "srt": as_srt,
    "txt": as_text,
}


def read_transcript(
    path: Path, *, call_id: str | None = None, rep_names: Sequence[str] = (), seconds: float | None = None
) -> Transcript:
    """The transcript in a file, in any of the formats of docs/transcripts.md.

    call_id: the file's own, else the file's name without ending, where none is given; it also picks one of several calls.
    rep_names: the names of the rep and of colleagues; everybody else who is named is then a customer. Without them a name that
    is not a role is `unknown`. seconds: the length of the recording, where it is known: words after it are refused.
    Raises BadTranscript with the place that is wrong.
    """
    asked = Asked(
        call_id=call_id, else_call_id=path.stem.removesuffix(".transcript"), rep_names=rep_names, seconds=seconds, path=path
    )
    text = read_text(path, BadTranscript)
    try:
        if JSON_START.match(text):
            root = decoded_json(text.lstrip("\ufeff"))
            return _json_format(root).parse(root, asked)
        return _text_format(text).parse(text, asked)
    except (WrongPlace, WrongField) as trouble:
        raise _bad(path, trouble) from None


def recognise(path: Path) -> str:
    """The name of a file's format, such as `json`, `gong`, `webvtt` or `text`. Raises BadTranscript for no transcript.

    JSON is recognised by its shape alone; whether each value in it can be used shows when it is read.
    """
    text = read_text(path, BadTranscript)
    try:
        if JSON_START.match(text):
            root = decoded_json(text.lstrip("\ufeff"))
            known = _json_format(root)
            return whisper.name_of(root) if known is whisper else known.NAME
        found = _text_format(text)
        if found is plain:
            plain.parse(text, Asked(else_call_id="call"))
        return found.NAME
    except (WrongPlace, WrongField) as trouble:
        raise _bad(path, trouble) from None


def write_transcript(transcript: Transcript, form: str) -> str:
    """The transcript as `json`, `vtt`, `srt` or `txt`. Raises BadTranscript where vtt or srt would have turns without times."""
    if form not in FORMS:
        raise BadInput(f"{form[:40]}: this is no form of a transcript. Choose one of {', '.join(FORMS)}.")
    return FORMS[form](transcript)


def _json_format(root: Node) -> JsonFormat:
    """Our own where there is a list of turns, else the only format whose shape fits."""
    if own_json.is_this(root):
        return own_json
    fitting = [known for known in JSON_FORMATS if known.is_this(root)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise WrongPlace(f"this JSON could be {' or '.join(known.NAME for known in fitting)}. Write the call anew from one tool.")
    raise WrongPlace(
        f"this JSON has no list of turns, and it is no transcript of {TOOLS}. callcoach's own looks like {own_json.SHAPE}."
    )


def _text_format(text: str) -> TextFormat:
    return webvtt if webvtt.is_this(text) else srt if srt.is_this(text) else plain


def _bad(path: Path, trouble: WrongPlace | WrongField) -> BadTranscript:
    line = getattr(trouble, "line", None)
    return BadTranscript(f"{shown(path)}{f' line {line}' if line else ''}: {trouble}")
