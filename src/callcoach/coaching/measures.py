"""What is counted in calls: a component told so that it makes sense, a behaviour, or the whole why. Knows nothing of who called.

A call comes as one number (`code`) that holds all that the questions read, so that a hundred thousand calls are counted at once;
the answers come from `behaviours.did` alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching import behaviours
from callcoach.domain.coaching import GAPS, Behaviour
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict

Measure = Component | Behaviour | Verdict
"""A component (told at level 2 when the initiative came up), a behaviour, or Verdict.EXPLAINS: the share of calls."""

MEASURES: tuple[Measure, ...] = (*Component, *GAPS, Verdict.EXPLAINS)

_VERDICTS, _ANSWERS, _LEVELS = tuple(Verdict), tuple(Answer), tuple(Level)
_PLACE_OF_VERDICT = {verdict: place for place, verdict in enumerate(_VERDICTS)}
_PLACE_OF_ANSWER = {answer: place for place, answer in enumerate(_ANSWERS)}
YES, NO, NOT_ASKED = 1, 0, -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The judgement of a call without its evidence; a CallScore reads the same way."""

    verdict: Verdict
    levels: Mapping[Component, Level]
    asked_why: bool
    answer: Answer
    behaviours: Behaviours


def code(told: behaviours.Judged) -> int:
    """All that the questions read of one judged call, as one number below `CODES`."""
    number = _PLACE_OF_VERDICT[told.verdict]
    for component in Component:
        number = number * 3 + told.levels.get(component, Level.ABSENT)
    number = (number * 2 + told.asked_why) * len(_ANSWERS) + _PLACE_OF_ANSWER[told.answer]
    return (number * 2 + told.behaviours.offer_hunting) * 2 + told.behaviours.diagnosed_first


def told_of(number: int) -> Told:
    """The judgement behind a code."""
    return _every()[number]


CODES = len(_VERDICTS) * 27 * 2 * len(_ANSWERS) * 4


@cache
def answers(measure: Measure) -> NDArray[np.int8]:
    """By code: YES, NO, or NOT_ASKED where the call gave no opportunity or could not be assessed."""
    found = np.full(CODES, NOT_ASKED, dtype=np.int8)
    for told in _every():
        answer = _answer(measure, told)
        if answer is not None:
            found[code(told)] = YES if answer else NO
    return found


@cache
def roots() -> NDArray[np.int8]:
    """By code: the place among GAPS of the behaviour that most changes the verdict; -1 where there is none."""
    found = np.full(CODES, -1, dtype=np.int8)
    for told in _every():
        root = behaviours.root(told)
        if root is not None:
            found[code(told)] = GAPS.index(root)
    return found


@cache
def verdicts() -> NDArray[np.int8]:
    """By code: the place of the verdict among all verdicts."""
    return (np.arange(CODES) // (CODES // len(_VERDICTS))).astype(np.int8)


@cache
def signatures() -> NDArray[np.int16]:
    """By code: what a judge can take for something else, coarse enough to be counted: verdict, levels told well, the answer."""
    codes = np.arange(CODES) // 4
    asked_and_answered, levels = codes % 10, codes // 10 % 27
    answer = np.where(asked_and_answered < len(_ANSWERS), 0, 1 + (asked_and_answered != len(_ANSWERS)))
    well = (levels // 9 == 2) * 4 + (levels // 3 % 3 == 2) * 2 + (levels % 3 == 2)
    found: NDArray[np.int16] = ((verdicts().astype(np.int16) * 8 + well) * 3 + answer).astype(np.int16)
    return found


def _answer(measure: Measure, told: Told) -> bool | None:
    if isinstance(measure, Behaviour):
        return behaviours.did(measure, told)
    if told.verdict in (Verdict.NOT_ASSESSED, Verdict.NOT_RAISED):
        return None
    if isinstance(measure, Component):
        return behaviours.level(told, measure) is Level.EXPLAINED
    return told.verdict is measure


# in the order of the codes
@cache
def _every() -> tuple[Told, ...]:
    return tuple(_each())


def _each() -> Iterator[Told]:
    flags = (False, True)
    for verdict, wall, hammer, part in product(_VERDICTS, _LEVELS, _LEVELS, _LEVELS):
        levels = {Component.WALL: wall, Component.HAMMER: hammer, Component.PART: part}
        for asked, answer, hunts, first in product(flags, _ANSWERS, flags, flags):
            conduct = Behaviours(offer_hunting=hunts, feature_dump=False, diagnosed_first=first)
            yield Told(verdict=verdict, levels=levels, asked_why=asked, answer=answer, behaviours=conduct)
