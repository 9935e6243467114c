"""Every sentence about what coaching brought. Knows only which words to choose."""

from collections.abc import Callable

from callcoach.coaching.notation import count
from callcoach.coaching.vocabulary import BEHAVIOUR_DONE
from callcoach.coaching.what_worked import LEAST_COACHINGS
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.goals import WhatWorked, Worked

TITLE = "What coaching brought"

HOW_TO_READ = (
    "In the share of calls since, beside what reps came to from the same place without coaching. It says what followed, "
    "not what caused it: a manager chooses whom to coach."
)


def all_of(found: WhatWorked, name_of: Callable[[str], str]) -> list[str]:
    """Everything that is said of it, a sentence each. name_of: a person's name by id."""
    return [
        overall(found),
        *(of_behaviour(each) for each in found.behaviours),
        *(of_manager(each, name_of(each.about)) for each in found.managers),
        HOW_TO_READ,
    ]


def overall(found: WhatWorked) -> str:
    """Of all coachings together."""
    if found.overall.change is None:
        return f"Too few coachings to say what they brought: {found.overall.n} of {found.held} can be heard before and since."
    return f"Of {count(found.held, 'coaching')}, {found.overall.n} can be heard before and since: {_figure(found.overall)}."


def of_behaviour(worked: Worked) -> str:
    """Of the coachings on one behaviour."""
    return f"{BEHAVIOUR_DONE[Behaviour(worked.about)].capitalize()}: {_said(worked)}."


def of_manager(worked: Worked, name: str) -> str:
    """Of one manager's coachings."""
    return f"{name}: {_said(worked)}."


def _said(worked: Worked) -> str:
    if worked.change is None:
        return f"too few to say, {worked.n} of {LEAST_COACHINGS} coachings"
    return f"{_figure(worked)}, {count(worked.n, 'coaching')}"


def _figure(worked: Worked) -> str:
    assert worked.change is not None and worked.low is not None and worked.high is not None, "asked where there is a figure"
    return f"{_points(worked.change)} in a hundred calls (likely {_points(worked.low)} to {_points(worked.high)})"


def _points(change: float) -> str:
    return f"{round(100 * change):+d}"
