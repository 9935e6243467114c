"""What customers said next to each part of a story: what it built on, what they asked after it, where they went elsewhere.

Collected from the judged calls for whoever writes the next version. Says nothing of single reps, and nothing of feelings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from heapq import nlargest
from typing import NamedTuple

from callcoach.coaching import signal_wording as words
from callcoach.coaching.heard import Heard
from callcoach.coaching.notation import excerpt
from callcoach.domain.signals import Act
from callcoach.domain.story import Component
from callcoach.domain.verdict import Evidence

MOST_QUOTES = 6
QUOTE_CHARACTERS = 200


class SignalKind(StrEnum):
    """What a customer did next to a part of the story, the most telling for a new version first."""

    ASK = "ask"
    MOVED_ON = "moved_on"
    NEED = "need"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSignal:
    """One customer line, word for word, and the rep's line it stands next to. Turns count from 0."""

    component: Component
    kind: SignalKind
    call_id: str
    customer_name: str | None
    day: date | None
    turn: int
    start: float | None
    quote: str
    told_turn: int
    told: str
    told_start: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSignals:
    """One part of the story: calls in which it was told, in how many of them what happened, the latest quotes of each kind."""

    component: Component
    told: int
    needs: int
    asked: int
    moved_on: int
    sentence: str
    quotes: tuple[CustomerSignal, ...]


class _Found(NamedTuple):
    """A signal before its words are cut to length, which only those that are shown are."""

    kind: SignalKind
    heard: Heard
    turn: int
    start: float | None
    quote: str
    telling: Evidence


def customer_signals(hearings: Sequence[Heard], *, since: date | None = None) -> tuple[ComponentSignals, ...]:
    """The signals of one initiative's customer calls, part by part; `since` leaves out earlier calls and those without a day."""
    told: dict[Component, int] = dict.fromkeys(Component, 0)
    found: dict[Component, list[_Found]] = {component: [] for component in Component}
    for heard in hearings:
        if not heard.raised or (since is not None and (heard.call.day is None or heard.call.day < since)):
            continue
        for component, tellings in _tellings(heard).items():
            told[component] += 1
            found[component] += _in_call(heard, tellings)
    return tuple(_of_component(component, told[component], found[component]) for component in Component)


def _of_component(component: Component, told: int, found: Sequence[_Found]) -> ComponentSignals:
    calls = {kind: len({each.heard.call.call_id for each in found if each.kind is kind}) for kind in SignalKind}
    return ComponentSignals(
        component=component,
        told=told,
        needs=calls[SignalKind.NEED],
        asked=calls[SignalKind.ASK],
        moved_on=calls[SignalKind.MOVED_ON],
        sentence=words.signals(component, told, calls[SignalKind.NEED], calls[SignalKind.ASK], calls[SignalKind.MOVED_ON]),
        quotes=tuple(_signal(component, each) for each in _shown(found)),
    )


def _tellings(heard: Heard) -> dict[Component, list[Evidence]]:
    """The rep's lines that told a part of the story, for each part that was told."""
    found: dict[Component, list[Evidence]] = {}
    for line in heard.score.evidence:
        component = _COMPONENTS.get(line.act)
        if component is not None and line.quote.strip():
            found.setdefault(component, []).append(line)
    return found


def _in_call(heard: Heard, tellings: Sequence[Evidence]) -> Iterable[_Found]:
    evidence = heard.score.evidence
    for line in evidence:
        if line.act == Act.NEED:
            built_on = next((telling for telling in tellings if telling.reply_to == line.turn), None)
            if built_on is not None:
                yield _Found(SignalKind.NEED, heard, line.turn, line.start, line.quote, built_on)
        elif line.act == Act.ASK:
            before = _told_last(line.turn, evidence)
            asked_after = next((telling for telling in tellings if telling.turn == before), None)
            if asked_after is not None:
                yield _Found(SignalKind.ASK, heard, line.turn, line.start, line.quote, asked_after)
    reaction = heard.score.reaction
    if reaction is not None and reaction.stayed is False and not reaction.asked_why:
        pitched = next((telling for telling in tellings if telling.turn == reaction.pitch_turn), None)
        if pitched is not None:
            yield _Found(SignalKind.MOVED_ON, heard, reaction.turn, reaction.start, reaction.quote, pitched)


def _told_last(turn: int, evidence: Sequence[Evidence]) -> int | None:
    """The latest turn before this one in which any part of the story was told: that is what a question is about."""
    return max((line.turn for line in evidence if line.turn < turn and line.act in _COMPONENTS), default=None)


def _signal(component: Component, found: _Found) -> CustomerSignal:
    call = found.heard.call
    return CustomerSignal(
        component=component,
        kind=found.kind,
        call_id=call.call_id,
        customer_name=call.customer_name,
        day=call.day,
        turn=found.turn,
        start=found.start,
        quote=excerpt(found.quote, QUOTE_CHARACTERS, question=found.kind is SignalKind.ASK),
        told_turn=found.telling.turn,
        told=excerpt(found.telling.quote, QUOTE_CHARACTERS),
        told_start=found.telling.start,
    )


def _shown(found: Sequence[_Found]) -> list[_Found]:
    """Of each kind the latest, one a call, the most telling kind first."""
    shown: list[_Found] = []
    for kind in SignalKind:
        one_a_call: dict[str, _Found] = {}
        for each in found:
            if each.kind is kind:
                one_a_call.setdefault(each.heard.call.call_id, each)
        latest = nlargest(MOST_QUOTES // len(SignalKind), one_a_call.values(), key=_when)
        shown += latest
    return shown


def _when(found: _Found) -> tuple[str, str]:
    call = found.heard.call
    return str(call.day or ""), call.call_id


_COMPONENTS = {component.value: component for component in Component}
