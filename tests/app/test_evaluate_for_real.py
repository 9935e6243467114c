"""The evaluation on a small cut of the shipped corpus: the judge that ships with its models, what is learnt anew with vectors of
words, since it is about who learns from whom.
"""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from word_vectors import word_vectors

from callcoach.app.cross_validation import cross_validate
from callcoach.app.evaluate import evaluate_cross_validated, evaluate_folder
from callcoach.app.learn import Learning
from callcoach.domain.call import Transcript
from callcoach.domain.signals import Act, Signals
from callcoach.domain.story import Initiative
from callcoach.domain.verdict import CallScore, Verdict
from callcoach.errors import UsageError
from callcoach.judging.verdict import score
from callcoach.language.heads import read_call_heads
from callcoach.language.measure import Measurer, Reader
from callcoach.training.corpus import Corpus, LabelledInitiative, read_corpus
from callcoach.training.fit_heads import Recipes
from callcoach.weights.locate import locate, models_folder

SHIPPED = models_folder() / "corpus"
INITIATIVES = ("open-block", "guardrail-checking", "known-hand-rush")  # by three writers
CALLS_EACH = 1  # with its twins; judging the edited copies of each takes ten seconds

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copy(SHIPPED / "WRITERS.yaml", folder)
    for name in INITIATIVES:
        (folder / name).mkdir()
        shutil.copy(SHIPPED / name / "initiative.yaml", folder / name)
        calls = re.split(r"^(?==== )", (SHIPPED / name / "calls.txt").read_text(), flags=re.MULTILINE)[1 : CALLS_EACH + 1]
        kept = {call.split()[1] for call in calls}
        twins = re.split(r"^(?==== )", (SHIPPED / name / "twins.txt").read_text(), flags=re.MULTILINE)[1:]
        (folder / name / "calls.txt").write_text("".join(calls))
        (folder / name / "twins.txt").write_text("".join(twin for twin in twins if twin.split()[2].removeprefix("from=") in kept))
    return folder


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("memory")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(locate("all-minilm-l6-v2"), str(locate("en-core-web-sm")))


@pytest.fixture
def word_reader(memory: Path) -> Reader:
    with word_vectors():
        return Reader(locate("all-minilm-l6-v2"), str(locate("en-core-web-sm")), memory=memory)


def mislabelled(labelled: LabelledInitiative) -> LabelledInitiative:
    calls = tuple(
        replace(
            call,
            labels=replace(call.labels, verdict=Verdict.STUMBLES, asked_why=not call.labels.asked_why),
            tags=tuple(frozenset({Act.STUMBLE}) if turn.speaker == "rep" else frozenset() for turn in call.transcript.turns),
        )
        for call in labelled.calls
    )
    return replace(labelled, calls=calls)


def test_no_call_is_judged_by_heads_that_learnt_from_its_writers_labels_and_kept_work_is_not_done_again(
    small_corpus: Path, word_reader: Reader, small_recipes: Recipes, tmp_path: Path
) -> None:
    corpus = read_corpus(small_corpus)
    held_back = next(labelled for labelled in corpus.initiatives if labelled.initiative.id == "open-block")
    spoilt = Corpus(
        initiatives=tuple(mislabelled(labelled) if labelled is held_back else labelled for labelled in corpus.initiatives)
    )
    done: list[str] = []
    learning = Learning(corpus, word_reader, recipes=small_recipes, keep=tmp_path, progress=done.append)
    honest = cross_validate(learning)
    with_wrong_labels = cross_validate(Learning(spoilt, word_reader, recipes=small_recipes, keep=tmp_path))
    n_done = len(done)
    assert cross_validate(learning) == honest and len(done) == n_done, "everything is kept, and nothing made again"
    for call in held_back.calls:
        assert honest.signals[call.call_id] == with_wrong_labels.signals[call.call_id]
        assert honest.scores[call.call_id] == with_wrong_labels.scores[call.call_id]
    others = [call.call_id for call in corpus.calls if call.initiative_id != "open-block"]
    assert any(honest.scores[call_id] != with_wrong_labels.scores[call_id] for call_id in others)


def test_cross_validation_measures_judge_and_baselines_on_every_call(
    small_corpus: Path, small_recipes: Recipes, memory: Path
) -> None:
    with word_vectors():
        evaluation = evaluate_cross_validated(
            small_corpus,
            encoder_folder=locate("all-minilm-l6-v2"),
            spacy_package=str(locate("en-core-web-sm")),
            robustness=True,
            recipes=small_recipes,
            memory=memory,
        )
    assert evaluation.calls == len(evaluation.predictions) == len(read_corpus(small_corpus).calls)
    assert evaluation.protocol.cross_validated
    assert evaluation.protocol.folds == 3
    assert evaluation.contrast.pairs == evaluation.twins > 0
    assert evaluation.evidence.verbatim == 1.0
    assert {figures.kappa is not None for figures in evaluation.baselines.values()} == {True}
    assert evaluation.robustness is not None
    assert evaluation.robustness.tried["wer10"] == evaluation.calls
    poor = sum(
        prediction.gold in (Verdict.RECITES, Verdict.FACTS_ONLY, Verdict.STUMBLES) for prediction in evaluation.predictions
    )
    assert {figures.tries for figures in evaluation.robustness.gaming.values()} == {poor}


def test_the_shipped_judge_is_tried_as_the_batch_uses_it_and_known_calls_are_named(small_corpus: Path, reader: Reader) -> None:
    heads_folder = locate("judge")
    call_heads = read_call_heads(heads_folder)
    measurer = Measurer(locate("all-minilm-l6-v2"), str(locate("en-core-web-sm")), heads_folder)

    def judge(transcript: Transcript, initiative: Initiative, signals: Signals) -> CallScore:
        return score(transcript, initiative, signals, call_heads)

    folder = small_corpus / "open-block"
    evaluation = evaluate_folder(folder, measurer, judge, encode=reader.encoder.encode, trained_on=small_corpus)
    assert evaluation.protocol.calls_trained_on == evaluation.calls
    assert evaluation.evidence.quotes > 0
    assert evaluation.evidence.verbatim == 1.0


def test_one_writer_alone_cannot_be_cross_validated(small_corpus: Path) -> None:
    with pytest.raises(UsageError, match="one writer"):
        evaluate_cross_validated(
            small_corpus / "open-block", encoder_folder=locate("all-minilm-l6-v2"), spacy_package=str(locate("en-core-web-sm"))
        )
