"""Compare who was said to speak with who spoke: diarization error and roles. Knows no words, only times and labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, Transcript

FRAME_SECONDS = 0.01
# the usual allowance: a quarter of a second on each side of where somebody begins or ends
COLLAR_SECONDS = 0.25
# within a turn people pause; a longer gap between two words is nobody's
PAUSE_SECONDS = 1.0
# speech further than this from any word that was heard was not heard
UNHEARD_SECONDS = 2.0

Frames = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Somebody speaks from `start` to `end`, in seconds."""

    speaker: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DiarizationError:
    """Seconds of speech in the reference, and of each kind of error."""

    speech: float
    missed: float
    false_alarm: float
    confused: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTimes:
    """Seconds of the reference's speech by what its role was said to be. unheard: no word was heard near."""

    right: float
    wrong: float
    unknown: float
    unheard: float

    @property
    def speech(self) -> float:
        """All of it."""
        return self.right + self.wrong + self.unknown + self.unheard


def reference_spans(reference: Transcript) -> tuple[Span, ...]:
    """The turns as spans; empty where a turn has no times."""
    if any(turn.start is None or turn.end is None for turn in reference.turns):
        return ()
    return tuple(
        Span(speaker=turn.speaker, start=turn.start, end=turn.end)
        for turn in reference.turns
        if turn.start is not None and turn.end is not None
    )


def heard_spans(transcript: Transcript) -> tuple[Span, ...]:
    """Who speaks when by a transcript with word times: each turn, cut where nobody says a word for more than a second."""
    spans: list[Span] = []
    for turn in transcript.turns:
        for number, word in enumerate(turn.words):
            if number and word.start - spans[-1].end <= PAUSE_SECONDS:
                spans[-1] = Span(speaker=turn.speaker, start=spans[-1].start, end=max(word.end, spans[-1].end))
            else:
                spans.append(Span(speaker=turn.speaker, start=word.start, end=word.end))
    return tuple(spans)


def diarization_error(reference: Sequence[Span], heard: Sequence[Span]) -> DiarizationError:
    """Errors in frames of 10 ms, with a collar of 0.25 s on each side of every border in the reference; overlaps count.

    Heard speakers are matched to true ones so that most time agrees; names do not matter.
    """
    from scipy.optimize import linear_sum_assignment

    frames = _frames_needed([*reference, *heard])
    true, told = _by_speaker(reference, frames), _by_speaker(heard, frames)
    counted = ~_collar(true, frames)
    together = np.array([[np.sum(one & other & counted) for other in told] for one in true]).reshape(len(true), len(told))
    rows, columns = linear_sum_assignment(together, maximize=True)
    agree = np.zeros(frames, dtype=int)
    for row, column in zip(rows, columns, strict=True):
        agree += true[row] & told[column]
    n_true, n_told = (np.sum(speakers, axis=0, dtype=int) if len(speakers) else agree * 0 for speakers in (true, told))
    return DiarizationError(
        speech=_seconds(n_true[counted]),
        missed=_seconds(np.maximum(n_true - n_told, 0)[counted]),
        false_alarm=_seconds(np.maximum(n_told - n_true, 0)[counted]),
        confused=_seconds((np.minimum(n_true, n_told) - agree)[counted]),
    )


def error_rate(errors: Sequence[DiarizationError]) -> float | None:
    """Diarization error rate over all recordings together; None where nobody speaks."""
    speech = sum(error.speech for error in errors)
    return sum(error.missed + error.false_alarm + error.confused for error in errors) / speech if speech else None


def role_times(reference: Transcript, heard: Transcript) -> RoleTimes:
    """How long the role was right, over the turns of reps and customers in `reference`, 0.25 s at their borders left out.

    Each moment has the role of the word that was heard nearest to it. Where two speak at once, either role is right.
    """
    spans = [
        Span(speaker=turn.role.value, start=turn.start, end=turn.end)
        for turn in reference.turns
        if turn.role in (Role.REP, Role.CUSTOMER) and turn.start is not None and turn.end is not None
    ]
    words = [Span(speaker=turn.role.value, start=word.start, end=word.end) for turn in heard.turns for word in turn.words]
    frames = _frames_needed([*spans, *words])
    near = {role: _distance(_active((word for word in words if word.speaker == role), frames)) for role in Role}
    nearest = np.min(list(near.values()), axis=0)
    is_near = nearest <= UNHEARD_SECONDS
    speaks = {role: _active((span for span in spans if span.speaker == role), frames) for role in (Role.REP, Role.CUSTOMER)}
    speech = (speaks[Role.REP] | speaks[Role.CUSTOMER]) & ~_collar(speaks.values(), frames)
    right = np.zeros(frames, dtype=bool)
    for role, active in speaks.items():
        right |= active & (near[role] <= nearest) & is_near
    unknown = (near[Role.UNKNOWN] <= nearest) & is_near & ~right
    return RoleTimes(
        right=_seconds(right[speech]),
        unknown=_seconds(unknown[speech]),
        unheard=_seconds(~is_near[speech]),
        wrong=_seconds((is_near & ~right & ~unknown)[speech]),
    )


def share_right(times: Sequence[RoleTimes]) -> float | None:
    """Share of speech time with the right role, over all recordings: unknown and unheard are not right. None without speech."""
    speech = sum(call.speech for call in times)
    return sum(call.right for call in times) / speech if speech else None


def _by_speaker(spans: Sequence[Span], frames: int) -> list[Frames]:
    return [
        _active((span for span in spans if span.speaker == speaker), frames)
        for speaker in sorted({span.speaker for span in spans})
    ]


def _active(spans: Iterable[Span], frames: int) -> Frames:
    active = np.zeros(frames, dtype=bool)
    for span in spans:
        active[_frame(span.start) : max(_frame(span.end), _frame(span.start) + 1)] = True
    return active


def _collar(speakers: Iterable[Frames], frames: int) -> Frames:
    """Frames within the collar of where one of the speakers begins or ends."""
    inside = np.zeros(frames, dtype=bool)
    width = _frame(COLLAR_SECONDS)
    for active in speakers:
        for border in np.flatnonzero(np.diff(active, prepend=False, append=False)):
            inside[max(border - width, 0) : border + width] = True
    return inside


def _distance(active: Frames) -> NDArray[np.float64]:
    """Seconds from each frame to the nearest active one."""
    from scipy.ndimage import distance_transform_edt

    if not active.any():
        return np.full(len(active), np.inf)
    distance: NDArray[np.float64] = distance_transform_edt(~active) * FRAME_SECONDS
    return distance


def _frames_needed(spans: Iterable[Span]) -> int:
    return _frame(max((span.end for span in spans), default=0.0)) + 1


def _frame(time: float) -> int:
    return round(time / FRAME_SECONDS)


def _seconds(frames: NDArray[np.generic]) -> float:
    return round(float(np.sum(frames)) * FRAME_SECONDS, 2)
