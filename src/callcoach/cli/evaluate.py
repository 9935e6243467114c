"""Print an evaluation: the judge's figures beside the baselines'. Knows nothing of how they are computed."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from callcoach.training.curves import Curves
from callcoach.training.evaluation import EDITS, OTHERS, QUOTED, Evaluation, RobustnessFigures
from callcoach.training.verdict_levels import verdict_levels

_SHORT = {
    "explains": "expl",
    "partial": "part",
    "recites": "recit",
    "facts_only": "facts",
    "stumbles": "stumb",
    "not_raised": "not r",
    "not_assessed": "not a",
}


def print_evaluation(console: Console, evaluation: Evaluation) -> None:
    """Everything but the single predictions, which `--json` holds."""
    _print_protocol(console, evaluation)
    _print_verdicts(console, evaluation)
    _print_confusion(console, evaluation)
    _print_parts(console, evaluation)
    _print_acts(console, evaluation)
    _print_contrast(console, evaluation)
    if evaluation.foreign is not None:
        beside = evaluation.foreign
        _say(console, f"Of {beside.pairs} calls set beside a story they do not tell, {beside.not_raised} are judged not raised.")
    _print_robustness(console, evaluation.robustness)
    if evaluation.curves is not None:
        print_curves(console, evaluation.curves)


def print_curves(console: Console, curves: Curves) -> None:
    """What more labels bring, a row per point, and what could not be measured."""
    _say(console, curves.recipe)
    if curves.learning is not None:
        columns = ("writers", "share", "calls", "judged", "accuracy", "kappa", "pairs", "both right")
        table = _table(*columns, title="Learning from so many writers, and a share of their calls")
        for point in curves.learning.points:
            table.add_row(
                str(point.writers),
                f"{100 * point.share:.0f}%",
                str(point.calls),
                str(point.judged),
                *map(_two, (point.accuracy, point.kappa)),
                str(point.pairs),
                _two(point.both_right),
            )
        console.print(table)
        _say(console, f"Judged: the calls of {', '.join(curves.learning.held_out)}, whom no point learnt from.")
    if curves.few_shot is not None:
        figures_of = ("accuracy", "kappa", "gain", "90%")
        table = _table("calls", "stories", "judged", *figures_of, title="Learning from so many calls of a new initiative too")
        for shot in curves.few_shot.points:
            learnt = f"{shot.calls}{', turns' if shot.with_turns else ''}"
            figures = map(_two, (shot.accuracy, shot.kappa, shot.gain if shot.calls else None))
            table.add_row(learnt, str(shot.initiatives), str(shot.judged), *figures, _span(shot.gain_interval))
        console.print(table)
        _say(console, f"Initiatives: {', '.join(curves.few_shot.initiatives)}.")
        for size, why in curves.few_shot.not_measurable.items():
            _say(console, f"{size} labelled calls cannot be measured here: {why}.")


def _print_robustness(console: Console, figures: RobustnessFigures | None) -> None:
    if figures is None:
        return
    table = _table("verdicts that change under", "calls", "share")
    for edit, share in figures.flips.items():
        table.add_row(EDITS[edit], str(figures.tried[edit]), _two(share))
    table.add_row("quoted turns removed (should change)", str(figures.tried[QUOTED]), _two(figures.deletion_moves))
    table.add_row("as many other turns removed", str(figures.tried[OTHERS]), _two(figures.other_deletions_move))
    console.print(table)
    standing = [
        f"{EDITS[edit]} {_two(share)} of {figures.standing[edit]}"
        for edit, share in figures.standing_flips.items()
        if share is not None
    ]
    if standing:
        _say(console, f"Of the verdicts that ask for no person change: {'; '.join(standing)}.")
    table = _table("tricks on poor calls", "tries", "explains", "of them unedited too")
    for name, trick in figures.gaming.items():
        table.add_row(name.replace("_", " "), str(trick.tries), str(trick.explains), str(trick.explains_unedited))
    console.print(table)
    _say(
        console,
        f"Of all tries {_percent(figures.gaming_explains)} reach explains;"
        f" of the same calls as they are, {_percent(figures.gaming_explains_unedited)} do.",
    )


def _print_protocol(console: Console, evaluation: Evaluation) -> None:
    protocol = evaluation.protocol
    _say(
        console,
        f"{evaluation.calls} calls ({evaluation.base_calls} base, {evaluation.twins} twins), {evaluation.initiatives}"
        f" initiatives, {evaluation.writers} writers.",
    )
    if protocol.cross_validated:
        _say(
            console,
            f"Cross-validated: {protocol.folds} folds, nobody's calls judged by a judge that learnt from the same writer.",
        )
    elif protocol.honest:
        _say(console, "The shipped judge, on calls it has not learnt from.")
    else:
        console.print(
            f"These calls were trained on: the shipped judge has learnt from {protocol.calls_trained_on} of the"
            f" {evaluation.calls} calls here, so these figures say nothing about new calls."
            " Add --cross-validate for figures that do.",
            style="bold yellow",
            markup=False,
            highlight=False,
        )


def _print_verdicts(console: Console, evaluation: Evaluation) -> None:
    verdict, contrast = evaluation.verdict, evaluation.contrast
    table = _table(
        "Verdict", "kappa", "base", "twins", "macro F1", "both right", title=f"{contrast.pairs} pairs of base and twin"
    )
    for name, figures in evaluation.baselines.items():
        table.add_row(
            f"{name} only",
            *map(_two, (figures.kappa, figures.kappa_base, figures.kappa_twins, figures.macro_f1, figures.both_right)),
        )
    table.add_row(
        "callcoach",
        *map(_two, (verdict.kappa, verdict.base.kappa, verdict.twins.kappa, verdict.macro_f1, contrast.both_right)),
        style="bold",
    )
    console.print(table)
    if verdict.base.kappa_interval or verdict.twins.kappa_interval:
        _say(
            console,
            f"90% of draws of initiatives give kappa {_span(verdict.base.kappa_interval)} (base),"
            f" {_span(verdict.twins.kappa_interval)} (twins) and pairs {_span(contrast.both_right_interval)}.",
        )
    calibration = evaluation.calibration
    _say(
        console,
        f"Explains against the rest: AUC {_two(verdict.explains_auc)}. Accuracy {_two(calibration.accuracy)};"
        f" {_two(calibration.accuracy_at_90)} and {_two(calibration.accuracy_at_80)} when the least sure 10% and 20% are left to"
        f" people. Calibration error {_two(calibration.ece)}.",
    )


def _print_confusion(console: Console, evaluation: Evaluation) -> None:
    confusion = evaluation.verdict.confusion
    table = _table("gold, told:", *_SHORT.values())
    for gold, row in confusion.items():
        table.add_row(gold, *(str(row.get(told, 0)) if row.get(told, 0) else "." for told in _SHORT))
    console.print(table)


def _print_parts(console: Console, evaluation: Evaluation) -> None:
    alone = verdict_levels(evaluation.predictions)
    levels = ", ".join(
        f"{part} {_two(figures.qwk)} ({_two(alone[part].told)} by the verdict alone)"
        for part, figures in evaluation.levels.items()
    )
    conduct = ", ".join(f"{name} {_two(figures.kappa)}" for name, figures in evaluation.behaviours.items())
    asked, answer, evidence = evaluation.asked_why, evaluation.answer, evaluation.evidence
    _say(console, f"Levels (quadratic weighted kappa): {levels}.")
    _say(
        console,
        f"Asked why: F1 {_two(asked.f1)}, kappa {_two(asked.kappa)}. Answer: kappa {_two(answer.kappa)}, macro F1"
        f" {_two(answer.macro_f1)}; kappa {_two(answer.kappa_when_asked)} over the {answer.n_asked} calls that ask.",
    )
    _say(console, f"Behaviours (kappa): {conduct}.")
    _say(
        console,
        f"Evidence: {evidence.quotes} quotes, {_two(evidence.in_tagged_turns)} in tagged turns,"
        f" {_two(evidence.in_turns_tagged_so)} in turns tagged so, {_two(evidence.verbatim)} verbatim.",
    )


def _print_acts(console: Console, evaluation: Evaluation) -> None:
    table = _table("act", "average precision", "prevalence", "turns")
    for act, figures in evaluation.acts.items():
        table.add_row(act, _two(figures.ap), _two(figures.prevalence), str(figures.n))
    console.print(table)


def _print_contrast(console: Console, evaluation: Evaluation) -> None:
    if not evaluation.contrast.pairs:
        return
    table = _table("twins turn", "pairs", "both right", "share")
    for change in evaluation.contrast.by_change:
        table.add_row(
            f"{change.base.value} to {change.twin.value}",
            str(change.pairs),
            str(change.both_right),
            _two(change.both_right / change.pairs),
        )
    console.print(table)


def _table(*columns: str, title: str | None = None) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False)


def _two(number: float | None) -> str:
    return "none" if number is None else f"{number:.2f}"


def _span(interval: tuple[float, float] | None) -> str:
    return "none" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.1f}%"
