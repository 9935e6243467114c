"""Read from closed deals what was sold and how late a price was lowered, beside whether the why was told. Knows no files.

A deal is counted once, however many calls it took; what its row does not say is not counted as no.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from callcoach.coaching import deal_wording as words
from callcoach.coaching.columns import NO_OUTCOME, won
from callcoach.coaching.counted import counted
from callcoach.coaching.heard import Heard, Hearings, team_of
from callcoach.domain.around import DealQuestion, DealSignal
from callcoach.domain.call import Call
from callcoach.domain.people import Company
from callcoach.domain.verdict import Verdict

HIGH, LOW = "high", "low"
LATE_FROM = 0.75
"""A discount in the last quarter of a deal's time is a late one: the why had three quarters in which to be told."""

LEAST_DAYS = 7
"""A shorter deal has no late part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What is known of a deal. discount in percent, 0 for none given; None: not stated. opened: its first call where not told."""

    won: bool
    high_value: bool | None
    discount: float | None
    discount_on: date | None
    opened: date | None
    closed: date | None

    @property
    def late_discount(self) -> bool | None:
        """Whether a discount was given in the last quarter of the deal's time; None where that cannot be told."""
        # the same deals are counted with a discount and without one
        if self.opened is None or self.closed is None or (days := (self.closed - self.opened).days) < LEAST_DAYS:
            return None
        if self.discount == 0:
            return False
        if self.discount_on is None:
            return None
        return (self.discount_on - self.opened).days >= LATE_FROM * days


def deal_signals(hearings: Hearings, initiative_id: str, company: Company) -> tuple[DealSignal, ...]:
    """Mix and late discounts of the deals in whose calls the initiative came up, of the company, then by team; only with data."""
    deals: dict[str, list[Heard]] = {}
    for heard in hearings.of_initiative(initiative_id):
        deals.setdefault(_deal_id(heard.call), []).append(heard)
    read = [
        (_deal(calls), _explained(calls), team_of(calls[-1], company), calls[-1].call.rep_id)
        for calls in deals.values()
        if any(heard.raised for heard in calls) and any(won(heard.call) != NO_OUTCOME for heard in calls)
    ]
    teams = sorted({team for _, _, team, _ in read if team})
    found = []
    for question in DealQuestion:
        for team in (None, *(teams if len(teams) > 1 else ())):
            told = [
                (rep_id, answer, explained)
                for deal, explained, of, rep_id in read
                if team in (None, of) and (answer := _asked(question, deal)) is not None
            ]
            # of a team with a deal or two, or with one rep's, it would be a figure about that rep
            of_several = len(told) >= words.FEWEST_DEALS and len({rep_id for rep_id, _, _ in told}) > 1
            if told and (team is None or of_several):
                found.append(_signal(question, team, [each[1:] for each in told], company))
    return tuple(found)


def _asked(question: DealQuestion, deal: Deal) -> bool | None:
    if question is DealQuestion.HIGH_VALUE:
        return deal.high_value if deal.won else None
    return deal.late_discount


def _signal(question: DealQuestion, team: str | None, told: Sequence[tuple[bool, bool]], company: Company) -> DealSignal:
    share, explained, other = (
        counted(sum(answer for answer, _ in some), len(some))
        for some in (told, [each for each in told if each[1]], [each for each in told if not each[1]])
    )
    known = company.team(team)
    name = None if team is None else known.name if known else team
    return DealSignal(
        question=question,
        team=team,
        share=share,
        explained=explained,
        other=other,
        sentence=words.signal(question, name, share, explained, other),
        caveat=words.CAVEATS[question],
    )


def _deal(calls: Sequence[Heard]) -> Deal:
    """All its calls in order, open ones too: the why may have been told in the first. Of what several say, the latest counts."""
    said: Mapping[str, str] = {}
    for heard in calls:
        said = {**said, **{name: text for name, text in heard.call.extra.items() if text}}
    days = [heard.call.day for heard in calls if heard.call.day]
    tier = said.get("tier", "").strip().lower()
    return Deal(
        won=[outcome for heard in calls if (outcome := won(heard.call)) != NO_OUTCOME][-1] == 1,
        high_value={HIGH: True, LOW: False}.get(tier),
        discount=percent_of(said.get("discount")),
        discount_on=day_of(said.get("discount_on")),
        opened=day_of(said.get("opened_on")) or (min(days) if days else None),
        closed=day_of(said.get("closed_on")),
    )


def _explained(calls: Iterable[Heard]) -> bool:
    return any(heard.score.verdict is Verdict.EXPLAINS for heard in calls)


def _deal_id(call: Call) -> str:
    opportunity = call.extra.get("opportunity_id")
    return f"deal {opportunity}" if opportunity else f"call {call.call_id}"


def percent_of(text: str | None) -> float | None:
    """`15`, `15%` or `12.5` as a number from 0 to 100; None where it is nothing of the kind."""
    try:
        share = float((text or "").strip().removesuffix("%").strip())
    except ValueError:
        return None
    return share if 0 <= share <= 100 else None


def day_of(text: str | None) -> date | None:
    """A day as it is written in tables, with or without a time; None where it is none."""
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None
