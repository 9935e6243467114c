"""Every sentence about the gate, calibration and corrections. Knows which words to choose, nothing of how things are counted."""

from collections.abc import Sequence
from datetime import date

from callcoach.coaching.notation import count, day, listed, plain
from callcoach.coaching.vocabulary import COMPONENT_WORDS, VERDICT_WORDS
from callcoach.domain.calibration import CRITERION, Figure, Gate, GateState, Override, Phase
from callcoach.domain.review import Correction
from callcoach.domain.story import Component

STATE_MEANING = {
    GateState.DRAFTED: "the story is not complete, or its text is not published",
    GateState.DEFINED: "the story is complete and published; people have not shown yet that they hear the same in a call",
    GateState.CALIBRATED: "people hear the same; reps are not coached on it yet, by its dates",
    GateState.COACHING: "reps are coached on it",
}
WITHHELD_BECAUSE = {
    GateState.DRAFTED: "its text is not finished",
    GateState.DEFINED: "it is not shown yet that people hear the same in a call",
    GateState.CALIBRATED: "its dates say that it is too early, or over",
}
"""Why nobody is coached on it, in words that need no knowledge of the states."""
WHERE_TO_GO_ON = {
    GateState.DRAFTED: "finish and publish its text on the workbench, or run",
    GateState.DEFINED: "go on in Calibration, where people label calls blind, or run",
}
NOTHING_TO_DO = "Nothing has to be done: that changes by itself on the day."
DATE_WORDS = {
    "announced": "when it was announced",
    "training": "training sessions",
    "materials_ready": "when the materials were ready",
    "field_ready": "when the field was ready",
    "market_awareness_start": "when the market was first told",
    "expected_lag_days": "the expected lag in days",
}


def figure(value: float | None) -> str:
    """A figure of agreement; n/a where it is not defined."""
    return "n/a" if value is None else f"{value:.2f}"


def interval(of: Figure) -> str:
    """The interval of alpha."""
    return "n/a" if of.low is None or of.high is None else f"{of.low:.2f} to {of.high:.2f}"


def about(name: str) -> str:
    """What a figure is about, in words."""
    if name.startswith(CRITERION):
        return f"criterion “{name.removeprefix(CRITERION)}”"
    return {
        "verdict": "the verdict",
        "asked_why": "whether the customer asked why",
        "answer": "how the why was answered",
        **{component.value: f"{component.value} ({COMPONENT_WORDS[component]})" for component in Component},
    }.get(name, name)


# --- readiness -----------------------------------------------------------------------------------------------------------


def phase(now: Phase, launched: date, ended: date | None, verdicts_from: date | None) -> str:
    """Where the initiative stands by its dates."""
    match now:
        case Phase.PREPARE:
            return f"In preparation: it starts on {day(launched)}."
        case Phase.LAUNCH:
            return (
                f"In its launch since {day(launched)}: no verdict on reps before {day(verdicts_from)}, when the lag has passed."
            )
        case Phase.ENDED:
            return f"It ended on {day(ended)}."
        case Phase.SUSTAIN:
            return (
                f"Launched on {day(launched)}, the expected lag has passed." if verdicts_from else f"Launched on {day(launched)}."
            )


def missing_dates(missing: Sequence[str]) -> str:
    """Dates that its file does not state."""
    return f"Its file does not say {listed([DATE_WORDS[name] for name in missing])}."


# --- the state -----------------------------------------------------------------------------------------------------------


def refused(name: str, first: str, n: int) -> str:
    """The check refuses the story."""
    return f"The story of {name} is not complete ({count(n, 'finding')}): {first}"


def vague(name: str, first: str) -> str:
    """The check names the story vague as a whole."""
    return f"The story of {name} is vague: {first}"


def unpublished(name: str, changed_since: date | None) -> str:
    """The text is a draft."""
    if changed_since:
        return f"The text of {name} was changed after it was published on {day(changed_since)}, and is a draft again."
    return f"The text of {name} is a draft: nobody has published it."


def too_few_people(name: str, people: int, wanted: int) -> str:
    """Not labelled by enough people."""
    had = "nobody has" if people == 0 else f"{count(people, 'person has', 'people have')}"
    return f"{name} is not calibrated: {had} labelled calls for it blind, {wanted} are needed."


def waiting(name: str, round_id: str, people: Sequence[str]) -> str:
    """A round is open."""
    return f"{name} is not calibrated: round {round_id} waits for {listed(list(people))}."


def too_few_calls(name: str, n: int, wanted: int) -> str:
    """Too few calls labelled by two people."""
    return f"{name} is not calibrated: {count(n, 'call was', 'calls were')} labelled by two people or more, {wanted} are needed."


def too_few_raised(name: str, n: int, calls: int, wanted: int) -> str:
    """It hardly came up."""
    return f"{name} is not calibrated: it came up in {n} of the {calls} labelled calls, {wanted} are needed to tell anything."


def people_differ(name: str, verdict: Figure, wanted: float) -> str:
    """People do not agree on the verdict."""
    if verdict.kappa is None:
        return f"{name} is not calibrated: people said one and the same verdict of every call, so that nothing was tested."
    found = f"kappa {figure(verdict.kappa)} on {count(verdict.n, 'call')}, {figure(wanted)} is needed"
    return (
        f"{name} is not calibrated: people do not agree on the verdict ({found}). "
        "That is the definition’s to mend, not the reps’."
    )


def machine_differs(name: str, verdict: Figure, wanted: float) -> str:
    """The measurement is not sound."""
    return (
        f"The measurement of {name} is not sound: the judge and the people agree at kappa {figure(verdict.kappa)} on "
        f"{count(verdict.n, 'call')}, {figure(wanted)} is needed."
    )


def people_agree(name: str, verdict: Figure, people: int, machine: Figure | None, older: int) -> str:
    """Calibrated."""
    said = f"{people} people agree on the verdict of {name} (kappa {figure(verdict.kappa)} on {count(verdict.n, 'call')})"
    beside = (
        f", the judge with them at {figure(machine.kappa)} on {machine.n}"
        if machine and machine.kappa is not None
        else "; how the judge agrees with them is not known yet"
    )
    old = f" {count(older, 'label was', 'labels were')} made with an earlier text." if older else ""
    return f"{said}{beside}.{old}"


def not_yet_ready(name: str, ready: date) -> str:
    """The field is not ready."""
    return f"The field is to be ready for {name} on {day(ready)}; nobody is coached on it before."


def people_differ_on(name: str, what: Figure, wanted: float) -> str:
    """A single thing people do not agree on."""
    return (
        f"People do not agree on {about(what.about)} of {name}: kappa {figure(what.kappa)} on {count(what.n, 'call')}, "
        f"{figure(wanted)} is needed. Nobody is coached on it before the definition is mended."
    )


def text_leaves_open(sentence: str) -> str:
    """What the check of the story says of one component."""
    return f"The text leaves it open: {sentence}"


def to_do(gate: Gate, name: str) -> str | None:
    """The owner's line of the day's list; None where there is nothing to do."""
    if gate.withheld and gate.next_step:
        return f"Nothing on {name} is coached yet: {WITHHELD_BECAUSE[gate.state]}. Next: {gate.next_step}"
    if gate.problems and not gate.withheld:
        return f"Mend the definition of {name}: {listed([about(problem.about) for problem in gate.problems])}."
    return None


def state(gate: Gate, by: str | None) -> tuple[str, ...]:
    """All that is said of one gate, by whom a page names who overrode it; the reason first."""
    said = [gate.reason, *(sentence for sentence in gate.readiness if sentence != gate.reason)]
    said += [problem.sentence for problem in gate.problems]
    if gate.override:
        said.append(overridden(gate.override, by or gate.override.by, gate.state))
    if gate.next_step:
        said.append(f"Next: {gate.next_step}")
    return tuple(said)


def aside(gate: Gate, by: str | None) -> str:
    """Beside an initiative's name in a rep's card; empty where it is coached as a matter of course."""
    if gate.override:
        return f"coached by override of {by or gate.override.by} until {day(gate.override.until)}"
    return f"not coached yet: {WITHHELD_BECAUSE[gate.state]}" if gate.withheld else ""


# --- withheld and overridden ---------------------------------------------------------------------------------------------


def withheld(gate: Gate) -> str:
    """Why no coaching is shown, and what to do."""
    said = f"Nobody is coached on it yet, because {WITHHELD_BECAUSE[gate.state]}. {gate.reason}"
    if gate.next_step:
        return f"{said} Next: {WHERE_TO_GO_ON.get(gate.state, 'run')} {gate.next_step}"
    return said if gate.phase is Phase.ENDED else f"{said} {NOTHING_TO_DO}"


def overridden(override: Override, by: str, state: GateState) -> str:
    """Named and dated wherever it counts."""
    return (
        f"Coached before its gate is open ({state}), by override of {by} on {day(override.at)} until {day(override.until)}: "
        f"{plain(override.because)}"
    )


def nothing_while_withheld(names: Sequence[str]) -> str:
    """Why a rep has no recommendation."""
    return (
        f"{listed(list(names))} {'is' if len(names) == 1 else 'are'} not coached on yet; the reason stands with the initiative."
    )


# --- corrections ---------------------------------------------------------------------------------------------------------


def corrected(correction: Correction, name: str, by: str, others: Sequence[str]) -> str:
    """A person's word beside the machine's."""
    said = (
        f"{name}: {VERDICT_WORDS[correction.person]} by {by} on {day(correction.at)}, {VERDICT_WORDS[correction.machine]} by the "
        f"judge. {plain(correction.because)}"
    )
    return f"{said} Others differ: {listed(list(others))}." if others else said
