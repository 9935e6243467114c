"""How leaders told the story before the reps picked up the phone.

Knows nothing of the reps' calls.
"""

from collections.abc import Sequence

from callcoach.coaching import finding_wording, moments
from callcoach.coaching.heard import Heard
from callcoach.domain.call import Call
from callcoach.domain.coaching import Behaviour, LeaderTelling
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Level

MIN_LEADERS = 2
"""One recording cannot disagree with itself."""


def tellings(hearings: Sequence[Heard]) -> tuple[LeaderTelling, ...]:
    """Each leader's recording of one initiative with its levels, in the order of the recordings; silence on it is left out."""
    return tuple(
        LeaderTelling(
            call_id=heard.call.call_id,
            person_id=speaker(heard.call),
            started_at=heard.call.started_at,
            levels=heard.score.levels if heard.assessed else None,
            reason=heard.score.reason,
            moment=moments.telling(heard),
        )
        for heard in hearings
        if heard.raised or not heard.assessed
    )


def say(initiative: Initiative, told: Sequence[LeaderTelling], company: Company) -> str | None:
    """Whether the leaders tell the same story; None where none was recorded."""
    names = {telling.person_id: company.name_of(telling.person_id) for telling in told if telling.person_id}
    return finding_wording.leaders_say(initiative.name, told, names)


def tell(component: Component, told: Sequence[LeaderTelling]) -> tuple[int, int]:
    """How many of the judged recordings told a component at all, and of how many that can be said."""
    levels = [telling.levels[component] for telling in told if telling.levels is not None and component in telling.levels]
    return sum(level > Level.ABSENT for level in levels), len(levels)


def missing_component(told: Sequence[LeaderTelling], point: Behaviour | None) -> Component | None:
    """The component that at least two recorded leaders hardly more than mention on average: what reps fail at, or the reason.

    Between a leader who explains and one who is silent there is the one who drops a word of it: levels are averaged.
    """
    at_the_point = point in (Behaviour.LINK_TO_CUSTOMER, Behaviour.ANSWER_THE_WHY)
    for component in (Component.PART, Component.WALL) if at_the_point else (Component.WALL,):
        levels = [telling.levels[component] for telling in told if telling.levels is not None and component in telling.levels]
        if len(levels) >= MIN_LEADERS and sum(levels) * 3 < len(levels) * 4:
            return component
    return None


def speaker(call: Call) -> str | None:
    """Who speaks in a leader's recording, by id."""
    return call.rep_id or call.extra.get("leader_id")
