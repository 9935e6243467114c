"""Put every call that a person should hear into one queue, each with its reasons: the flagged, the uncertain, the disputed, and
some drawn by lot, since who hears only the worst learns nothing of the rest. Knows nothing of who heard which already.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from callcoach.coaching import queue_wording as words
from callcoach.coaching.flagged import every_flag, needing_a_person
from callcoach.coaching.heard import Heard, Hearings
from callcoach.coaching.moments import missing
from callcoach.domain.coaching import Behaviour, Moment
from callcoach.domain.people import Company
from callcoach.domain.queue import QueuedCall, Reason, Why
from callcoach.domain.remark import Remark
from callcoach.domain.story import Initiative

ONE_IN = 20
"""So many calls of a team and week for one that is drawn, and one at least. Not of a day: a small team has a call or two on some
days, and a lot that draws every call is none."""

_Pair = tuple[str, str]


def calls_for_a_person(
    hearings: Hearings, initiatives: Sequence[Initiative], company: Company, *, disputes: Iterable[Remark] = ()
) -> tuple[QueuedCall, ...]:
    """Every call with a reason to be heard by somebody, once for each initiative it is about, in the order of the calls.

    disputes: those that nobody has settled yet.
    """
    heard_of = {_pair(heard): heard for heard in (*hearings.early, *hearings.calls)}
    reasons: dict[_Pair, list[Reason]] = {}
    shown: dict[_Pair, Moment] = {}

    def add(pair: _Pair, reason: Reason, moment: Moment | None) -> None:
        if pair in heard_of:
            reasons.setdefault(pair, []).append(reason)
            if moment is not None:
                shown.setdefault(pair, moment)

    for dispute in disputes:
        # of an initiative that is no longer heard there is nothing in the queue to dispute
        for pair in (one for one in _about(dispute, heard_of) if one in heard_of):
            name = company.name_of(dispute.person_id)
            add(pair, Reason(why=Why.DISPUTED, sentence=words.disputed(name, dispute.text)), _disputed(dispute, heard_of[pair]))
    for flagged in every_flag(hearings, initiatives):
        pair = (flagged.call_id, flagged.initiative_id)
        add(pair, Reason(why=Why.FLAGGED, sentence=flagged.reason), flagged.moment)
    for flagged in needing_a_person(hearings):
        pair = (flagged.call_id, flagged.initiative_id)
        add(pair, Reason(why=Why.UNCERTAIN, sentence=flagged.reason), flagged.moment)
    for heard, sentence in drawn(hearings, company):
        add(_pair(heard), Reason(why=Why.RANDOM, sentence=sentence), next(iter(missing(Behaviour.RAISE_IT, heard)), None))
    teams = _teams_of_reps(company)
    return tuple(_queued(heard, reasons[pair], shown.get(pair), teams) for pair, heard in heard_of.items() if pair in reasons)


def _teams_of_reps(company: Company) -> Mapping[str, str]:
    """The team of everybody who has one, by person id."""
    return {person.id: person.team for person in company.people if person.team}


def with_disputes_of_now(kept: Sequence[QueuedCall], now: Sequence[QueuedCall]) -> tuple[QueuedCall, ...]:
    """The calls that are kept, with the disputes of `now` in place of their own; one that has no other reason left is left out.

    now: as `calls_for_a_person` puts the same calls together; all but the disputes of it is left aside.
    """
    found = {(call.call_id, call.initiative_id): replace(call, reasons=reasons) for call in now if (reasons := _disputes(call))}
    for call in kept:
        others = tuple(reason for reason in call.reasons if reason.why is not Why.DISPUTED)
        here = (call.call_id, call.initiative_id)
        if here in found:
            found[here] = replace(call, reasons=(*found[here].reasons, *others), moment=found[here].moment or call.moment)
        elif others:
            found[here] = replace(call, reasons=others)
    return tuple(found.values())


def _disputes(call: QueuedCall) -> tuple[Reason, ...]:
    return tuple(reason for reason in call.reasons if reason.why is Why.DISPUTED)


def drawn(hearings: Hearings, company: Company) -> list[tuple[Heard, str]]:
    """The calls drawn by lot, one in twenty of each team and week, each with the sentence that says of how many.

    The lot is the call's id, so that the same calls are drawn whenever it is done.
    """
    teams = _teams_of_reps(company)
    of_week: dict[tuple[date, str], dict[str, Heard]] = {}
    for heard in hearings.calls:
        if heard.assessed and heard.call.day is not None and heard.call.rep_id is not None:
            monday = heard.call.day - timedelta(days=heard.call.day.weekday())
            calls = of_week.setdefault((monday, _team(heard, teams) or ""), {})
            best = calls.get(heard.call.call_id)
            if best is None or (heard.raised and not best.raised):
                calls[heard.call.call_id] = heard
    found = []
    for (monday, team_id), calls in of_week.items():
        team = company.team(team_id)
        take = -(-len(calls) // ONE_IN)
        for call_id in sorted(sorted(calls, key=_lot)[:take]):
            sentence = words.drawn_by_lot(take, len(calls), team.name if team else team_id or None, monday)
            found.append((calls[call_id], sentence))
    return found


def _team(heard: Heard, teams: Mapping[str, str]) -> str | None:
    """The rep's team as the people file has it, else as the call has it."""
    return teams.get(heard.call.rep_id or "") or heard.call.team


def _lot(call_id: str) -> str:
    return hashlib.sha256(call_id.encode()).hexdigest()


def _pair(heard: Heard) -> _Pair:
    return heard.call.call_id, heard.score.initiative_id


def _about(dispute: Remark, heard_of: Mapping[_Pair, Heard]) -> list[_Pair]:
    """The initiative it names; without one, all that the call was judged for."""
    if dispute.initiative_id is not None:
        return [(dispute.call_id, dispute.initiative_id)]
    return [pair for pair in heard_of if pair[0] == dispute.call_id]


def _disputed(dispute: Remark, heard: Heard) -> Moment | None:
    if dispute.turn is None or not dispute.quote:
        return next(iter(missing(Behaviour.RAISE_IT, heard)), None)
    return Moment(
        call_id=heard.call.call_id,
        initiative_id=heard.score.initiative_id,
        started_at=heard.call.started_at,
        turn=dispute.turn,
        start=dispute.start,
        end=dispute.end,
        quote=dispute.quote,
        customer_name=heard.call.customer_name,
        rep_id=heard.call.rep_id,
    )


def _queued(heard: Heard, reasons: Sequence[Reason], moment: Moment | None, teams: Mapping[str, str]) -> QueuedCall:
    call, score = heard.call, heard.score
    order = list(Why)
    return QueuedCall(
        call_id=call.call_id,
        initiative_id=score.initiative_id,
        verdict=score.verdict,
        reasons=tuple(sorted(reasons, key=lambda reason: order.index(reason.why))),
        rep_id=call.rep_id,
        team=_team(heard, teams),
        started_at=call.started_at,
        customer_name=call.customer_name,
        uncertainty=None if score.confidence is None else round(1 - score.confidence, 6),
        moment=moment,
    )
