"""Lay the speech of all channels into full 30-second windows, and find the true time of what is heard there. Knows no model."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

SAMPLE_RATE = 16_000
# the model sees 30 s at once; the rest is room for rounding to its frames
WINDOW_SAMPLES = int(29.5 * SAMPLE_RATE)

# a piece of speech ends with this much silence, and the aligner likes to lay the next piece's first word into it
SILENCE_AT_END = int(0.25 * SAMPLE_RATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of speech on one channel: samples `start` to `end` at 16 kHz."""

    channel: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Pieces that the model hears one after the other, as if nothing lay between them."""

    pieces: tuple[Piece, ...]

    @property
    def samples(self) -> int:
        """Length of the window."""
        return sum(piece.end - piece.start for piece in self.pieces)

    def piece_at(self, start: float, end: float) -> int:
        """Number of the piece to which a word at `start`..`end` (seconds from the window's start) belongs.

        That is the piece in which most of it lies; but a word inside the silence that ends a piece opens the next one.
        """
        ends = list(accumulate(piece.end - piece.start for piece in self.pieces))
        number = min(bisect_left(ends, (start + end) / 2 * SAMPLE_RATE), len(self.pieces) - 1)
        if number + 1 < len(self.pieces) and start * SAMPLE_RATE >= ends[number] - SILENCE_AT_END:
            piece, following = self.pieces[number], self.pieces[number + 1]
            if (piece.channel, piece.end) != (following.channel, following.start):
                return number + 1
        return number

    def true_time(self, time: float, number: int) -> float:
        """Seconds in the recording of `time` in this window, held inside piece `number`."""
        piece = self.pieces[number]
        before = sum(other.end - other.start for other in self.pieces[:number])
        place = piece.start + time * SAMPLE_RATE - before
        return min(max(place, piece.start), piece.end) / SAMPLE_RATE


def pack(pieces: Iterable[Piece], *, limit: int = WINDOW_SAMPLES) -> tuple[Window, ...]:
    """Windows of at most `limit` samples, each piece in the first that has room; a longer piece stands alone.

    On the sample calls no packing needs fewer windows, and half of the work is done per window.
    """
    filled: list[list[Piece]] = []
    room: list[int] = []
    for piece in pieces:
        length = piece.end - piece.start
        number = next((number for number, left in enumerate(room) if length <= left), len(filled))
        if number == len(filled):
            filled.append([])
            room.append(limit)
        filled[number].append(piece)
        room[number] -= length
    return tuple(Window(pieces=tuple(together)) for together in filled)
