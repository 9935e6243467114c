"""Print what was found of a definition: findings, changes, comparisons, trials. Knows nothing of how they were found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from callcoach.coaching.notation import clock, count, plain
from callcoach.domain.definition import Severity
from callcoach.domain.restated import Accord, Comparison, ExampleEffect, Flip, Telling, TextChange, Trial
from callcoach.domain.story import Component, Initiative
from callcoach.domain.verdict import Evidence
from callcoach.intake.text_file import shown

if TYPE_CHECKING:
    from callcoach.app.definition import Checked

_STYLE = {Severity.REFUSE: "red", Severity.VAGUE: "yellow", Severity.NOTE: "dim"}
_NAME = {Severity.REFUSE: "missing", Severity.VAGUE: "vague", Severity.NOTE: "note"}
_ANSWER = {True: "met", False: "not met", None: "unclear"}


def print_checked(console: Console, checked: "Checked") -> None:
    """The findings of one file, each with its line, then whether it may be published."""
    draft = checked.draft
    for sentence in draft.trouble:
        _line(console, Text.assemble(("missing ", "red"), plain(sentence)))
    for finding in checked.findings:
        where = draft.where(finding.field)
        _line(
            console,
            Text.assemble((f"{_NAME[finding.severity]} ", _STYLE[finding.severity]), f"{where}: {plain(finding.sentence)}"),
        )
        if finding.better:
            _line(console, Text(f"        better: {finding.better}", style="dim"))
    if not checked.passes:
        return
    initiative = draft.initiative
    assert initiative is not None, "what passes was read"
    standing = (
        "published"
        if initiative.is_published
        else "not published yet"
        if not initiative.published
        else "changed since it was published"
    )
    _line(console, Text(f"{shown(draft.path)}: complete, and nothing in it is vague. Version {initiative.version}, {standing}."))


def print_changes(console: Console, before: str, after: str, changes: Sequence[TextChange]) -> None:
    """What reads differently, field by field, taken out and put in."""
    _line(console, Text(f"{before} -> {after}" + ("" if changes else ": the same texts.")))
    for change in changes:
        _line(console, Text(change.field, style="bold"))
        for piece in change.removed:
            _line(console, Text(f"  - {plain(piece)}", style="red"))
        for piece in change.added:
            _line(console, Text(f"  + {plain(piece)}", style="green"))


def print_comparison(console: Console, comparison: Comparison) -> None:
    """The text change, the calls that flip with their causes and words, and agreement with people."""
    print_changes(console, comparison.before, comparison.after, comparison.changes)
    n_flips = len(comparison.flips)
    _line(console, Text(f"{n_flips} of {count(comparison.n_calls, 'call')} get another verdict.", style="bold"))
    for flip in comparison.flips:
        _print_flip(console, flip)
    before, after = comparison.mean_why
    _line(console, Text(f"Mean why score: {_number(before)} -> {_number(after)}."))
    if comparison.accord_before and comparison.accord_after:
        old, new = _accord(comparison.accord_before), _accord(comparison.accord_after)
        _line(console, Text(f"As people say: {old} before, {new} after."))
    else:
        _line(
            console, Text("No call of this initiative has been labelled by people yet, so nobody can say which version is right.")
        )


def print_trial(console: Console, draft: Initiative, trial: Trial) -> None:
    """How a draft would have done on the calls of the past."""
    _line(
        console,
        Text(f"{draft.name} ({trial.version}) on {count(trial.n_calls, 'stored call')}; nothing of it is kept.", style="bold"),
    )
    counts = ", ".join(f"{verdict.value} {n}" for verdict, n in trial.verdicts.items())
    _line(console, Text(f"It would count as raised in {trial.n_raised}: {counts}."))
    _line(console, Text(f"Would be flagged: {len(trial.flagged)}", style="bold"))
    for flag in trial.flagged:
        _line(console, Text(f"  {flag.call_id} ({flag.verdict.value}): {flag.reason}"))
        _print_quote(console, flag.quote, "    ")
    for component, near in trial.nearest.items():
        _line(console, Text(f"Nearest to the {component.value}", style="bold"))
        for one in near:
            _line(console, Text(f"  {one.call_id} ({one.verdict.value})"))
            _print_quote(console, one.quote, "    ")


def print_effects(console: Console, initiative: Initiative, effects: Sequence[ExampleEffect]) -> None:
    """What each example of each criterion does on the stored calls."""
    for criterion in initiative.criteria:
        _line(console, Text(f"Criterion {criterion.id}: {plain(criterion.question)}", style="bold"))
        for effect in effects:
            if effect.criterion_id != criterion.id:
                continue
            _line(console, Text(f'  {effect.kind}: "{plain(effect.example)}"'))
            if not effect.flips:
                _line(console, Text("    changes no call", style="dim"))
            for call_id, with_it, without in effect.flips:
                _line(console, Text(f"    {call_id}: {_ANSWER[with_it]}; without it {_ANSWER[without]}"))


def _print_flip(console: Console, flip: Flip) -> None:
    way = {True: "up", False: "down", None: "not comparable"}[flip.up]
    people = f"; people say {flip.people.value}" if flip.people else ""
    _line(
        console,
        Text.assemble((flip.call_id, "bold"), f": {flip.before.verdict.value} -> {flip.after.verdict.value} ({way}{people})"),
    )
    causes = ", ".join(flip.causes) if flip.causes else "no single field; it takes several together"
    _line(console, Text(f"  because of: {causes}"))
    for sentence in flip.rules:
        _line(console, Text(f"  {plain(sentence)}"))
    levels = _levels(flip.before, flip.after)
    _line(console, Text(f"  why score {_number(flip.before.why_score)} -> {_number(flip.after.why_score)}{levels}"))
    _print_quote(console, flip.before.nearest, "  nearest before: ")
    _print_quote(console, flip.after.nearest, "  nearest after:  ")


def _levels(before: Telling, after: Telling) -> str:
    moved = [
        f"{component.value} {int(before.levels[component])} -> {int(after.levels[component])}"
        for component in Component
        if component in before.levels and component in after.levels and before.levels[component] != after.levels[component]
    ]
    return "; " + ", ".join(moved) if moved else ""


def _print_quote(console: Console, quote: Evidence | None, lead: str) -> None:
    if quote is not None:
        at = clock(quote.start)
        is_near = quote.act in tuple(Component) and quote.strength is not None
        close = f" (closeness {quote.strength:.2f})" if is_near else ""
        _line(console, Text(f'{lead}{at + " " if at else ""}"{plain(quote.quote)}"{close}', style="dim"))


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _accord(accord: Accord) -> str:
    return f"{accord.agreed} of {accord.n}"


def _line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True, highlight=False)
