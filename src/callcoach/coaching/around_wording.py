"""Every sentence on how leaders tell an initiative, how often, and what competes with it in calls. Plain, never accusing.

Chooses words, counts nothing; that two things go together is called no cause.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from callcoach.coaching.notation import count, day, listed, percent
from callcoach.coaching.vocabulary import COMPONENT_WORDS
from callcoach.domain.around import About, LeaderSaid, Message, MessageKind
from callcoach.domain.behaviour import Estimate
from callcoach.domain.story import Component

_NEAR = 3
"""As many words are shown of those that came near."""

COMPETING_CAVEAT = (
    "Calls in which several come up are other calls: longer ones, renewals, customers with more to ask. Listen to two of each."
)

_KINDS: Mapping[MessageKind, tuple[str, str]] = {
    MessageKind.ANNOUNCED: ("announcement", "announcements"),
    MessageKind.TRAINING: ("training", "trainings"),
    MessageKind.MATERIALS: ("set of materials", "sets of materials"),
    MessageKind.RECORDING: ("recorded talk", "recorded talks"),
}


def tellings_title(name: str, leaders: int) -> str:
    """What the leaders said, one by one."""
    return f"{name}, as {count(leaders, 'leader')} told it"


def leader_said(said: LeaderSaid, name: str) -> str:
    """What one leader told, touched and left out; what is not judged in a talk to the field is not spoken of."""
    when = f" ({day(said.started_at)})" if said.started_at else ""
    parts = [f"told {COMPONENT_WORDS[component]}" for component in said.told]
    parts += [f"told {COMPONENT_WORDS[component]} in other words than the story’s" for component in said.other_words]
    parts += [
        f"came near {COMPONENT_WORDS[component]} ({', '.join(f'“{word}”' for word in near[:_NEAR])})"
        for component, near in said.touched.items()
    ]
    if said.left_out:
        parts.append(f"was not heard to tell {' or '.join(COMPONENT_WORDS[component] for component in said.left_out)}")
    return f"{name}{when} {listed(parts) if parts else 'spoke of it'}."


def consistency(name: str, speakers: Sequence[str], *, differ: bool) -> str:
    """How many speak of it, and whether two lines differ."""
    if len(speakers) == 1:
        alone = f"One leader was recorded on {name}, {speakers[0]}"
        return f"{alone}: what differs from the story stands beside it." if differ else f"{alone}."
    beside = "Where they tell it differently, both lines stand side by side." if differ else "No two lines were found to differ."
    return f"{len(speakers)} recordings of leaders speak of {name}. {beside}"


def other_words(component: Component, name: str) -> str:
    """A component told in words that are not the story's."""
    return f"{name} and the story tell {COMPONENT_WORDS[component]} differently."


def left_out(component: Component, tell: Sequence[str], leave: Sequence[str]) -> str:
    """A component told by some."""
    verb = "tells" if len(tell) == 1 else "tell"
    other = "was" if len(leave) == 1 else "were"
    who = f"{listed(list(tell))} {verb} {COMPONENT_WORDS[component]}"
    return f"They tell it differently: {who}, {listed(list(leave))} {other} not heard to."


def other_figure(one: str, other: str | None, about: About) -> str:
    """Figures or days of the same thing that are not the same."""
    what = "day" if about is About.DAY else "figure"
    if other is None:
        return f"{one} gives another {what} than the story."
    return f"{one} and {other} tell it differently: each gives another {what}."


def limited(one: str) -> str:
    """A not or an only that the story does not have."""
    return f"{one} and the story tell it differently: one sets a limit that the other does not have."


def frequency(
    name: str,
    messages: Sequence[Message],
    raised: Estimate,
    explained: Estimate,
    name_of: Callable[[str | None], str],
    *,
    today: date,
) -> str:
    """How often the field was told, by what, and how long ago; who was coached alone; then how far that reaches customers."""
    told = " ".join((*_to_all(name, messages, name_of, today), *_to_one(name, messages)))
    if not raised.n:
        return f"{told} No call is there yet to set beside it."
    heard = f"It came up in {raised.count} of {count(raised.n, 'call')}"
    return f"{told} {heard} and was explained in {explained.count} of those {explained.n}." if explained.n else f"{told} {heard}."


def _to_all(name: str, messages: Sequence[Message], name_of: Callable[[str | None], str], today: date) -> list[str]:
    """A coaching tells one rep, and not the field."""
    said = [each for each in messages if each.kind is not MessageKind.COACHING]
    if not said:
        return []
    kinds = [count(n, *words) for kind, words in _KINDS.items() if (n := sum(each.kind is kind for each in said))]
    last = said[-1]
    by = f" by {name_of(last.who)}" if last.who else ""
    times = f"{count(len(said), 'time')} since {day(said[0].on)} ({listed(kinds)})"
    ago = count((today - last.on).days, "day")
    return [f"The field was told of {name} {times}, the last time on {day(last.on)}{by}, {ago} ago."]


def _to_one(name: str, messages: Sequence[Message]) -> list[str]:
    coached = [each for each in messages if each.kind is MessageKind.COACHING]
    times = "once" if len(coached) == 1 else f"{len(coached)} times"
    return [f"Single reps were coached on {name} {times}, the last time on {day(coached[-1].on)}."] if coached else []


def competing(
    name: str,
    alone: Estimate,
    together: Estimate,
    others: Sequence[tuple[str, int]],
    between: tuple[float, float] | None,
    least: int,
) -> str:
    """Explained alone and with others, side by side; named as noise only where it surely costs."""
    beside = listed([f"{other} ({n})" for other, n in others[:3]])
    said = (
        f"{name} came up alone in {count(alone.n, 'call')} and was explained in {_of(alone)}; together with {beside} it came up "
        f"in {together.n} and was explained in {_of(together)}."
    )
    if between is None:
        return f"{said} Too few to say whether they compete ({least} of each are needed)."
    low, high = between
    points = f"between {round(100 * low):+d} and {round(100 * high):+d} points"
    if high < 0:
        return f"{said} Several at once are noise here: together it is explained less often, likely {points}."
    return f"{said} The difference is likely {points}: that they compete does not show."


def _of(share: Estimate) -> str:
    if share.low is None or share.high is None:
        return "none"
    return f"{share.count} ({percent(share.low)} to {percent(share.high)})"
