"""Every sentence of the report about calls, reps and initiatives. Knows which words to choose, nothing of how things are counted.

Plain, never accusing: a sentence says what was heard in how many calls, never what somebody is like.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from callcoach.coaching.notation import count, day, excerpt, first_sentences, listed, percent, plain
from callcoach.coaching.vocabulary import (
    BEHAVIOUR_DONE,
    COMPONENT_WORDS,
    LEVEL_WORDS,
    PRACTICE_ALONE,
    PRACTICE_WITH_CUSTOMER,
    VERDICT_PAST,
    VERDICT_WORDS,
)
from callcoach.domain.coaching import Behaviour, Estimate, LeaderTelling, Moment
from callcoach.domain.story import Component, PreviousStory
from callcoach.domain.verdict import Level, Verdict

MIN_CALLS = 2
PRACTICE_QUOTE_CHARACTERS = 180


def _seen(seen: int, of: int, what: str = "call") -> str:
    return f"in {seen} of {count(of, what)}" if of > 1 else f"in one {what}"


# --- shares --------------------------------------------------------------------------------------------------------------


def short_range(estimate: Estimate) -> str:
    """The interval for a table."""
    return "n/a" if estimate.low is None or estimate.high is None else f"{percent(estimate.low)} to {percent(estimate.high)}"


def likely_range(estimate: Estimate) -> str:
    """The interval in words, or why there is none."""
    if estimate.share is None or estimate.low is None or estimate.high is None:
        return "n/a: no call to tell from"
    return f"likely between {percent(estimate.low)} and {percent(estimate.high)}"


def explained_share(estimate: Estimate) -> str:
    """How often the rep explained, of the times an initiative came up."""
    if estimate.share is None:
        return "Share explained: n/a, no initiative came up yet that says something about the rep."
    if estimate.n == 1:
        return f"An initiative came up once and was {'' if estimate.count else 'not '}explained: one call is no share yet."
    return (
        f"Explained {estimate.count} of the {estimate.n} times an initiative came up; in the long run {likely_range(estimate)}."
    )


# --- strengths -----------------------------------------------------------------------------------------------------------


def now_explains(name: str, before: Sequence[Verdict], days: Sequence[datetime | None]) -> str:
    """A change for the better: earlier verdicts, then the latest calls that explain."""
    when = listed([day(each) for each in days])
    what = listed([VERDICT_PAST[verdict] for verdict in dict.fromkeys(before)])
    return f"Now explains {name} ({when}), after calls that {what}."


def now_does(behaviour: Behaviour, name: str) -> str:
    """A behaviour that was missing before and shows in the latest calls."""
    return f"Changed on {name}: {BEHAVIOUR_DONE[behaviour]} in the latest two calls, which earlier ones did not show."


def explains(name: str, explained: int, raised: int) -> str:
    """Explains as a rule."""
    return f"Explains {name} {_seen(explained, raised)} in which it came up."


def answers(name: str, answered: int, asked: int) -> str:
    """Answers the why as a rule."""
    return f"Has an answer on {name} when a customer asks why: {_seen(answered, asked)}."


def asks_first(name: str, asked: int, of: int) -> str:
    """Diagnoses before pitching."""
    return f"Asks before offering {name}: {_seen(asked, of)}."


def shows_how(name: str, told: int, of: int) -> str:
    """The hammer is told well."""
    return f"Makes clear how {name} works for this customer: {_seen(told, of)}."


def brings_it_up(name: str, raised: int, of: int) -> str:
    """Raises the initiative reliably."""
    return f"Brings {name} up: {_seen(raised, of)}."


def found_it_first(name: str, customer: str | None, when: datetime | None) -> str:
    """Explained what hardly anybody could yet."""
    with_whom = f" with {customer}" if customer else ""
    return f"Got to the why of {name}{with_whom} on {day(when)}, where most calls do not yet."


# --- recommendations -----------------------------------------------------------------------------------------------------


def headline(behaviour: Behaviour, name: str) -> str:
    """The one thing to coach."""
    return {
        Behaviour.ANSWER_THE_WHY: f"When a customer asks why, answer from what they just said ({name})",
        Behaviour.TELL_THE_WALL: f"Say why {name} exists before saying how it works",
        Behaviour.LINK_TO_CUSTOMER: f"Tie {name} to this customer’s own day",
        Behaviour.LEAVE_THE_SCRIPT: f"Let go of the {name} script and follow the customer",
        Behaviour.GIVE_A_REASON_NOT_FEATURES: f"Give one reason for {name} before any feature",
        Behaviour.ASK_BEFORE_OFFERING: f"Ask first, then make one offer ({name})",
        Behaviour.RAISE_IT: f"Bring up {name} where it fits",
        Behaviour.SHARE_IT: f"Keep explaining {name} this way, and let the team hear it",
    }[behaviour]


def because(behaviour: Behaviour, name: str, seen: int, of: int, likely: Estimate) -> str:
    """What was heard, in how many calls, and how sure that is."""
    heard = {
        Behaviour.ANSWER_THE_WHY: f"A customer asked why, and the answer did not reach their situation, {_seen(seen, of)}.",
        Behaviour.TELL_THE_WALL: f"How {name} works was told without the reason it exists {_seen(seen, of)}.",
        Behaviour.LINK_TO_CUSTOMER: f"{name} was told without what it means for this customer {_seen(seen, of)}.",
        Behaviour.LEAVE_THE_SCRIPT: f"The next line was the script’s, not a reply to the customer, {_seen(seen, of)}.",
        Behaviour.GIVE_A_REASON_NOT_FEATURES: f"{name} came as features and prices, without a why, {_seen(seen, of)}.",
        Behaviour.ASK_BEFORE_OFFERING: f"The offer came before a question about the customer’s need {_seen(seen, of)}.",
        Behaviour.RAISE_IT: f"{name} did not come up {_seen(seen, of)}.",
        Behaviour.SHARE_IT: f"The customer was told why {name} exists and what it means for them {_seen(seen, of)}.",
    }[behaviour]
    if behaviour is Behaviour.SHARE_IT:
        return heard
    if of == 1:
        return f"{heard} One call is an impression, not a pattern: listen first, then decide."
    return f"{heard} Over all such calls that is {likely_range(likely)}."


def earlier_story(earlier: PreviousStory, seen: int, of: int) -> str:
    """The story that was replaced is heard again: in how many calls, and why it was replaced."""
    until = f"the story told until {day(earlier.until)}" if earlier.until else "the story before this one"
    return f"Words of {until} came back {_seen(seen, of)}. It was replaced: {first_sentences(earlier.why_changed, 1)}"


def practice(behaviour: Behaviour, name: str, moment: Moment, reason: str) -> str:
    """What to do out loud, in the customer's own words where there are any."""
    if behaviour is Behaviour.TELL_THE_WALL:
        start = f"Start with the reason, in your own words: “{reason}” Then ask how that is for"
    else:
        start = "The customer says"
    if not moment.customer_quote:
        return f"{start} them." if behaviour is Behaviour.TELL_THE_WALL else PRACTICE_ALONE[behaviour].format(name=name)
    short = excerpt(moment.customer_quote, PRACTICE_QUOTE_CHARACTERS, question=moment.customer_quote.endswith("?"))
    line = f"“{plain(short)}”"
    if behaviour is Behaviour.TELL_THE_WALL:
        return f"{start} a customer who says {line}"
    return f"{start}: {line} {PRACTICE_WITH_CUSTOMER[behaviour].format(name=name)}"


def example_from(name: str, *, own: bool) -> str:
    """Whose call the good example is; a colleague is asked first."""
    return "Their own call." if own else f"Ask {name} before you play it."


def not_enough_calls(n: int, n_not_assessed: int) -> str:
    """Why there is nothing to coach yet."""
    sentence = f"Not enough calls yet: {n} of {MIN_CALLS}."
    return sentence if not n_not_assessed else f"{sentence} {unjudged(n_not_assessed)}"


def nothing_to_coach(explained_lately: Sequence[str], with_leaders: Sequence[str]) -> str:
    """Why a rep with enough calls has no recommendation."""
    parts = [f"Nothing to coach on {listed(explained_lately)} now: keep going, and say so."] if explained_lately else []
    if with_leaders:
        parts.append(f"{listed(with_leaders)} {'is' if len(with_leaders) == 1 else 'are'} with the leaders, not with the rep.")
    return " ".join(parts) or "The calls give nothing to coach yet: nothing was missed often enough to call it a pattern."


def only_calls_that_need_a_person(n: int) -> str:
    """What could be coached rests on nothing the judge would stand for."""
    rests = "rests only on a call that needs" if n == 1 else f"rests only on {n} calls that need"
    return f"What could be coached {rests} a person: listen first, then decide."


def unjudged(n: int) -> str:
    """Calls that count for nothing."""
    return f"{count(n, 'call')} could not be assessed and {'counts' if n == 1 else 'count'} for nothing."


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
        came_up = f"It came up {_seen(raised, n_calls)}"
        return f"No call explains {name} yet. {came_up}, with too few reps alike to say that the story is the cause."
    if explaining == reps:
        return f"Every rep with a call on {name} explained it at least once."
    return f"{name} can be explained: {explaining} of {count(reps, 'rep')} did so in at least one call."


def coach_next_step(name: str, example: str | None, raised: int) -> str:
    """What follows from a finding that is not the leaders'."""
    if not raised:
        return f"Find out whether {name} fits these customers before anybody is asked to push it."
    if example:
        return f"Coach rep by rep, with a call of {example} as the example."
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


# --- calls to listen to --------------------------------------------------------------------------------------------------


def needs_a_person(why: str) -> str:
    """The judge hands the call over."""
    return f"Needs a person. {why} Say what you hear."


def asked_and_deflected(name: str) -> str:
    """A why without an answer."""
    return f"A customer asked why about {name}, and the call went on without an answer."


def stumbled(name: str) -> str:
    """A why, tried and not reached."""
    return f"A customer’s why about {name} got a try at an answer that did not get to a reason."


def got_better(name: str, before: Verdict) -> str:
    """Worth praise."""
    return f"First call that explains {name}; the one before {VERDICT_PAST[before]}. Worth saying so."


def slipped(name: str, now: Verdict) -> str:
    """Worth a question."""
    return f"An earlier call explained {name}, this one reads as {VERDICT_WORDS[now]}. Ask what was different."


def before_launch(name: str, days: int, launched: date) -> str:
    """Came up too early."""
    return f"{name} came up {count(days, 'day')} before its launch on {day(launched)}. Check what was promised."


# --- today ---------------------------------------------------------------------------------------------------------------


def coach(headline: str) -> str:
    """A recommendation as a line of the day's list."""
    return f"{headline}."


def say_so(name: str, strength: str) -> str:
    """Praise is work, too."""
    return f"Tell {name} what you heard. {strength}"


def listen(n: int) -> str:
    """The flagged calls."""
    return f"Listen to {count(n, 'call')} flagged below, with the moment to start from."


def repair(n: int) -> str:
    """The calls that failed."""
    return f"{count(n, 'file')} could not be used; each is named below with the next step."


# --- limits --------------------------------------------------------------------------------------------------------------


def without_rep(n: int) -> str:
    """Calls nobody can be coached for."""
    return f"{count(n, 'call names', 'calls name')} no rep and can be in no rep’s profile."


def unheard_name(name: str, n_calls: int, n_raised: int, call_id: str) -> str:
    """A question, never a finding: only a listener can tell what silence in a transcript means."""
    came_up = f", though the subject came up in {n_raised}" if n_raised else ""
    return f"{name} was heard in 0 of {count(n_calls, 'call')}{came_up}: not said, or not recognised? Listen to one: {call_id}."


def limits(n_calls: int, n_reps: int, n_without_rep: int) -> tuple[str, ...]:
    """What the figures cannot carry."""
    sentences = [
        "The question is whether the customer was told why, not whether the script was followed or the deal was won.",
        f"{count(n_calls, 'call')} of {count(n_reps, 'rep')} show stories, not statistics. A share always comes with its number "
        "of calls and an interval that holds the true share nine times in ten; it leans a little toward the rep’s team, so that "
        "one call cannot make a pattern.",
        "What a rep already does in the latest two calls is not recommended. What most reps miss at the same point is the "
        "leaders’ to mend and is left out of the reps’ figures.",
        "Verdicts come from a trained judge that is sometimes wrong. The quotes are there so that you can disagree.",
    ]
    if n_without_rep:
        sentences.append(without_rep(n_without_rep))
    return tuple(sentences)
