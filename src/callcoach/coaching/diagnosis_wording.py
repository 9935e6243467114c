"""Every sentence about why an initiative stands where it does, how it moves, and what came of it. Chooses words, counts nothing.

Plain, never accusing; a relation is never called a cause.
"""

from collections.abc import Mapping
from datetime import date

from callcoach.coaching.notation import count, day, listed, percent
from callcoach.coaching.vocabulary import BEHAVIOUR_DONE, COMPONENT_WORDS
from callcoach.coaching.wording import likely_range
from callcoach.domain.coaching import Behaviour, Estimate, InitiativeFinding
from callcoach.domain.diagnosis import Adoption, Alike, Cause, Direction, Momentum
from callcoach.domain.story import Component

CAVEAT = (
    "Calls differ in more than this: who called, what they needed, and the price. That two things go together proves no cause."
)

CAUSE_WORDS: Mapping[Cause, str] = {
    Cause.TOO_FEW_CALLS: "not enough calls yet",
    Cause.MEASUREMENT: "the measurement",
    Cause.DEFINITION: "the definition of the story",
    Cause.READINESS: "the readiness of the field",
    Cause.TOO_EARLY: "too early to tell",
    Cause.LEADERS: "how leaders tell the story",
    Cause.TRAINING: "definition or training",
    Cause.REPS: "coaching of single reps",
    Cause.STRATEGY: "the strategy",
    Cause.NOTHING: "nothing stands out",
}


def too_few_calls(name: str, n: int, least: int) -> str:
    """Nothing can be said yet."""
    return f"Not enough calls on {name} yet: {n} of {least}."


def starts_on(name: str, launched: date) -> str:
    """Nobody is asked to wait for calls that cannot be there yet."""
    return f"{name} starts on {day(launched)}: calls are judged from then on."


def measurement_sound(n: int, judged: int) -> str:
    """The figures can be read."""
    return f"{judged} of {count(n, 'call')} could be judged."


def measurement_unsound(name: str) -> str:
    """The figures cannot be read."""
    return f"What was measured on {name} cannot be relied on yet."


def not_assessed(n: int, of: int) -> str:
    """Too many calls count for nothing."""
    return f"{n} of {count(of, 'call')} could not be assessed."


def no_name_heard(name: str, n: int) -> str:
    """Silence that may be the recogniser's."""
    return f"None of the names of {name} was heard in {count(n, 'call')}: not said, or not recognised?"


def judge_disagrees(kappa: float) -> str:
    """The judge is not to be trusted here."""
    return f"The judge and the people who labelled calls agree too little (kappa {kappa:.2f})."


def judge_errs_for_a_team(team: str, here: Alike, elsewhere: Alike) -> str:
    """The judge errs where something about the recordings differs."""
    return (
        f"Of the labelled calls of {team} the judge gives people’s verdict in {here.agreed} of {here.n}, of the others’ in "
        f"{elsewhere.agreed} of {elsewhere.n}: do their recordings differ?"
    )


def nobody_labelled(name: str) -> str:
    """No agreement is known."""
    return f"Nobody has labelled calls on {name} blind yet, so it is not known whether people mean the same by it."


def defined(known: Mapping[Component, float]) -> str:
    """People agree."""
    return f"People who label calls blind agree on {listed([COMPONENT_WORDS[component] for component in known])}."


def not_defined(vague: Mapping[Component, float]) -> str:
    """People do not agree."""
    return f"People who label the same calls do not agree on {listed([COMPONENT_WORDS[component] for component in vague])}."


def people_differ(component: Component, kappa: float, least: float) -> str:
    """The figure behind it."""
    return f"{COMPONENT_WORDS[component].capitalize()}: kappa {kappa:.2f}, at least {least:.2f} is needed."


def ready(name: str, *, stated: bool) -> str:
    """The field was ready, or nothing is stated."""
    return f"The field was ready for {name}." if stated else f"When the field was made ready for {name} is not stated."


def ready_but(name: str) -> str:
    """Ready with a blemish."""
    return f"The field was not perfectly ready for {name}, and that alone does not explain the calls."


def not_ready(name: str) -> str:
    """Unready, and it shows."""
    return f"The field was sent out with {name} before it was ready."


def too_early(name: str, judged_from: date) -> str:
    """No verdict before the lag."""
    return f"Before {day(judged_from)} calls cannot show what was learnt of {name}: no verdict on reps or market."


def too_few_leaders(name: str, n: int) -> str:
    """Nothing to compare."""
    return f"{'No leader was' if n == 0 else 'One leader was'} recorded on {name}: whether leaders tell one story is not known."


def leaders_agree(name: str) -> str:
    """One story."""
    return f"Leaders who were recorded on {name} tell the same story."


def most_leaders_tell(name: str, told: int, of: int) -> str:
    """One story from most."""
    return f"{told} of {count(of, 'leader')} recorded on {name} told why it exists: enough for the field to have heard it."


def leaders_differ(name: str, component: Component, told: int, of: int) -> str:
    """Several stories."""
    if told == of:
        return f"All {of} leaders recorded on {name} told {COMPONENT_WORDS[component]}, and most of them only mentioned it."
    who = f"{told} of {count(of, 'leader')}" if told else f"None of {count(of, 'leader')}"
    return f"{who} recorded on {name} told {COMPONENT_WORDS[component]}."


def leader_told(component: Component, told: int, of: int) -> str:
    """How many leaders told a component."""
    return f"{COMPONENT_WORDS[component].capitalize()}: {f'told by {told} of {of}' if of else 'n/a'}."


def no_shared_point(name: str) -> str:
    """Reps do not fail alike."""
    return f"{name} does not stop most reps at the same point."


def no_rep_fails(name: str) -> str:
    """Nobody stands out."""
    return f"No rep surely explains {name} in fewer than a third of the calls in which it comes up."


REPS_COME_LATER = "Not asked yet: what stands above comes first, and is nothing a single rep could mend."


def reps_to_coach(n: int, of: int, *, others_manage: bool) -> str:
    """Single reps."""
    others = ", while others show that it can be done" if others_manage else ""
    return f"{n} of {count(of, 'rep')} explain it in fewer than a third of their calls{others}."


def rep_explains(name: str, share: Estimate) -> str:
    """One rep's figure."""
    return f"{name}: {share.count} of {count(share.n, 'call')}; in the long run {likely_range(share)}."


def next_action(cause: Cause, name: str, point: Behaviour | None, reps: int, *, judged_from: date) -> str:
    """The one thing to do, for its owner."""
    return {
        Cause.TOO_FEW_CALLS: f"Wait for more calls on {name}.",
        Cause.MEASUREMENT: f"Listen to three calls on {name} that could not be judged or lack its names, and say what you hear.",
        Cause.DEFINITION: f"Rewrite what people do not agree on in the story of {name}, and have calls labelled blind again.",
        Cause.READINESS: f"Finish what the field was promised for {name} (materials, training), and count calls from then on.",
        Cause.TOO_EARLY: f"Conclude nothing from calls on {name} before {day(judged_from)}, when its lag has passed.",
        Cause.LEADERS: f"Agree on one telling of {name} among the leaders, and tell it to the field again.",
        Cause.TRAINING: _train(name, point),
        Cause.REPS: f"Coach {count(reps, 'rep')} on {name}, each on the one thing named in their profile.",
        Cause.STRATEGY: f"Ask the customers who were told the why of {name} and did not buy what would have mattered to them.",
        Cause.NOTHING: f"Keep telling {name} this way, and say so to the field.",
    }[cause]


def _train(name: str, point: Behaviour | None) -> str:
    what = f" until every rep has {BEHAVIOUR_DONE[point]} once" if point else ""
    return f"Practise {name} with the whole field at this point{what}, and see whether the story holds an answer there."


def too_few_outcomes(explained: int, other: int, least: int) -> str:
    """Wins cannot be compared yet."""
    return f"Not enough closed calls yet to set wins beside the why: {explained} with it and {other} without, of {least} each."


def relation(explained: Estimate, other: Estimate, low: float, high: float) -> str:
    """Wins with and without the why."""
    return (
        f"Won {_of(explained)} when the why came across and {_of(other)} when it did not; the difference is likely between "
        f"{_points(low)} and {_points(high)} points."
    )


def gaming(name: str, before: Estimate, now: Estimate, wins_before: Estimate, wins_now: Estimate, fits: float) -> str:
    """A question for a listener, no charge. fits: the wins that so many explained calls bring elsewhere."""
    would = f", where about {fits:.0f} would go with it" if round(fits) > (wins_now.count or 0) else ""
    return (
        f"The share of calls that explain {name} rose from {_share(before)} to {_share(now)}, and wins did not follow "
        f"({_of(wins_before)}, then {_of(wins_now)}{would}). Listen to three of the later calls: does the customer hear the why, "
        "or only the judge?"
    )


def scattered(name: str, before: int, now: int, wins_before: Estimate, wins_now: Estimate) -> str:
    """More effort, no pattern."""
    return (
        f"{name} came up in {now} calls after {before}, told one way in one call and another in the next by the same reps, and "
        f"wins did not surely rise ({_of(wins_before)}, then {_of(wins_now)}). Does everybody mean the same by it?"
    )


def adoption(found: Adoption) -> str:
    """Explained beside mentioned."""
    surely = f"surely in over {percent(found.threshold)} of calls"
    who = f"{found.consistent} of {count(found.reps, 'rep')} consistently explain it ({surely})"
    if not found.reps:
        who = f"No rep has {found.least_calls} calls with it yet, so nobody can be said to explain it consistently"
    few = f"; {count(found.too_few, 'rep has', 'reps have')} too few calls to tell" if found.too_few and found.reps else ""
    mentioned = "n/a" if found.mentioned.share is None else f"{found.mentioned.count} of {count(found.mentioned.n, 'call')}"
    return f"{who}{few}. It was mentioned in {mentioned}."


def momentum(found: Momentum) -> str:
    """Where it is going, in words that do not overstate."""
    if found.direction is Direction.UNKNOWN:
        return f"No trend can be told from {found.before.n} and {count(found.now.n, 'call')}."
    span = f"{_share(found.before)} to {_share(found.now)}, {found.before.n} and {count(found.now.n, 'call')}"
    words = {Direction.RISING: "Rising, likely", Direction.FALLING: "Falling, likely", Direction.STEADY: "Steady"}
    streak = ""
    if abs(found.streak) > 1:
        streak = f" The latest {abs(found.streak)} calls {'all' if found.streak > 0 else 'do not'} explain it."
    return f"{words[found.direction]}: {span}.{streak}"


def after_kick_off(found: Momentum) -> str | None:
    """What became of it once the launch or kick-off was three weeks past; None where nothing can be told."""
    if found.direction is Direction.UNKNOWN or found.since is None:
        return None
    fresh = f"Explained in {_share(found.before)} of calls in the weeks after the launch or latest kick-off"
    then = f"{_share(found.now)} since {day(found.since)} ({found.before.n} and {count(found.now.n, 'call')})"
    said = {
        Direction.FALLING: "it fades, likely",
        Direction.RISING: "it goes on rising, likely",
        Direction.STEADY: "it holds",
    }[found.direction]
    return f"{fresh}, {then}: {said}."


def in_brief(finding: InitiativeFinding, owner: str | None, *, withheld: str | None) -> tuple[str, ...]:
    """One line each on what holds an initiative back, how far it is told and where that goes; only what says something.

    owner: by name, of the next action. withheld: why its gate is not open, in short; its reason and next step stand with it.
    """
    lines = []
    diagnosis = finding.diagnosis
    if withheld and not finding.for_leaders:
        lines.append(f"Not coached yet: {withheld}. The reason stands with its gate.")
    elif diagnosis is None or diagnosis.cause in (Cause.TOO_FEW_CALLS, Cause.NOTHING):
        lines += [] if finding.for_leaders else [finding.next_step]
    elif finding.for_leaders:
        lines.append(f"What holds it back: {CAUSE_WORDS[diagnosis.cause]}.")
    else:
        broken = next((step.sentence for step in diagnosis.steps if step.sound is False), "")
        action = finding.next_step if diagnosis.cause is Cause.REPS else diagnosis.next_action
        who = f"Next ({owner})" if owner else "Next"
        lines.append(f"What holds it back: {CAUSE_WORDS[diagnosis.cause]}. {broken}".rstrip())
        lines.append(f"{who}: {action}")
    if finding.adoption is not None and finding.adoption.reps:
        lines.append(adoption(finding.adoption))
    if finding.momentum is not None and finding.momentum.direction is not Direction.UNKNOWN:
        lines.append(momentum(finding.momentum))
    faded = finding.after_kick_off
    if faded is not None and faded.direction is Direction.FALLING and (said := after_kick_off(faded)):
        lines.append(said)
    return tuple(lines)


def _share(estimate: Estimate) -> str:
    return "n/a" if estimate.share is None else percent(estimate.share)


def _of(estimate: Estimate) -> str:
    return f"{estimate.count} of {estimate.n}"


def _points(share: float) -> str:
    return f"{round(100 * share):+d}"
