"""Every sentence of the stories that calls tell together: what was heard and how often, in a manager's words, never accusing.

Knows nothing of how a story is found.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from callcoach.coaching.notation import count, day, first_sentences, listed
from callcoach.coaching.vocabulary import VERDICT_PAST
from callcoach.domain.story import PreviousStory
from callcoach.domain.verdict import Verdict

Told = Sequence[tuple[datetime | None, Verdict]]

WINNING_IS_NOT_EXPLAINING = (
    "A sale that was bought with a lower price does not show that the customer knows why. A few sales prove nothing about either."
)


def leaders_title(name: str) -> str:
    """A point where the field fails alike."""
    return f"{name} stops at one question, and that is the leaders’ to mend"


def sold_without_why_title() -> str:
    """Sales beside explaining."""
    return "Winning is not explaining"


def sold_without_why(rep: str, name: str, sales: int, raised: int) -> str:
    """Every sale with something given away, none with a why."""
    every = f"all {sales} with something given away" if sales > 1 else "with something given away"
    return f"{rep} won {count(sales, 'sale')}, {every}, and explained {name} in 0 of the {count(raised, 'call')} it came up in."


def explained_without_discount(rep: str, name: str, told: int, raised: int, sales: int) -> str:
    """The other way."""
    sold = f"won {count(sales, 'sale')}" if sales else "won no sale yet"
    return f"{rep} explained {name} in {told} of {raised}, {sold}, and was not heard to give anything away."


def after_coaching_title(rep: str) -> str:
    """A change that followed."""
    return f"After coaching, {rep} explains"


def after_coaching(rep: str, by: str, name: str, on: date, before: Told, after: Told) -> str:
    """What was heard before a coaching and since; that one followed the other, not that it caused it."""
    return f"{rep} {_history(before, name)}. {by} coached on {day(on)}. Since then {rep} {_history(after, 'it')}."


def few_calls(n: int) -> str:
    """A story, no proof."""
    return f"That is {count(n, 'call')}: enough to say so to the rep, not enough for a figure."


def old_story_title(name: str) -> str:
    """A replaced story is told on."""
    return f"The old story of {name} lives on"


def old_story(rep: str, name: str, told: int, raised: int, sales: int) -> str:
    """In how many calls, and whether it sold."""
    sold = f" {count(sales, 'of these calls was', 'of these calls were')} won." if sales else ""
    return f"{rep} gave the earlier reason for {name} in {told} of the {count(raised, 'call')} it came up in.{sold}"


def why_it_changed(earlier: PreviousStory) -> str:
    """Why that matters, in the rubric's words."""
    until = f" It was told until {day(earlier.until)}." if earlier.until else ""
    return f"Why it was replaced: {first_sentences(earlier.why_changed)}{until}"


def never_why_title(name: str) -> str:
    """Facts without a reason."""
    return f"What {name} is, and never why"


def never_why(rep: str, name: str, n: int) -> str:
    """One rep."""
    return f"{rep} said what {name} does or costs in all {count(n, 'call')} it came up in, and why it exists in none."


def promised_early_title(name: str) -> str:
    """Before its day."""
    return f"{name} is promised before its launch"


def promised_early(reps: Sequence[str], of: int, name: str, launched: date) -> str:
    """By whom: all of them, or the first."""
    who = listed(list(reps)) if of == len(reps) else f"{', '.join(reps)} and {count(of - len(reps), 'other')}"
    return f"{count(of, 'rep')} named {name} to customers before {day(launched)}, when it starts: {who}."


def who_had_spoken(name: str, leaders: Sequence[str]) -> str:
    """Which leaders were heard on it: the field may not have been told to wait."""
    then = "tell everybody what may be promised, and call these customers back."
    if not leaders:
        return f"No leader’s recording speaks of {name}: {then}"
    who = f"only that of {leaders[0]} speaks" if len(leaders) == 1 else f"those of {listed(list(leaders))} speak"
    return f"Of the leaders’ recordings, {who} of {name}: {then}"


def and_more(n: int) -> list[str]:
    """Those who are not named."""
    return [f"The same was heard of {count(n, 'other rep')}."] if n > 0 else []


def _history(told: Told, name: str) -> str:
    """`recited CatchBack on Oct 7 and Oct 12, then explained it on Oct 28`."""
    parts: list[str] = []
    for verdict, calls in groupby(told, key=lambda each: each[1]):
        past = VERDICT_PAST[verdict].replace(" it", f" {name}", 1) if not parts else VERDICT_PAST[verdict]
        parts.append(f"{past} on {listed([day(when) for when, _ in calls])}")
    return ", then ".join(parts)
