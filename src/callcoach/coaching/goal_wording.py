"""Every sentence about a goal. Knows only which words to choose."""

from callcoach.coaching.notation import count, percent
from callcoach.domain.behaviour import Estimate
from callcoach.domain.goals import GoalVerdict

SAY_WHAT = "Say in a sentence what will be done."
NAME_ONE_BEHAVIOUR = "Name one behaviour that can be heard in a call."
NAME_A_SHARE = "Name the share of calls in which it will be heard."
SAY_WHY = "Say what it is worth to the customers."
NAME_A_DAY = "Name the day it is due."
NAME_THE_MANAGER = "Name the manager it is agreed with."


def too_high(most: float) -> str:
    """Nobody does anything always."""
    return f"A share over {percent(most)} is lost with one call: name a lower one."


def already_there(now: Estimate) -> str:
    """The target lies where the rep stands."""
    return f"That is where the calls stand already ({percent(now.share or 0.0)} of {count(now.n, 'call')}): name a higher share."


def too_far(now: Estimate) -> str:
    """The target is out of reach."""
    return f"From {percent(now.share or 0.0)} that is far in one step: name a share that a few weeks can bring."


def name_calls(least: int) -> str:
    """How many calls count."""
    return f"Name how many calls will be counted, {least} or more."


def day_out_of_reach(days: int) -> str:
    """The day lies before the goal, or too far off."""
    return f"Name a day after today and within {days} days."


def progress(verdict: GoalVerdict, before: Estimate, since: Estimate) -> str:
    """`improved, likely: 0.31 to 0.58, 12 calls`, or why nothing can be said."""
    calls = count(since.n, "call")
    if verdict is GoalVerdict.TOO_FEW_CALLS:
        return f"not enough calls since: {since.n}"
    span = f"{_figure(before)} to {_figure(since)}, {calls}"
    return {
        GoalVerdict.REACHED: f"reached: {span}",
        GoalVerdict.IMPROVED: f"improved, likely: {span}",
        GoalVerdict.UNCHANGED: f"no change that can be told from chance: {span}",
        GoalVerdict.WORSE: f"less than before, likely: {span}",
    }[verdict]


def _figure(estimate: Estimate) -> str:
    return "n/a" if estimate.share is None else f"{estimate.share:.2f}"
