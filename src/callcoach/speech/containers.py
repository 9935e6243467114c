"""Recognise an audio container from its first bytes, so that the decoder never guesses. Knows nothing of codecs or samples.

A file's name is not asked: a text file called call.wav is a playlist to a guessing decoder, and a playlist opens other files.
"""

from typing import NamedTuple

HEAD_BYTES = 64


class Container(NamedTuple):
    """`name` as a person knows it, `demuxer` as FFmpeg calls the only reader that may open the file."""

    name: str
    demuxer: str


WAV = Container("WAV", "wav")
FLAC = Container("FLAC", "flac")
OGG = Container("Ogg", "ogg")
MP3 = Container("MP3", "mp3")
MP4 = Container("MP4", "mov")
WEBM = Container("WebM", "matroska")
AMR = Container("AMR", "amr")
AIFF = Container("AIFF", "aiff")
AU = Container("AU", "au")

KNOWN = "WAV, MP3, M4A or MP4, Ogg, FLAC, WebM, AMR, AIFF or AU"


def container_of(head: bytes) -> Container | None:
    """The container that the first `HEAD_BYTES` bytes of a file announce, None where they announce none we read."""
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] == b"WAVE":
        return WAV
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return AIFF
    if head[4:8] == b"ftyp":
        return MP4
    # what follows #!AMR says which kind; those with several channels are read by nobody
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return AMR
    by_magic = {b"fLaC": FLAC, b"OggS": OGG, b"\x1a\x45\xdf\xa3": WEBM, b".snd": AU}
    if head[:4] in by_magic:
        return by_magic[head[:4]]
    if head[:3] == b"ID3" or _is_mpeg_layer_3(head):
        return MP3
    return None


def _is_mpeg_layer_3(head: bytes) -> bool:
    """Whether a valid MPEG layer III frame header stands first: 11 sync bits alone are too common in random bytes."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bitrate not in (0, 15) and rate != 3


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes are printable, as those of a playlist, a web page or a transcript are."""
    return bool(head) and all(byte >= 32 or byte in b"\t\r\n\f" for byte in head) and b"\xff" not in head
