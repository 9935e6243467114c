"""Read transcripts from elsewhere, recognised by their contents, and write our own. One module per format."""

from collections.abc import Sequence
from pathlib import Path

from callcoach.domain.call import Transcript
from callcoach.errors import BadTranscript
from callcoach.intake.text_file import read_text, shown
from callcoach.intake.transcripts import own_json, plain, webvtt
from callcoach.intake.transcripts.own_json import write_json

__all__ = ["read_transcript", "recognise", "write_json"]


def read_transcript(path: Path, *, call_id: str | None = None, rep_names: Sequence[str] = ()) -> Transcript:
    """The transcript in a file: our JSON, WebVTT, or `Name: text` lines.

    call_id: the file's own, else the file's name without ending, where none is given. rep_names: the names of the rep and of
    colleagues; everybody else who is named is then a customer. Without them a name that is not a role is `unknown`.
    Raises BadTranscript with the place that is wrong.
    """
    text = read_text(path, BadTranscript)
    stem = path.stem.removesuffix(".transcript")
    if own_json.is_this(text):
        return own_json.parse(text, source=shown(path), call_id=call_id, else_call_id=stem, rep_names=rep_names)
    if webvtt.is_this(text):
        return webvtt.parse(text, source=shown(path), call_id=call_id or stem, rep_names=rep_names)
    return plain.parse(text, source=shown(path), call_id=call_id or stem, rep_names=rep_names)


def recognise(path: Path) -> str:
    """`json`, `webvtt` or `text`. Raises BadTranscript for a file that is no transcript."""
    text = read_text(path, BadTranscript)
    if own_json.is_this(text):
        own_json.probe(text, source=shown(path))
        return "json"
    if webvtt.is_this(text):
        return "webvtt"
    plain.parse(text, source=shown(path), call_id=path.stem)
    return "text"
