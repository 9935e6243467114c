"""Every sentence of the pulse: what is asked, and what the answers come to. Knows only which words to choose."""

from collections.abc import Mapping
from datetime import date

from callcoach.coaching.notation import count, day
from callcoach.domain.behaviour import Estimate
from callcoach.domain.people import PersonRole
from callcoach.domain.pulse import HIGHEST, LOWEST, PulseQuestion

ASKED_OF_REPS: Mapping[PulseQuestion, str] = {
    PulseQuestion.WHY: "I can say in one sentence why we do this.",
    PulseQuestion.WHO: "I know which customers it is for.",
    PulseQuestion.MEANS: "When a customer asks what it means for them, I have an answer.",
    PulseQuestion.GIVEN: "I was given what I need to tell it: training, material and time.",
    PulseQuestion.COACHED: "I was coached on it in the last two weeks.",
    PulseQuestion.HEARD: "When a part of the story does not land, I can say so and something comes of it.",
}
ASKED_OF_MANAGERS: Mapping[PulseQuestion, str] = {
    PulseQuestion.WHY: "My reps can say in one sentence why we do this.",
    PulseQuestion.WHO: "My reps know which customers it is for.",
    PulseQuestion.MEANS: "When a customer asks what it means for them, my reps have an answer.",
    PulseQuestion.GIVEN: "My reps were given what they need to tell it: training, material and time.",
    PulseQuestion.COACHED: "I coached each of my reps on it in the last two weeks.",
    PulseQuestion.HEARD: "When a part of the story does not land, my reps can say so and something comes of it.",
}
IN_SHORT: Mapping[PulseQuestion, str] = {
    PulseQuestion.WHY: "Can say the why in a sentence",
    PulseQuestion.WHO: "Know whom it is for",
    PulseQuestion.MEANS: "Have an answer to “what does it mean for me?”",
    PulseQuestion.GIVEN: "Were given what they need",
    PulseQuestion.COACHED: "Were coached in the last two weeks",
    PulseQuestion.HEARD: "Are heard when it does not land",
}
SCALE = f"{LOWEST} not at all, {HIGHEST} fully, or don't know."
MANAGERS_ARE_FEW = "What managers answer is shown however few they are, so that one manager's answer can be told."
NOBODY_YET = "Nobody has answered the pulse yet."


def asked(question: PulseQuestion, role: PersonRole) -> str:
    """The sentence to grade: a rep's of themselves, a manager's of their reps."""
    return (ASKED_OF_MANAGERS if role is PersonRole.MANAGER else ASKED_OF_REPS)[question]


def anonymous(least: int) -> str:
    """What a rep is told before answering."""
    return (
        f"Reps' answers are shown for the whole company only, in whole groups of {least}, never by team or name: the next ones "
        f"are counted once {least} more are in."
    )


def kept_with_id(as_rep: bool) -> str:
    """What the anonymity does not cover."""
    return f"Your {'sheet' if as_rep else 'answer'} is kept with your id, so that a later one counts in its place."


def kept(closes: date) -> str:
    """After answering."""
    return f"Kept. You may change it until {day(closes, year=True)}; only your latest answer counts."


def waiting(n: int, least: int) -> str:
    """Sheets that are in and not counted yet."""
    return f"{count(n, 'more answer')} from reps will be counted when {least} are together."


def too_few(least: int) -> str:
    """Instead of a figure."""
    return f"Fewer than {least} reps gave a grade that is counted, so that nothing is shown of them."


def gap(managers: Estimate | None, reps: Estimate | None, low: float | None, high: float | None, least: int) -> str:
    """The two sides beside each other, and whether the gap can be told from chance."""
    sides = f"{_side(managers, 'manager')} {_side(reps, 'rep')}"
    if reps is None:
        return f"{_side(managers, 'manager')} {too_few(least)}"
    if low is None or high is None:
        return sides
    if low > 0:
        return f"{sides} Managers expect more than reps have."
    if high < 0:
        return f"{sides} Reps have more than managers expect."
    return f"{sides} From so few answers no gap can be told from chance."


def points(gap: float, low: float, high: float) -> str:
    """The gap in points of a hundred, with its likely range."""
    return f"Managers less reps: {100 * gap:+.0f} points, likely {100 * low:+.0f} to {100 * high:+.0f}."


def _side(found: Estimate | None, who: str) -> str:
    if found is None or found.n == 0:
        return f"No {who} gave a grade."
    return f"{found.count} of {count(found.n, who)} {'agrees' if found.count == 1 else 'agree'}."
