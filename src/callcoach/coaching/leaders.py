"""What was done before the reps picked up the phone: how leaders told the story, and whether the field was ready.

Knows nothing of the reps' calls.
"""

from collections.abc import Sequence

from callcoach.coaching import moments, wording
from callcoach.coaching.heard import Heard
from callcoach.domain.call import Call
from callcoach.domain.coaching import LeaderTelling
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Level

MIN_LEADERS = 2
"""One recording cannot disagree with itself."""

SHORT_TRAINING_MINUTES = 30
"""Less than half an hour leaves no time to practise the story once in pairs."""


def tellings(hearings: Sequence[Heard]) -> tuple[LeaderTelling, ...]:
    """Each leader's recording of one initiative with its levels, in the order of the recordings; silence on it is left out."""
    return tuple(
        LeaderTelling(
            call_id=heard.call.call_id,
            person_id=_speaker(heard.call),
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
    return wording.leaders_say(initiative.name, told, names)


def disagree(told: Sequence[LeaderTelling]) -> bool:
    """Whether fewer than half of at least two recorded leaders told the wall at all."""
    judged = [telling.levels for telling in told if telling.levels is not None]
    told_it = sum(levels.get(Component.WALL, Level.ABSENT) > Level.ABSENT for levels in judged)
    return len(judged) >= MIN_LEADERS and told_it * 2 < len(judged)


def unready(initiative: Initiative) -> tuple[str, ...]:
    """What the initiative's own dates say against the reps having been ready; nothing stated, nothing said."""
    ready = initiative.readiness
    reasons = []
    if ready.materials_ready and ready.materials_ready > initiative.launched:
        reasons.append(wording.materials_late((ready.materials_ready - initiative.launched).days, ready.materials_ready))
    if ready.market_awareness_start and ready.announced and ready.market_awareness_start < ready.announced:
        reasons.append(wording.market_before_field(ready.market_awareness_start, ready.announced))
    minutes = sum(training.minutes for training in ready.training if training.date <= initiative.launched)
    if ready.training and minutes < SHORT_TRAINING_MINUTES:
        reasons.append(wording.hardly_trained(minutes))
    return tuple(reasons)


def _speaker(call: Call) -> str | None:
    return call.rep_id or call.extra.get("leader_id")
