"""A small tagger learns what is marked and nothing else, twice the same; what is not asked is not learnt from."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from callcoach.redaction.kinds import Kind
from callcoach.redaction.marked import read_marked
from callcoach.redaction.tagger import Tagger, encode_tagger
from callcoach.training.fit_tagger import Lessons, Stretch, TaggerRecipe, fit_tagger, stretches

ITEMS = [
    "rep And your name? / customer It's {PERSON:Oksana Petrenko}, thanks.",
    "customer Call me at {PHONE:415 555 0199}.",
    "rep That is forty nine a month.",
]


def test_an_item_is_cut_where_marks_begin_and_end() -> None:
    (item,) = read_marked(ITEMS[0], "items")
    assert stretches(item) == [
        [Stretch("And your name?", None)],
        [Stretch("It's ", None), Stretch("Oksana Petrenko", Kind.PERSON), Stretch(", thanks.", None)],
    ]


def small() -> tuple[Any, Any]:
    """A tiny encoder that nobody has trained, and a tokenizer of characters."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=130,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=300,
    )
    return BertModel(config, add_pooling_layer=False), Characters()


class Characters:
    """Every character a token."""

    first, divider = 1, 2

    def of(self, texts: list[str]) -> tuple[list[int], list[Any]]:
        from callcoach.redaction.tagger import Token

        numbers, places = [], []
        for number, text in enumerate(texts):
            numbers += [*(3 + ord(each) % 120 for each in text), self.divider]
            places += [*(Token(number, place, place + 1) for place in range(len(text))), None]
        return numbers, places


def fitted(calls: list[Any], passes: float = 30.0, seed: int = 5) -> Tagger:
    encoder, pieces = small()
    items = [stretches(item) for item in read_marked("\n".join(ITEMS), "items")]
    recipe = TaggerRecipe(layers=1, passes=passes, batch=2, rate=3e-3)
    return fit_tagger(Lessons(items, calls), encoder, pieces, recipe, seed=seed, say=lambda _: None)


def test_the_same_lessons_and_seed_give_the_same_bytes_and_others_others() -> None:
    call = [[Stretch("We open at nine.", None), Stretch("Dana", None, asked=False)]]
    first = encode_tagger(fitted([call], passes=4))
    assert encode_tagger(fitted([call], passes=4)) == first
    assert encode_tagger(fitted([call], passes=4, seed=6)) != first


def test_only_the_upper_layers_and_the_head_are_taken() -> None:
    tagger = fitted([], passes=4)
    assert tagger.n_layers == 1 and tagger.weights.shape == (1 + len(tagger.kinds), 32)
    assert {name.partition(".")[0] for name in tagger.layers} == {"0"}
    assert all(np.isfinite(layer).all() for layer in tagger.layers.values())


def test_without_items_there_is_nothing_to_learn() -> None:
    with pytest.raises(ValueError, match="no item"):
        fit_tagger(Lessons([], []), None, None, TaggerRecipe(), seed=1, say=print)


@pytest.mark.slow
def test_a_folder_of_items_becomes_a_tagger_and_a_bad_line_is_named(tmp_path: Path) -> None:
    import json

    from callcoach.app.learn_redaction import learn_redaction
    from callcoach.errors import BadCorpus
    from callcoach.redaction.tagger import decode_tagger

    corpus = Path(__file__).parents[2] / "models" / "corpus" / "known-number-review"
    items = tmp_path / "items"
    items.mkdir()
    with pytest.raises(BadCorpus, match=r"no \.txt file"):
        learn_redaction(items, corpus, tmp_path / "out", command="", say=lambda _: None)
    (items / "mine.txt").write_text("\n".join(ITEMS) + "\n")
    told: list[str] = []
    listed = learn_redaction(
        items, corpus, tmp_path / "out", recipe=TaggerRecipe(layers=1, passes=1), command="callcoach x", say=told.append
    )
    assert json.loads((tmp_path / "out" / "tagger.json").read_text()) == json.loads(json.dumps(listed))
    assert listed["about"]["items"] == {"mine": 3} and told[0].startswith("Learning from 3 items and ")
    assert decode_tagger((tmp_path / "out" / "tagger.npz").read_bytes()).n_layers == 1
    (items / "mine.txt").write_text("agent Hello\n")
    with pytest.raises(BadCorpus, match=r"mine\.txt, line 1: "):
        learn_redaction(items, corpus, tmp_path / "out", command="", say=lambda _: None)
