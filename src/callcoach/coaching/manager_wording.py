"""Every sentence about how managers coach and correct. Knows only which words to choose; compares nobody with a best or worst."""

from callcoach.coaching.notation import count
from callcoach.domain.behaviour import Estimate

FOR_WHOM = "For enablement and executives. In the order of names: how many calls somebody has to coach differs from team to team."
NO_TEAM = "The people file names no reps of theirs."
STRICTER, MILDER = "stricter than the others", "milder than the others"
LIKE_OTHERS = "no difference from the others that can be told from chance"


NO_LOG = "No coaching is written down by anybody: keep coaching_log in the people file, or note a coaching on a goal."


def coached(reps: int, reps_coached: int, coachings: int, days: int, *, of_one: bool) -> str:
    """What the coaching log says; of_one: of one initiative alone."""
    on = " on it" if of_one else ""
    if coachings == 0:
        return f"No coaching{on} is written down with any of {count(reps, 'rep')} in the last {days} days."
    return f"{count(coachings, 'coaching')}{on} with {reps_coached} of {count(reps, 'rep')} in the last {days} days."


def goals(running: int, agreed: int) -> str:
    """Goals with reps."""
    if running == 0:
        return "No goal with a rep is running."
    return f"{count(running, 'goal')} with reps running, {agreed} of them agreed by both."


def corrections(calls: int) -> str:
    """Calls whose judgement the manager corrected."""
    return f"Corrected the machine in {count(calls, 'call')}." if calls else "Corrected no call yet."


def too_few_labels(n: int, least: int) -> str:
    """Not enough calls that others labelled, too."""
    return f"Too few to say how strict: {n} of {least} calls that others have labelled, too."


def labels(n: int, gap: float, low: float, high: float) -> str:
    """The gap is in whole levels of one call, below 0 stricter."""
    return (
        f"On {n} calls that others have labelled, too: {_apart(low, high)} ({gap:+.2f} of the whole scale on average, likely "
        f"between {low:+.2f} and {high:+.2f})."
    )


def too_few_corrections(n: int, others: int, least: int) -> str:
    """Not enough corrected calls on either side."""
    return f"Too few to say which way: {n} of the manager's corrected calls and {others} of others', {least} of each are needed."


def leaning(own: Estimate, others: Estimate, low: float, high: float) -> str:
    """Which way corrections go, beside those of everybody else."""
    apart = _apart(-high, -low)
    return (
        f"Corrected downwards in {own.count} of {count(own.n, 'call')}, everybody else in {others.count} of {others.n}: {apart}. "
        "Not the same calls, so that this is a question, not a finding."
    )


def _apart(low: float, high: float) -> str:
    """low, high: how much milder than the others."""
    return STRICTER if high < 0 else MILDER if low > 0 else LIKE_OTHERS
