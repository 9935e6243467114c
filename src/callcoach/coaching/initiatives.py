"""Decide for each initiative whose move it is: the leaders' or single reps'. Knows nothing of what to coach with whom.

Where many reps fail at the same point and hardly any of them ever gets past it, the definition, the training or the leaders are
the cause, and no rep is coached for it. What several reps do manage can be told with what the field was given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from callcoach.coaching import behaviours, finding_wording, leaders, moments, readiness
from callcoach.coaching.diagnosis import Agreement, SharedPoint, Surroundings, diagnose, shared_point
from callcoach.coaching.heard import Heard, Hearings
from callcoach.coaching.momentum import adoption, after_kick_off, momentum
from callcoach.coaching.shares import shares_of
from callcoach.coaching.unheard import unheard_names
from callcoach.domain.coaching import Behaviour, InitiativeFinding, LeaderTelling, Moment
from callcoach.domain.diagnosis import Alike, Cause
from callcoach.domain.people import Company
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import Verdict

MAX_MOMENTS = 4


def findings(
    hearings: Hearings,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    today: date,
    agreement: Mapping[str, Agreement] | None = None,
    with_machine: Mapping[str, float | None] | None = None,
    alike: Mapping[str, Mapping[str, Alike]] | None = None,
) -> tuple[InitiativeFinding, ...]:
    """One finding per initiative that has calls or leaders' recordings: the leaders' first, then by priority and id.

    agreement: by initiative, how far people who label the same calls agree on each component; with_machine: how far the judge
    agrees with them on the verdict (kappa); alike: the same by team, counted.
    """
    found = [
        find(
            initiative,
            hearings,
            company,
            today=today,
            agreement=(agreement or {}).get(initiative.id),
            with_machine=(with_machine or {}).get(initiative.id),
            alike=(alike or {}).get(initiative.id),
        )
        for initiative in initiatives
        if hearings.of_initiative(initiative.id) or _told_by_leaders(initiative, hearings)
    ]
    priority = {initiative.id: initiative.priority or 99 for initiative in initiatives}
    return tuple(sorted(found, key=lambda each: (not each.for_leaders, priority[each.initiative_id], each.initiative_id)))


def find(
    initiative: Initiative,
    hearings: Hearings,
    company: Company,
    *,
    today: date,
    agreement: Agreement | None = None,
    with_machine: float | None = None,
    alike: Mapping[str, Alike] | None = None,
) -> InitiativeFinding:
    """What the calls of one initiative say together."""
    judged = tuple(heard for heard in hearings.of_initiative(initiative.id) if heard.assessed)
    raised = tuple(heard for heard in judged if heard.raised)
    reps = {heard.call.rep_id for heard in judged if heard.call.rep_id}
    explaining = {heard.call.rep_id for heard in judged if heard.score.verdict is Verdict.EXPLAINS and heard.call.rep_id}
    told = leaders.tellings(_told_by_leaders(initiative, hearings))
    severe, unready = readiness.unreadiness(initiative)
    shares = shares_of(hearings, company)
    silent = leaders.missing_component(told, None) or leaders.missing_component(told, Behaviour.ANSWER_THE_WHY)
    shared = shared_point(shares, initiative.id, severe=severe, silent_leaders=silent is not None)
    unheard = tuple(each.name for each in unheard_names(hearings, [initiative]))
    around = Surroundings(told=told, agreement=agreement, unheard=unheard, judge=with_machine, alike=alike or {})
    example = _example(raised, shared)
    example_rep = example.rep_id if example else None
    if shared:
        shown = _shown(shared, judged)
        question = finding_wording.question_of(shown)
        headline = finding_wording.shared_point(
            shared.behaviour, initiative.name, len(shared.failing), shared.tried, shared.teams
        )
        next_step = finding_wording.leaders_next_step(shared.behaviour, initiative.name, question)
        reasons = unready
        if example:
            rep = company.name_of(example_rep)
            reasons = (*unready, finding_wording.shown_by(initiative.name, rep, example.customer_name, example.started_at))
    elif not judged:
        shown, reasons = (), ()
        early = len([heard for heard in hearings.early if heard.score.initiative_id == initiative.id and heard.raised])
        headline = finding_wording.not_yet(initiative.name, initiative.launched, today, early)
        next_step = finding_wording.not_yet_next_step(early)
    else:
        shown, reasons = (), ()
        headline = finding_wording.to_coach(initiative.name, len(explaining), len(reps), len(raised), len(judged))
        next_step = finding_wording.coach_next_step(
            initiative.name, company.name_of(example_rep) if example else None, len(raised)
        )
    diagnosis = diagnose(initiative, shares, around, company, today=today)
    if shared and diagnosis.cause in (Cause.DEFINITION, Cause.READINESS, Cause.LEADERS, Cause.TRAINING):
        # one next action, the more concrete one, wherever the initiative is spoken of
        diagnosis = replace(diagnosis, next_action=next_step)
    elif shared and diagnosis.cause in (Cause.MEASUREMENT, Cause.TOO_EARLY):
        # nothing is concluded from calls that cannot show it yet
        next_step = diagnosis.next_action
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
        diagnosis=diagnosis,
        adoption=adoption(shares, initiative.id) if judged else None,
        momentum=momentum(shares, initiative.id) if judged else None,
        after_kick_off=after_kick_off(shares, initiative.id, _kick_offs(initiative, told)) if judged else None,
    )


def _kick_offs(initiative: Initiative, told: Sequence[LeaderTelling]) -> list[date]:
    return [initiative.launched, *(telling.started_at.date() for telling in told if telling.started_at)]


def not_for_the_reps(finding: InitiativeFinding) -> bool:
    """Whether nothing of an initiative is said of a rep: the leaders mend it, or what was measured cannot be relied on."""
    return finding.for_leaders or (finding.diagnosis is not None and finding.diagnosis.cause is Cause.MEASUREMENT)


def verdict_counts(hearings: Sequence[Heard]) -> Mapping[Verdict, int]:
    """How often each verdict was given, in the order of the verdicts; none that did not occur."""
    verdicts = [heard.score.verdict for heard in hearings]
    return {verdict: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts}


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


def _example(raised: Sequence[Heard], shared: SharedPoint | None) -> Moment | None:
    """The best telling in a call that explains; for a shared point, of that point."""
    behaviour = shared.behaviour if shared else Behaviour.TELL_THE_WALL
    return best_example(behaviour, [heard for heard in raised if heard.score.verdict is Verdict.EXPLAINS])


def best_example(behaviour: Behaviour, explaining: Sequence[Heard]) -> Moment | None:
    """The moment to imitate: with the customer's words, from the call that explains best, the latest of equals."""
    without: Moment | None = None
    for heard in sorted(explaining, key=_how_well, reverse=True):
        shown = moments.done(behaviour, heard)
        if shown and shown[0].customer_quote is not None:
            return shown[0]
        without = without or (shown[0] if shown else None)
    return without


def _how_well(heard: Heard) -> tuple[float, float, int, str]:
    day = heard.call.day
    return (heard.score.why_score or 0.0, heard.score.confidence or 0.0, day.toordinal() if day else 0, heard.call.call_id)


def _told_by_leaders(initiative: Initiative, hearings: Hearings) -> tuple[Heard, ...]:
    return tuple(heard for heard in hearings.leaders if heard.score.initiative_id == initiative.id)
