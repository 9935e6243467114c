"""How the judge in use errs, from the evaluation that lies beside its heads. Knows nothing of what is made of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from callcoach.coaching.hierarchy import Rates
from callcoach.coaching.judge_error import Compared, JudgeError, flag_rates
from callcoach.coaching.measures import Told, code
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict
from callcoach.settings import Settings
from callcoach.weights import locate

EVALUATION = "evaluation.json"
_NO_CONDUCT = Behaviours(offer_hunting=False, feature_dump=False, diagnosed_first=False)


class _Prediction(msgspec.Struct):
    writer: str
    verdict: str
    gold: str
    levels: dict[str, int] | None
    gold_levels: dict[str, int]
    asked_why: bool | None
    gold_asked_why: bool
    answer: str | None
    gold_answer: str


class _Evaluation(msgspec.Struct):
    protocol: dict[str, Any]
    predictions: list[_Prediction]
    behaviours: dict[str, dict[str, float | None]]


def compared_calls(evaluation: Path) -> tuple[Compared, Rates | None]:
    """The labelled calls of an evaluation as they were given and told, and the rates of `diagnosed_first`, of which only sums
    are written there.
    """
    read = msgspec.json.decode(evaluation.read_bytes(), type=_Evaluation)
    writers = {writer: number for number, writer in enumerate(sorted({each.writer for each in read.predictions}))}
    compared = Compared(
        given=np.array([_code(p.gold, p.gold_levels, p.gold_asked_why, p.gold_answer) for p in read.predictions]),
        told=np.array([_code(p.verdict, p.levels, p.asked_why, p.answer) for p in read.predictions]),
        writer=np.array([writers[each.writer] for each in read.predictions]),
    )
    first = read.behaviours.get("diagnosed_first", {})
    n, f1, kappa = first.get("n"), first.get("f1"), first.get("kappa")
    return compared, flag_rates(int(n), f1, kappa) if n and f1 is not None and kappa is not None else None


def judge_error_of(settings: Settings) -> JudgeError | None:
    """How the judge in use errs; None where no cross-validated evaluation lies beside it."""
    folder = settings.judge.parent if settings.judge else locate.models_folder()
    evaluation = folder / EVALUATION
    return read_judge_error(evaluation) if evaluation.is_file() else None


def read_judge_error(evaluation: Path) -> JudgeError:
    """How the judge errs, as an evaluation tells it."""
    compared, asks_first = compared_calls(evaluation)
    return JudgeError(compared, asks_first)


def _code(verdict: str, levels: Mapping[str, int] | None, asked: bool | None, answer: str | None) -> int:
    return code(
        Told(
            verdict=Verdict(verdict),
            levels={component: Level((levels or {}).get(component.value, 0)) for component in Component},
            asked_why=bool(asked),
            answer=Answer(answer or Answer.NOT_ASKED),
            behaviours=_NO_CONDUCT,
        )
    )
