"""Roll a rep's calls up into a profile: counts, shares with intervals, strengths. Knows nothing of what to recommend."""

from collections.abc import Collection, Sequence

from callcoach.coaching import behaviours, wording
from callcoach.coaching.heard import Heard, Hearings, team_of
from callcoach.coaching.initiatives import verdict_counts
from callcoach.coaching.shares import only, shares_of
from callcoach.domain.coaching import GAPS, Behaviour, HeardCall, RepProfile
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Level, Verdict

MAX_STRENGTHS = 3
LATEST = 2
"""What shows in the latest two opportunities is taken as done: one could be luck, three would ask a month of most reps."""


def roll_up(
    rep_id: str, hearings: Hearings, initiatives: Sequence[Initiative], company: Company, *, left_to_leaders: Collection[str] = ()
) -> RepProfile:
    """One rep's profile. `left_to_leaders`: initiatives whose failures are not the reps'."""
    own = hearings.of_rep(rep_id)
    judged = [heard for heard in own if heard.assessed]
    judged_calls = {heard.call.call_id for heard in judged}
    team = team_of(own[-1], company) if own else None
    shares = shares_of(hearings, company)
    fair = only({initiative.id for initiative in initiatives if initiative.id not in left_to_leaders})
    touched = {heard.score.initiative_id for heard in judged if heard.raised}
    return RepProfile(
        rep_id=rep_id,
        team=team,
        n_calls=len(judged_calls),
        verdicts={
            initiative.id: counts
            for initiative in initiatives
            if (counts := verdict_counts([heard for heard in own if heard.score.initiative_id == initiative.id]))
        },
        explained=shares.of_rep(rep_id, Verdict.EXPLAINS, fair),
        shares={behaviour: shares.of_rep(rep_id, behaviour, fair) for behaviour in GAPS},
        strengths=_strengths(judged, initiatives, left_to_leaders),
        history=tuple(_heard_call(heard) for heard in own),
        n_not_assessed=len({heard.call.call_id for heard in own} - judged_calls),
        left_to_leaders=tuple(
            initiative.id for initiative in initiatives if initiative.id in touched and initiative.id in left_to_leaders
        ),
    )


def now_done(behaviour: Behaviour, hearings: Sequence[Heard]) -> bool:
    """Whether the latest two opportunities show the behaviour."""
    answers = [answer for heard in hearings if (answer := behaviours.did(behaviour, heard.score)) is not None]
    return len(answers) >= LATEST and all(answers[-LATEST:])


def lately_explains(hearings: Sequence[Heard]) -> bool:
    """Whether the latest two calls in which the initiative came up explain it."""
    raised = [heard.score.verdict for heard in hearings if heard.raised]
    return len(raised) >= LATEST and all(verdict is Verdict.EXPLAINS for verdict in raised[-LATEST:])


def _heard_call(heard: Heard) -> HeardCall:
    return HeardCall(
        call_id=heard.call.call_id,
        initiative_id=heard.score.initiative_id,
        started_at=heard.call.started_at,
        verdict=heard.score.verdict,
        customer_name=heard.call.customer_name,
    )


def _strengths(judged: Sequence[Heard], initiatives: Sequence[Initiative], left_to_leaders: Collection[str]) -> tuple[str, ...]:
    """What the rep does well, the most telling first: at most three sentences."""
    ranked: list[tuple[int, int, str]] = []
    for place, initiative in enumerate(sorted(initiatives, key=lambda each: (each.priority or 99, each.id))):
        calls = [heard for heard in judged if heard.score.initiative_id == initiative.id]
        left = initiative.id in left_to_leaders
        ranked += [(rank, place, sentence) for rank, sentence in _strengths_on(initiative.name, calls, left)]
    return tuple(sentence for _, _, sentence in sorted(ranked)[:MAX_STRENGTHS])


def _strengths_on(name: str, judged: Sequence[Heard], left_to_leaders: bool) -> list[tuple[int, str]]:
    raised = [heard for heard in judged if heard.raised]
    explaining = [heard for heard in raised if heard.score.verdict is Verdict.EXPLAINS]
    if not raised:
        return []
    if left_to_leaders:
        best = explaining[-1].call if explaining else None
        return [(1, wording.found_it_first(name, best.customer_name, best.started_at))] if best else []
    found: list[tuple[int, str]] = []
    earlier = [heard for heard in raised if heard.score.verdict is not Verdict.EXPLAINS]
    if lately_explains(raised) and earlier:
        since = raised[raised.index(earlier[-1]) + 1 :]
        before = [heard.score.verdict for heard in earlier]
        found.append((0, wording.now_explains(name, before, [heard.call.started_at for heard in since][-LATEST:])))
    elif len(explaining) * 2 > len(raised):
        found.append((0, wording.explains(name, len(explaining), len(raised))))
    for behaviour, rank, sentence in (
        (Behaviour.ANSWER_THE_WHY, 2, wording.answers),
        (Behaviour.ASK_BEFORE_OFFERING, 3, wording.asks_first),
    ):
        tally = behaviours.tally(behaviour, raised)
        if tally.count * 2 > tally.n and tally.count >= LATEST:
            found.append((rank, sentence(name, tally.count, tally.n)))
        elif now_done(behaviour, raised):
            found.append((rank, wording.now_does(behaviour, name)))
    hammer = sum(behaviours.level(heard.score, Component.HAMMER) is Level.EXPLAINED for heard in raised)
    if hammer * 2 > len(raised) and hammer >= LATEST and not explaining:
        found.append((4, wording.shows_how(name, hammer, len(raised))))
    if len(raised) * 2 > len(judged) and len(raised) >= LATEST and not explaining:
        found.append((5, wording.brings_it_up(name, len(raised), len(judged))))
    return found
