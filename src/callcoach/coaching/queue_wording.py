"""Every sentence about the review queue. Knows only which words to choose."""

from collections.abc import Mapping
from datetime import date

from callcoach.coaching.notation import count, day, plain
from callcoach.domain.queue import Asked, Counted, Order, Progress, QueueState, Why

WHY_WORDS: Mapping[Why, str] = {
    Why.DISPUTED: "Disputed",
    Why.FLAGGED: "Flagged",
    Why.UNCERTAIN: "Uncertain",
    Why.RANDOM: "By lot",
}

WHY_MEANING: Mapping[Why, str] = {
    Why.DISPUTED: "the rep sees it otherwise",
    Why.FLAGGED: "something happened that is worth hearing, good or bad",
    Why.UNCERTAIN: "the judge is not sure enough to stand alone",
    Why.RANDOM: "one call in twenty of each team and week, one at least, so that you do not only hear the unusual",
}

STATE_WORDS: Mapping[QueueState, str] = {
    QueueState.WAITING: "Waiting",
    QueueState.REVIEWED: "Reviewed",
    QueueState.DISMISSED: "Dismissed",
}

ORDER_WORDS: Mapping[Order, str] = {
    Order.NEWEST: "newest first",
    Order.OLDEST: "oldest first",
    Order.LEAST_SURE: "least certain first",
}

REASONS_TO_DISMISS = (
    "Heard it, nothing to add",
    "No conversation about this initiative",
    "Bad recording",
    "Too old to coach on",
)
"""Offered, not required: any reason may be written."""


TO_LABEL_BLIND = "You are to label this call blind: finish the calibration round, then its verdict and reasons are here."


def disputed(name: str, text: str) -> str:
    """The rep's own words."""
    said = plain(text)
    return f"{name} disputes the verdict: “{said}”" if said else f"{name} disputes the verdict."


def drawn_by_lot(take: int, of: int, team: str | None, monday: date) -> str:
    """How many were drawn of how many, in the week from that Monday on."""
    whose = f" of {team}" if team else ""
    return f"Drawn by lot: {take} of {count(of, 'call')}{whose} in the week of {day(monday)}."


def progress(found: Progress) -> str:
    """How far the latest week of calls is heard."""
    return f"{found.done} of {found.calls} from the week of {day(found.first)}"


def nothing_here(asked: Asked, counted: Counted, *, ever: bool, sees_anybody: bool) -> tuple[str, str]:
    """Why the list is empty, and what to do next."""
    if not sees_anybody:
        return (
            "No rep's calls are yours to hear.",
            "Your account manages no team yet. An admin can link it to a person or a team on the Admin page.",
        )
    if not ever:
        return (
            "No call has been rolled up yet.",
            "The queue fills after the first whole run: callcoach run FOLDER, or the nightly batch.",
        )
    if asked.narrowed:
        return "No call matches these filters.", "Clear one of them, or look at another state."
    if asked.state is QueueState.WAITING and counted.all:
        return "Nothing waits for you.", "Every call in the queue was reviewed or dismissed. The next run brings new ones."
    if asked.state is QueueState.REVIEWED:
        return "Nobody has reviewed a call here yet.", "Open a waiting call and agree with its verdict or correct it."
    if asked.state is QueueState.DISMISSED:
        return "Nothing was dismissed.", "Calls that need no ear can be dismissed with a reason from the waiting list."
    return "No call has a reason to be heard.", "The next run looks again."


def dismissed(n: int) -> str:
    """What the toast says."""
    return f"{count(n, 'call')} dismissed."


def put_back(n: int) -> str:
    """What the toast says after undo."""
    return f"{count(n, 'call')} back in the queue."
