"""The loudest and softest sample of every 50 ms of each channel, so that a player draws a call without decoding it.

Laid out as the binary format of BBC audiowaveform, version 2, 8 bit: browser players read it. Knows nothing of files or codecs.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
SAMPLES_PER_PIXEL = 800
# version, flags, sample rate, samples per pixel, pixels, channels
_HEADER = struct.Struct("<iIiiIi")
_VERSION, _EIGHT_BIT = 2, 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Peaks:
    """`least` and `most`: int8 of shape (channels, pixels), full scale 127; each pixel spans `samples_per_pixel` samples."""

    sample_rate: int
    samples_per_pixel: int
    least: NDArray[np.int8]
    most: NDArray[np.int8]


class PeaksWriter:
    """Writes the peaks of sound that comes in pieces; no more than one pixel of it is held back."""

    def __init__(self, file: BinaryIO, channels: int) -> None:
        """`file` is empty and can seek: how many pixels there are is known at the end only."""
        self._file, self._channels, self._pixels = file, channels, 0
        self._rest = np.empty((channels, 0), dtype=np.float32)
        self._write_header()

    def add(self, sound: NDArray[np.float32]) -> None:
        """The next samples, of shape (channels, n), in -1..1."""
        sound = np.concatenate((self._rest, sound), axis=1)
        whole = sound.shape[1] // SAMPLES_PER_PIXEL * SAMPLES_PER_PIXEL
        self._write(sound[:, :whole].reshape(self._channels, -1, SAMPLES_PER_PIXEL))
        self._rest = sound[:, whole:].copy()

    def finish(self) -> None:
        """Write what is left, be it less than a pixel, and how much there is."""
        if self._rest.shape[1]:
            self._write(self._rest[:, np.newaxis, :])
        self._file.seek(0)
        self._write_header()
        self._file.flush()

    def _write(self, sound: NDArray[np.float32]) -> None:
        self._pixels += sound.shape[1]
        if sound.shape[1]:
            pairs = np.stack((sound.min(axis=2), sound.max(axis=2)), axis=2)
            eight_bit = np.clip(np.rint(pairs * 128), -128, 127).astype(np.int8)
            self._file.write(np.ascontiguousarray(eight_bit.transpose(1, 0, 2)).tobytes())

    def _write_header(self) -> None:
        self._file.write(_HEADER.pack(_VERSION, _EIGHT_BIT, SAMPLE_RATE, SAMPLES_PER_PIXEL, self._pixels, self._channels))


def read_peaks(body: bytes) -> Peaks:
    """What a PeaksWriter wrote. Raises ValueError for anything else."""
    if len(body) < _HEADER.size:
        raise ValueError("peaks end inside their header")
    version, flags, sample_rate, samples_per_pixel, pixels, channels = _HEADER.unpack_from(body)
    if (version, flags) != (_VERSION, _EIGHT_BIT):
        raise ValueError(f"peaks are of version {version} with flags {flags}, not of version {_VERSION} with 8 bit")
    if channels < 1 or len(body) != _HEADER.size + 2 * channels * pixels:
        raise ValueError(f"peaks promise {pixels} pixels of {channels} channels, but are {len(body)} bytes")
    pairs = np.frombuffer(body, dtype=np.int8, offset=_HEADER.size).reshape(pixels, channels, 2)
    return Peaks(
        sample_rate=sample_rate,
        samples_per_pixel=samples_per_pixel,
        least=np.ascontiguousarray(pairs[:, :, 0].T),
        most=np.ascontiguousarray(pairs[:, :, 1].T),
    )
