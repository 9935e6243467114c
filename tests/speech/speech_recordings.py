"""Recordings made by hand for tests: tones in every container, one pitch per channel."""

import io
from pathlib import Path

import av
import numpy as np

LEFT_HZ, RIGHT_HZ = 440.0, 1_000.0
CHANNEL_HZ = (LEFT_HZ, RIGHT_HZ, 300.0, 700.0, 1_300.0, 1_700.0, 2_100.0, 2_500.0)
LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}


def tone(seconds: float = 1.0, *, rate: int = 8_000, channels: int = 2) -> np.ndarray:
    times = np.arange(int(seconds * rate)) / rate
    return np.stack([0.5 * np.sin(2 * np.pi * hz * times) for hz in CHANNEL_HZ[:channels]]).astype(np.float32)


def encoded(samples: np.ndarray, *, container: str, codec: str, rate: int = 8_000, **options: str) -> bytes:
    body = io.BytesIO()
    layout = LAYOUTS[len(samples)]
    with av.open(body, "w", format=container, options=options) as out:
        # vorbis: FFmpeg's own encoder asks for this word
        stream = out.add_stream(codec, rate=rate, layout=layout, options={"strict": "experimental"})
        frame = av.AudioFrame.from_ndarray(samples.T.reshape(1, -1).copy(), format="flt", layout=layout)
        frame.rate = rate
        fitted = av.AudioResampler(format=stream.format, layout=layout, rate=rate, frame_size=stream.frame_size or 1024)
        for piece in [*fitted.resample(frame), *fitted.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return body.getvalue()


def write(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def pitch(samples: np.ndarray, rate: int = 16_000) -> float:
    """The loudest frequency in Hz."""
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    return float(np.argmax(np.abs(np.fft.rfft(middle))) * rate / len(middle))
