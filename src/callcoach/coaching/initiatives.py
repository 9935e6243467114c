"""Decide for each initiative whose move it is: the leaders' or single reps'. Knows nothing of what to coach with whom.

Where many reps fail at the same point and hardly any of them ever gets past it, the definition, the training or the leaders are
the cause, and no rep is coached for it. What several reps do manage can be told with what the field was given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from callcoach.coaching import behaviours, leaders, moments, wording
from callcoach.coaching.heard import Heard, Hearings, team_of
from callcoach.domain.coaching import Behaviour, InitiativeFinding, Moment
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Verdict

MIN_REPS = 3
MAX_MOMENTS = 4

POINTS = (Behaviour.ANSWER_THE_WHY, Behaviour.LINK_TO_CUSTOMER, Behaviour.TELL_THE_WALL)
"""Where a story can be missing, the one a customer notices first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPoint:
    """Reps who never got past a point, of those who came to it. Teams: of the failing reps."""

    behaviour: Behaviour
    failing: tuple[str, ...]
    managing: tuple[str, ...]
    teams: int

    @property
    def tried(self) -> int:
        """Reps who came to the point."""
        return len(self.failing) + len(self.managing)

    @property
    def doable(self) -> bool:
        """Whether enough reps get past it to say that it can be done: at least two, and a quarter."""
        return len(self.managing) >= 2 and len(self.managing) * 4 >= self.tried


def findings(
    hearings: Hearings, initiatives: Sequence[Initiative], company: Company, *, today: date
) -> tuple[InitiativeFinding, ...]:
    """One finding per initiative that has calls or leaders' recordings: the leaders' first, then by priority and id."""
    found = [
        find(initiative, hearings, company, today=today)
        for initiative in initiatives
        if hearings.of_initiative(initiative.id) or _told_by_leaders(initiative, hearings)
    ]
    priority = {initiative.id: initiative.priority or 99 for initiative in initiatives}
    return tuple(sorted(found, key=lambda each: (not each.for_leaders, priority[each.initiative_id], each.initiative_id)))


def find(initiative: Initiative, hearings: Hearings, company: Company, *, today: date) -> InitiativeFinding:
    """What the calls of one initiative say together."""
    judged = tuple(heard for heard in hearings.of_initiative(initiative.id) if heard.assessed)
    raised = tuple(heard for heard in judged if heard.raised)
    reps = {heard.call.rep_id for heard in judged if heard.call.rep_id}
    explaining = {heard.call.rep_id for heard in judged if heard.score.verdict is Verdict.EXPLAINS and heard.call.rep_id}
    told = leaders.tellings(_told_by_leaders(initiative, hearings))
    unready = leaders.unready(initiative)
    shared = shared_point(judged, company, causes=bool(unready) or leaders.disagree(told))
    example = _example(raised, shared)
    example_rep = example.rep_id if example else None
    if shared:
        shown = _shown(shared, judged)
        question = _question(shown)
        headline = wording.shared_point(shared.behaviour, initiative.name, len(shared.failing), shared.tried, shared.teams)
        next_step = wording.leaders_next_step(shared.behaviour, initiative.name, question)
        reasons = unready
        if example:
            rep = company.name_of(example_rep)
            reasons = (*unready, wording.shown_by(initiative.name, rep, example.customer_name, example.started_at))
    elif not judged:
        shown, reasons = (), ()
        early = len([heard for heard in hearings.early if heard.score.initiative_id == initiative.id and heard.raised])
        headline = wording.not_yet(initiative.name, initiative.launched, today, early)
        next_step = wording.not_yet_next_step(early)
    else:
        shown, reasons = (), ()
        headline = wording.to_coach(initiative.name, len(explaining), len(reps), len(raised), len(judged))
        next_step = wording.coach_next_step(initiative.name, company.name_of(example_rep) if example else None, len(raised))
    return InitiativeFinding(
        initiative_id=initiative.id,
        n_calls=len(judged),
        n_raised=len(raised),
        verdicts=verdict_counts(judged),
        reps=len(reps),
        reps_explaining=len(explaining),
        for_leaders=shared is not None,
        headline=headline,
        next_step=next_step,
        owner=initiative.owner,
        moments=shown,
        point=shared.behaviour if shared else None,
        reasons=reasons,
        leaders=told,
        leaders_say=leaders.say(initiative, told, company),
        example=example,
        example_rep_id=example_rep,
    )


def shared_point(judged: Sequence[Heard], company: Company, *, causes: bool) -> SharedPoint | None:
    """The point where at least three reps and half of those who came to it fail, over more than one team where there are several.

    Without `causes` (an unready field, leaders who do not tell the why), a point that a quarter of the reps get past is coaching.
    """
    several_teams = len(_teams(judged, company)) > 1
    for behaviour in POINTS:
        point = _point(behaviour, judged, company)
        half = point.tried > 0 and len(point.failing) * 2 >= point.tried
        spread = point.teams > 1 or not several_teams
        if len(point.failing) >= MIN_REPS and half and spread and (causes or not point.doable):
            return point
    return None


def verdict_counts(hearings: Sequence[Heard]) -> Mapping[Verdict, int]:
    """How often each verdict was given, in the order of the verdicts; none that did not occur."""
    verdicts = [heard.score.verdict for heard in hearings]
    return {verdict: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts}


def _point(behaviour: Behaviour, judged: Sequence[Heard], company: Company) -> SharedPoint:
    tallies = {
        rep_id: behaviours.tally(behaviour, [heard for heard in judged if heard.call.rep_id == rep_id])
        for rep_id in sorted({heard.call.rep_id for heard in judged if heard.call.rep_id})
    }
    failing = tuple(rep_id for rep_id, tally in tallies.items() if tally.n and not tally.count)
    return SharedPoint(
        behaviour=behaviour,
        failing=failing,
        managing=tuple(rep_id for rep_id, tally in tallies.items() if tally.count),
        teams=len(_teams([heard for heard in judged if heard.call.rep_id in failing], company)),
    )


def _shown(shared: SharedPoint, judged: Sequence[Heard]) -> tuple[Moment, ...]:
    """The latest telling moment of each failing rep, those with the customer's words first."""
    latest: dict[str, Moment] = {}
    for heard in judged:
        rep_id = heard.call.rep_id
        if rep_id in shared.failing and rep_id and behaviours.did(shared.behaviour, heard.score) is False:
            found = moments.missing(shared.behaviour, heard)
            if found and (found[0].customer_quote or rep_id not in latest):
                latest[rep_id] = found[0]
    ordered = sorted(latest.items(), key=lambda item: (item[1].customer_quote is None, item[0]))
    return tuple(moment for _, moment in ordered[:MAX_MOMENTS])


def _question(shown: Sequence[Moment]) -> str | None:
    """The customers' why in the fewest words, if any of them asked."""
    asked = [quote for moment in shown if (quote := moment.customer_quote) and quote.endswith("?")]
    return min(asked, key=lambda quote: (len(quote), quote), default=None)


def _example(raised: Sequence[Heard], shared: SharedPoint | None) -> Moment | None:
    """The best telling in a call that explains; for a shared point, of that point."""
    behaviour = shared.behaviour if shared else Behaviour.TELL_THE_WALL
    return best_example(behaviour, [heard for heard in raised if heard.score.verdict is Verdict.EXPLAINS])


def best_example(behaviour: Behaviour, explaining: Sequence[Heard]) -> Moment | None:
    """The moment to imitate: with the customer's words, from the call that explains best, the latest of equals."""
    found = [(heard, shown[0]) for heard in explaining if (shown := moments.done(behaviour, heard))]
    if not found:
        return None
    return max(
        found,
        key=lambda pair: (
            pair[1].customer_quote is not None,
            pair[0].score.why_score or 0.0,
            pair[0].score.confidence or 0.0,
            pair[0].call.day.toordinal() if pair[0].call.day else 0,
            pair[0].call.call_id,
        ),
    )[1]


def _told_by_leaders(initiative: Initiative, hearings: Hearings) -> tuple[Heard, ...]:
    return tuple(heard for heard in hearings.leaders if heard.score.initiative_id == initiative.id)


def _teams(hearings: Sequence[Heard], company: Company) -> set[str]:
    return {team for heard in hearings if (team := team_of(heard, company))}
