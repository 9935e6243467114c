"""What `callcoach bench speech` finds out, as values. Measures nothing. A figure that could not be measured is None, never 0."""

from collections.abc import Mapping
from dataclasses import dataclass

from callcoach.bench.conditions import Condition
from callcoach.bench.systems import System


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFigures:
    """Seconds on the clock for the same recordings, models loaded before: the fastest of `runs` for each system.

    ratio_to_batched: how many times as fast ours is. rtf: our seconds for a second of recording.
    """

    ours_s: float | None
    batched_s: float | None
    sequential_s: float | None
    ratio_to_batched: float | None
    rtf: float | None
    recordings: int
    audio_s: float
    runs: Mapping[System, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One recording in one condition: words of its reference, errors by system; roles: share of its speech time that is right."""

    recording: str
    condition: Condition
    seconds: float
    words: int | None
    errors: Mapping[System, int]
    roles: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialFigures:
    """What was measured with: `of` names the folder; problems say what could not be used or heard."""

    of: str
    recordings: int
    with_reference: int
    two_party: int
    seconds: float
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFigures:
    """Recordings behind a condition's word error rates, and how many words were said in them.

    before_repair: our word error rate before names were repaired by the glossary, which no other system is given.
    """

    recordings: int
    words: int
    before_repair: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFigures:
    """Product names said in the references, and the share of them found, by condition and system."""

    said: Mapping[Condition, int]
    recall: Mapping[Condition, Mapping[System, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFigures:
    """Speech time of mono recordings by what its role was said to be: shares, None without speech."""

    recordings: int
    seconds: float
    wrong: float | None
    unknown: float | None
    unheard: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiarizationFigures:
    """Seconds of speech in mono recordings with known speakers, and of each kind of error."""

    recordings: int
    speech_s: float
    missed_s: float
    false_alarm_s: float
    confused_s: float
    collar_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedFigures:
    """Words heard in sounds in which nobody speaks, by kind of sound; `words` are ours."""

    seconds: float
    ours: Mapping[str, int]
    batched: Mapping[str, int]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFigures:
    """Peak megabytes of a process that loads a system and hears one recording of `audio_s` seconds."""

    recording: str
    audio_s: float
    mb: Mapping[System, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechBench:
    """All figures; the shares are 0..1. `made_with`: machine, models and software."""

    speed: SpeedFigures
    wer: Mapping[System, Mapping[Condition, float | None]]
    product_name_recall: float | None
    role_accuracy_mono: float | None
    diarization_error: float | None
    invented_words: int | None
    peak_mb: float | None
    quick: bool
    material: MaterialFigures
    conditions: Mapping[Condition, ConditionFigures]
    names: NameFigures
    roles: RoleFigures
    diarization: DiarizationFigures
    invented: InventedFigures | None
    memory: MemoryFigures | None
    calls: tuple[CallRow, ...]
    made_with: Mapping[str, str]
