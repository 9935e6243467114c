"""Files that no recorder wrote: bytes put together by hand to upset a decoder."""

import functools
import io
import struct
import zipfile

import av
import numpy as np
from speech_recordings import encoded, tone

CANARY_HZ = 2_000.0

WHOLE = {
    "wav": ("wav", "pcm_s16le", 8_000),
    "flac": ("flac", "flac", 8_000),
    "ogg": ("ogg", "libopus", 48_000),
    "mp3": ("mp3", "libmp3lame", 16_000),
    "m4a": ("ipod", "aac", 16_000),
    "webm": ("webm", "libopus", 48_000),
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "aiff": ("aiff", "pcm_s16be", 8_000),
    "au": ("au", "pcm_mulaw", 8_000),
}
MAGIC = {
    "wav": b"RIFF\x00\x01\x00\x00WAVE",
    "rf64": b"RF64\xff\xff\xff\xffWAVE",
    "flac": b"fLaC",
    "ogg": b"OggS",
    "mp3": b"\xff\xfb\x90\x00",
    "id3": b"ID3\x04\x00\x00\x00\x00\x01\x00",
    "mp4": b"\x00\x00\x00\x18ftypisom",
    "webm": b"\x1a\x45\xdf\xa3",
    "aiff": b"FORM\x00\x00\x10\x00AIFF",
    "au": b".snd",
}


@functools.cache
def whole(kind: str, seconds: float = 10.0) -> bytes:
    """A sound recording of this kind."""
    container, codec, rate = WHOLE[kind]
    return encoded(tone(seconds, rate=rate, channels=1), container=container, codec=codec, rate=rate)


def noise(seed: int, size: int = 20_000) -> bytes:
    return np.random.default_rng(seed).bytes(size)


def flipped(kind: str, seed: int, *, within: int = 300, bits: int = 12) -> bytes:
    """A recording with some bits of its header turned over."""
    body = bytearray(whole(kind))
    for bit in np.random.default_rng(seed).integers(8 * 4, 8 * min(within, len(body)), bits):
        body[bit // 8] ^= 1 << bit % 8
    return bytes(body)


def patched(kind: str, mark: bytes, offset: int, value: bytes) -> bytes:
    """A recording with other bytes at `offset` after the first `mark`."""
    body, place = bytearray(whole(kind)), whole(kind).index(mark) + offset
    body[place : place + len(value)] = value
    return bytes(body)


def zipped() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("call.wav", whole("wav"))
    return body.getvalue()


def wav(
    sound: bytes = bytes(32_000),
    *,
    tag: int = 1,
    channels: int = 1,
    rate: int = 8_000,
    bits: int = 16,
    block: int | None = None,
    size: int | None = None,
    before: bytes = b"",
) -> bytes:
    """A WAV file whose header says whatever it is told to."""
    block = channels * bits // 8 % 65_536 if block is None else block
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block % 2**32, block, bits)
    said = len(sound) if size is None else size
    return b"RIFF\xff\xff\xff\xffWAVE" + before + b"fmt \x10\x00\x00\x00" + form + b"data" + struct.pack("<I", said) + sound


def extensible(samples: np.ndarray, *, rate: int = 8_000, mask: int = 0) -> bytes:
    """16-bit PCM as WAVE_FORMAT_EXTENSIBLE; a mask of 0 says that channels stand for no loudspeaker."""
    channels = len(samples)
    sound = (samples.T * 32_767).astype("<i2").tobytes()
    pcm = struct.pack("<H", 1) + bytes.fromhex("000000001000800000aa00389b71")
    form = struct.pack("<HHIIHHHHI", 0xFFFE, channels, rate, 2 * rate * channels, 2 * channels, 16, 22, 16, mask) + pcm
    return b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(sound)) + sound


def flac_of_silence(hours: float, *, says: int = 0) -> bytes:
    """Blocks of 65,535 samples at 8 kHz, 15 bytes each; the header says `says` samples, 0 stands for unknown."""
    information = struct.pack(">HH", 65_535, 65_535) + bytes(6) + (8_000 << 44 | 15 << 36 | says).to_bytes(8, "big") + bytes(16)
    frames = []
    for number in range(int(hours * 3600 * 8_000 / 65_535)):
        head = b"\xff\xf8\x70\x08" + chr(number).encode() + struct.pack(">H", 65_534)
        frame = head + bytes([_crc(head, 8, 0x07)]) + b"\x00\x00\x00"
        frames.append(frame + struct.pack(">H", _crc(frame, 16, 0x8005)))
    return b"fLaC\x80\x00\x00\x22" + information + b"".join(frames)


def opus_of_silence(hours: float, *, says: float | None = None) -> bytes:
    """Packets of one byte that stand for 60 ms; the last page says `says` hours."""
    packets = int(hours * 3600 / 0.06)
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    pages = [ogg_page(head, [len(head)], 0, 0, first=True), ogg_page(b"OpusTags" + bytes(8), [16], 0, 1)]
    for first in range(0, packets, 255):
        count = min(255, packets - first)
        last = first + count == packets
        granule = int((says if last and says is not None else (first + count) * 0.06 / 3600) * 3600 * 48_000)
        pages.append(ogg_page(b"\x18" * count, [1] * count, granule, 2 + first // 255, last=last))
    return b"".join(pages)


def ogg_page(body: bytes, lacing: list[int], granule: int, number: int, *, first: bool = False, last: bool = False) -> bytes:
    head = b"OggS\x00" + bytes([2 * first + 4 * last]) + struct.pack("<qII", granule, 7, number)
    rest = bytes([len(lacing), *lacing]) + body
    return head + struct.pack("<I", _crc(head + bytes(4) + rest, 32, 0x04C11DB7)) + rest


def mp3_of_silence(hours: float, *, says_little: bool) -> bytes:
    """One frame of silence again and again, after a header that says how many frames follow, or after none."""
    silence = np.zeros((1, 8_000), dtype=np.float32)
    body = encoded(silence, container="mp3", codec="libmp3lame", rate=8_000, id3v2_version="0")
    second = body.index(body[:2], 4)
    frame = body[second : body.index(body[:2], second + 4)]
    return (body[:second] if says_little else b"") + frame * int(hours * 3600 / (576 / 8_000))


def with_data_elsewhere(kind: bytes, location: str) -> bytes:
    """A QuickTime film whose sound is said to lie in another file: by `url ` or by `alis`, Apple's way."""
    body = encoded(tone(2.0, channels=1), container="mov", codec="pcm_s16le")
    path = location.encode() + b"\x00" * (2 - len(location) % 2)
    if kind == b"url ":
        entry = bytes(4) + path
    else:
        name = bytes([min(63, len(path))]) + path[:63].ljust(63, b"\x00")
        entry = bytes(4) + bytes(10) + bytes(28) + bytes(12) + name + bytes(16) + bytes(4) + bytes(16)
        entry += struct.pack(">HH", 2, len(path)) + path + b"\xff\xff\x00\x00"
    entry = struct.pack(">I", len(entry) + 8) + kind + entry
    reference = struct.pack(">I4sII", 16 + len(entry), b"dref", 0, 1) + entry
    place = body.index(b"dref") - 4
    old = int.from_bytes(body[place : place + 4], "big")
    changed = bytearray(body)
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
        at = body.rindex(box, 0, place) - 4
        changed[at : at + 4] = struct.pack(">I", int.from_bytes(body[at : at + 4], "big") + len(reference) - old)
    changed[place : place + old] = reference
    # what it holds itself is silence
    sound = body.index(b"mdat") + 4
    end = min(len(changed), body.index(b"moov") - 4)
    changed[sound:end] = bytes(end - sound)
    return bytes(changed)


def nested(box: bytes, depth: int) -> bytes:
    """An MP4 box within itself, `depth` times."""
    body = b""
    for _ in range(depth):
        body = struct.pack(">I", len(body) + 8) + box + body
    return MAGIC["mp4"] + bytes(12) + body


def element(name: str, body: bytes) -> bytes:
    """An EBML element, of which Matroska is made."""
    return bytes.fromhex(name) + (0x0100_0000_0000_0000 | len(body)).to_bytes(8, "big") + body


def matroska(*parts: bytes) -> bytes:
    return element("1a45dfa3", element("4282", b"matroska")) + element("18538067", b"".join(parts))


def attachments_only() -> bytes:
    named = element("466e", b"canary.wav") + element("4660", b"audio/wav")
    file = element("61a7", named + element("465c", whole("wav")) + element("46ae", b"\x01"))
    return matroska(element("1549a966", element("2ad7b1", b"\x0f\x42\x40")), element("1941a469", file))


def film(*, sound_tracks: int, container: str = "mp4", seconds: float = 2.0) -> bytes:
    """Moving pictures with a tone on each sound track, as video meetings are recorded."""
    body = io.BytesIO()
    video, audio = ("mpeg4", "aac") if container == "mp4" else ("libvpx", "libopus")
    with av.open(body, "w", format=container) as out:
        pictures = out.add_stream(video, rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 32, 32, "yuv420p"
        tracks = [out.add_stream(audio, rate=48_000, layout="stereo") for _ in range(sound_tracks)]
        for _ in range(int(10 * seconds)):
            out.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), dtype=np.uint8), format="rgb24")))
        out.mux(pictures.encode(None))
        for track in tracks:
            frame = av.AudioFrame.from_ndarray(tone(seconds, rate=48_000).T.reshape(1, -1).copy(), format="flt", layout="stereo")
            frame.rate = 48_000
            fitted = av.AudioResampler(format=track.format, layout="stereo", rate=48_000, frame_size=track.frame_size)
            for piece in [*fitted.resample(frame), *fitted.resample(None)]:
                out.mux(track.encode(piece))
            out.mux(track.encode(None))
    return body.getvalue()


def _crc(body: bytes, bits: int, polynomial: int) -> int:
    table, rest, mask = _crc_table(bits, polynomial), 0, (1 << bits) - 1
    for byte in body:
        rest = (rest << 8 & mask) ^ table[rest >> bits - 8 ^ byte]
    return rest


@functools.cache
def _crc_table(bits: int, polynomial: int) -> tuple[int, ...]:
    table = []
    for byte in range(256):
        rest = byte << bits - 8
        for _ in range(8):
            rest = rest << 1 ^ (polynomial if rest >> bits - 1 else 0)
            rest &= (1 << bits) - 1
        table.append(rest)
    return tuple(table)
