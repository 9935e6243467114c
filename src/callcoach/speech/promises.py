"""What a recording's own bytes promise of its length, where FFmpeg bends the promise to what it finds. Knows no decoding.

A call that was cut in transfer must not be judged as if it had ended there.
"""

from typing import BinaryIO

MP3_HEADER_SEARCH = 1 << 16
LARGEST_OGG_PAGE = 65_307
# recorders that write to a pipe leave a size of 0 or about the largest possible one: no promise
UNKNOWN_SIZE = 0x7FFF_0000
# a size of 64 bits stands in a chunk of its own; this one where 32 bits would hold it points there
SIZE_IS_IN_DS64 = 0xFFFF_FFFF
# bytes of an AMR frame with its header by frame type; types that are not named are reserved
AMR_FRAMES = {0: 13, 1: 14, 2: 16, 3: 18, 4: 20, 5: 21, 6: 27, 7: 32, 8: 6, 9: 6, 10: 6, 11: 6, 15: 1}
AMR_WB_FRAMES = {0: 18, 1: 24, 2: 33, 3: 37, 4: 41, 5: 47, 6: 51, 7: 59, 8: 61, 9: 6, 14: 1, 15: 1}
AMR_FRAME_SECONDS = 0.02


def wav_seconds(recording: BinaryIO) -> float | None:
    """Seconds of sound that a WAV file's data chunk announces; None where it announces none."""
    byte_rate = 0
    long_size = None
    recording.seek(12)
    while len(head := recording.read(8)) == 8:
        name, size = head[:4], int.from_bytes(head[4:], "little")
        start = recording.tell()
        if name == b"data":
            if size == SIZE_IS_IN_DS64 and long_size:
                return long_size / byte_rate if byte_rate else None
            return size / byte_rate if byte_rate and 0 < size < UNKNOWN_SIZE else None
        if name == b"ds64":
            long_size = int.from_bytes(recording.read(16)[8:], "little")
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


def amr_seconds(recording: BinaryIO, max_seconds: float) -> float | None:
    """Seconds of sound in an AMR file's frames; None where it ends inside one (a cut between two leaves no trace).

    One that is longer than `max_seconds` is counted to just over that: a frame may be a single byte.
    """
    most = int(max_seconds / AMR_FRAME_SECONDS) + 1
    recording.seek(0)
    body = recording.read(most * max(AMR_WB_FRAMES.values()))
    sizes, place = (AMR_WB_FRAMES, 9) if body.startswith(b"#!AMR-WB\n") else (AMR_FRAMES, 6)
    frames = 0
    while place < len(body) and frames < most:
        # a reserved type is for the decoder to refuse
        place += sizes.get(body[place] >> 3 & 15, 1)
        frames += 1
    return None if place > len(body) else frames * AMR_FRAME_SECONDS
