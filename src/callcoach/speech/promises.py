"""What a recording's own bytes promise of its length, where FFmpeg bends the promise to what it finds. Knows no decoding.

A call that was cut in transfer must not be judged as if it had ended there.
"""

from typing import BinaryIO

MP3_HEADER_SEARCH = 1 << 16
LARGEST_OGG_PAGE = 65_307
# recorders that write to a pipe leave a size of 0 or about the largest possible one: no promise
UNKNOWN_SIZE = 0x7FFF_0000


def wav_seconds(recording: BinaryIO) -> float | None:
    """Seconds of sound that a WAV file's data chunk announces; None where it announces none."""
    byte_rate = 0
    recording.seek(12)
    while len(head := recording.read(8)) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name == b"data":
            return size / byte_rate if byte_rate and 0 < size < UNKNOWN_SIZE else None
        start = recording.tell()
        if name == b"fmt ":
            byte_rate = int.from_bytes(recording.read(12)[8:], "little")
        recording.seek(start + size + size % 2)
    return None


def mp3_frames(recording: BinaryIO) -> int | None:
    """The frame count in an MP3 file's Xing or Info tag; None where it has no such tag."""
    recording.seek(0)
    head = recording.read(MP3_HEADER_SEARCH)
    if head[:3] == b"ID3" and len(head) > 10:
        size = (head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | head[9] & 127
        recording.seek(size + 10)
        head = recording.read(MP3_HEADER_SEARCH)
    tag = next((found for name in (b"Xing", b"Info") if (found := head.find(name, 0, 512)) >= 0), -1)
    if tag < 0 or len(head) < tag + 12 or not head[tag + 7] & 1:
        return None
    return int.from_bytes(head[tag + 8 : tag + 12], "big")


def last_ogg_page_is_cut(recording: BinaryIO, size: int) -> bool:
    """Whether the last page of an Ogg file of `size` bytes promises more bytes than follow (its header holds no length)."""
    recording.seek(max(0, size - 2 * LARGEST_OGG_PAGE))
    tail = recording.read()
    start = tail.rfind(b"OggS")
    if start < 0 or start + 27 > len(tail):
        return True
    segments = tail[start + 26]
    lacing = tail[start + 27 : start + 27 + segments]
    return len(lacing) < segments or start + 27 + segments + sum(lacing) > len(tail)
