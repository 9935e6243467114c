"""Defined, calibrated, then coach: how far an initiative has come, why, and what comes next. Knows nothing of the database.

A definition comes before a figure, and agreement of people before anything a rep is told: where two people hear different
things in the same call, the definition is the cause, and no rep is coached for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from callcoach.coaching import gate_wording as words
from callcoach.coaching.readiness import sentences, standing
from callcoach.domain.calibration import (
    CRITERION,
    Agreement,
    DefinitionProblem,
    Figure,
    Gate,
    GateState,
    Override,
    Phase,
)
from callcoach.domain.coaching import Behaviour
from callcoach.domain.definition import Severity, StoryFinding
from callcoach.domain.story import Component, Initiative

MIN_COMPARED = 5
"""On fewer calls a single kappa says nothing against a definition."""

RESTS_ON: Mapping[str, tuple[Behaviour, ...]] = {
    Component.WALL: (Behaviour.TELL_THE_WALL,),
    Component.HAMMER: (Behaviour.GIVE_A_REASON_NOT_FEATURES,),
    Component.PART: (Behaviour.LINK_TO_CUSTOMER,),
    "asked_why": (Behaviour.ANSWER_THE_WHY,),
    "answer": (Behaviour.ANSWER_THE_WHY,),
}
"""What is not coached where people do not agree on this. A criterion sharpens a level, and takes nothing from an agreed one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What calibrated means: calls labelled by at least so many people, of them raised; kappa of people, and of the machine."""

    calls: int = 20
    people: int = 2
    raised: int = 3
    agreement: float = 0.6
    machine: float = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A round that is not finished, and who is not done."""

    round_id: str
    people: tuple[str, ...]


def gate(
    initiative: Initiative,
    *,
    findings: Sequence[StoryFinding],
    agreement: Agreement | None,
    overrides: Sequence[Override],
    thresholds: Thresholds,
    today: date,
    waiting: Waiting | None = None,
) -> Gate:
    """The state of one initiative today. findings: of the check of its story; overrides: all there ever were, the first first."""
    problems = _problems(initiative, findings, agreement, thresholds)
    dates = sentences(initiative, today=today)
    drafted = _drafted(initiative, findings)
    if drafted:
        state, (reason, step) = GateState.DRAFTED, drafted
    elif not_calibrated := _not_calibrated(initiative, agreement, thresholds, waiting):
        state, (reason, step) = GateState.DEFINED, not_calibrated
    elif not_yet := _not_yet(initiative, today, dates[0]):
        state, (reason, step) = GateState.CALIBRATED, (not_yet, None)
    else:
        state, (reason, step) = GateState.COACHING, (_agreed(initiative, agreement), None)
    found = Gate(
        initiative_id=initiative.id,
        state=state,
        phase=standing(initiative, today=today).phase,
        reason=reason,
        next_step=step,
        withheld=state is not GateState.COACHING,
        owner=initiative.owner,
        problems=problems,
        readiness=dates,
    )
    override = _in_force(initiative.id, overrides, today)
    return replace(found, withheld=False, override=override) if override and found.withheld else found


def withheld_behaviours(gates: Mapping[str, Gate]) -> dict[str, frozenset[Behaviour]]:
    """What is not coached, by initiative: everything of a withheld one, and of the others what rests on what people dispute."""
    found = {}
    for initiative_id, each in gates.items():
        disputed = {behaviour for problem in each.problems for behaviour in RESTS_ON.get(problem.about, ())}
        if each.withheld:
            disputed = set(Behaviour)
        if disputed:
            found[initiative_id] = frozenset(disputed)
    return found


def _drafted(initiative: Initiative, findings: Sequence[StoryFinding]) -> tuple[str, str] | None:
    refused = [finding for finding in findings if finding.severity is Severity.REFUSE]
    if refused:
        step = f"callcoach initiative check {initiative.id}"
        return words.refused(initiative.name, refused[0].sentence, len(refused)), step
    vague = [finding for finding in findings if finding.severity is Severity.VAGUE and finding.component is None]
    if vague:
        return words.vague(initiative.name, vague[0].sentence), f"callcoach initiative check {initiative.id}"
    if not initiative.is_published:
        since = initiative.published[-1].on if initiative.published else None
        step = f"callcoach initiative publish {initiative.id} --by {initiative.owner or 'PERSON'}"
        return words.unpublished(initiative.name, since), step
    return None


def _not_calibrated(
    initiative: Initiative, agreement: Agreement | None, thresholds: Thresholds, waiting: Waiting | None
) -> tuple[str, str] | None:
    name = initiative.name
    if waiting and (agreement is None or agreement.n_calls < thresholds.calls):
        step = f"callcoach calibrate label {waiting.round_id} --person {waiting.people[0]}"
        return words.waiting(name, waiting.round_id, waiting.people), step
    label_more = f"callcoach calibrate new {initiative.id} --calls {thresholds.calls} --people A,B"
    look = f"callcoach calibrate show {initiative.id}"
    people = len(agreement.people) if agreement else 0
    if agreement is None or people < thresholds.people:
        return words.too_few_people(name, people, thresholds.people), label_more
    if agreement.n_calls < thresholds.calls:
        return words.too_few_calls(name, agreement.n_calls, thresholds.calls), label_more
    if agreement.n_raised < thresholds.raised:
        return words.too_few_raised(name, agreement.n_raised, agreement.n_calls, thresholds.raised), label_more
    verdict = agreement.among_people("verdict")
    if verdict is None or verdict.kappa is None:
        return words.people_differ(name, verdict or _nothing("verdict"), thresholds.agreement), label_more
    if verdict.kappa < thresholds.agreement:
        return words.people_differ(name, verdict, thresholds.agreement), look
    machine = agreement.with_machine("verdict")
    if machine and machine.kappa is not None and machine.n >= MIN_COMPARED and machine.kappa < thresholds.machine:
        return words.machine_differs(name, machine, thresholds.machine), look
    return None


def _not_yet(initiative: Initiative, today: date, phase: str) -> str | None:
    """What its dates say against coaching today."""
    now = standing(initiative, today=today)
    if now.phase is not Phase.SUSTAIN:
        return phase
    ready = initiative.readiness.field_ready
    return words.not_yet_ready(initiative.name, ready) if ready and ready > today else None


def _agreed(initiative: Initiative, agreement: Agreement | None) -> str:
    assert agreement is not None, "who is calibrated has labels"
    verdict = agreement.among_people("verdict") or _nothing("verdict")
    machine = agreement.with_machine("verdict")
    return words.people_agree(initiative.name, verdict, len(agreement.people), machine, agreement.older)


def _problems(
    initiative: Initiative, findings: Sequence[StoryFinding], agreement: Agreement | None, thresholds: Thresholds
) -> tuple[DefinitionProblem, ...]:
    """What is the owner's to mend: components whose text the check names vague, and what people do not agree on."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        if finding.severity is Severity.VAGUE and finding.component is not None:
            found.setdefault(finding.component.value, []).append(words.text_leaves_open(finding.sentence))
    for figure in agreement.people_people if agreement else ():
        single = figure.about in RESTS_ON or figure.about.startswith(CRITERION)
        if single and figure.n >= MIN_COMPARED and figure.kappa is not None and figure.kappa < thresholds.agreement:
            said = words.people_differ_on(initiative.name, figure, thresholds.agreement)
            found.setdefault(figure.about, []).insert(0, said)
    order = [*(component.value for component in Component), "asked_why", "answer"]
    names = sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name))
    return tuple(DefinitionProblem(about=name, sentence=" ".join(found[name])) for name in names)


def _in_force(initiative_id: str, overrides: Sequence[Override], today: date) -> Override | None:
    own = [override for override in overrides if override.initiative_id == initiative_id]
    return own[-1] if own and today <= own[-1].until else None


def _nothing(about: str) -> Figure:
    return Figure(about=about, n=0, agreed=None, kappa=None, alpha=None, low=None, high=None)
