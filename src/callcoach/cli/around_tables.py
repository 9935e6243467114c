"""What surrounds an initiative's calls, as lines for a terminal. Knows how it is said, not how it was found."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcoach.coaching import around_wording
from callcoach.coaching.notation import clock, day

if TYPE_CHECKING:
    from callcoach.coaching.standing import InitiativeStanding
    from callcoach.domain.around import Consistency
    from callcoach.domain.coaching import Moment
    from callcoach.domain.people import Company


def around_lines(standing: "InitiativeStanding", company: "Company") -> Iterator[str]:
    """How leaders tell it and how often, what competes in calls, what was sold."""
    around = standing.around
    if around is not None and around.consistency is not None:
        yield from _tellings(around.consistency, company)
    if around is not None and around.frequency is not None:
        yield around.frequency.sentence
    if around is not None and around.competing is not None:
        yield around.competing.sentence
        yield f"    {around.competing.caveat}"
    for signal in standing.deals:
        yield f"{signal.question.value.capitalize()}: {signal.sentence}"
    for caveat in dict.fromkeys(signal.caveat for signal in standing.deals):
        yield f"    {caveat}"


def _tellings(found: "Consistency", company: "Company") -> Iterator[str]:
    yield found.sentence
    for said in found.leaders:
        yield f"    {around_wording.leader_said(said, company.name_of(said.person_id) if said.person_id else said.call_id)}"
    for difference in found.differences:
        yield f"  - {difference.sentence}"
        yield _quote(difference.one, company)
        yield _quote(difference.other, company) if difference.other else f"      The story: “{difference.story}”"


def _quote(moment: "Moment", company: "Company") -> str:
    at = f" at {clock(moment.start)}" if clock(moment.start) else ""
    speaker = company.name_of(moment.rep_id) if moment.rep_id else moment.call_id
    return f"      {speaker}: “{moment.quote}” ({moment.call_id}, {day(moment.started_at)}{at})"
