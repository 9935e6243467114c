"""Write the judge's model card from an evaluation and the notes of whoever trained it. Knows nothing of how either was made.

Every figure on the card comes from the evaluation; the notes hold what no figure says: the command, what was tried, the limits.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callcoach.errors import BadInput
from callcoach.training.curves import Curves
from callcoach.training.curves_table import what_more_labels_bring
from callcoach.training.evaluation import EDITS, OTHERS, QUOTED, Evaluation, RobustnessFigures, VerdictFigures
from callcoach.training.figure_words import span, two
from callcoach.training.verdict_levels import verdict_levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One thing that was tried, and what came of it."""

    what: str
    outcome: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNotes:
    """What the card says besides figures; `models` maps the role of each model under the judge to its name and version."""

    command: str
    evaluation_command: str
    seed: int
    recipe: str
    models: Mapping[str, str]
    limits: tuple[str, ...]
    tried: tuple[Trial, ...] = ()
    licence: str = "Apache-2.0"
    settings: Mapping[str, Any] = field(default_factory=dict)


def read_notes(path: Path) -> CardNotes:
    """The notes in a TOML file with the fields of CardNotes. Raises BadInput naming the file and what is wrong."""
    import msgspec

    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), CardNotes)
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file. Write the notes of the training there.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise BadInput(f"{path}: {error}. Mend the notes.") from None


def read_evaluation(path: Path) -> Evaluation:
    """An evaluation as `callcoach evaluate --json` wrote it. Raises BadInput where it is none."""
    import msgspec

    try:
        return msgspec.json.decode(path.read_bytes(), type=Evaluation)
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file. Make it by `callcoach evaluate DIR --json {path.name}`.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}. Make it again by `callcoach evaluate DIR --json {path.name}`.") from None


def read_curves(path: Path) -> Curves:
    """Curves as `callcoach evaluate --curves` wrote them. Raises BadInput where they are none."""
    import msgspec

    again = f"callcoach evaluate DIR --learning-curve --few-shot 0,10,20 --curves {path.name}"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Curves)
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file. Make it by `{again}`.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}. Make it again by `{again}`.") from None


def render_card(evaluation: Evaluation, notes: CardNotes, curves: Curves | None = None) -> str:
    """The card as Markdown; the same evaluation, notes and curves give the same text.

    Raises BadInput where the evaluation is not cross-validated: only then are its calls those the judge has learnt from, and
    its figures those of a judge that had not.
    """
    if not evaluation.protocol.cross_validated:
        raise BadInput(
            "The card needs a cross-validated evaluation. Make it by `callcoach evaluate DIR --cross-validate --json OUT`."
        )
    return "\n".join(
        [
            "# The judge of callcoach",
            "",
            *_what_it_is_for(),
            *_what_it_learnt_from(evaluation),
            *_how_it_was_made(notes),
            *_figures(evaluation, notes),
            *(what_more_labels_bring(curves) if curves is not None else []),
            *_tried(notes),
            *_limits(notes),
            "## Licence",
            "",
            f"The trained heads and the labelled calls: {notes.licence}. The models under them keep their own (THIRD_PARTY.md).",
            "",
        ]
    )


def write_card(evaluation_path: Path, notes_path: Path, card_path: Path, *, curves_path: Path | None = None) -> None:
    """Write the card from `callcoach evaluate --cross-validate --json`, notes and curves. Raises BadInput, naming the file."""
    curves = read_curves(curves_path) if curves_path is not None else None
    card_path.write_text(render_card(read_evaluation(evaluation_path), read_notes(notes_path), curves), encoding="utf-8")


def _what_it_is_for() -> list[str]:
    return [
        "## What it is for",
        "",
        "It reads the transcript of one sales call and the value story of one initiative, and says whether the rep explained the"
        " why or merely recited: a verdict, three levels (wall, hammer, part) and the quotes they rest on. It is meant to choose"
        " what a manager listens to and coaches. It is not meant to rank, pay or dismiss anybody, and it knows neither the rep"
        " nor how the call ended.",
        "",
    ]


def _what_it_learnt_from(evaluation: Evaluation) -> list[str]:
    return [
        "## What it learnt from",
        "",
        f"**Written calls, not recordings**: {evaluation.calls} of them ({evaluation.base_calls} base calls and"
        f" {evaluation.twins} contrast twins) for {evaluation.initiatives} invented initiatives by {evaluation.writers} writers,"
        " with a label for the call and tags for its turns (models/corpus/BRIEF.md, TWINS.md, PLAIN.md). A twin is a base call in"
        " which only the deciding turns are changed, so that the verdict turns and the manner stays.",
        "",
    ]


def _how_it_was_made(notes: CardNotes) -> list[str]:
    settings = [f"- {name}: {value}" for name, value in notes.settings.items()]
    return [
        "## How it was made",
        "",
        notes.recipe.strip(),
        "",
        f"Command: `{notes.command}`, seed {notes.seed}.",
        "",
        *(f"- {role}: {name}" for role, name in notes.models.items()),
        *settings,
        "",
    ]


def _figures(evaluation: Evaluation, notes: CardNotes) -> list[str]:
    how = (
        f"Cross-validated over {evaluation.protocol.folds} folds: every call was judged by a judge, its acts model included, that"
        " had seen no call of the same writer. The baselines learnt from the same calls of the same folds, base calls and twins."
    )
    verdict = evaluation.verdict
    rows = [
        "| calls | n | kappa | 90% interval | macro F1 | AUC explains against the rest | accuracy |",
        "|---|---|---|---|---|---|---|",
        *(_verdict_row(name, figures) for name, figures in (("all", verdict), ("base", verdict.base), ("twins", verdict.twins))),
    ]
    contrast = evaluation.contrast
    beside = [
        "| judge | kappa base | kappa twins | both verdicts of a pair right |",
        "|---|---|---|---|",
        f"| **callcoach** | {two(verdict.base.kappa)} | {two(verdict.twins.kappa)} | {two(contrast.both_right)} |",
        *(
            f"| {name} only | {two(figures.kappa_base)} | {two(figures.kappa_twins)} | {two(figures.both_right)} |"
            for name, figures in evaluation.baselines.items()
        ),
    ]
    acts = [
        "| act | average precision | prevalence | turns |",
        "|---|---|---|---|",
        *(f"| {act} | {two(figures.ap)} | {two(figures.prevalence)} | {figures.n} |" for act, figures in evaluation.acts.items()),
    ]
    return [
        "## Figures",
        "",
        f"{how} Command: `{notes.evaluation_command}`.",
        "",
        *rows,
        "",
        "The interval holds the middle 90% of draws of whole initiatives with replacement. Pairs with both verdicts right:"
        f" {two(contrast.both_right)} ({span(contrast.both_right_interval)}).",
        "",
        f"Beside judges that see one trait only ({contrast.pairs} pairs of base call and twin):",
        "",
        *beside,
        "",
        "Levels, beside those that a verdict alone stands for (its commonest one in the calls of other writers):",
        "",
        *_levels(evaluation),
        "",
        *acts,
        "",
        f"Asked why: F1 {two(evaluation.asked_why.f1)}, kappa {two(evaluation.asked_why.kappa)}. Answer: kappa"
        f" {two(evaluation.answer.kappa)}, and {two(evaluation.answer.kappa_when_asked)} over the {evaluation.answer.n_asked}"
        " calls in which the customer did ask. Behaviours (kappa): "
        + ", ".join(f"{name} {two(figures.kappa)}" for name, figures in evaluation.behaviours.items())
        + ".",
        "",
        f"Evidence: of {evaluation.evidence.quotes} quotes, {two(evaluation.evidence.in_tagged_turns)} lie in a turn a person"
        f" tagged, {two(evaluation.evidence.in_turns_tagged_so)} in one tagged with the same act,"
        f" {two(evaluation.evidence.verbatim)} are verbatim.",
        "",
        *_foreign(evaluation),
        *_robustness(evaluation),
        f"Confidence: expected calibration error {two(evaluation.calibration.ece)}; accuracy"
        f" {two(evaluation.calibration.accuracy)}, {two(evaluation.calibration.accuracy_at_90)} when the least sure tenth is"
        f" left to people, {two(evaluation.calibration.accuracy_at_80)} when a fifth is.",
        "",
        "Kappa by writer: "
        + ", ".join(f"{writer} {two(figures.kappa)} (n {figures.n})" for writer, figures in verdict.by_writer.items())
        + ".",
        "",
    ]


def _levels(evaluation: Evaluation) -> list[str]:
    alone = verdict_levels(evaluation.predictions)
    return [
        "| level of | quadratic weighted kappa | right | by the verdict told alone | by the labelled verdict alone |",
        "|---|---|---|---|---|",
        *(
            f"| {part} | {two(figures.qwk)} | {two(figures.accuracy)} | {two(alone[part].told)} | {two(alone[part].labelled)} |"
            for part, figures in evaluation.levels.items()
        ),
    ]


def _foreign(evaluation: Evaluation) -> list[str]:
    if evaluation.foreign is None:
        return []
    pairs, silent = evaluation.foreign.pairs, evaluation.foreign.not_raised
    return [f"Of {pairs} calls set beside a story they do not tell, {silent} are judged `not_raised`, as all should be.", ""]


def _robustness(evaluation: Evaluation) -> list[str]:
    figures = evaluation.robustness
    if figures is None:
        return []
    return [
        "Edited calls (docs/evaluation.md says what each edit is):",
        "",
        "| edit | calls | verdicts that change |",
        "|---|---|---|",
        *(f"| {EDITS[edit]} | {figures.tried[edit]} | {two(share)} |" for edit, share in figures.flips.items()),
        f"| the quoted rep turns removed (should change) | {figures.tried[QUOTED]} | {two(figures.deletion_moves)} |",
        f"| as many other rep turns removed | {figures.tried[OTHERS]} | {two(figures.other_deletions_move)} |",
        *_standing(figures),
        "",
        "| trick on a call that recites, lists or stumbles | tries | told `explains` | of them unedited too |",
        "|---|---|---|---|",
        *(
            f"| {name.replace('_', ' ')} | {trick.tries} | {trick.explains} | {trick.explains_unedited} |"
            for name, trick in figures.gaming.items()
        ),
        "",
        f"Of all tries {_percent(figures.gaming_explains)} reach `explains`; of the same calls as they are,"
        f" {_percent(figures.gaming_explains_unedited)} do.",
        "",
    ]


def _standing(figures: RobustnessFigures) -> list[str]:
    """How much of it touches verdicts that no person is asked about."""
    tried = [
        f"{EDITS[edit]} {two(share)} of {figures.standing[edit]}"
        for edit, share in figures.standing_flips.items()
        if share is not None
    ]
    return ["", f"Of the verdicts that ask for no person change: {'; '.join(tried)}."] if tried else []


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.1f}%"


def _tried(notes: CardNotes) -> list[str]:
    if not notes.tried:
        return []
    return [
        "## What was tried",
        "",
        "| what | outcome | kept |",
        "|---|---|---|",
        *(f"| {trial.what} | {trial.outcome} | {'yes' if trial.kept else 'no'} |" for trial in notes.tried),
        "",
    ]


def _limits(notes: CardNotes) -> list[str]:
    return ["## Limits", "", *(f"- {limit}" for limit in notes.limits), ""]


def _verdict_row(name: str, figures: VerdictFigures) -> str:
    numbers = (figures.macro_f1, figures.explains_auc, figures.accuracy)
    start = f"| {name} | {figures.n} | {two(figures.kappa)} | {span(figures.kappa_interval)} | "
    return start + " | ".join(two(number) for number in numbers) + " |"
