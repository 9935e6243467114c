"""Measure the judge on labelled calls: as shipped, or retrained for each writer that it is then tried on. Prints nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol as Port

import msgspec

from callcoach.app.cross_validation import cross_validate
from callcoach.app.learn import Learning, corpus_fingerprint
from callcoach.app.progress import Progress, Silent
from callcoach.domain.call import Transcript
from callcoach.domain.signals import Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore, Verdict
from callcoach.errors import UsageError
from callcoach.language.measure import Reader
from callcoach.training.baselines import Encode, Measured, baseline_features, cross_validated_baselines, judge_by_baselines
from callcoach.training.corpus import Corpus, LabelledCall, read_corpus
from callcoach.training.edits import vocabulary
from callcoach.training.evaluate import evaluate
from callcoach.training.evaluation import Evaluation, ForeignFigures, Protocol
from callcoach.training.fit_heads import Recipes
from callcoach.training.robustness import Outcome, robustness_figures, sample, try_out

Judge = Callable[[Transcript, Initiative, Signals], CallScore]
"""The last step of the batch: `Workspace.judged`."""


class Measures(Port):
    """Makes Signals of a call, as the batch does."""

    def measure(self, transcript: Transcript, initiative: Initiative) -> Signals:
        """All that models say of one call and one initiative."""
        ...


def evaluate_folder(
    folder: Path,
    measurer: Measures,
    judge: Judge,
    *,
    encode: Encode,
    trained_on: Path | None,
    versions: Mapping[str, str] | None = None,
    robustness: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Judge every labelled call in `folder` with the shipped judge, just as the batch would, and measure the outcome.

    trained_on: the labelled calls that the shipped judge has learnt from; the baselines learn from them too, and calls of
    `folder` with the same words are counted, for figures on them are no measure. Where it is None there are no baselines.
    robustness: judge edited copies of some of the calls too.

    Raises BadCorpus where `folder` or `trained_on` breaks the format.
    """
    watch = progress or Silent()
    corpus = read_corpus(folder)
    learnt = read_corpus(trained_on) if trained_on else None
    stories = corpus.stories
    scores: dict[str, CallScore] = {}
    signals: dict[str, Signals] = {}
    watch.stage("Judging", len(corpus.calls))
    for call in corpus.calls:
        initiative = stories[call.initiative_id]
        signals[call.call_id] = measurer.measure(call.transcript, initiative)
        scores[call.call_id] = judge(call.transcript, initiative, signals[call.call_id])
        watch.advance(1, f"{call.call_id}: {scores[call.call_id].verdict.value}")
    outcomes: list[Outcome] = []
    if robustness:
        watch.stage("Trying edited calls", len(corpus.calls))
        chosen, words = sample(corpus.calls), vocabulary(corpus.calls)

        def judged(call: LabelledCall, initiative: Initiative) -> CallScore:
            return judge(call.transcript, initiative, measurer.measure(call.transcript, initiative))

        for call in corpus.calls:
            outcomes += try_out([call], stories, scores, chosen, words, judged)
            watch.advance(1, call.call_id)
    known = {_words_of(call) for call in learnt.calls} if learnt else set()
    evaluation = evaluate(
        corpus.calls,
        scores,
        signals,
        _shipped_baselines(learnt, corpus, encode, watch) if learnt else {},
        protocol=Protocol(
            cross_validated=False,
            calls_trained_on=sum(_words_of(call) in known for call in corpus.calls),
            versions=dict(versions or {}),
        ),
    )
    return replace(evaluation, robustness=robustness_figures(outcomes) if robustness else None)


def evaluate_cross_validated(
    folder: Path,
    *,
    encoder_folder: Path,
    spacy_package: str,
    threads: int = 2,
    memory: Path | None = None,
    robustness: bool = False,
    recipes: Recipes | None = None,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Retrain judge and baselines without each group of writers in turn, judge that group's calls, and measure the outcome.

    robustness: judge edited copies of some of the calls too, each by the judge that has not seen its writer. recipes: how the
    judges are fitted, as the one that ships unless given. keep: see `Learning`.

    Raises BadCorpus where `folder` breaks the format, and UsageError where it holds the calls of one writer only.
    """
    watch = progress or Silent()
    corpus = read_corpus(folder)
    if len({call.writer for call in corpus.calls}) < 2:
        raise UsageError(
            f"{folder}: all calls are by one writer, so there is nobody else's to learn from. Leave out --cross-validate."
        )
    watch.stage("Retraining", 1)
    reader = Reader(encoder_folder, spacy_package, threads=threads, memory=memory)
    learning = Learning(corpus, reader, recipes=recipes, keep=keep, progress=lambda sentence: watch.advance(0, sentence))
    judged = cross_validate(learning, robustness=robustness)
    watch.advance(1, "every call is judged")
    n_folds = len(set(judged.groups.values()))
    watch.stage("Baselines", n_folds + 1)
    features = baseline_features(corpus.calls, corpus.stories, reader.encoder.encode)
    reader.encoder.remember()
    watch.advance(1, "the calls are measured")
    baselines = cross_validated_baselines(
        corpus.calls,
        features,
        groups=judged.groups,
        fold_done=lambda fold: watch.advance(1, f"without {', '.join(fold.writers)}"),
    )
    evaluation = evaluate(
        corpus.calls,
        judged.scores,
        judged.signals,
        baselines,
        protocol=Protocol(
            cross_validated=True,
            calls_trained_on=0,
            folds=n_folds,
            versions={**reader.made_by, "corpus": corpus_fingerprint(corpus)},
        ),
    )
    silent = sum(judged.scores[call.call_id].verdict is Verdict.NOT_RAISED for call in judged.foreign)
    return replace(
        evaluation,
        foreign=ForeignFigures(pairs=len(judged.foreign), not_raised=silent),
        robustness=robustness_figures(judged.outcomes) if robustness else None,
    )


def _shipped_baselines(learnt: Corpus, corpus: Corpus, encode: Encode, watch: Progress) -> Mapping[str, Mapping[str, Verdict]]:
    watch.stage("Baselines", 2)
    learn = Measured(learnt.calls, baseline_features(learnt.calls, learnt.stories, encode))
    watch.advance(1, "the calls to learn from are measured")
    told = judge_by_baselines(learn, Measured(corpus.calls, baseline_features(corpus.calls, corpus.stories, encode)))
    watch.advance(1, "the calls are judged")
    return told


def _words_of(call: LabelledCall) -> tuple[tuple[str, str], ...]:
    return tuple((turn.speaker, turn.text) for turn in call.transcript.turns)


def evaluation_json(evaluation: Evaluation) -> bytes:
    """The contract JSON, indented; the same evaluation gives the same bytes, tables in the order in which they are printed."""
    return msgspec.json.format(msgspec.json.encode(evaluation), indent=2) + b"\n"
