"""List the coachings that took place, and until when each is heard. Knows nothing of what they brought.

A coaching is a goal that both agreed to, or an entry of the coaching log, which names an initiative and no behaviour and so is
heard in the whole why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from callcoach.domain.behaviour import Behaviour
from callcoach.domain.goals import Goal
from callcoach.domain.people import Company

DAYS_SINCE = 60
"""Two months after a talk something else moves the calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coaching:
    """One that took place: who with whom on what, from which day, heard until which. behaviour None: the whole why."""

    by: str
    rep_id: str
    initiative_id: str
    behaviour: Behaviour | None
    on: date
    until: date


def coachings(goals: Iterable[Goal], company: Company, *, today: date) -> tuple[Coaching, ...]:
    """Goals that both agreed to, and the entries of the log; an entry within the weeks of a goal is the goal's own coaching."""
    found = [
        Coaching(
            by=goal.manager_id,
            rep_id=goal.rep_id,
            initiative_id=goal.initiative_id,
            behaviour=goal.behaviour,
            on=goal.set_on,
            until=min(today, goal.closed_on or today, goal.due or today, goal.set_on + timedelta(days=DAYS_SINCE)),
        )
        for goal in goals
        if goal.agreed and goal.manager_id is not None and goal.behaviour is not None
    ]
    with_goal: dict[tuple[str, str], list[Coaching]] = {}
    begun: dict[tuple[str, str], list[date]] = {}
    for each in found:
        with_goal.setdefault((each.rep_id, each.initiative_id), []).append(each)
        begun.setdefault((each.rep_id, each.initiative_id), []).append(each.on)
    for other in company.coached:
        begun.setdefault((other.rep_id, other.initiative_id), []).append(other.on)
    for entry in company.coached:
        who_on_what = entry.rep_id, entry.initiative_id
        if any(each.on <= entry.on <= each.until for each in with_goal.get(who_on_what, ())):
            continue
        later = [on for on in begun[who_on_what] if on > entry.on]
        until = min([today, entry.on + timedelta(days=DAYS_SINCE), *later])
        found.append(
            Coaching(
                by=entry.by, rep_id=entry.rep_id, initiative_id=entry.initiative_id, behaviour=None, on=entry.on, until=until
            )
        )
    return tuple(sorted(found, key=lambda each: (each.on, each.rep_id, each.initiative_id, each.by, each.behaviour or "")))
