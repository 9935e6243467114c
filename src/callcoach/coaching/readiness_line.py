"""Put in order what the field was told and given about an initiative, beside its launch. Decides nothing about who was ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from callcoach.coaching.notation import count, listed
from callcoach.coaching.readiness import judged_from
from callcoach.coaching.vocabulary import COMPONENT_WORDS, LEVEL_WORDS
from callcoach.domain.coaching import LeaderTelling
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Level


class EventKind(StrEnum):
    """What happened on a day."""

    MESSAGE = "message"
    TRAINING = "training"
    MATERIALS = "materials"
    MARKET = "market"
    LAUNCH = "launch"
    JUDGED = "judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing on the line. after: the sentence that places it beside the launch; call_id: the recording it was told in."""

    on: date
    kind: EventKind
    sentence: str
    after: str
    call_id: str | None = None


def events(initiative: Initiative, leaders: Sequence[LeaderTelling], company: Company) -> tuple[Event, ...]:
    """All that is dated, the first first; on one day the launch comes last. leaders: their recordings."""
    found: list[tuple[date, EventKind, str, str | None]] = [(initiative.launched, EventKind.LAUNCH, "Launched", None)]
    ready = initiative.readiness
    if ready is not None:
        stated = (
            (ready.announced, EventKind.MESSAGE, "Announced to the field"),
            (ready.materials_ready, EventKind.MATERIALS, "Materials ready"),
            (ready.field_ready, EventKind.TRAINING, "Field said to be ready"),
            (ready.market_awareness_start, EventKind.MARKET, "The market hears of it"),
        )
        found += [(on, kind, sentence, None) for on, kind, sentence in stated if on is not None]
        found += [
            (each.date, EventKind.TRAINING, _training(each.format, each.minutes, each.who), None) for each in ready.training
        ]
    for each in leaders:
        if each.started_at is not None:
            name = company.name_of(each.person_id) if each.person_id else "A leader"
            found.append((each.started_at.date(), EventKind.MESSAGE, f"{name} spoke of it: {_told(each)}", each.call_id))
    if judged_from(initiative) > initiative.launched:
        found.append((judged_from(initiative), EventKind.JUDGED, "Calls can show what was learnt from here on", None))
    order = list(EventKind)
    found.sort(key=lambda each: (each[0], order.index(each[1]), each[2]))
    return tuple(
        Event(on=on, kind=kind, sentence=sentence, after=_beside(on, initiative.launched, kind), call_id=call_id)
        for on, kind, sentence, call_id in found
    )


def _training(form: str, minutes: int, who: str | None) -> str:
    whom = f" for {who}" if who else ""
    return f"{form.capitalize()}{whom}, {count(minutes, 'minute')}"


def _told(telling: LeaderTelling) -> str:
    if telling.levels is None:
        return f"not judged, {telling.reason}" if telling.reason else "not judged"
    for level in (Level.EXPLAINED, Level.MENTIONED):
        parts = [COMPONENT_WORDS[each] for each in Component if telling.levels.get(each) is level]
        if parts:
            return f"{LEVEL_WORDS[level]} {listed(parts)}"
    return "none of the three parts"


def _beside(on: date, launched: date, kind: EventKind) -> str:
    if kind is EventKind.LAUNCH:
        return ""
    days = (on - launched).days
    if days == 0:
        return "on the day of the launch"
    return f"{count(abs(days), 'day')} {'before' if days < 0 else 'after'} the launch"
