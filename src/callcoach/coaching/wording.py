"""Every sentence of the report about calls and reps. Knows which words to choose, nothing of how things are counted.

Those about an initiative stand in `finding_wording`.

Plain, never accusing: a sentence says what was heard in how many calls, never what somebody is like.
"""

from collections.abc import Sequence
from datetime import date, datetime

from callcoach.coaching.notation import count, day, excerpt, first_sentences, listed, percent, plain, seen_in
from callcoach.coaching.vocabulary import (
    BEHAVIOUR_DONE,
    PRACTICE_ALONE,
    PRACTICE_WITH_CUSTOMER,
    VERDICT_PAST,
    VERDICT_WORDS,
)
from callcoach.domain.coaching import Behaviour, Estimate, Moment
from callcoach.domain.story import PreviousStory
from callcoach.domain.verdict import Verdict

MIN_CALLS = 2
PRACTICE_QUOTE_CHARACTERS = 180


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
    return f"Explains {name} {seen_in(explained, raised)} in which it came up."


def answers(name: str, answered: int, asked: int) -> str:
    """Answers the why as a rule."""
    return f"Has an answer on {name} when a customer asks why: {seen_in(answered, asked)}."


def asks_first(name: str, asked: int, of: int) -> str:
    """Diagnoses before pitching."""
    return f"Asks before offering {name}: {seen_in(asked, of)}."


def shows_how(name: str, told: int, of: int) -> str:
    """The hammer is told well."""
    return f"Makes clear how {name} works for this customer: {seen_in(told, of)}."


def brings_it_up(name: str, raised: int, of: int) -> str:
    """Raises the initiative reliably."""
    return f"Brings {name} up: {seen_in(raised, of)}."


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
        Behaviour.ANSWER_THE_WHY: f"A customer asked why, and the answer did not reach their situation, {seen_in(seen, of)}.",
        Behaviour.TELL_THE_WALL: f"How {name} works was told without the reason it exists {seen_in(seen, of)}.",
        Behaviour.LINK_TO_CUSTOMER: f"{name} was told without what it means for this customer {seen_in(seen, of)}.",
        Behaviour.LEAVE_THE_SCRIPT: f"The next line was the script’s, not a reply to the customer, {seen_in(seen, of)}.",
        Behaviour.GIVE_A_REASON_NOT_FEATURES: f"{name} came as features and prices, without a why, {seen_in(seen, of)}.",
        Behaviour.ASK_BEFORE_OFFERING: f"The offer came before a question about the customer’s need {seen_in(seen, of)}.",
        Behaviour.RAISE_IT: f"{name} did not come up {seen_in(seen, of)}.",
        Behaviour.SHARE_IT: f"The customer was told why {name} exists and what it means for them {seen_in(seen, of)}.",
    }[behaviour]
    if behaviour is Behaviour.SHARE_IT:
        return heard
    if of == 1:
        return f"{heard} One call is an impression, not a pattern: listen first, then decide."
    return f"{heard} Over all such calls that is {likely_range(likely)}."


def earlier_story(earlier: PreviousStory, seen: int, of: int) -> str:
    """The story that was replaced is heard again: in how many calls, and why it was replaced."""
    until = f"the story told until {day(earlier.until)}" if earlier.until else "the story before this one"
    return f"Words of {until} came back {seen_in(seen, of)}. It was replaced: {first_sentences(earlier.why_changed, 1)}"


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
