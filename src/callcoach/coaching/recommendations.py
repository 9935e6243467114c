"""Choose what to coach next with a rep: two things at most, each resting on quotes. Knows nothing of other reps' profiles.

A candidate is a behaviour that was missing on one initiative. Its worth is a product that can be read off:
how sure the gap is (the lower end of the interval of the share missed) x how much the initiative matters (its priority) x how
often this gap is what made the verdict. What the latest calls already show is no candidate, nor what the leaders have to mend.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from callcoach.coaching import behaviours, moments, wording
from callcoach.coaching.estimates import Tally, estimate
from callcoach.coaching.heard import Heard, Hearings, team_of
from callcoach.coaching.initiatives import best_example
from callcoach.coaching.notation import first_sentences
from callcoach.coaching.old_story import calls_with_the_old_story
from callcoach.coaching.profiles import lately_explains, now_done, of_rep
from callcoach.domain.coaching import GAPS, Behaviour, Estimate, Moment, Recommendation, RepProfile
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Verdict

MAX_RECOMMENDATIONS = 2
MAX_MOMENTS = 3
DUE_DAYS = 7
SECOND_WORTH = 4
"""A second recommendation is worth at least a quarter of the first."""

RARELY_RAISED_CALLS = 5
"""Not raising an initiative is legitimate in most single calls; only a habit on a first priority is worth a word."""

_IMPORTANCE = {1: 1.0, 2: 0.8, 3: 0.6}
_IMPORTANCE_UNKNOWN = 0.7
_SIDE_ISSUE = 0.5
"""A gap that is never what made the verdict weighs half of one that always is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A behaviour missing on one initiative: the calls it is missing in, of how many, and what it is worth.

    For SHARE_IT, `missed` are the calls that show how it is done.
    """

    initiative: Initiative
    behaviour: Behaviour
    missed: tuple[Heard, ...]
    n: int
    likely: Estimate
    worth: float
    shown: tuple[Moment, ...] = ()


def recommend(
    profile: RepProfile,
    hearings: Hearings,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    today: date,
    left_to_leaders: Collection[str] = (),
) -> tuple[Recommendation, ...]:
    """At most two recommendations for one rep, the more worthwhile first; none below two judged calls."""
    if profile.n_calls < wording.MIN_CALLS:
        return ()
    chosen: list[Candidate] = []
    found = candidates(profile, hearings, initiatives, company, left_to_leaders=left_to_leaders)
    for candidate in (*found[:1], *_seconds(found)):
        if len(chosen) == MAX_RECOMMENDATIONS:
            break
        shown = _moments_to_play(candidate, taken={(moment.call_id, moment.turn) for first in chosen for moment in first.shown})
        if shown:
            chosen.append(replace(candidate, shown=shown))
    if not chosen:
        chosen = _to_share(profile, hearings, initiatives)
    return tuple(_recommendation(candidate, profile, hearings, company, today) for candidate in chosen)


def no_recommendation_because(
    profile: RepProfile, hearings: Hearings, initiatives: Sequence[Initiative], *, left_to_leaders: Collection[str] = ()
) -> str:
    """The sentence for a rep without a recommendation."""
    if profile.n_calls < wording.MIN_CALLS:
        return wording.not_enough_calls(profile.n_calls, profile.n_not_assessed)
    own = of_rep(profile.rep_id, hearings.calls)
    explained = [
        initiative.name
        for initiative in initiatives
        if initiative.id not in left_to_leaders
        and lately_explains([heard for heard in own if heard.score.initiative_id == initiative.id])
    ]
    with_leaders = [initiative.name for initiative in initiatives if initiative.id in profile.left_to_leaders]
    return wording.nothing_to_coach(explained, with_leaders)


def candidates(
    profile: RepProfile,
    hearings: Hearings,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    left_to_leaders: Collection[str] = (),
) -> tuple[Candidate, ...]:
    """Everything that could be coached, the most worthwhile first."""
    found = []
    for initiative in initiatives:
        calls = [heard for heard in hearings.of_initiative(initiative.id) if heard.assessed]
        own = of_rep(profile.rep_id, calls)
        others = [heard for heard in calls if heard.call.rep_id != profile.rep_id and team_of(heard, company) == profile.team]
        if initiative.id in left_to_leaders or lately_explains(own):
            continue
        for behaviour in GAPS:
            candidate = _candidate(initiative, behaviour, own, others)
            if candidate:
                found.append(candidate)
    order = tuple(Behaviour)
    return tuple(sorted(found, key=lambda each: (-each.worth, order.index(each.behaviour), each.initiative.id)))


def due_day(today: date) -> date:
    """A week from today, moved to the Monday after where that is a weekend."""
    due = today + timedelta(days=DUE_DAYS)
    return due + timedelta(days=7 - due.weekday()) if due.weekday() > 4 else due


def _candidate(initiative: Initiative, behaviour: Behaviour, own: Sequence[Heard], others: Sequence[Heard]) -> Candidate | None:
    missed = tuple(heard for heard in own if behaviours.did(behaviour, heard.score) is False)
    tally = behaviours.tally(behaviour, own)
    if not missed or now_done(behaviour, own) or tally.misses * 3 < tally.n:
        return None
    if behaviour is Behaviour.RAISE_IT and not (
        initiative.priority == 1 and tally.n >= RARELY_RAISED_CALLS and tally.count * 10 <= tally.n
    ):
        return None
    team = behaviours.tally(behaviour, others)
    likely = estimate(Tally(count=tally.misses, n=tally.n), Tally(count=team.misses, n=team.n))
    importance = _IMPORTANCE.get(initiative.priority or 0, _IMPORTANCE_UNKNOWN)
    decisive = sum(behaviours.root(heard.score) is behaviour for heard in missed) / len(missed)
    worth = (likely.low or 0.0) * importance * (_SIDE_ISSUE + (1 - _SIDE_ISSUE) * decisive)
    return Candidate(initiative=initiative, behaviour=behaviour, missed=missed, n=tally.n, likely=likely, worth=worth)


def _to_share(profile: RepProfile, hearings: Hearings, initiatives: Sequence[Initiative]) -> list[Candidate]:
    """For a rep with nothing to mend: the initiative most calls of theirs explain, with the moments to keep and to play."""
    found = []
    for initiative in initiatives:
        own = of_rep(profile.rep_id, [heard for heard in hearings.of_initiative(initiative.id) if heard.raised])
        explained = tuple(heard for heard in own if heard.score.verdict is Verdict.EXPLAINS)
        shown = tuple(best[0] for heard in reversed(explained) if (best := moments.done(Behaviour.SHARE_IT, heard)))
        if shown and (lately_explains(own) or len(explained) * 2 > len(own)):
            share = estimate(Tally(count=len(explained), n=len(own)), Tally(count=0, n=0))
            found.append(
                Candidate(
                    initiative=initiative,
                    behaviour=Behaviour.SHARE_IT,
                    missed=explained,
                    n=len(own),
                    likely=share,
                    worth=share.low or 0.0,
                    shown=shown[:MAX_MOMENTS],
                )
            )
    return sorted(found, key=lambda each: (-each.worth, each.initiative.id))[:1]


def _seconds(found: Sequence[Candidate]) -> list[Candidate]:
    """What may come second, in the order a manager would take it up: another thing, seen more than once, not far behind."""
    if not found:
        return []
    first, *rest = found
    others = [each for each in rest if each.behaviour is not first.behaviour and len(each.missed) > 1]
    order = tuple(Behaviour)
    near = [each for each in others if each.worth * SECOND_WORTH >= first.worth]
    return sorted(near, key=lambda each: (order.index(each.behaviour), -each.worth, each.initiative.id))


def _moments_to_play(candidate: Candidate, taken: Collection[tuple[str, int]]) -> tuple[Moment, ...]:
    """The most telling moment of each of the latest calls, those with the customer's words first; never one that was used."""
    found = []
    for heard in reversed(candidate.missed):
        fresh = [moment for moment in moments.missing(candidate.behaviour, heard) if (moment.call_id, moment.turn) not in taken]
        found += fresh[:1]
    with_customer = [moment for moment in found if moment.customer_quote]
    without = [moment for moment in found if not moment.customer_quote]
    if with_customer and candidate.behaviour is Behaviour.ANSWER_THE_WHY:
        without = []  # an answer shows nothing without its question
    return tuple((with_customer + without)[:MAX_MOMENTS])


def _recommendation(
    candidate: Candidate, profile: RepProfile, hearings: Hearings, company: Company, today: date
) -> Recommendation:
    initiative, behaviour, shown = candidate.initiative, candidate.behaviour, candidate.shown
    because = wording.because(behaviour, initiative.name, len(candidate.missed), candidate.n, candidate.likely)
    earlier = _earlier_story(candidate)
    # what is to be shared is the example
    example = None if behaviour is Behaviour.SHARE_IT else _example(candidate, profile.rep_id, hearings)
    return Recommendation(
        rep_id=profile.rep_id,
        initiative_id=initiative.id,
        behaviour=behaviour,
        headline=wording.headline(behaviour, initiative.name),
        intent=first_sentences(initiative.story.wall),
        because=f"{because} {earlier}" if earlier else because,
        moments=shown,
        practice=wording.practice(behaviour, initiative.name, shown[0], first_sentences(initiative.story.wall, 1)),
        owner=_manager(profile.team, company),
        due=due_day(today),
        n_calls=candidate.n,
        n_shown=len(candidate.missed),
        example=example,
        example_rep_id=example.rep_id if example else None,
    )


def _example(candidate: Candidate, rep_id: str, hearings: Hearings) -> Moment | None:
    """The rep's own best telling; without one, the best of a colleague."""
    explaining = [heard for heard in hearings.of_initiative(candidate.initiative.id) if heard.score.verdict is Verdict.EXPLAINS]
    own = best_example(candidate.behaviour, of_rep(rep_id, explaining))
    return own or best_example(candidate.behaviour, explaining)


def _earlier_story(candidate: Candidate) -> str | None:
    earlier = candidate.initiative.previous_story
    if earlier is None or candidate.behaviour is not Behaviour.TELL_THE_WALL:
        return None
    again = calls_with_the_old_story(candidate.initiative, candidate.missed)
    return wording.earlier_story(earlier, len(again), candidate.n) if again else None


def _manager(team_id: str | None, company: Company) -> str | None:
    team = company.team(team_id)
    return team.manager if team else None
