"""Every sentence about what the calls of an initiative say together: its leaders, where it stops, its readiness.

Plain, never accusing; knows which words to choose, nothing of how things are counted.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from callcoach.coaching.notation import count, day, listed, plain, seen_in
from callcoach.coaching.vocabulary import BEHAVIOUR_DONE, COMPONENT_WORDS, LEVEL_WORDS
from callcoach.domain.coaching import Behaviour, LeaderTelling, Moment
from callcoach.domain.story import Component
from callcoach.domain.verdict import Level

# --- leaders' recordings -------------------------------------------------------------------------------------------------


def leaders_say(name: str, tellings: Sequence[LeaderTelling], names: Mapping[str, str]) -> str | None:
    """Whether the leaders tell the same story, by the reason (wall) and what it means for the customer (part)."""
    judged = [telling for telling in tellings if telling.levels is not None]
    if not judged:
        return None
    told = [telling for telling in judged if _told(telling, Component.WALL)]
    if len(judged) == 1:
        who = names.get(judged[0].person_id or "", "The leader")
        return f"One leader was recorded on {name}: {who} {'said' if told else 'did not say'} why it exists."
    head = f"{len(judged)} leaders were recorded on {name}"
    if len(told) == len(judged):
        return f"{head}: all of them said why it exists."
    if not told:
        return f"{head}: none of them said why it exists."
    others = [names.get(telling.person_id or "", telling.call_id) for telling in judged if telling not in told]
    tell = [names.get(telling.person_id or "", telling.call_id) for telling in told]
    return f"{head}, and they differ: {listed(tell)} said why it exists, {listed(others)} did not."


def level_of(telling: LeaderTelling, component: Component) -> str:
    """How one recording told one component."""
    if telling.levels is None:
        return f"n/a: {telling.reason or 'could not be judged'}"
    level = telling.levels.get(component)
    return "n/a: not judged in a talk to the field" if level is None else LEVEL_WORDS[level]


def levels_of(telling: LeaderTelling) -> str:
    """One recording's levels in one sentence."""
    if telling.levels is None:
        return level_of(telling, Component.WALL)
    return "; ".join(f"{COMPONENT_WORDS[component]}: {level_of(telling, component)}" for component in Component)


def _told(telling: LeaderTelling, component: Component) -> bool:
    return telling.levels is not None and telling.levels.get(component, Level.ABSENT) > Level.ABSENT


# --- initiatives ---------------------------------------------------------------------------------------------------------


def shared_point(point: Behaviour, name: str, failing: int, tried: int, teams: int) -> str:
    """Many reps fail alike, so it is not the reps."""
    where = f", in {count(teams, 'team')}" if teams > 1 else ""
    what = {
        Behaviour.ANSWER_THE_WHY: "when a customer asks why, no answer comes that fits them",
        Behaviour.LINK_TO_CUSTOMER: "what it means for the customer is not told",
        Behaviour.TELL_THE_WALL: "the reason it exists is not told",
    }.get(point, BEHAVIOUR_DONE[point] + " does not happen")
    return f"{name} stops at the same point with {failing} of {count(tried, 'rep')}{where}: {what}."


WITH_THE_LEADERS = "What most reps miss at the same point is the leaders’ to mend: no single rep is shown."


def question_of(shown: Sequence[Moment]) -> str | None:
    """The customers' why in the fewest words, if any of them asked."""
    asked = [quote for moment in shown if (quote := moment.customer_quote) and quote.endswith("?")]
    return min(asked, key=lambda quote: (len(quote), quote), default=None)


def leaders_next_step(point: Behaviour, name: str, question: str | None) -> str:
    """What the owner of the initiative does, instead of coaching the reps."""
    asked = f" to “{plain(question)}”" if question else " to the customers’ why"
    first = {
        Behaviour.ANSWER_THE_WHY: f"Write down the one answer{asked}",
        Behaviour.LINK_TO_CUSTOMER: f"Write down what {name} means for a customer, with the question a rep can ask to find out",
        Behaviour.TELL_THE_WALL: f"Write down the reason {name} exists in words a rep can say to a customer",
    }.get(point, f"Complete the story of {name}")
    return f"{first}, have every leader tell the same one, and only then listen to the reps again."


def not_yet(name: str, launched: date, today: date, early: int) -> str:
    """No call could be judged for the initiative: before its launch or after."""
    if launched <= today:
        return f"No call could be judged for {name} yet."
    return f"{name} starts on {day(launched)}." + (f" It already came up in {count(early, 'call')}." if early else "")


def not_yet_next_step(early: int) -> str:
    """What to do before there are calls."""
    if early:
        return "Agree with the field what may be promised before the launch, and call these customers back."
    return "Nothing to do until there are calls."


def to_coach(name: str, explaining: int, reps: int, raised: int, n_calls: int) -> str:
    """The initiative is told by some: a matter of coaching. Or too little is known."""
    if raised == 0:
        return f"{name} came up in none of {count(n_calls, 'call')}."
    if explaining == 0:
        came_up = f"It came up {seen_in(raised, n_calls)}"
        return f"No call explains {name} yet. {came_up}, with too few reps alike to say that the story is the cause."
    if explaining == reps:
        return f"Every rep with a call on {name} explained it at least once."
    return f"{name} can be explained: {explaining} of {count(reps, 'rep')} did so in at least one call."


COACH_REP_BY_REP = "Coach rep by rep."


def coach_next_step(name: str, example: str | None, raised: int) -> str:
    """What follows from a finding that is not the leaders'."""
    if not raised:
        return f"Find out whether {name} fits these customers before anybody is asked to push it."
    if example:
        return f"{COACH_REP_BY_REP[:-1]}, with a call of {example} as the example."
    return "Look for the first call that explains it, and make it the example."


def shown_by(name: str, rep: str, customer: str | None, when: datetime | None) -> str:
    """Where the leaders can hear the answer."""
    return f"The why of {name} can be heard in {rep}’s call{f' with {customer}' if customer else ''} of {day(when)}."


def materials_late(days: int, ready: date) -> str:
    """Readiness: materials."""
    return f"The materials were ready on {day(ready)}, {count(days, 'day')} after the launch."


def market_before_field(market: date, field: date) -> str:
    """Readiness: the market heard first."""
    return f"Customers could hear of it from {day(market)}, before the field was told on {day(field)}."


def hardly_trained(minutes: int) -> str:
    """Readiness: training before the launch."""
    if minutes == 0:
        return "Nobody was trained before the launch."
    return f"Before the launch there {'was' if minutes == 1 else 'were'} {count(minutes, 'minute')} of training in all."
