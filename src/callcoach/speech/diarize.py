"""Tell apart the people in one channel: who talks when, and which word is whose. Knows nothing of roles or of what was said.

Talk is cut at pauses and where the segmentation network hears another person begin, each stretch gets a voiceprint, and
stretches are sorted by voice. The segmentation's own speakers are not trusted further: it takes voices that are alike for one.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Word
from callcoach.domain.fingerprint import fingerprint
from callcoach.speech.activity import DB_UNDER_LOUDEST, loudness
from callcoach.speech.activity import FRAME_SECONDS as LEVEL_SECONDS
from callcoach.speech.clusters import voices_in
from callcoach.speech.voices import FRAME_FIELD, FRAME_STEP, SAMPLE_RATE, SEGMENTATION_FILE, SETS, VOICEPRINT_FILE, WINDOW, Voices

# raise it whenever a change here can change who is said to talk
DIARIZE_VERSION = "1"
# every place is heard in two windows: at the border of one the network is unsure
WINDOW_HOP = WINDOW // 2
WINDOWS_AT_ONCE = 4
FRAME_SECONDS = FRAME_STEP / SAMPLE_RATE
TALKING = 0.5
# people take turns within two tenths of a second; a stop inside a word is shorter than this
PAUSE_SECONDS = 0.15
# windows agree on where another person begins to within 50 ms
CHANGE_FRAMES = 3
LEAST_BESIDE_A_CHANGE = 0.3
# longer stretches may hold two people who left no pause; shorter ones tell little of a voice
LONGEST_SECONDS = 2.0
LEAST_FOR_A_PRINT = 0.3
LEAST_FOR_A_VOICE = 0.8
PRINT_PAD = 0.025
# a stretch shorter than this between two of another person is believed only if it is that much more like its own
SHORT_SECONDS = 1.0
SURELY_ANOTHER = 0.1
JOINED_SECONDS = 0.5

# a word or two in another's sentence, without a pause on either side, is a mistake of the borders
STRAY_WORDS = 2
STRAY_SECONDS = 0.6
STRAY_PAUSE = 0.25
SENTENCE_ENDS = (".", "?", "!")


class Span(NamedTuple):
    """Speaker number `speaker` (from 0, by first appearance) talks from `start` to `end`, in seconds."""

    speaker: int
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Diarization:
    """Who talks when, in order of time, and how far apart the two most alike voices are.

    separation: 0 for the same voice, 0.25 and more for two people; None where one person talks, or nobody.
    """

    spans: tuple[Span, ...]
    separation: float | None


class Diarizer:
    """Tells people apart with the two networks in `folder`; they are loaded at the first sound. Same sound, same spans."""

    def __init__(self, folder: Path, *, threads: int = 2, device: str = "auto", model_fingerprint: str | None = None) -> None:
        """`model_fingerprint` saves reading the weights where their hash is known already."""
        self._folder, self._model_fingerprint = folder, model_fingerprint
        self._voices = Voices(folder, threads=threads, device=device)

    @cached_property
    def fingerprint(self) -> str:
        """Weights, library versions and our own code's version; no network is loaded for it."""
        libraries = {name: version(name) for name in ("numpy", "scipy", "torch")}
        model = self._model_fingerprint or fingerprint(
            [(self._folder / file).read_bytes().hex() for file in (SEGMENTATION_FILE, VOICEPRINT_FILE)]
        )
        return fingerprint("diarize", DIARIZE_VERSION, model, libraries)

    def spans(self, sound: NDArray[np.float32]) -> tuple[Span, ...]:
        """Who talks when in `sound` (n,) at 16 kHz; nothing overlaps, and nobody talks in between."""
        return self.diarize(sound).spans

    def diarize(self, sound: NDArray[np.float32]) -> Diarization:
        """The spans of `sound` (n,) at 16 kHz with how far apart the voices are."""
        stretches = self._stretches(sound)
        lengths = np.array([end - start for start, end in stretches])
        heard = np.flatnonzero(lengths >= LEAST_FOR_A_PRINT)
        if not len(heard):
            return Diarization(spans=_joined([Span(0, *stretch) for stretch in stretches]), separation=None)
        prints = np.stack([self._print(sound, *stretches[number]) for number in heard])
        telling = lengths[heard] >= LEAST_FOR_A_VOICE
        if not telling.any():
            telling[:] = True
        voiced = voices_in(prints[telling], lengths[heard][telling])
        likeness: dict[int, NDArray[np.float32]] = dict(zip(heard.tolist(), voiced.likeness(prints), strict=True))
        speakers = _believed(stretches, _nearest(stretches, likeness), likeness)
        numbers = {speaker: number for number, speaker in enumerate(dict.fromkeys(speakers))}
        found = [Span(numbers[speaker], *stretch) for speaker, stretch in zip(speakers, stretches, strict=True)]
        return Diarization(spans=_joined(found), separation=voiced.separation if len(numbers) > 1 else None)

    def _print(self, sound: NDArray[np.float32], start: float, end: float) -> NDArray[np.float32]:
        first, last = (round(time * SAMPLE_RATE) for time in (max(0.0, start - PRINT_PAD), end + PRINT_PAD))
        return self._voices.voiceprint(np.ascontiguousarray(sound[first:last], dtype=np.float32))

    def _stretches(self, sound: NDArray[np.float32]) -> list[tuple[float, float]]:
        talking, changing = self._talking(sound)
        stretches: list[tuple[float, float]] = []
        for first, last in _runs_without_gaps(talking, round(PAUSE_SECONDS / FRAME_SECONDS)):
            borders = [first, *_changes(changing, first, last), last]
            stretches += [part for one, two in pairwise(borders) for part in _short(_time(one), _time(two))]
        return _audible(stretches, loudness(sound))

    def _talking(self, sound: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Per frame: whether anybody talks, and whether another person begins or ends there."""
        frames = len(sound) // FRAME_STEP + 1
        anybody, change, weight = (np.zeros(frames, dtype=np.float32) for _ in range(3))
        for start, likely in self._windows(sound):
            first = round(start / FRAME_STEP)
            taper = np.hamming(len(likely)).astype(np.float32) + np.float32(0.01)
            sets = np.array(SETS, dtype=bool)[likely.argmax(axis=1)]
            changed = np.zeros(len(likely), dtype=np.float32)
            changed[1:] = (sets[1:] != sets[:-1]).any(axis=1)
            changed = np.convolve(changed, np.ones(2 * CHANGE_FRAMES + 1), mode="same").clip(max=1)
            place = slice(first, min(frames, first + len(likely)))
            fitting = slice(0, place.stop - place.start)
            anybody[place] += ((1 - likely[:, 0]) * taper)[fitting]
            change[place] += (changed * taper)[fitting]
            weight[place] += taper[fitting]
        weight = np.maximum(weight, 1e-9)
        return anybody / weight > TALKING, change / weight > TALKING

    def _windows(self, sound: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.float32]]]:
        starts = range(0, max(1, len(sound) - WINDOW + WINDOW_HOP), WINDOW_HOP)
        for number in range(0, len(starts), WINDOWS_AT_ONCE):
            some = starts[number : number + WINDOWS_AT_ONCE]
            windows = np.zeros((len(some), WINDOW), dtype=np.float32)
            for window, start in zip(windows, some, strict=True):
                part = sound[start : start + WINDOW]
                window[: len(part)] = part
            yield from zip(some, self._voices.sets(windows), strict=True)


def give(words: Sequence[Word], spans: Sequence[Span]) -> Mapping[int, tuple[Word, ...]]:
    """The words (in order of time) of each speaker: of who talks through most of a word, else of who talks nearest to it.

    A word or two that lie in another's sentence without a pause stay there, and where a border between two speakers lies a word
    beside the end of a sentence, it is moved there. Without spans all words are speaker 0's.
    """
    speakers = [_speaker_of(word, spans) for word in words]
    speakers = _without_strays(words, _at_sentence_ends(words, speakers))
    return {
        number: tuple(word for word, speaker in zip(words, speakers, strict=True) if speaker == number)
        for number in sorted(set(speakers))
    }


def _speaker_of(word: Word, spans: Sequence[Span]) -> int:
    if not spans:
        return 0
    # spans do not overlap: those that touch the word stand side by side
    first = max(0, bisect_left(spans, word.start, key=lambda span: span.end) - 1)
    last = bisect_left(spans, word.end, key=lambda span: span.start)
    near = spans[first : max(last, first) + 1] or spans[-1:]
    shared: dict[int, float] = {}
    for span in near:
        overlap = min(word.end, span.end) - max(word.start, span.start)
        shared[span.speaker] = shared.get(span.speaker, 0.0) + max(0.0, overlap)
    best = max(shared, key=shared.__getitem__)
    if shared[best] > 0:
        return best
    return min(near, key=lambda span: max(span.start - word.end, word.start - span.end)).speaker


def _at_sentence_ends(words: Sequence[Word], speakers: Sequence[int]) -> list[int]:
    """Borders that lie one word before or behind the end of a sentence, with the longer pause there, moved to it."""
    moved = list(speakers)
    for number in range(1, len(words)):
        before, after = moved[number - 1], moved[number]
        if before == after or _ends(words[number - 1]):
            continue
        here = _gap(words, number)
        one_word = number + 1 == len(words) or moved[number + 1] != after
        if not one_word and _ends(words[number]) and _gap(words, number + 1) > here:
            moved[number] = before
        elif number > 1 and moved[number - 2] == before and _ends(words[number - 2]) and _gap(words, number - 1) > here:
            moved[number - 1] = after
    return moved


def _without_strays(words: Sequence[Word], speakers: Sequence[int]) -> list[int]:
    kept = list(speakers)
    start = 0
    while start < len(words):
        end = start + 1
        while end < len(words) and kept[end] == kept[start]:
            end += 1
        inside = start > 0 and end < len(words) and kept[start - 1] == kept[end]
        short = end - start <= STRAY_WORDS and words[end - 1].end - words[start].start <= STRAY_SECONDS
        if inside and short and not _ends(words[start - 1]) and max(_gap(words, start), _gap(words, end)) < STRAY_PAUSE:
            kept[start:end] = [kept[start - 1]] * (end - start)
        start = end
    return kept


def _gap(words: Sequence[Word], number: int) -> float:
    return words[number].start - words[number - 1].end


def _ends(word: Word) -> bool:
    return word.text.rstrip("\"'”").endswith(SENTENCE_ENDS)


def _runs_without_gaps(talking: NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], talking, [False])).astype(np.int8))).reshape(-1, 2)
    runs: list[tuple[int, int]] = []
    for first, last in edges.tolist():
        if runs and first - runs[-1][1] < gap:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs


def _changes(changing: NDArray[np.bool_], first: int, last: int) -> list[int]:
    """Frames between `first` and `last` where another person begins, not too near to each other or to either end."""
    least = round(LEAST_BESIDE_A_CHANGE / FRAME_SECONDS)
    kept: list[int] = []
    for begin, end in _runs_without_gaps(changing[first:last], 1):
        middle = first + (begin + end) // 2
        if middle - (kept[-1] if kept else first) > least and last - middle > least:
            kept.append(middle)
    return kept


def _audible(stretches: Sequence[tuple[float, float]], levels: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Those as loud as talk is: the network also hears a voice that leaks in 40 dB below, and nobody will transcribe that."""
    if not len(levels):
        return []
    least = np.percentile(levels, 99) * 10 ** (-DB_UNDER_LOUDEST / 20)
    frames = [slice(round(start / LEVEL_SECONDS), round(end / LEVEL_SECONDS) + 1) for start, end in stretches]
    return [stretch for stretch, place in zip(stretches, frames, strict=True) if levels[place].max(initial=0.0) > least]


def _time(frame: int) -> float:
    return (frame * FRAME_STEP + FRAME_FIELD / 2) / SAMPLE_RATE


def _short(start: float, end: float) -> list[tuple[float, float]]:
    times = np.linspace(start, end, int(np.ceil((end - start) / LONGEST_SECONDS)) + 1).tolist()
    return list(pairwise(times))


def _nearest(stretches: Sequence[tuple[float, float]], likeness: Mapping[int, NDArray[np.float32]]) -> list[int]:
    """The voice each stretch is most like; one too short for a print goes with the nearest that has one."""
    printed = sorted(likeness)
    speakers = []
    for number, (start, end) in enumerate(stretches):
        if number not in likeness:
            place = bisect_left(printed, number)
            beside = printed[max(0, place - 1) : place + 1]
            number = min(beside, key=lambda other: max(stretches[other][0] - end, start - stretches[other][1]))
        speakers.append(int(likeness[number].argmax()))
    return speakers


def _believed(
    stretches: Sequence[tuple[float, float]], speakers: Sequence[int], likeness: Mapping[int, NDArray[np.float32]]
) -> list[int]:
    """`speakers`, but a short stretch amid another person's talk is theirs unless its voice says otherwise clearly."""
    believed = list(speakers)
    for number in range(1, len(stretches) - 1):
        (_, before), (start, end), (after, _) = stretches[number - 1 : number + 2]
        around = believed[number - 1]
        short = end - start < SHORT_SECONDS and max(start - before, after - end) < JOINED_SECONDS
        if short and around == speakers[number + 1] != speakers[number]:
            alike = likeness.get(number)
            if alike is None or alike[speakers[number]] - alike[around] < SURELY_ANOTHER:
                believed[number] = around
    return believed


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        if before and before.speaker == span.speaker and span.start - before.end < JOINED_SECONDS:
            joined[-1] = before._replace(end=round(span.end, 3))
        else:
            joined.append(Span(span.speaker, round(span.start, 3), round(span.end, 3)))
    return tuple(joined)
