"""Every sentence about a goal. Knows only which words to choose."""

from collections.abc import Sequence

from callcoach.coaching.notation import count, day, listed, percent
from callcoach.coaching.vocabulary import BEHAVIOUR_DONE
from callcoach.domain.behaviour import Estimate
from callcoach.domain.goals import Goal, GoalChange, GoalStanding, GoalState, GoalVerdict

SAY_WHAT = "Say in a sentence what will be done."
NAME_ONE_BEHAVIOUR = "Name one behaviour that can be heard in a call."
NAME_A_SHARE = "Name the share of calls in which it will be heard."
SAY_WHY = "Say what it is worth to the customers."
NAME_A_DAY = "Name the day it is due."
DAY_HAS_PASSED = "Its day has passed before both agreed: name a later one, or close it and set a new goal."
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
    return f"Name a day after the one on which it was set, and within {days} days of it."


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


def as_read(goal: Goal) -> str:
    """A goal in one line, with what it says and nothing of what it lacks."""
    parts = [f"“{goal.text}”"] if goal.text else ["no text yet"]
    if goal.behaviour is not None:
        parts.append(BEHAVIOUR_DONE[goal.behaviour] + (f" in {percent(goal.target)} of the calls" if goal.target else ""))
    if goal.calls:
        parts.append(f"{count(goal.calls, 'call')} counted")
    if goal.due is not None:
        parts.append(f"due {day(goal.due, year=True)}")
    if goal.why.strip():
        parts.append(f"because “{goal.why.strip().removesuffix('.')}”")
    if goal.closed_on is not None:
        parts.append(f"closed {day(goal.closed_on, year=True)}")
    return ", ".join(parts)


def conflict(theirs: GoalChange, latest: int, mine: Goal | None, on: int) -> str:
    """Somebody else's text and the own one, so that neither is lost. mine: None where no text was written."""
    wrote = f" You wrote: {as_read(mine)}." if mine else ""
    return (
        f"Goal {theirs.goal.goal_id}: {theirs.by} has changed it since you read it (you read revision {on}, it is at {latest} "
        f"now). It reads: {as_read(theirs.goal)}.{wrote} Nothing of yours was kept: read it again, then decide."
    )


def draft(lacking: Sequence[str]) -> str:
    """Not a goal yet."""
    return f"a draft: {' '.join(lacking)}"


def waiting_for(names: Sequence[str]) -> str:
    """`waiting for Ray Delgado to agree`."""
    return f"waiting for {listed(names)} to agree"


RUNNING = "agreed, and no call is kept yet"


def withdrawn() -> str:
    """Closed before both had agreed: there is no verdict on it."""
    return "closed before both had agreed, without a verdict"


WITH_THE_LEADERS = "no figure while the initiative is with the leaders: what they leave undone is not the rep's"
NOT_MEASURED = "no figure while what is measured on the initiative cannot be relied on"
NOT_COACHED_YET = "no figure while the initiative is not coached on: its gate says why"


NOTHING_BESIDE = "Nothing new beside what is agreed."


def title(standing: GoalStanding) -> str:
    """What is to be done, in the words of the two."""
    return f"“{standing.goal.text}”" if standing.goal.text else "A goal that says nothing yet"


def stands(standing: GoalStanding) -> str:
    """Where it stands, as the line under its title."""
    goal = standing.goal
    if standing.state is GoalState.CLOSED:
        return f"Closed {day(goal.closed_on)}: {standing.sentence}."
    line = standing.sentence.rstrip(".")
    if standing.state is GoalState.RUNNING and goal.target and goal.calls and goal.due:
        line = f"{line}; wanted in {percent(goal.target)} of {count(goal.calls, 'call')} by {day(goal.due)}"
    return f"{line[0].upper()}{line[1:]}."


def work_on(standing: GoalStanding) -> str:
    """A goal that runs, as a line of the day's list."""
    return f"The goal {title(standing)}: {standing.sentence}."


def talk_over(standing: GoalStanding) -> str:
    """A goal that was closed today, as a line of the day's list."""
    return f"Talk over how the goal {title(standing)} ended: {standing.sentence}."


def agree_to(goal: Goal, rep: str, *, own: bool) -> str:
    """What is asked of whoever has not agreed yet, as a line of the day's list."""
    return f"Agree to {'your goal' if own else f'the goal of {rep}'} “{goal.text}”, or edit it."


def _figure(estimate: Estimate) -> str:
    return "n/a" if estimate.share is None else f"{estimate.share:.2f}"
