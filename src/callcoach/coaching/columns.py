"""Judged customer calls as columns, so that a year of a large company is counted at once. Knows nothing of what they add up to.

Quotes stay where they are: whoever needs one asks for the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from callcoach.coaching.heard import Heard
from callcoach.coaching.measures import code
from callcoach.domain.call import Call
from callcoach.domain.people import Company

NO_DAY = 0
SHORT_MINUTES, LONG_MINUTES = 5.0, 15.0
"""A short call hardly leaves time for a why, a long one nearly always comes to it: three bands tell the two from the rest."""

_WON, _LOST = frozenset({"won", "closed_won", "sale", "sold"}), frozenset({"lost", "closed_lost", "no_sale", "no"})
NO_OUTCOME = -1


@dataclass(frozen=True)
class Columns:
    """One row per call and initiative, in the order of the calls. Numbers point into `reps`, `teams`, `initiatives`, `kinds`.

    code: see `measures.code`. rep is -1 where nobody is named; team -1 where the rep has none. day: ordinal, NO_DAY if unknown.
    length: 0 unknown, 1 short, 2 middling, 3 long. won: 1, 0, or NO_OUTCOME while open. call: number of the call.
    amount: nan where there is none.
    """

    reps: tuple[str, ...]
    teams: tuple[str, ...]
    initiatives: tuple[str, ...]
    kinds: tuple[str, ...]
    rep: NDArray[np.intp]
    team_of_rep: NDArray[np.intp]
    initiative: NDArray[np.intp]
    kind: NDArray[np.intp]
    length: NDArray[np.intp]
    day: NDArray[np.intp]
    code: NDArray[np.int64]
    won: NDArray[np.int8]
    amount: NDArray[np.float64]

    @cached_property
    def rep_number(self) -> dict[str, int]:
        """Where each rep stands."""
        return {rep_id: number for number, rep_id in enumerate(self.reps)}

    @cached_property
    def initiative_number(self) -> dict[str, int]:
        """Where each initiative stands."""
        return {initiative_id: number for number, initiative_id in enumerate(self.initiatives)}


def columns(hearings: Sequence[Heard], company: Company) -> Columns:
    """The customer calls as columns."""
    teams: dict[str, str] = {}
    in_file = {person.id: person.team for person in company.people if person.team}
    for heard in hearings:
        if heard.call.rep_id is not None:
            teams[heard.call.rep_id] = in_file.get(heard.call.rep_id) or heard.call.team or teams.get(heard.call.rep_id, "")
    reps = tuple(sorted(teams))
    team_names = tuple(sorted({team for team in teams.values() if team}))
    initiatives = tuple(sorted({heard.score.initiative_id for heard in hearings}))
    kinds = tuple(sorted({_kind(heard.call) for heard in hearings}))
    rep_number = {rep_id: number for number, rep_id in enumerate(reps)}
    team_number = {team: number for number, team in enumerate(team_names)}
    initiative_number = {initiative_id: number for number, initiative_id in enumerate(initiatives)}
    kind_number = {kind: number for number, kind in enumerate(kinds)}
    return Columns(
        reps=reps,
        teams=team_names,
        initiatives=initiatives,
        kinds=kinds,
        rep=np.array([rep_number.get(heard.call.rep_id or "", -1) for heard in hearings], dtype=np.intp),
        team_of_rep=np.array([team_number.get(teams[rep_id], -1) for rep_id in reps], dtype=np.intp),
        initiative=np.array([initiative_number[heard.score.initiative_id] for heard in hearings], dtype=np.intp),
        kind=np.array([kind_number[_kind(heard.call)] for heard in hearings], dtype=np.intp),
        length=np.array([_length(heard.call) for heard in hearings], dtype=np.intp),
        day=np.array([heard.call.day.toordinal() if heard.call.day else NO_DAY for heard in hearings], dtype=np.intp),
        code=np.array([code(heard.score) for heard in hearings], dtype=np.int64),
        won=np.array([won(heard.call) for heard in hearings], dtype=np.int8),
        amount=np.array([np.nan if heard.call.amount is None else heard.call.amount for heard in hearings]),
    )


def won(call: Call) -> int:
    """1 for a call that ended in a sale, 0 for a lost one, NO_OUTCOME where it is open or unknown."""
    outcome = (call.outcome or "").strip().lower().replace(" ", "_")
    return 1 if outcome in _WON else 0 if outcome in _LOST else NO_OUTCOME


def length_band(minutes: float | None) -> int:
    """0 unknown, 1 short, 2 middling, 3 long."""
    if minutes is None or not minutes > 0:
        return 0
    return 1 if minutes < SHORT_MINUTES else 2 if minutes < LONG_MINUTES else 3


def _kind(call: Call) -> str:
    return call.extra.get("stage") or call.direction or ""


def _length(call: Call) -> int:
    stated = call.extra.get("minutes")
    try:
        return length_band(float(stated)) if stated else 0
    except ValueError:
        return 0
