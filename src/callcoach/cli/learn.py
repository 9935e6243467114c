"""`callcoach train` and `callcoach evaluate`: learn from labelled calls, and measure the judge on them. Thin."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from callcoach.cli.workspace import HomeOption, refuse_unwritable, workspace, write_figures
from callcoach.errors import UsageError

if TYPE_CHECKING:
    from callcoach.app.workspace import Workspace
    from callcoach.training.fit_heads import Recipes

TuneOption = Annotated[
    bool | None,
    typer.Option(
        help="Train the encoder's upper layers too, as for the judge that ships; without, it takes a quarter of the time."
    ),
]
KeepOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder for what is fitted as soon as it is: the command, given again, goes on; a second one beside shares the work."
    ),
]
out = Console()
err = Console(stderr=True)


def train(
    corpus: Annotated[Path, typer.Argument(help="Folder of labelled calls.")],
    into: Annotated[Path, typer.Option("--out", help="Folder for the trained heads.")],
    with_reviews: Annotated[
        bool,
        typer.Option("--with-reviews", help="Learn from your own labels and corrections too; kept only if that judges better."),
    ] = False,
    tune_encoder: TuneOption = None,
    keep: KeepOption = None,
    home: HomeOption = None,
) -> None:
    """Train the judge on labelled calls."""
    from callcoach.app.learn import learn, recipes

    used = workspace(home)
    if with_reviews:
        _retrain(used, corpus, into, recipes(tune_encoder=tune_encoder is not False), keep)
        return

    learnt = learn(
        corpus,
        into,
        encoder_folder=used.encoder_folder,
        spacy_package=used.sentence_model,
        threads=used.settings.cores,
        memory=used.memory,
        recipes=recipes(tune_encoder=tune_encoder is not False),
        keep=keep,
        progress=lambda sentence: err.print(sentence, markup=False, highlight=False),
    )
    out.print(f"Learnt from {learnt.calls} calls. The judge is in {learnt.folder}.", markup=False, highlight=False)


def _retrain(workspace: "Workspace", corpus: Path, into: Path, recipes: "Recipes", keep: Path | None) -> None:
    from callcoach.app.retrain import count_labels, retrain, sentence_of

    done = retrain(
        workspace,
        corpus,
        into,
        recipes=recipes,
        keep=keep,
        progress=lambda sentence: err.print(sentence, markup=False, highlight=False),
    )
    for why, number in sorted(done.left_out.items()):
        out.print(f"{count_labels(number)} left out: {why}.", markup=False, highlight=False)
    out.print(
        f"{sentence_of(done.compared)}\nLearnt from {done.calls} calls and {count_labels(done.team_labels)}."
        f" The judge is in {done.folder}; CALLCOACH_JUDGE={done.folder} puts it to use.",
        markup=False,
        highlight=False,
    )


def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder of labelled calls, or one initiative's folder.")],
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every figure and prediction to this file.")] = None,
    cross_validate: Annotated[
        bool, typer.Option("--cross-validate", help="Retrain for each group of writers and judge the calls it has not seen.")
    ] = False,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="Judge edited calls too: misheard, renamed, shuffled, and tricks.")
    ] = False,
    learning_curve: Annotated[
        bool, typer.Option("--learning-curve", help="Retrain on ever more writers and calls; the same writers' calls are judged.")
    ] = False,
    few_shot: Annotated[
        str | None, typer.Option(help="What so many labelled calls of a new initiative bring, like 0,10,30.")
    ] = None,
    initiatives: Annotated[int, typer.Option(help="How many initiatives --few-shot averages over.", min=1)] = 4,
    curves_file: Annotated[
        Path | None, typer.Option("--curves", help="Write the curves alone to this file, for the model card.")
    ] = None,
    tune_encoder: TuneOption = None,
    keep: KeepOption = None,
) -> None:
    """Measure the judge on labelled calls, beside simple baselines."""
    from dataclasses import replace

    from callcoach.app.curves import Wanted, curves_json, measure_curves, read_sizes, refuse_few_writers
    from callcoach.app.evaluate import evaluate_cross_validated, evaluate_folder, evaluation_json
    from callcoach.app.learn import recipes
    from callcoach.cli.evaluate import print_evaluation
    from callcoach.cli.progress import progress_on
    from callcoach.training.corpus import read_corpus

    if tune_encoder is not None and not cross_validate:
        given = "--tune-encoder" if tune_encoder else "--no-tune-encoder"
        raise UsageError(f"{given} is about training anew, and the judge in use is only measured. Give --cross-validate with it.")
    if keep is not None and not cross_validate:
        raise UsageError(
            "--keep is about what is trained anew, and the judge in use is only measured. Give --cross-validate with it."
        )
    wanted = Wanted(learning=learning_curve, sizes=read_sizes(few_shot) if few_shot else (), initiatives=initiatives)
    if wanted.learning or wanted.sizes:
        refuse_few_writers(folder, read_corpus(folder))
    refuse_unwritable(json_file, curves_file)
    used = workspace()
    with progress_on(err) as progress:
        if cross_validate:
            evaluation = evaluate_cross_validated(
                folder,
                encoder_folder=used.encoder_folder,
                spacy_package=used.sentence_model,
                threads=used.settings.cores,
                memory=used.memory,
                robustness=robustness,
                recipes=recipes(tune_encoder=tune_encoder is not False),
                keep=keep,
                progress=progress,
            )
        else:
            evaluation = evaluate_folder(
                folder,
                used.language,
                used.judged,
                encode=used.encode,
                trained_on=used.labelled_calls,
                versions=used.versions,
                robustness=robustness,
                progress=progress,
            )
        if wanted.learning or wanted.sizes:
            progress.stage("Curves", 1)
            curves = measure_curves(
                folder,
                wanted,
                encoder_folder=used.encoder_folder,
                spacy_package=used.sentence_model,
                threads=used.settings.cores,
                memory=used.memory,
                progress=lambda sentence: progress.advance(0, sentence),
            )
            progress.advance(1, "every point is measured")
            evaluation = replace(evaluation, curves=curves)
            write_figures(curves_file, curves_json(curves))
    write_figures(json_file, evaluation_json(evaluation))
    print_evaluation(out, evaluation)
