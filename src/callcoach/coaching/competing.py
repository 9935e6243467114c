"""Set calls in which an initiative comes up alone beside those it shares with others: what several at once cost. No causes."""

from collections import Counter

from callcoach.coaching import around_wording as words
from callcoach.coaching.counted import counted, difference
from callcoach.coaching.heard import Heard, Hearings
from callcoach.domain.around import Competing
from callcoach.domain.behaviour import Estimate
from callcoach.domain.verdict import Verdict

FEWEST = 15
"""Calls on either side below which a difference is weather."""


def competing(hearings: Hearings, initiative_id: str, names: dict[str, str]) -> Competing | None:
    """The share explained alone and together with others; None where it never shared a call. names: of the initiatives."""
    raised = _raised_together(hearings)
    own = [heard for heard in hearings.of_initiative(initiative_id) if heard.raised]
    together = [heard for heard in own if len(raised[heard.call.call_id]) > 1]
    if not together:
        return None
    alone = [heard for heard in own if len(raised[heard.call.call_id]) == 1]
    others = Counter(other for heard in together for other in raised[heard.call.call_id] if other != initiative_id)
    by_itself, beside = _explained(alone), _explained(together)
    found = difference(beside, by_itself) if min(by_itself.n, beside.n) >= FEWEST else None
    costs = found is not None and found.high < 0
    ordered = tuple(sorted(others.items(), key=lambda each: (-each[1], each[0])))
    return Competing(
        alone=by_itself,
        together=beside,
        others=ordered,
        difference=found.middle if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        costs=costs,
        sentence=words.competing(
            names.get(initiative_id, initiative_id),
            by_itself,
            beside,
            [(names.get(other, other), n) for other, n in ordered],
            None if found is None else (found.low, found.high),
            FEWEST,
        ),
        caveat=words.COMPETING_CAVEAT,
    )


def _raised_together(hearings: Hearings) -> dict[str, tuple[str, ...]]:
    """By call, the initiatives that came up in it. Made once per hearings."""
    if competing not in hearings.computed:
        found: dict[str, list[str]] = {}
        for heard in hearings.calls:
            if heard.raised:
                found.setdefault(heard.call.call_id, []).append(heard.score.initiative_id)
        hearings.computed[competing] = {call_id: tuple(about) for call_id, about in found.items()}
    together: dict[str, tuple[str, ...]] = hearings.computed[competing]
    return together


def _explained(hearings: list[Heard]) -> Estimate:
    return counted(sum(heard.score.verdict is Verdict.EXPLAINS for heard in hearings), len(hearings))
