"""Recordings made by hand for tests: tones in every container, one pitch per channel."""

import io
from pathlib import Path

import av
import numpy as np

LEFT_HZ, RIGHT_HZ = 440.0, 1_000.0


def tone(seconds: float = 1.0, *, rate: int = 8_000, channels: int = 2) -> np.ndarray:
    times = np.arange(int(seconds * rate)) / rate
    return np.stack([0.5 * np.sin(2 * np.pi * hz * times) for hz in (LEFT_HZ, RIGHT_HZ, 300.0)[:channels]]).astype(np.float32)


def encoded(samples: np.ndarray, *, container: str, codec: str, rate: int = 8_000) -> bytes:
    body = io.BytesIO()
    layout = {1: "mono", 2: "stereo", 3: "2.1"}[len(samples)]
    with av.open(body, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
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
