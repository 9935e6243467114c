"""What people say and do beside the calls, as lines for a terminal. Knows how it is said, not how it was found."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from callcoach.coaching import manager_wording, pulse_wording
from callcoach.coaching.notation import clock, count, day
from callcoach.coaching.vocabulary import COMPONENT_WORDS

if TYPE_CHECKING:
    from callcoach.coaching.customer_signals import CustomerSignal
    from callcoach.coaching.field import FieldStanding
    from callcoach.coaching.five_c import FiveC
    from callcoach.coaching.standing import InitiativeStanding, Standing
    from callcoach.domain.field_reports import FieldCase
    from callcoach.domain.people import Company
    from callcoach.domain.pulse import Pulse


def initiative_lines(standing: "InitiativeStanding", company: "Company") -> Iterator[str]:
    """The five-C card, the pulse, and what comes back from the field."""
    if standing.five_c is not None:
        yield from card_lines(standing.five_c)
    if standing.pulse is not None and (standing.pulse.reps or standing.pulse.managers or standing.pulse.waiting):
        yield ""
        yield from pulse_lines(standing.pulse)
    if standing.from_field is not None:
        yield ""
        yield from field_lines(standing.from_field, company)


def card_lines(card: "FiveC") -> Iterator[str]:
    """Each C with its figures, then what is missing."""
    for part in card.parts:
        yield part.heading
        for figure in part.figures:
            yield f"    {figure.sentence} ({figure.source.value}, n = {figure.n})"
        for missing in part.missing:
            yield f"    missing: {missing}"


def pulse_lines(pulse: "Pulse") -> Iterator[str]:
    """One line a question, managers beside reps."""
    yield (
        f"Pulse of {pulse.quarter}: {count(pulse.managers, 'manager')} on their reps, {count(pulse.reps, 'rep')} on themselves."
    )
    for gap in pulse.gaps:
        apart = ""
        if gap.gap is not None and gap.low is not None and gap.high is not None:
            apart = f" {pulse_wording.points(gap.gap, gap.low, gap.high)}"
        yield f"    {pulse_wording.IN_SHORT[gap.question]}: {gap.sentence}{apart}"
    for note in pulse.notes:
        yield f"    {note}"


def field_lines(field: "FieldStanding", company: "Company") -> Iterator[str]:
    """Customers' signals part by part, reports, and what new versions made of them."""
    yield "What customers said next to each part" + (f", since {day(field.since)}:" if field.since else ":")
    for signals in field.signals:
        yield f"    {signals.sentence}"
        yield from (f"      {signal_line(signal)}" for signal in signals.quotes)
    if field.cases:
        yield "Reports from the field:"
        yield from (f"    {line}" for case in field.cases for line in case_lines(case, company))
    for version in field.versions:
        yield f"Version {version.version}: {' '.join(version.sentences)}"


def signal_line(signal: "CustomerSignal") -> str:
    """The customer's words, and the rep's they stand next to."""
    did = {"ask": "asked", "need": "said", "moved_on": "went on with"}[signal.kind.value]
    told = f"{'before' if signal.turn < signal.told_turn else 'after'} the rep’s “{signal.told}”"
    where = f"{signal.call_id}{f' at {clock(signal.start)}' if clock(signal.start) else ''}"
    return f"{signal.customer_name or 'Customer'} {did}: “{signal.quote}”, {told} ({where})"


def case_lines(case: "FieldCase", company: "Company") -> Iterator[str]:
    """A report with its quote and what became of it."""
    report = case.report
    state = "open" if case.answer is None else "answered"
    part = COMPONENT_WORDS[report.component]
    head = f"{report.report_id} {state}, {day(report.at)}, {company.name_of(report.by)} on {report.initiative_id}, {part}"
    yield f"{head}: {report.words}"
    if report.quote:
        where = f"{report.call_id}{f' at {clock(report.start)}' if clock(report.start) else ''}"
        yield f"    “{report.quote}” ({where})"
    elif report.call_id:
        yield f"    in call {report.call_id}"
    if case.answer is not None:
        what = f"changed in version {case.answer.version}" if case.answer.version else "not changed"
        yield f"    {company.name_of(case.answer.by)}, {day(case.answer.at)}, {what}: {case.answer.because}"


def manager_lines(found: "Standing") -> Iterator[str]:
    """Each manager by name, in sentences."""
    yield manager_wording.FOR_WHOM
    for each in found.managers:
        yield each.name
        yield from (f"    {sentence}" for sentence in each.sentences)
