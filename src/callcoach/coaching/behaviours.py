"""Read from one score what the rep did and did not do. Knows nothing of other calls.

Every question is asked only where there was an opportunity: who was not asked why cannot have failed to answer.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from callcoach.coaching.heard import Heard
from callcoach.domain.coaching import Behaviour
from callcoach.domain.story import Component
from callcoach.domain.verdict import Answer, Behaviours, Level, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`count` of `n` calls."""

    count: int
    n: int


class Judged(Protocol):
    """What the questions read of a judged call: a CallScore, or the same without its evidence."""

    @property
    def verdict(self) -> Verdict:
        """How the why came across."""
        ...

    @property
    def levels(self) -> Mapping[Component, Level]:
        """How clearly each component was told."""
        ...

    @property
    def asked_why(self) -> bool:
        """Whether the customer asked why."""
        ...

    @property
    def answer(self) -> Answer:
        """How the rep answered."""
        ...

    @property
    def behaviours(self) -> Behaviours:
        """Conduct."""
        ...


def did(behaviour: Behaviour, score: Judged) -> bool | None:
    """Whether the rep did it in this call (one of GAPS); None where the call gave no opportunity or could not be assessed."""
    if score.verdict is Verdict.NOT_ASSESSED:
        return None
    return _QUESTIONS[behaviour](score)


def tally(behaviour: Behaviour, hearings: Iterable[Heard]) -> Tally:
    """In how many of the calls with an opportunity the rep did it."""
    answers = [answer for heard in hearings if (answer := did(behaviour, heard.score)) is not None]
    return Tally(count=sum(answers), n=len(answers))


def root(score: Judged) -> Behaviour | None:
    """The behaviour that most changes this verdict; None where there is nothing to change or nothing was presented."""
    match score.verdict:
        case Verdict.RECITES:
            return Behaviour.LEAVE_THE_SCRIPT
        case Verdict.FACTS_ONLY:
            hunts = score.behaviours.offer_hunting
            return Behaviour.ASK_BEFORE_OFFERING if hunts else Behaviour.GIVE_A_REASON_NOT_FEATURES
        case Verdict.STUMBLES:
            return Behaviour.ANSWER_THE_WHY if score.asked_why else Behaviour.LINK_TO_CUSTOMER
        case Verdict.PARTIAL:
            order = (Behaviour.TELL_THE_WALL, Behaviour.LINK_TO_CUSTOMER, Behaviour.ANSWER_THE_WHY)
            return next((behaviour for behaviour in order if did(behaviour, score) is False), None)
        case _:
            return None


def level(score: Judged, component: Component) -> Level:
    """The level of a component; absent where the score does not name it."""
    return score.levels.get(component, Level.ABSENT)


def _raised(score: Judged) -> bool:
    return score.verdict is not Verdict.NOT_RAISED


def _answers_the_why(score: Judged) -> bool | None:
    if not _raised(score) or not score.asked_why or score.answer is Answer.NOT_ASKED:
        return None
    if score.answer is Answer.PARTIAL and score.verdict is Verdict.EXPLAINS:
        return True
    return score.answer is Answer.FULL


def _tells_the_wall(score: Judged) -> bool | None:
    if not _raised(score) or level(score, Component.HAMMER) is Level.ABSENT:
        return None
    return score.verdict is Verdict.EXPLAINS or level(score, Component.WALL) is Level.EXPLAINED


def _links_to_customer(score: Judged) -> bool | None:
    told = (level(score, Component.WALL), level(score, Component.HAMMER))
    if not _raised(score) or max(told) is Level.ABSENT:
        return None
    return score.verdict is Verdict.EXPLAINS or level(score, Component.PART) is Level.EXPLAINED


def _leaves_the_script(score: Judged) -> bool | None:
    if not _raised(score) or score.verdict is Verdict.FACTS_ONLY:
        return None
    return score.verdict is not Verdict.RECITES


def _gives_a_reason(score: Judged) -> bool | None:
    if score.verdict in (Verdict.EXPLAINS, Verdict.PARTIAL):
        return True
    return False if score.verdict is Verdict.FACTS_ONLY else None


def _asks_before_offering(score: Judged) -> bool | None:
    if not _raised(score) or level(score, Component.HAMMER) is Level.ABSENT:
        return None
    if score.behaviours.diagnosed_first and not score.behaviours.offer_hunting:
        return True
    # a call that explains without asking first is not worth nagging about
    return None if score.verdict is Verdict.EXPLAINS and not score.behaviours.offer_hunting else False


_QUESTIONS: Mapping[Behaviour, Callable[[Judged], bool | None]] = {
    Behaviour.ANSWER_THE_WHY: _answers_the_why,
    Behaviour.TELL_THE_WALL: _tells_the_wall,
    Behaviour.LINK_TO_CUSTOMER: _links_to_customer,
    Behaviour.LEAVE_THE_SCRIPT: _leaves_the_script,
    Behaviour.GIVE_A_REASON_NOT_FEATURES: _gives_a_reason,
    Behaviour.ASK_BEFORE_OFFERING: _asks_before_offering,
    Behaviour.RAISE_IT: _raised,
}
