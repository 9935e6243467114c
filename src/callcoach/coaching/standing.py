"""Where a company, a team, an initiative or a rep stands: one value for every screen. Knows nothing of how it is shown.

Reps come by name, never by a figure: there is no leaderboard.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from callcoach.coaching import finding_wording
from callcoach.coaching.around import around
from callcoach.coaching.deals import deal_signals
from callcoach.coaching.field import FieldStanding, of_these_reps
from callcoach.coaching.five_c import FiveC
from callcoach.coaching.heard import Hearings
from callcoach.coaching.initiatives import not_for_the_reps
from callcoach.coaching.manager_conduct import ManagerConduct
from callcoach.coaching.momentum import in_stretches, momentum, rank_allowed
from callcoach.coaching.outcomes import alarms, relation
from callcoach.coaching.shares import only, shares_of
from callcoach.coaching.stories import Said, Story
from callcoach.domain.around import Around, DealSignal
from callcoach.domain.calibration import Gate
from callcoach.domain.coaching import Estimate, InitiativeFinding, MorningReport, RepReport
from callcoach.domain.diagnosis import Alarm, AlarmKind, Momentum, Question, Relation, Stretch
from callcoach.domain.field_reports import FieldCase
from callcoach.domain.goals import WhatWorked
from callcoach.domain.people import Company
from callcoach.domain.pulse import Pulse
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeStanding:
    """What an initiative's calls say, with diagnosis, adoption and momentum in the finding, and what wins go with it.

    told: of all reps together, per component and for the whole why; by_team: of each team of two reps or more all of whom the
    report is about, none where no share of a rep is shown. gate: None where none is kept; withheld, it says why no
    rep's figures are shown. around: leaders' tellings, how often the field was told, what competes in calls; None in a report on
    single reps or teams. deals: what was sold, and late discounts. pulse, from_field, five_c: what people say and do beside the
    calls, None where not asked for.
    """

    finding: InitiativeFinding
    name: str
    wins: Relation
    launched: date | None = None
    told: Mapping[str, Estimate] = field(default_factory=dict)
    by_team: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    gate: Gate | None = None
    around: Around | None = None
    deals: tuple[DealSignal, ...] = ()
    pulse: Pulse | None = None
    from_field: FieldStanding | None = None
    five_c: FiveC | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepStanding:
    """A rep's part of the report, and where each initiative is going with them. too_few: why nothing may be compared, or None.

    told: by initiative, the rep's shares per component and for the whole why; like momentum, none of an initiative that is not
    coached on yet or that is the leaders' to mend. stretches: the whole why over time, of the same initiatives.
    """

    report: RepReport
    name: str
    momentum: Mapping[str, Momentum]
    too_few: str | None
    told: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    stretches: Mapping[str, tuple[Stretch, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All of it, for the reps and initiatives that were asked for.

    managers: how they coach and correct, for those alone who coach managers. answered: answers to the one rep's own reports.
    worked: what coaching brought, for managers.
    """

    today: date
    first_day: date | None
    last_day: date | None
    n_calls: int
    initiatives: tuple[InitiativeStanding, ...]
    reps: tuple[RepStanding, ...]
    alarms: tuple[Alarm, ...]
    stories: tuple[Story, ...] = ()
    managers: tuple[ManagerConduct, ...] = ()
    answered: tuple[FieldCase, ...] = ()
    worked: WhatWorked | None = None


def _not_kept(_: str) -> None:
    """Without words nothing is said of how leaders tell it but what their scores quote."""


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
    said: Said = _not_kept,
) -> Standing:
    """What stands where for `reps` (ids) and the initiatives `about` (ids). said: the words of a leader's recording."""
    shares = shares_of(hearings, company)
    names = {initiative.id: initiative.name for initiative in initiatives}
    known = {initiative.id: initiative for initiative in initiatives}
    shown = tuple(each for each in report.reps if each.profile.rep_id in reps)
    everybody = len(shown) == len(report.reps)
    heard = set(shares.columns.initiatives)
    launched = {initiative.id: initiative.launched for initiative in initiatives}
    gates = {gate.initiative_id: gate for gate in report.gates}
    teams = _whole_teams(report.reps, reps)
    closed = {initiative_id for initiative_id, gate in gates.items() if gate.withheld}
    not_the_reps = closed | {finding.initiative_id for finding in report.initiatives if not_for_the_reps(finding)}
    raised = [
        replace(alarm, initiative_id=initiative.id)
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
                finding=finding
                if everybody
                else _of_these_reps(finding, names.get(finding.initiative_id, finding.initiative_id), reps, company),
                name=names.get(finding.initiative_id, finding.initiative_id),
                wins=relation(shares, only([finding.initiative_id])),
                launched=launched.get(finding.initiative_id),
                told={what.value: shares.fit(what, only([finding.initiative_id])).of_company() for what in TOLD},
                by_team={
                    team: {what.value: shares.of_team(team, what, only([finding.initiative_id])) for what in TOLD}
                    for team in teams
                    if finding.initiative_id not in not_the_reps
                },
                stretches=in_stretches(shares, finding.initiative_id),
                gate=gates.get(finding.initiative_id),
                around=around(
                    hearings, known[finding.initiative_id], initiatives, company, said=said, shares=shares, today=report.today
                )
                if everybody and finding.initiative_id in known
                else None,
                deals=_of_whole_teams(
                    deal_signals(hearings, finding.initiative_id, company), report.reps, None if everybody else reps
                ),
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
                stretches={
                    initiative_id: in_stretches(shares, initiative_id, rep_id=each.profile.rep_id)
                    for initiative_id in each.profile.verdicts
                    if initiative_id in about and initiative_id not in not_the_reps
                },
            )
            for each in shown
        ),
        alarms=tuple(alarm for alarm in raised if alarm.about in reps or alarm.about in about),
        stories=tuple(stories),
    )


def narrow(
    whole: Standing, company: Company, *, reps: Collection[str], about: Collection[str], stories: Sequence[Story] | None = None
) -> Standing:
    """What `standing` gives for these reps and initiatives, from the standing of all: nothing is added up again.

    stories: those told of them; None: of those that are there, the ones that name nobody else.
    """
    shown = tuple(each for each in whole.reps if each.report.profile.rep_id in reps)
    everybody = len(shown) == len(whole.reps)
    teams = _whole_teams([each.report for each in whole.reps], reps)
    told = whole.stories if stories is None else tuple(stories)
    if stories is None:
        told = tuple(
            story
            for story in told
            if (story.initiative_id is None or story.initiative_id in about)
            and (everybody or (story.rep_ids and {*story.rep_ids, *(each.rep_id for each in story.moments)} <= {*reps}))
        )
    return replace(
        whole,
        initiatives=tuple(
            each
            if everybody
            else replace(
                each,
                finding=_of_these_reps(each.finding, each.name, reps, company),
                by_team={team: told for team, told in each.by_team.items() if team in teams},
                around=None,
                deals=_of_whole_teams(each.deals, [one.report for one in whole.reps], reps),
                from_field=of_these_reps(each.from_field, reps) if each.from_field else None,
            )
            for each in whole.initiatives
            if each.finding.initiative_id in about
        ),
        reps=tuple(
            replace(
                each,
                report=each.report if everybody else _own_examples(each.report, reps),
                momentum={key: value for key, value in each.momentum.items() if key in about},
                told={key: value for key, value in each.told.items() if key in about},
                stretches={key: value for key, value in each.stretches.items() if key in about},
            )
            for each in shown
        ),
        alarms=tuple(
            alarm
            for alarm in whole.alarms
            if (alarm.initiative_id is None or alarm.initiative_id in about) and (alarm.about in reps or alarm.about in about)
        ),
        stories=told,
        managers=(),
        answered=(),
        worked=None,
    )


def of_several(initiative: InitiativeStanding, reps: Sequence[RepStanding]) -> Mapping[str, Mapping[str, Estimate]]:
    """Teams' shares without those that tell one rep's: by themselves, or taken from all reps' together.

    reps: of the whole company. One counts where a call of theirs does: a team of two of whom one was heard is that one.
    """
    initiative_id = initiative.finding.initiative_id
    found: dict[str, dict[str, Estimate]] = {}
    for what in (each.value for each in TOLD):
        counted = (each for each in reps if initiative_id in each.told and each.told[initiative_id][what].n)
        heard = Counter(each.report.profile.team for each in counted)
        teams = sorted((team for team in initiative.by_team if heard[team] > 1), key=lambda team: (heard[team], team))
        if heard.total() - sum(heard[team] for team in teams) == 1:
            teams = teams[1:]
        for team in teams:
            found.setdefault(team, {})[what] = initiative.by_team[team][what]
    return found


def _of_whole_teams(
    signals: Sequence[DealSignal], all_reps: Sequence[RepReport], reps: Collection[str] | None
) -> tuple[DealSignal, ...]:
    """The signals of teams all of whose reps are among these: a share of a team is no figure about one of them. None: all."""
    if reps is None:
        return tuple(signals)
    of_others = {each.profile.team for each in all_reps if each.profile.rep_id not in reps}
    teams = {each.profile.team for each in all_reps if each.profile.rep_id in reps} - of_others
    several = sum(each.profile.team in teams for each in all_reps) > 1
    return tuple(signal for signal in signals if several and signal.team is not None and signal.team in teams)


def _whole_teams(all_reps: Sequence[RepReport], reps: Collection[str]) -> tuple[str, ...]:
    """The teams all of whose reps are among these, in order; not one of a single rep, whose figure it would be."""
    members: dict[str, list[str]] = {}
    for each in all_reps:
        if each.profile.team is not None:
            members.setdefault(each.profile.team, []).append(each.profile.rep_id)
    return tuple(sorted(team for team, own in members.items() if len(own) > 1 and all(rep in reps for rep in own)))


def _of_these_reps(finding: InitiativeFinding, name: str, reps: Collection[str], company: Company) -> InitiativeFinding:
    """What is said of single reps, and their quotes, left out: a rep's or team's own report says nothing of anybody else."""
    own = finding.example_rep_id in reps
    colleague = company.name_of(finding.example_rep_id) if finding.example_rep_id else None

    def names_example(sentence: str) -> bool:
        return colleague is not None and colleague in sentence

    shown = tuple(moment for moment in finding.moments if moment.rep_id in reps)
    found = replace(
        finding,
        moments=shown,
        reasons=tuple(reason for reason in finding.reasons if own or not names_example(reason)),
        next_step=finding_wording.COACH_REP_BY_REP if not own and names_example(finding.next_step) else finding.next_step,
        example=finding.example if own else None,
        example_rep_id=finding.example_rep_id if own else None,
    )
    diagnosis = found.diagnosis
    if diagnosis is None:
        return found
    steps = tuple(replace(step, evidence=()) if step.question is Question.REPS else step for step in diagnosis.steps)
    action = diagnosis.next_action
    if finding.point is not None:
        # the step may quote a customer of a colleague; an own customer's question may stand in its place
        theirs = finding_wording.leaders_next_step(finding.point, name, finding_wording.question_of(finding.moments))
        instead = finding_wording.leaders_next_step(finding.point, name, finding_wording.question_of(shown))
        found = replace(found, next_step=instead if found.next_step == theirs else found.next_step)
        action = instead if action == theirs else action
    return replace(found, diagnosis=replace(diagnosis, steps=steps, reps=(), next_action=action))


def _own_examples(report: RepReport, reps: Collection[str]) -> RepReport:
    """A colleague's example is the manager's to ask for, in the brief; it is no part of a rep's own report."""
    return replace(
        report,
        recommendations=tuple(
            each if each.example_rep_id in reps else replace(each, example=None, example_rep_id=None)
            for each in report.recommendations
        ),
    )
