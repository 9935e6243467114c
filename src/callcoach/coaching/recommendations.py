"""Choose what to coach next with a rep: two things at most, each resting on quotes. Knows nothing of other reps' profiles.

What an option is worth is weighed in `choice`; here the best ones that can be shown become recommendations. One that was given
lately is held: a manager who is told something else every morning coaches nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from types import MappingProxyType

from callcoach.coaching import moments, wording
from callcoach.coaching.choice import COACHABLE, options
from callcoach.coaching.heard import Heard, Hearings
from callcoach.coaching.initiatives import best_example
from callcoach.coaching.notation import first_sentences
from callcoach.coaching.old_story import calls_with_the_old_story
from callcoach.coaching.profiles import lately_explains
from callcoach.coaching.shares import only, shares_of
from callcoach.domain.coaching import Behaviour, Estimate, Given, Moment, Recommendation, RepProfile
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Verdict

MAX_RECOMMENDATIONS = 2
MAX_MOMENTS = 3
LOOKED_AT = 20
"""The latest calls moments are chosen from: what happened half a year ago is no lesson for tomorrow."""

DUE_DAYS = 7
SECOND_WORTH = 4
"""A second recommendation is worth at least a quarter of the first."""

NOTHING_WITHHELD: Mapping[str, Collection[Behaviour]] = MappingProxyType({})

HOLD_DAYS = 14
"""Two weeks are some ten calls of most reps: enough to try it, and to hear whether it took."""


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
    given: Collection[Given] = (),
    withheld: Mapping[str, Collection[Behaviour]] = NOTHING_WITHHELD,
    agreed: Collection[tuple[str, Behaviour]] = (),
    coachable: Mapping[Behaviour, float] = COACHABLE,
) -> tuple[Recommendation, ...]:
    """At most two recommendations for one rep, the more worthwhile first; none below two judged calls.

    withheld: behaviours by initiative that are not coached, above all where people do not agree on the definition.
    given: what was recommended before. It stays in its place for two weeks from its day, unless the calls now show it.
    agreed: by initiative and behaviour, what a goal is running on. It is told with the goal, and takes one of the two places.
    coachable: how far coaching changes each behaviour.
    """
    if profile.n_calls < wording.MIN_CALLS:
        return ()
    chosen: list[Candidate] = []
    weighed = candidates(
        profile, hearings, initiatives, company, left_to_leaders=left_to_leaders, withheld=withheld, coachable=coachable
    )
    found = [each for each in weighed if (each.initiative.id, each.behaviour) not in agreed]
    for candidate in _in_turn(found, _held(given, profile.rep_id, today)):
        if len(chosen) + len(agreed) >= MAX_RECOMMENDATIONS:
            break
        shown = _moments_to_play(candidate, taken={(moment.call_id, moment.turn) for first in chosen for moment in first.shown})
        if shown:
            chosen.append(replace(candidate, shown=shown))
    if not chosen and not agreed:
        chosen = _to_share(profile, hearings, initiatives, company)
    return tuple(_recommendation(candidate, profile, hearings, company, today) for candidate in chosen)


def now_given(recommendations: Iterable[Recommendation], before: Collection[Given], today: date) -> tuple[Given, ...]:
    """What is given from today on: what was given before keeps its day while it is held, the rest begins today."""
    since = {(each.rep_id, each.initiative_id, each.behaviour): each.since for each in before}
    place: dict[str, int] = {}
    found = []
    for each in recommendations:
        begun = since.get((each.rep_id, each.initiative_id, each.behaviour), today)
        found.append(
            Given(
                rep_id=each.rep_id,
                initiative_id=each.initiative_id,
                behaviour=each.behaviour,
                since=begun if timedelta(0) <= today - begun < timedelta(days=HOLD_DAYS) else today,
                place=place.setdefault(each.rep_id, 0),
            )
        )
        place[each.rep_id] += 1
    return tuple(found)


def no_recommendation_because(
    profile: RepProfile, hearings: Hearings, initiatives: Sequence[Initiative], *, left_to_leaders: Collection[str] = ()
) -> str:
    """The sentence for a rep without a recommendation."""
    if profile.n_calls < wording.MIN_CALLS:
        return wording.not_enough_calls(profile.n_calls, profile.n_not_assessed)
    own = hearings.of_rep(profile.rep_id)
    explained = [
        initiative.name
        for initiative in initiatives
        if initiative.id not in left_to_leaders
        and lately_explains([heard for heard in own if heard.score.initiative_id == initiative.id])
    ]
    with_leaders = [initiative.name for initiative in initiatives if initiative.id in profile.left_to_leaders]
    unsure = [heard for heard in own if heard.raised and not heard.certain and heard.score.initiative_id not in left_to_leaders]
    if not explained and any(heard.score.verdict is not Verdict.EXPLAINS for heard in unsure):
        return wording.only_calls_that_need_a_person(len({heard.call.call_id for heard in unsure}))
    return wording.nothing_to_coach(explained, with_leaders)


def candidates(
    profile: RepProfile,
    hearings: Hearings,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    left_to_leaders: Collection[str] = (),
    withheld: Mapping[str, Collection[Behaviour]] = NOTHING_WITHHELD,
    coachable: Mapping[Behaviour, float] = COACHABLE,
) -> tuple[Candidate, ...]:
    """Everything that could be coached, the most worthwhile first."""
    known = {initiative.id: initiative for initiative in initiatives}
    own = hearings.of_rep(profile.rep_id)
    explains = {
        initiative.id
        for initiative in initiatives
        if lately_explains([heard for heard in own if heard.score.initiative_id == initiative.id])
    }
    left_out = {*left_to_leaders, *explains}
    weighed = options(shares_of(hearings, company), profile.rep_id, initiatives, leave_out=left_out, coachable=coachable)
    return tuple(
        Candidate(
            initiative=known[option.initiative_id],
            behaviour=option.behaviour,
            missed=tuple(hearings.calls[row] for row in option.rows),
            n=option.n,
            likely=option.missed,
            worth=option.gain,
        )
        for option in weighed
        if option.behaviour not in withheld.get(option.initiative_id, ())
    )


def due_day(today: date) -> date:
    """A week from today, moved to the Monday after where that is a weekend."""
    due = today + timedelta(days=DUE_DAYS)
    return due + timedelta(days=7 - due.weekday()) if due.weekday() > 4 else due


def _to_share(profile: RepProfile, hearings: Hearings, initiatives: Sequence[Initiative], company: Company) -> list[Candidate]:
    """For a rep with nothing to mend: the initiative most calls of theirs explain, with the moments to keep and to play."""
    found = []
    for initiative in initiatives:
        own = [heard for heard in hearings.of_rep(profile.rep_id) if heard.score.initiative_id == initiative.id and heard.raised]
        explained = tuple(heard for heard in own if heard.score.verdict is Verdict.EXPLAINS)
        # what is praised must be one the judge stands for
        sure = [heard for heard in explained if heard.certain]
        latest = (best[0] for heard in reversed(sure) if (best := moments.done(Behaviour.SHARE_IT, heard)))
        shown = tuple(islice(latest, MAX_MOMENTS))
        if shown and (lately_explains(own) or len(explained) * 2 > len(own)):
            share = shares_of(hearings, company).of_rep(profile.rep_id, Verdict.EXPLAINS, only([initiative.id]))
            found.append(
                Candidate(
                    initiative=initiative,
                    behaviour=Behaviour.SHARE_IT,
                    missed=explained,
                    n=len(own),
                    likely=share,
                    worth=share.low or 0.0,
                    shown=shown,
                )
            )
    return sorted(found, key=lambda each: (-each.worth, each.initiative.id))[:1]


def _held(given: Collection[Given], rep_id: str, today: date) -> list[tuple[str, Behaviour]]:
    """What this rep was given within the last two weeks, in the order in which it was given."""
    recent = [each for each in given if each.rep_id == rep_id and timedelta(0) <= today - each.since < timedelta(days=HOLD_DAYS)]
    return [(each.initiative_id, each.behaviour) for each in sorted(recent, key=lambda each: (each.since, each.place))]


def _in_turn(found: Sequence[Candidate], held: Sequence[tuple[str, Behaviour]]) -> list[Candidate]:
    """What was given and is still missing, then the most worthwhile, then what may come second to it."""
    by_name = {(each.initiative.id, each.behaviour): each for each in found}
    kept = [by_name[name] for name in held if name in by_name]
    rest = [each for each in found if each not in kept]
    if kept:
        return [*kept, *_seconds([kept[0], *rest])]
    return [*found[:1], *_seconds(found)]


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
    certain = {heard.call.call_id for heard in candidate.missed if heard.certain}
    for heard in reversed(candidate.missed[-LOOKED_AT:]):
        fresh = [moment for moment in moments.missing(candidate.behaviour, heard) if (moment.call_id, moment.turn) not in taken]
        found += fresh[:1]
    with_customer = [moment for moment in found if moment.customer_quote]
    without = [moment for moment in found if not moment.customer_quote]
    if with_customer and candidate.behaviour is Behaviour.ANSWER_THE_WHY:
        without = []  # an answer shows nothing without its question
    shown = (with_customer + without)[:MAX_MOMENTS]
    # calls that a person has to judge first are played beside others, or where as many as can be shown miss the same
    heard_in = {moment.call_id for moment in shown}
    return tuple(shown) if heard_in & certain or len(heard_in) >= MAX_MOMENTS else ()


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
    """The rep's own best telling; without one, the best of a colleague, which is looked for once."""
    initiative_id, behaviour = candidate.initiative.id, candidate.behaviour
    own = [heard for heard in hearings.of_rep(rep_id) if heard.score.initiative_id == initiative_id]
    found = best_example(behaviour, [heard for heard in own if heard.score.verdict is Verdict.EXPLAINS])
    if found is not None:
        return found
    key = (best_example, initiative_id, behaviour)
    if key not in hearings.computed:
        everybody = [heard for heard in hearings.of_initiative(initiative_id) if heard.score.verdict is Verdict.EXPLAINS]
        hearings.computed[key] = best_example(behaviour, everybody)
    best: Moment | None = hearings.computed[key]
    return best


def _earlier_story(candidate: Candidate) -> str | None:
    earlier = candidate.initiative.previous_story
    if earlier is None or candidate.behaviour is not Behaviour.TELL_THE_WALL:
        return None
    again = calls_with_the_old_story(candidate.initiative, candidate.missed)
    return wording.earlier_story(earlier, len(again), candidate.n) if again else None


def _manager(team_id: str | None, company: Company) -> str | None:
    team = company.team(team_id)
    return team.manager if team else None
