"""Every sentence about what coaching brought. Knows only which words to choose."""

from collections.abc import Callable

from callcoach.coaching.goals import FEWEST_CALLS
from callcoach.coaching.notation import count
from callcoach.coaching.vocabulary import BEHAVIOUR_DONE
from callcoach.coaching.what_worked import FEWEST_UNCOACHED, LEAST_COACHINGS
from callcoach.domain.behaviour import Behaviour
from callcoach.domain.goals import WhatWorked, Worked

TITLE = "What coaching brought"

HOW_TO_READ = (
    "So many calls in a hundred more (+) or fewer (-) than reps came to from the same place without coaching. It says what "
    "followed, not what caused it: a manager chooses whom to coach."
)


def all_of(found: WhatWorked, name_of: Callable[[str], str]) -> list[str]:
    """Everything that is said of it, a sentence each. name_of: a person's name by id."""
    return [
        overall(found),
        *(of_behaviour(each) for each in found.behaviours),
        *(of_manager(each, name_of(each.about)) for each in found.managers),
        *how_to_read(found),
    ]


def how_to_read(found: WhatWorked) -> list[str]:
    """What the figures say and do not say; nothing where there is no figure."""
    told = (found.overall, *found.behaviours, *found.managers)
    return [HOW_TO_READ] if any(each.change is not None for each in told) else []


def overall(found: WhatWorked) -> str:
    """Of all coachings together."""
    if found.overall.change is None:
        return (
            f"Too few coachings to say what they brought: {found.overall.n} of {found.held} can be compared. Each takes "
            f"{FEWEST_CALLS} calls before and since, and {FEWEST_UNCOACHED} reps without coaching beside it."
        )
    return f"Of {count(found.held, 'coaching')}, {found.overall.n} can be compared: {_figure(found.overall)}."


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
    return f"{_points(worked.change)} calls in a hundred (likely {_points(worked.low)} to {_points(worked.high)})"


def _points(change: float) -> str:
    return f"{round(100 * change):+d}"
