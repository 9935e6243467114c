"""What people have settled on a call: a decision before a correction before blind labels. Knows nothing of who learns from it."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple, TypeVar

from callcoach.domain.calibration import Decision, Label
from callcoach.domain.review import VERDICT, Review, about_level
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Level, Verdict

Value = TypeVar("Value", bound=Hashable)


class Settled(NamedTuple):
    """None, and a component that is not there: people differ on it and nobody has decided, or nobody said."""

    verdict: Verdict | None
    levels: dict[Component, Level]
    asked_why: bool | None
    answer: Answer | None


def settle(labels: Sequence[Label], decision: Decision | None, reviews: Sequence[Review]) -> Settled:
    """labels: the latest of each person. reviews: by time; of each person the latest counts. People who differ settle nothing."""
    verdict = _first_said(
        [decision.verdict] if decision else [],
        [Verdict(said) for said in _latest(reviews, VERDICT)],
        [label.verdict for label in labels],
    )
    levels = {}
    for component in Component:
        level = _first_said(
            [decision.levels[component]] if decision and component in decision.levels else [],
            [Level(int(said)) for said in _latest(reviews, about_level(component))],
            [label.levels[component] for label in labels if component in label.levels],
        )
        if level is not None:
            levels[component] = level
    return Settled(
        verdict=verdict,
        levels=levels,
        asked_why=_first_said([label.asked_why for label in labels]),
        answer=_first_said([label.answer for label in labels]),
    )


def _first_said(*sources: Sequence[Value]) -> Value | None:
    """What the first source that says anything says with one voice."""
    for said in sources:
        if said:
            return said[0] if len(set(said)) == 1 else None
    return None


def _latest(reviews: Sequence[Review], about: str) -> list[str]:
    return list({review.person_id: review.person for review in reviews if review.about == about}.values())
