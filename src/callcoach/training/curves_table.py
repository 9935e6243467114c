"""What more labels bring, as the model card tells it. Knows nothing of how the points were measured."""

from callcoach.training.curves import Curves, FewShotCurve, LearningCurve
from callcoach.training.figure_words import span, two


def what_more_labels_bring(curves: Curves) -> list[str]:
    """The section of the card, in lines of Markdown."""
    return [
        "## What more labels bring",
        "",
        curves.recipe,
        "",
        *(_learning(curves.learning) if curves.learning is not None else []),
        *(_few_shot(curves.few_shot) if curves.few_shot is not None else []),
    ]


def _learning(curve: LearningCurve) -> list[str]:
    return [
        f"Judged: the calls of {', '.join(curve.held_out)}, whom no point learnt from.",
        "",
        "| writers learnt from | share of their calls | calls | judged | accuracy | kappa | pairs | both of a pair right |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {point.writers} | {point.share:.0%} | {point.calls} | {point.judged} | {two(point.accuracy)} | {two(point.kappa)}"
            f" | {point.pairs} | {two(point.both_right)} |"
            for point in curve.points
        ),
        "",
    ]


def _few_shot(curve: FewShotCurve) -> list[str]:
    return [
        f"With labelled calls of an initiative new to the judge, too, averaged over {', '.join(curve.initiatives)}; the gain is"
        " in right verdicts a call on the same calls, with its 90% interval:",
        "",
        "| labelled calls | what is learnt of them | initiatives | judged | accuracy | kappa | gain | 90% interval |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {point.calls} | {_learnt(point.calls, with_turns=point.with_turns)} | {point.initiatives} | {point.judged} |"
            f" {two(point.accuracy)} | {two(point.kappa)} | {two(point.gain if point.calls else None)} |"
            f" {span(point.gain_interval)} |"
            for point in curve.points
        ),
        "",
        *(f"{size} labelled calls cannot be measured here: {why}.\n" for size, why in curve.not_measurable.items()),
    ]


def _learnt(calls: int, *, with_turns: bool) -> str:
    if not calls:
        return "nothing"
    return "verdicts, levels and the acts of turns" if with_turns else "verdicts and levels"
