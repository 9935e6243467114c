"""Where a company, a team, an initiative or a rep stands: one value for every screen. Knows nothing of how it is shown.

Reps come by name, never by a figure: there is no leaderboard.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from callcoach.coaching import finding_wording
from callcoach.coaching.heard import Hearings
from callcoach.coaching.momentum import in_stretches, momentum, rank_allowed
from callcoach.coaching.outcomes import alarms, relation
from callcoach.coaching.shares import only, shares_of
from callcoach.coaching.stories import Story
from callcoach.domain.calibration import Gate
from callcoach.domain.coaching import Estimate, InitiativeFinding, MorningReport, RepReport
from callcoach.domain.diagnosis import Alarm, AlarmKind, Momentum, Question, Relation, Stretch
from callcoach.domain.people import Company
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeStanding:
    """What an initiative's calls say, with diagnosis, adoption and momentum in the finding, and what wins go with it.

    told: of all reps together, per component and for the whole why. gate: None where none is kept; withheld, it says why no
    rep's figures are shown.
    """

    finding: InitiativeFinding
    name: str
    wins: Relation
    launched: date | None = None
    told: Mapping[str, Estimate] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    gate: Gate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepStanding:
    """A rep's part of the report, and where each initiative is going with them. too_few: why nothing may be compared, or None.

    told: by initiative, the rep's shares per component and for the whole why; like momentum, none of an initiative that is not
    coached on yet or that is the leaders' to mend.
    """

    report: RepReport
    name: str
    momentum: Mapping[str, Momentum]
    too_few: str | None
    told: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All of it, for the reps and initiatives that were asked for."""

    today: date
    first_day: date | None
    last_day: date | None
    n_calls: int
    initiatives: tuple[InitiativeStanding, ...]
    reps: tuple[RepStanding, ...]
    alarms: tuple[Alarm, ...]
    stories: tuple[Story, ...] = ()


TOLD: tuple[Component | Verdict, ...] = (*Component, Verdict.EXPLAINS)
"""What is shown of every rep and initiative."""


def standing(
    report: MorningReport,
    hearings: Hearings,
    initiatives: Sequence[Initiative],
    company: Company,
    *,
    reps: Collection[str],
    about: Collection[str],
    stories: Sequence[Story] = (),
) -> Standing:
    """What stands where for `reps` (ids) and the initiatives `about` (ids)."""
    shares = shares_of(hearings, company)
    names = {initiative.id: initiative.name for initiative in initiatives}
    shown = tuple(each for each in report.reps if each.profile.rep_id in reps)
    everybody = len(shown) == len(report.reps)
    heard = set(shares.columns.initiatives)
    launched = {initiative.id: initiative.launched for initiative in initiatives}
    gates = {gate.initiative_id: gate for gate in report.gates}
    closed = {initiative_id for initiative_id, gate in gates.items() if gate.withheld}
    not_the_reps = closed | {finding.initiative_id for finding in report.initiatives if finding.for_leaders}
    raised = [
        alarm
        for initiative in initiatives
        if initiative.id in about and initiative.id in heard
        for alarm in alarms(shares, [initiative])
        if alarm.kind is not AlarmKind.GAMING or initiative.id not in not_the_reps
    ]
    return Standing(
        today=report.today,
        first_day=report.first_day,
        last_day=report.last_day,
        n_calls=report.n_calls,
        initiatives=tuple(
            InitiativeStanding(
                finding=finding if everybody else _of_these_reps(finding, reps, company),
                name=names.get(finding.initiative_id, finding.initiative_id),
                wins=relation(shares, only([finding.initiative_id])),
                launched=launched.get(finding.initiative_id),
                told={what.value: shares.fit(what, only([finding.initiative_id])).of_company() for what in TOLD},
                stretches=in_stretches(shares, finding.initiative_id),
                gate=gates.get(finding.initiative_id),
            )
            for finding in report.initiatives
            if finding.initiative_id in about
        ),
        reps=tuple(
            RepStanding(
                report=each if everybody else _own_examples(each, reps),
                name=company.name_of(each.profile.rep_id),
                momentum={
                    initiative_id: momentum(shares, initiative_id, rep_id=each.profile.rep_id)
                    for initiative_id in each.profile.verdicts
                    if initiative_id in about and initiative_id not in not_the_reps
                },
                too_few=rank_allowed(each.profile.explained.n),
                told={
                    initiative_id: {what.value: shares.of_rep(each.profile.rep_id, what, only([initiative_id])) for what in TOLD}
                    for initiative_id in each.profile.verdicts
                    if initiative_id in about and initiative_id not in not_the_reps
                },
            )
            for each in shown
        ),
        alarms=tuple(alarm for alarm in raised if alarm.about in reps or alarm.about in about),
        stories=tuple(stories),
    )


def _of_these_reps(finding: InitiativeFinding, reps: Collection[str], company: Company) -> InitiativeFinding:
    """What is said of single reps, and their quotes, left out: a rep's or team's own report says nothing of anybody else."""
    own = finding.example_rep_id in reps
    colleague = company.name_of(finding.example_rep_id) if finding.example_rep_id else None

    def names_example(sentence: str) -> bool:
        return colleague is not None and colleague in sentence

    found = replace(
        finding,
        moments=tuple(moment for moment in finding.moments if moment.rep_id in reps),
        reasons=tuple(reason for reason in finding.reasons if own or not names_example(reason)),
        next_step=finding_wording.COACH_REP_BY_REP if not own and names_example(finding.next_step) else finding.next_step,
        example=finding.example if own else None,
        example_rep_id=finding.example_rep_id if own else None,
    )
    diagnosis = found.diagnosis
    if diagnosis is None:
        return found
    steps = tuple(replace(step, evidence=()) if step.question is Question.REPS else step for step in diagnosis.steps)
    return replace(found, diagnosis=replace(diagnosis, steps=steps, reps=()))


def _own_examples(report: RepReport, reps: Collection[str]) -> RepReport:
    """A colleague's example is the manager's to ask for, in the brief; it is no part of a rep's own report."""
    return replace(
        report,
        recommendations=tuple(
            each if each.example_rep_id in reps else replace(each, example=None, example_rep_id=None)
            for each in report.recommendations
        ),
    )
