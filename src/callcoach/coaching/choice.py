"""Weigh what could be coached with a rep: which behaviour, on which initiative, is worth how much. Knows no quotes and no words.

The expected gain is a product that can be read off: how large the gap is (expected share missed) x how much the initiative
matters (its priority) x how coachable the behaviour is x how often this gap is what made the verdict x how sure it is that it is
one of the rep's two weakest. What the latest calls already show is no option, nor what hardly misses.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching.hierarchy import Fit
from callcoach.coaching.measures import NO, NOT_ASKED, YES, answers, roots
from callcoach.coaching.shares import Shares, only
from callcoach.domain.coaching import GAPS, Behaviour, Estimate
from callcoach.domain.story import Initiative

LATEST, LATEST_OF_MANY, MANY = 2, 3, 8
"""What shows in the latest two opportunities is taken as done; of eight and more it takes three: two are soon an error."""

LEAST_GAP = 0.4
"""A rep expected to do it in six of ten such calls or more has something better to work on, or something to show."""

SURE_GAP = 0.8
"""From eight calls on, a gap that large must also be this sure; with fewer, hardly any would be."""

RARELY_RAISED_CALLS = 5
"""Not raising an initiative is legitimate in most single calls; only a habit on a first priority is worth a word."""

IMPORTANCE: Mapping[int, float] = {1: 1.0, 2: 0.8, 3: 0.6}
IMPORTANCE_UNKNOWN = 0.7
SIDE_ISSUE = 0.5
"""A gap that is never what made the verdict weighs half of one that always is."""

COACHABLE: Mapping[Behaviour, float] = {
    # what a manager can hear, show and practise in one sitting, before what takes knowing the customers
    Behaviour.ASK_BEFORE_OFFERING: 1.0,
    Behaviour.LEAVE_THE_SCRIPT: 1.0,
    Behaviour.GIVE_A_REASON_NOT_FEATURES: 1.0,
    Behaviour.TELL_THE_WALL: 1.0,
    Behaviour.ANSWER_THE_WHY: 0.9,
    Behaviour.LINK_TO_CUSTOMER: 0.9,
    Behaviour.RAISE_IT: 0.9,
}
UNSURE = 0.35
"""A gap that is surely not one of the rep's two weakest weighs a third of one that surely is: others may come from it."""

_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A behaviour missing on one initiative. rows: of the calls that miss it, in order; n: calls with an opportunity.

    missed: the share missed in the long run. sure: the probability that it is one of the rep's two weakest behaviours there.
    """

    initiative_id: str
    behaviour: Behaviour
    rows: tuple[int, ...]
    n: int
    missed: Estimate
    gain: float
    sure: float


def options(
    shares: Shares,
    rep_id: str,
    initiatives: Sequence[Initiative],
    *,
    leave_out: Collection[str] = (),
    coachable: Mapping[Behaviour, float] = COACHABLE,
) -> list[Option]:
    """Everything that could be coached with one rep, the most worthwhile first. leave_out: initiatives that are not the rep's.

    coachable: how far coaching changes each behaviour, 1 where a manager can bring it about in one sitting.
    """
    rep = shares.columns.rep_number.get(rep_id)
    found = []
    if rep is not None:
        for initiative in initiatives:
            if initiative.id not in leave_out and initiative.id in shares.columns.initiative_number:
                found += _on(shares, rep, initiative, coachable)
    order = tuple(Behaviour)
    return sorted(found, key=lambda each: (-each.gain, order.index(each.behaviour), each.initiative_id))


def _on(shares: Shares, rep: int, initiative: Initiative, coachable: Mapping[Behaviour, float]) -> list[Option]:
    columns = shares.columns
    rows = np.flatnonzero((columns.rep == rep) & (columns.initiative == columns.initiative_number[initiative.id]))
    if not len(rows):
        return []
    codes = columns.code[rows]
    fits: dict[Behaviour, Fit] = {behaviour: shares.fit(behaviour, only([initiative.id])) for behaviour in GAPS}
    sure = _one_of_two_weakest(fits, rep)
    importance = IMPORTANCE.get(initiative.priority or 0, IMPORTANCE_UNKNOWN)
    root = roots()[codes]
    found = []
    for place, behaviour in enumerate(GAPS):
        answer = answers(behaviour)[codes]
        asked = answer[answer != NOT_ASKED]
        if not _is_gap(behaviour, asked, initiative, fits[behaviour], rep):
            continue
        missing = answer == NO
        decisive = float((root[missing] == place).mean())
        done = fits[behaviour].estimate(rep)
        assert done.share is not None and done.low is not None and done.high is not None, "a gap has a call"
        missed = Estimate(
            n=done.n, share=1 - done.share, low=1 - done.high, high=1 - done.low, coverage=done.coverage, count=int(missing.sum())
        )
        gain = (1 - done.share) * importance * coachable[behaviour] * (SIDE_ISSUE + (1 - SIDE_ISSUE) * decisive)
        found.append(
            Option(
                initiative_id=initiative.id,
                behaviour=behaviour,
                rows=tuple(int(row) for row in rows[missing]),
                n=len(asked),
                missed=missed,
                gain=round(gain * (UNSURE + (1 - UNSURE) * sure.get(behaviour, 1.0)), 6),
                sure=round(sure.get(behaviour, 1.0), 6),
            )
        )
    return found


def already_done(asked: NDArray[np.int8]) -> bool:
    """Counter-evidence: whether the latest opportunities (YES and NO, in order) all show the behaviour."""
    latest = LATEST if len(asked) < MANY else LATEST_OF_MANY
    return len(asked) >= latest and bool((asked[-latest:] == YES).all())


def _is_gap(behaviour: Behaviour, asked: NDArray[np.int8], initiative: Initiative, fit: Fit, rep: int) -> bool:
    missed = int((asked == NO).sum())
    if not missed or already_done(asked) or missed * 3 < len(asked):
        return False
    if behaviour is Behaviour.RAISE_IT:
        return initiative.priority == 1 and len(asked) >= RARELY_RAISED_CALLS and (len(asked) - missed) * 10 <= len(asked)
    if len(asked) >= MANY:
        return bool(fit.reached(rep, np.array([1 - LEAST_GAP]))[0] >= SURE_GAP)
    return bool(1 - fit.mean[rep] >= LEAST_GAP)


def _one_of_two_weakest(fits: dict[Behaviour, Fit], rep: int) -> dict[Behaviour, float]:
    """For each behaviour with an opportunity, the probability that at most one other is done more seldom."""
    told = [behaviour for behaviour, fit in fits.items() if behaviour is not Behaviour.RAISE_IT and not np.isnan(fit.mean[rep])]
    if len(told) <= 2:
        return dict.fromkeys(told, 1.0)
    shares = np.linspace(0, 1, _STEPS + 1)
    reached = np.stack([fits[behaviour].reached(rep, shares) for behaviour in told])
    chance, middle = np.diff(reached, axis=1), (reached[:, 1:] + reached[:, :-1]) / 2
    found: dict[Behaviour, float] = {}
    for place, behaviour in enumerate(told):
        lower = np.delete(middle, place, axis=0)
        none = np.prod(1 - lower, axis=0)
        one = sum(lower[other] * np.prod(np.delete(1 - lower, other, axis=0), axis=0) for other in range(len(lower)))
        found[behaviour] = float((chance[place] * (none + one)).sum())
    return found
