"""Print labels side by side and how far they agree. Knows nothing of how that is counted."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from callcoach.coaching import gate_wording, vocabulary
from callcoach.coaching.notation import clock, count, day, percent, plain
from callcoach.domain.calibration import Figure, Label
from callcoach.domain.story import Component
from callcoach.domain.verdict import CallScore, Level, Verdict

if TYPE_CHECKING:
    from callcoach.app.calibration import Comparison, Disagreement

MOST_QUOTES = 2


def print_comparison(console: Console, found: "Comparison") -> None:
    """Figures first, then each call on which people differ, then the decision log."""
    agreement = found.agreement
    where = f"round {found.round.round_id}" if found.round else "all finished rounds and files"
    _say(console, f"{found.initiative.name}, {where}: {', '.join(agreement.people)}", style="bold")
    _say(
        console,
        f"{count(agreement.n_calls, 'call')} labelled by two people or more; it came up in {agreement.n_raised} of them."
        + (f" {count(agreement.older, 'label')} of an earlier text." if agreement.older else ""),
    )
    _say(console, "")
    _say(console, f"{'':<34} {'people with people':<44} people with the machine")
    head = f"{'n':>4} {'same':>5} {'kappa':>6} {'alpha':>6} {'90% interval':>15}"
    _say(console, f"{'':<34} {head}   {'n':>4} {'same':>5} {'kappa':>6} {'alpha':>6} {'90% interval':>15}")
    for figure in agreement.people_people:
        machine = agreement.with_machine(figure.about)
        _say(console, f"{_about(figure.about):<34} {_figures(figure)}   {_figures(machine)}")
    _say(
        console,
        "kappa: Cohen’s, for levels quadratic weighted, the mean over pairs. alpha: Krippendorff’s. n/a: not defined, above all "
        "where everybody said the same throughout.",
    )
    if found.round:
        _say(console, "")
        _say(console, "Why each call was picked")
        for pick in found.round.picks:
            _say(console, f"- {pick.call_id}: {pick.why}")
    if found.disagreements:
        _say(console, "")
        _say(console, f"Where people differ: {count(len(found.disagreements), 'call')}", style="bold")
        for each in found.disagreements:
            _disagreement(console, each)
    else:
        _say(console, "People differ on no call.")
    if found.decisions:
        _say(console, "")
        _say(console, "Decisions", style="bold")
        for decision in found.decisions:
            levels = "".join(f", {component.value} {int(level)}" for component, level in decision.levels.items())
            agreed = f"{decision.verdict}{levels}, {decision.by} on {day(decision.at)}"
            _say(console, f"- {decision.call_id}: {agreed}: {plain(decision.because)}")


def _disagreement(console: Console, each: "Disagreement") -> None:
    _say(console, "")
    _say(console, each.call_id, style="bold")
    for label in each.labels:
        _say(console, f"  {label.person_id:<8} {_label(label)}")
        if label.quote:
            _say(console, f"           “{plain(label.quote)}”")
        if label.note:
            _say(console, f"           {plain(label.note)}")
    if each.machine is None:
        _say(console, "  machine  has not judged this call for it")
    else:
        _say(console, f"  machine  {_score(each.machine)}")
        rep_quotes = [quote for quote in each.machine.evidence if quote.act in tuple(Component)]
        for quote in rep_quotes[:MOST_QUOTES]:
            _say(console, f"           {clock(quote.start) or '-'} {quote.act} “{plain(quote.quote)}”")
    for decision in each.decisions:
        _say(console, f"  decided  {decision.verdict} by {decision.by} on {day(decision.at)}: {plain(decision.because)}")


def _label(label: Label) -> str:
    asked = f", why asked: {label.answer.value}" if label.asked_why else ""
    said = {None: "unclear", True: "yes", False: "no"}
    criteria = "".join(f", {name}: {said[answer]}" for name, answer in label.criteria.items())
    return f"{_verdict(label.verdict)} {_levels(label.levels)}{asked}{criteria}"


def _score(score: CallScore) -> str:
    asked = f", why asked: {score.answer.value}" if score.asked_why else ""
    sure = f", {percent(score.confidence)} sure" if score.confidence is not None else ""
    return f"{_verdict(score.verdict)} {_levels(score.levels)}{asked}{sure}"


def _verdict(verdict: Verdict) -> str:
    return f"{vocabulary.VERDICT_WORDS[verdict]:<12}"


def _levels(levels: Mapping[Component, Level]) -> str:
    return ", ".join(f"{component.value} {_level(levels.get(component))}" for component in Component)


def _level(level: Level | None) -> str:
    return "n/a" if level is None else str(int(level))


def _about(name: str) -> str:
    return {"asked_why": "asked why", "verdict": "verdict", "answer": "answer"}.get(name, name)


def _figures(figure: Figure | None) -> str:
    if figure is None:
        return "not asked of it"
    same = "n/a" if figure.agreed is None else percent(figure.agreed)
    kappa, alpha = gate_wording.figure(figure.kappa), gate_wording.figure(figure.alpha)
    return f"{figure.n:>4} {same:>5} {kappa:>6} {alpha:>6} {gate_wording.interval(figure):>15}"


def _say(console: Console, sentence: str, *, style: str = "") -> None:
    console.print(Text(sentence, style=style), soft_wrap=True)
