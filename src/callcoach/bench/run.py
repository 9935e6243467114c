"""The bench itself: which recordings are heard in which condition by which system, in what order, and what is counted.

Knows no concrete model of ours: whoever calls it hands over the product's own way of hearing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from callcoach.bench import conditions, figures, memory
from callcoach.bench.conditions import Condition, Sound
from callcoach.bench.material import Material, Recording, spread
from callcoach.bench.names import NameRecall, recalled
from callcoach.bench.noises import noises
from callcoach.bench.speakers import (
    DiarizationError,
    RoleTimes,
    diarization_error,
    heard_spans,
    reference_spans,
    role_times,
)
from callcoach.bench.systems import Hearing, Other, Ours, System
from callcoach.bench.tally import Heard, Tally
from callcoach.bench.word_errors import errors_by_party, errors_in_time_order, streams_of
from callcoach.domain.call import Transcript
from callcoach.domain.story import GlossaryTerm
from callcoach.errors import BadInput, CallcoachError

STEPS = 7
# spoiling a recording holds its samples in memory many times over
LONGEST_SPOILT_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is heard. all_s: seconds of recordings as they are and as mono mixes; part_s: in all that is slower.

    repeats: runs of ours and of the batched pipeline for the clock; noise_s: seconds without a word.
    """

    all_s: float = 3_600.0
    part_s: float = 600.0
    repeats: int = 2
    noise_s: float = 600.0


WHOLE = Plan()
QUICK = Plan(all_s=150.0, part_s=150.0, repeats=1, noise_s=120.0)


class Doors(NamedTuple):
    """What the bench is given: ours ready to hear, the others, a decoder for 16 kHz samples, and makers for fresh processes."""

    ours: Ours
    others: Mapping[System, Other]
    load: Callable[[Path], Sound]
    fresh: Mapping[System, Callable[[], Callable[[Hearing], object]]]


class _Known(NamedTuple):
    """A recording that can be decoded."""

    recording: Recording
    seconds: float
    two_party: bool

    @property
    def can_be_spoilt(self) -> bool:
        """Whether other conditions can be made of it."""
        return self.two_party and self.seconds <= LONGEST_SPOILT_SECONDS


def measure(
    material: Material,
    doors: Doors,
    glossary: Sequence[GlossaryTerm],
    *,
    of: str,
    plan: Plan,
    made_with: Mapping[str, str],
    scratch: Path,
    step: Callable[[str], None],
) -> figures.SpeechBench:
    """All figures on `material`; files for the systems to hear are written into `scratch`. `step` hears of each step done.

    Raises BadInput where no recording can be decoded.
    """
    bench = _Bench(material, doors, glossary, plan, scratch)
    step(f"{len(bench.known)} recordings decoded")
    speed = bench.speed()
    step("the clock")
    bench.hear(Condition.CLEAN, bench.with_reference(plan.all_s))
    step("clean")
    for condition in (Condition.NOISY, Condition.CROSS_TALK):
        bench.hear(condition, [known for known in bench.with_reference(plan.part_s) if known.can_be_spoilt])
    step("noisy and cross-talk")
    bench.hear_mono()
    step("mono")
    invented = bench.invented()
    step("without a word")
    peaks = bench.memory()
    step("memory")
    return bench.tally.result(
        speed=speed,
        invented=invented,
        memory=peaks,
        quick=plan != WHOLE,
        material=figures.MaterialFigures(
            of=of,
            recordings=len(bench.known),
            with_reference=sum(known.recording.reference is not None for known in bench.known),
            two_party=sum(known.two_party for known in bench.known),
            seconds=round(sum(known.seconds for known in bench.known), 1),
            problems=tuple(dict.fromkeys(bench.problems)),
        ),
        made_with=made_with,
    )


class _Bench:
    def __init__(self, material: Material, doors: Doors, glossary: Sequence[GlossaryTerm], plan: Plan, scratch: Path) -> None:
        self._doors, self._glossary, self._plan, self._scratch = doors, glossary, plan, scratch
        self.problems = list(material.problems)
        self.tally = Tally()
        self.known = [known for recording in material.recordings if (known := self._known(recording))]
        if not self.known:
            raise BadInput(f"No recording could be decoded. {' '.join(self.problems)}")

    def with_reference(self, most_seconds: float) -> tuple[_Known, ...]:
        """Two-party recordings with a known text."""
        return _spread([known for known in self.known if known.two_party and known.recording.reference], most_seconds)

    def speed(self) -> figures.SpeedFigures:
        """The clock around decoding and recognition: two-party recordings as 8 kHz telephone files, others as they are."""
        chosen = _spread([known for known in self.known if known.can_be_spoilt], self._plan.part_s)
        others = _spread([known for known in self.known if not known.can_be_spoilt], self._plan.part_s)
        hearings = [self._hearing(known, Condition.TELEPHONE) for known in chosen]
        hearings += [self._hearing(known, Condition.CLEAN) for known in others]
        runs: dict[System, list[float]] = {system: [] for system in System}
        heard: dict[System, list[Heard | None]] = {}
        self._ready(hearings)
        for _ in range(self._plan.repeats):
            # alternated, so that whatever else the machine does meets both alike
            for system in (System.OURS, System.BATCHED):
                heard[system] = self._timed(system, hearings, runs)
        heard[System.SEQUENTIAL] = self._timed(System.SEQUENTIAL, hearings, runs)
        self._count(Condition.TELEPHONE, chosen, {system: found[: len(chosen)] for system, found in heard.items()})
        seconds = sum(known.seconds for known in (*chosen, *others))
        # a clock that ran over recordings which some system refused compares nothing
        complete = all(found is not None for every in heard.values() for found in every)
        best = {system: round(min(times), 2) if complete else None for system, times in runs.items()}
        ours, batched = best[System.OURS], best[System.BATCHED]
        return figures.SpeedFigures(
            ours_s=ours,
            batched_s=batched,
            sequential_s=best[System.SEQUENTIAL],
            ratio_to_batched=round(batched / ours, 3) if ours and batched else None,
            rtf=round(ours / seconds, 4) if ours else None,
            recordings=len(hearings),
            audio_s=round(seconds, 1),
            runs={system: tuple(round(time, 2) for time in times) for system, times in runs.items()},
        )

    def hear(self, condition: Condition, chosen: Sequence[_Known]) -> None:
        """Ours and the batched pipeline over the chosen recordings in one condition."""
        hearings = [self._hearing(known, condition) for known in chosen]
        self._count(condition, chosen, {system: self._hear(system, hearings) for system in (System.OURS, System.BATCHED)})

    def hear_mono(self) -> None:
        """Ours over all mixes and mono recordings of which something is known; the batched pipeline over a part of them."""
        possible = [known for known in self.known if known.can_be_spoilt or not known.two_party]
        useful = [known for known in possible if known.recording.reference or known.recording.spans]
        chosen = _spread(useful, self._plan.all_s)
        beside = set(_spread(chosen, self._plan.part_s))
        hearings = [self._hearing(known, Condition.MONO) for known in chosen]
        ours = self._hear(System.OURS, hearings)
        batched = iter(
            self._hear(System.BATCHED, [hearing for known, hearing in zip(chosen, hearings, strict=True) if known in beside])
        )
        self._count(
            Condition.MONO,
            chosen,
            {System.OURS: ours, System.BATCHED: [next(batched) if known in beside else None for known in chosen]},
            partly=True,
        )

    def invented(self) -> figures.InventedFigures | None:
        """Words heard where nobody speaks."""
        sounds = noises(self._plan.noise_s)
        hearings = [
            Hearing(
                name=f"noise-{number}",
                audio=conditions.write_wav(self._scratch / f"noise-{number}.wav", sound[None], conditions.RATE),
                two_party=False,
                language=None,
            )
            for number, sound in enumerate(sounds.values())
        ]
        ours, batched = (self._hear(system, hearings) for system in (System.OURS, System.BATCHED))
        if any(heard is None for heard in ours):
            return None
        return figures.InventedFigures(
            seconds=round(sum(len(sound) for sound in sounds.values()) / conditions.RATE, 1),
            ours={name: heard.words for name, heard in zip(sounds, ours, strict=True) if heard},
            batched={name: heard.words for name, heard in zip(sounds, batched, strict=True) if heard},
            words=" ".join(word.text for heard in ours if heard for stream in heard.streams for word in stream),
        )

    def memory(self) -> figures.MemoryFigures | None:
        """Each system alone in a process, over the longest recording that is short enough for the slowest of them."""
        short = [known for known in self.known if known.seconds <= self._plan.part_s]
        longest = max(short, key=lambda known: known.seconds) if short else min(self.known, key=lambda known: known.seconds)
        hearing = self._hearing(longest, Condition.CLEAN if longest.two_party else Condition.MONO)
        return figures.MemoryFigures(
            recording=longest.recording.name,
            audio_s=round(longest.seconds, 1),
            mb={system: memory.peak_mb(fresh, hearing) for system, fresh in self._doors.fresh.items()},
        )

    def _known(self, recording: Recording) -> _Known | None:
        try:
            samples = self._doors.load(recording.audio)
        except CallcoachError as trouble:
            self.problems.append(str(trouble))
            return None
        return _Known(recording, samples.shape[1] / conditions.RATE, conditions.two_party(samples))

    def _hearing(self, known: _Known, condition: Condition) -> Hearing:
        """The file to hear; recordings with one party in all channels, and clean ones, are heard as they came."""
        recording = known.recording
        two_party = known.two_party and condition is not Condition.MONO
        if not known.two_party or condition is Condition.CLEAN:
            return Hearing(name=recording.name, audio=recording.audio, two_party=two_party, language=recording.language)
        path = self._scratch / condition / f"{recording.name}.wav"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            conditions.write_wav(path, *conditions.spoil(self._doors.load(recording.audio), condition))
        return Hearing(name=recording.name, audio=path, two_party=two_party, language=recording.language)

    def _ready(self, hearings: Sequence[Hearing]) -> None:
        """Every system hears one short file of each kind, so that nothing is loaded while the clock runs."""
        kinds = {
            hearing.two_party: hearing for hearing in sorted(hearings, key=lambda one: one.audio.stat().st_size, reverse=True)
        }
        self._doors.ours.ready(tuple(kinds.values()))
        for system in self._doors.others:
            for hearing in kinds.values():
                self._other(system, hearing)

    def _timed(self, system: System, hearings: Sequence[Hearing], runs: Mapping[System, list[float]]) -> list[Heard | None]:
        begin = perf_counter()
        heard = self._hear(system, hearings)
        runs[system].append(perf_counter() - begin)
        return heard

    def _hear(self, system: System, hearings: Sequence[Hearing]) -> list[Heard | None]:
        if not hearings:
            return []
        if system is System.OURS:
            return [self._ours(hearing, told) for hearing, told in zip(hearings, self._doors.ours.hear(hearings), strict=True)]
        return [self._other(system, hearing) for hearing in hearings]

    def _ours(self, hearing: Hearing, told: Transcript | str) -> Heard | None:
        if isinstance(told, str):
            self.problems.append(told)
            return None
        return Heard(streams=streams_of(told, two_party=hearing.two_party), transcript=told)

    def _other(self, system: System, hearing: Hearing) -> Heard | None:
        try:
            return Heard(streams=self._doors.others[system].hear(hearing))
        except Exception as trouble:  # another's library: whatever it raises, the rest goes on
            self.problems.append(f"{hearing.audio}: faster-whisper ({system}) failed: {trouble}.")
            return None

    def _count(
        self,
        condition: Condition,
        chosen: Sequence[_Known],
        heard: Mapping[System, Sequence[Heard | None]],
        *,
        partly: bool = False,
    ) -> None:
        """Count what was heard; a recording that one system could not hear counts for none, unless only part was asked of it."""
        for number, known in enumerate(chosen):
            found = {system: every[number] for system, every in heard.items()}
            ours = found[System.OURS]
            if ours is None or (not partly and None in found.values()):
                continue
            self._count_one(condition, known, {system: told for system, told in found.items() if told})

    def _count_one(self, condition: Condition, known: _Known, found: Mapping[System, Heard]) -> None:
        recording, reference = known.recording, known.recording.reference
        mono = condition is Condition.MONO
        count = errors_in_time_order if mono else errors_by_party
        roles: RoleTimes | None = None
        diarization: DiarizationError | None = None
        transcript = found[System.OURS].transcript
        if mono and transcript is not None:
            spans = recording.spans or (reference_spans(reference) if reference else ())
            diarization = diarization_error(spans, heard_spans(transcript)) if spans else None
            times = role_times(reference, transcript) if reference else None
            roles = times if times and times.speech else None
        names: dict[System, NameRecall] = {}
        if reference:
            names = {system: recalled(reference, told.streams, self._glossary) for system, told in found.items()}
        self.tally.add(
            recording.name,
            condition,
            round(known.seconds, 1),
            errors={system: count(reference, told.streams) for system, told in found.items()} if reference else {},
            before_repair=count(reference, found[System.OURS].before_repair) if reference else None,
            names=names,
            roles=roles,
            diarization=diarization,
        )


def _spread(known: Sequence[_Known], most_seconds: float) -> tuple[_Known, ...]:
    chosen = set(spread([(one.recording, one.seconds) for one in known], most_seconds))
    return tuple(one for one in known if one.recording in chosen)
