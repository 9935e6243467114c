"""Calls beside stories they do not tell: nothing is raised in them, and no fold can leak through them."""

from pathlib import Path

import pytest

from callcoach.domain.verdict import Answer, Verdict
from callcoach.training.corpus import Corpus, read_corpus
from callcoach.training.fit_heads import writer_groups
from callcoach.training.foreign import EVERY, foreign_calls
from callcoach.weights.locate import models_folder


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(Path(models_folder()) / "corpus")


def test_every_third_base_call_stands_beside_another_story(corpus: Corpus) -> None:
    pairs = foreign_calls(corpus, writer_groups(corpus.calls))
    base = [call for call in corpus.calls if call.base_id is None]
    assert len(pairs) == -(-len(base) // EVERY)
    for pair in pairs:
        call_id, _, initiative_id = pair.call_id.partition("@")
        assert initiative_id == pair.initiative_id
        assert not call_id.startswith(f"{initiative_id}-")
        assert (pair.labels.verdict, pair.labels.answer, pair.labels.asked_why) == (Verdict.NOT_RAISED, Answer.NOT_ASKED, False)
        assert not any(pair.tags) and len(pair.tags) == len(pair.transcript.turns)


def test_call_and_story_are_held_out_together(corpus: Corpus) -> None:
    groups = writer_groups(corpus.calls)
    writer_of_story = {labelled.initiative.id: labelled.writer for labelled in corpus.initiatives}
    for pair in foreign_calls(corpus, groups):
        assert groups[pair.writer] == groups[writer_of_story[pair.initiative_id]]
