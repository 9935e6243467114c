"""Read a text file in whatever encoding office programs write. Knows nothing of its contents."""

import codecs
from pathlib import Path

from callcoach.errors import BadInput

MOST_BYTES = 20_000_000
"""A day-long call is about half a megabyte of text; twenty is no transcript, manifest or rubric."""


def read_text(path: Path, error: type[BadInput], *, most_bytes: int = MOST_BYTES) -> str:
    """UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252. Raises `error` where it is none of them."""
    try:
        if path.stat().st_size > most_bytes:
            raise error(
                f"{shown(path)}: it is larger than {most_bytes // 1_000_000} MB. Split it, or take out what is not needed."
            )
        return decoded(path.read_bytes(), path, error)
    except OSError as trouble:
        raise error(f"{shown(path)}: it cannot be read ({trouble.strerror}). Check that it is there and its rights.") from None


def decoded(raw: bytes, path: Path, error: type[BadInput]) -> str:
    """The text of `raw`; `path` is for the sentence. Raises `error` for bytes that are no text."""
    encodings = ["utf-8-sig", "cp1252"]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise error(f"{shown(path)}: this is not a text file. Save it as UTF-8 text.")


def shown(path: Path) -> str:
    """A file as sentences name it: its folder and its name."""
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name
