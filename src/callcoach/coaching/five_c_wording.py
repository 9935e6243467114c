"""Every sentence of the five-C card. Knows only which words to choose."""

from collections.abc import Mapping
from datetime import date

from callcoach.coaching.notation import count, day, percent
from callcoach.coaching.vocabulary import COMPONENT_WORDS
from callcoach.domain.behaviour import Estimate
from callcoach.domain.story import Component

NOT_AN_OPINION_ALONE = "What people say of it stands here with nothing measured beside it: it is no finding yet."
NO_LABELS = "Blind labels of two people: callcoach calibrate new."
NO_PULSE = "Enough answers to the pulse: callcoach pulse answer."
NO_LEADERS = "Recordings of leaders telling it: kick-offs, huddles, webinars."
NO_CALLS = "Judged calls with customers."
NOT_RAISED = "Judged calls in which it comes up."
NO_GOALS = "Goals that reps and managers agreed on: callcoach goal."
NO_COACHING = "A log of coachings: coaching_log in the people file, or a coaching noted on a goal."
NO_DATES = "The day on which the field was told: readiness.announced."
NO_TRAINING = "The trainings held: readiness.training."
NO_REPORTS = "Reports from the field: callcoach field report. None is no proof that all is well."
NO_CONSISTENT = "Reps with calls enough to say that they explain it consistently."

HEADINGS: Mapping[str, str] = {
    "clarity": "Clarity: do people hear the same story?",
    "commitment": "Commitment: is it taken up?",
    "communication": "Communication: is it told, by leaders first?",
    "cadence": "Cadence: is it kept alive?",
    "capability": "Capability: can reps explain it?",
}


def kappa(component: Component, figure: float) -> str:
    """How far people agree on one part."""
    return f"People who labelled the same calls agree on {COMPONENT_WORDS[component]} at kappa {figure:.2f}"


def share(what: str, found: Estimate, *, in_the_long_run: bool) -> str:
    """What was counted, and where more of the same is to come, its likely range."""
    if found.share is None or found.low is None or found.high is None:
        return what
    counted = f"{what}: {found.count} of {found.n}"
    return f"{counted}, in the long run likely {percent(found.low)} to {percent(found.high)}" if in_the_long_run else counted


def consistent(reps: int, of: int, threshold: float) -> str:
    """Reps whose share surely exceeds the threshold."""
    return f"Reps who surely explain it in more than {percent(threshold)} of such calls: {reps} of {of}"


def pulse(short: str) -> str:
    """A question of the pulse, as reps answered it."""
    return f"Reps who say that they {short[:1].lower()}{short[1:]}"


def leaders_told(component: Component) -> str:
    """Recordings in which a part was told."""
    return f"Leaders' recordings that tell {COMPONENT_WORDS[component]}"


def announced(on: date, launched: date) -> str:
    """How long before the launch the field was told."""
    days = (launched - on).days
    if days == 0:
        return f"The field was told on {day(on)}, the day of the launch"
    if days < 0:
        return f"The field was told on {day(on)}, {count(-days, 'day')} after the launch"
    return f"The field was told on {day(on)}, {count(days, 'day')} before the launch"


def trained(minutes: int) -> str:
    """Training before the launch."""
    return f"Training before the launch: {count(minutes, 'minute')}"


def goals_agreed() -> str:
    """Reps with a running goal on it."""
    return "Reps with calls who have an agreed goal on it"


def coached(days: int) -> str:
    """Reps that were coached lately."""
    return f"Reps with calls who were coached on it in the last {days} days"


def leaders_lately(n: int, days: int) -> str:
    """Leaders' recordings lately."""
    return f"Leaders spoke of it in {count(n, 'recording')} in the last {days} days"


def reports_answered() -> str:
    """Reports from the field that were answered."""
    return "Reports from the field that were answered"
