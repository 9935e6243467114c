"""Add up what was counted call by call into the figures of the bench. Hears nothing and reads no file."""

from collections.abc import Mapping
from dataclasses import dataclass

from callcoach.bench import figures
from callcoach.bench.conditions import Condition
from callcoach.bench.names import NameRecall, recall
from callcoach.bench.speakers import COLLAR_SECONDS, DiarizationError, RoleTimes, error_rate, share_right
from callcoach.bench.systems import System
from callcoach.bench.word_errors import Streams, WordErrors, as_first_heard, rate
from callcoach.domain.call import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a system heard in one file; the transcript only from ours."""

    streams: Streams
    transcript: Transcript | None = None

    @property
    def words(self) -> int:
        """How many words, in all channels."""
        return sum(map(len, self.streams))

    @property
    def before_repair(self) -> Streams:
        """The words as they were before names were repaired."""
        return as_first_heard(self.streams)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    row: figures.CallRow
    errors: Mapping[System, WordErrors]
    before_repair: WordErrors | None
    names: Mapping[System, NameRecall]
    roles: RoleTimes | None
    diarization: DiarizationError | None

    @property
    def comparable(self) -> bool:
        """Whether another system heard the same: word error rates stand side by side or not at all."""
        return System.BATCHED in self.errors


class Tally:
    """The counts of all calls in all conditions so far."""

    def __init__(self) -> None:
        self._counted: list[_Counted] = []

    def add(
        self,
        recording: str,
        condition: Condition,
        seconds: float,
        *,
        errors: Mapping[System, WordErrors],
        before_repair: WordErrors | None,
        names: Mapping[System, NameRecall],
        roles: RoleTimes | None,
        diarization: DiarizationError | None,
    ) -> None:
        """One recording, of so many seconds, in one condition."""
        row = figures.CallRow(
            recording=recording,
            condition=condition,
            seconds=seconds,
            words=errors[System.OURS].words if errors else None,
            errors={system: counted.errors for system, counted in errors.items()},
            roles=_rounded(share_right([roles])) if roles else None,
        )
        self._counted.append(
            _Counted(row=row, errors=errors, before_repair=before_repair, names=names, roles=roles, diarization=diarization)
        )

    def result(
        self,
        *,
        speed: figures.SpeedFigures,
        invented: figures.InventedFigures | None,
        memory: figures.MemoryFigures | None,
        quick: bool,
        material: figures.MaterialFigures,
        made_with: Mapping[str, str],
    ) -> figures.SpeechBench:
        """Everything together."""
        names = self._names()
        best = names.recall[Condition.CLEAN][System.OURS]
        return figures.SpeechBench(
            speed=speed,
            wer={system: {condition: self._wer(system, condition) for condition in Condition} for system in System},
            product_name_recall=best if best is not None else names.recall[Condition.MONO][System.OURS],
            role_accuracy_mono=_rounded(share_right(self._roles)),
            diarization_error=_rounded(error_rate(self._diarizations)),
            invented_words=sum(invented.ours.values()) if invented else None,
            peak_mb=memory.mb.get(System.OURS) if memory else None,
            quick=quick,
            material=material,
            conditions={condition: self._condition(condition) for condition in Condition},
            names=names,
            roles=self._role_figures(),
            diarization=self._diarization_figures(),
            invented=invented,
            memory=memory,
            calls=tuple(counted.row for counted in self._counted),
            made_with=made_with,
        )

    def _in(self, condition: Condition) -> list[_Counted]:
        return [counted for counted in self._counted if counted.row.condition is condition]

    def _wer(self, system: System, condition: Condition) -> float | None:
        counted = [call for call in self._in(condition) if call.comparable]
        return _rounded(rate([call.errors[system] for call in counted if system in call.errors]))

    def _condition(self, condition: Condition) -> figures.ConditionFigures:
        counted = [call for call in self._in(condition) if call.comparable]
        return figures.ConditionFigures(
            recordings=len(counted),
            words=sum(call.row.words or 0 for call in counted),
            before_repair=_rounded(rate([call.before_repair for call in counted if call.before_repair])),
        )

    def _names(self) -> figures.NameFigures:
        return figures.NameFigures(
            said={
                condition: sum(call.names[System.OURS].said for call in self._in(condition) if call.names)
                for condition in Condition
            },
            recall={
                condition: {
                    system: _rounded(recall([call.names[system] for call in self._in(condition) if system in call.names]))
                    for system in System
                }
                for condition in Condition
            },
        )

    @property
    def _roles(self) -> list[RoleTimes]:
        return [counted.roles for counted in self._counted if counted.roles]

    @property
    def _diarizations(self) -> list[DiarizationError]:
        return [counted.diarization for counted in self._counted if counted.diarization]

    def _role_figures(self) -> figures.RoleFigures:
        times = self._roles
        speech = sum(call.speech for call in times)

        def share(seconds: float) -> float | None:
            return _rounded(seconds / speech) if speech else None

        return figures.RoleFigures(
            recordings=len(times),
            seconds=round(speech, 1),
            wrong=share(sum(call.wrong for call in times)),
            unknown=share(sum(call.unknown for call in times)),
            unheard=share(sum(call.unheard for call in times)),
        )

    def _diarization_figures(self) -> figures.DiarizationFigures:
        errors = self._diarizations
        return figures.DiarizationFigures(
            recordings=len(errors),
            speech_s=round(sum(error.speech for error in errors), 1),
            missed_s=round(sum(error.missed for error in errors), 1),
            false_alarm_s=round(sum(error.false_alarm for error in errors), 1),
            confused_s=round(sum(error.confused for error in errors), 1),
            collar_s=COLLAR_SECONDS,
        )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
