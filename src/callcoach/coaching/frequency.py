"""Set how often the field was told of an initiative beside how far that reaches customers. Claims no cause.

An occasion counts where a date states it or a recording holds it; who was in the room nobody knows.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from callcoach.coaching import around_wording as words
from callcoach.coaching.counted import counted
from callcoach.coaching.heard import Heard, Hearings
from callcoach.coaching.leaders import speaker
from callcoach.domain.around import Covered, Frequency, Message, MessageKind
from callcoach.domain.behaviour import Estimate
from callcoach.domain.diagnosis import Stretch
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Verdict


def frequency(
    hearings: Hearings, initiative: Initiative, company: Company, stretches: Sequence[Stretch], *, today: date
) -> Frequency | None:
    """Every occasion up to today, with the calls of the same stretches of time; None where neither is known."""
    messages = tuple(sorted((each for each in _messages(hearings, initiative, company) if each.on <= today), key=_place))
    heard = [each for each in hearings.of_initiative(initiative.id) if each.assessed]
    if not messages:
        return None
    raised, explained = _shares(heard)
    return Frequency(
        sentence=words.frequency(initiative.name, messages, raised, explained, company.name_of, today=today),
        messages=messages,
        covered=tuple(_covered(stretch, number, stretches, messages, heard) for number, stretch in enumerate(stretches)),
        raised=raised,
        explained=explained,
    )


def _messages(hearings: Hearings, initiative: Initiative, company: Company) -> Iterator[Message]:
    ready = initiative.readiness
    if ready.announced:
        yield Message(on=ready.announced, kind=MessageKind.ANNOUNCED)
    if ready.materials_ready:
        yield Message(on=ready.materials_ready, kind=MessageKind.MATERIALS)
    recorded = {
        heard.call.day: heard
        for heard in hearings.leaders
        if heard.score.initiative_id == initiative.id and heard.raised and heard.call.day
    }
    for training in ready.training:
        # a webinar that was recorded is one occasion, not two
        if training.date not in recorded:
            yield Message(on=training.date, kind=MessageKind.TRAINING)
    for heard in hearings.leaders:
        if heard.score.initiative_id == initiative.id and heard.raised and heard.call.day:
            yield Message(on=heard.call.day, kind=MessageKind.RECORDING, who=speaker(heard.call), call_id=heard.call.call_id)
    for coached in company.coached:
        if coached.initiative_id == initiative.id:
            yield Message(on=coached.on, kind=MessageKind.COACHING, who=coached.by)


def _covered(
    stretch: Stretch, number: int, stretches: Sequence[Stretch], messages: Sequence[Message], heard: Sequence[Heard]
) -> Covered:
    inside = [each for each in heard if each.call.day and stretch.first <= each.call.day <= stretch.last]
    # what was said before the first call was said to those who made it; a coaching tells one rep, and not the field
    to_all = [each for each in messages if each.kind is not MessageKind.COACHING]
    told = [each for each in to_all if each.on <= stretch.last and (number == 0 or each.on > stretches[number - 1].last)]
    raised, explained = _shares(inside)
    return Covered(first=stretch.first, last=stretch.last, messages=len(told), raised=raised, explained=explained)


def _shares(heard: Sequence[Heard]) -> tuple[Estimate, Estimate]:
    raised = [each for each in heard if each.raised]
    explained = sum(each.score.verdict is Verdict.EXPLAINS for each in raised)
    return counted(len(raised), len(heard)), counted(explained, len(raised))


def _place(message: Message) -> tuple[date, str, str]:
    return message.on, message.kind.value, message.call_id or ""
