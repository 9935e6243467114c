"""A tiny transformer of random weights learns what its examples hold: in which order two words are said."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import callcoach.training.fit_tuned as fit_tuned_module
from callcoach.judging.tuned_head import Tuned, pooled
from callcoach.training.fit_tuned import TunedRecipe, TurnExample, fit_tuned
from callcoach.training.targets import REP_OUTPUTS

FIRST, LAST, PLAIN = 1, 2, 10
STORIES = {
    "doors": [(FIRST, 11, LAST), (FIRST, 12, LAST), (FIRST, 13, LAST)],
    "keys": [(FIRST, 21, LAST), (FIRST, 22, LAST), (FIRST, 23, LAST)],
}
RECIPE = TunedRecipe(layers=1, passes=200, rate=2e-3, turns=4, stories=2, hidden=16, drop=0.0, hide=0.0)


def tiny_encoder(**others: float) -> Any:
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(5)
    config = BertConfig(
        **others,
        vocab_size=40,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    return BertModel(config, add_pooling_layer=False)


def examples() -> list[TurnExample]:
    """A turn that says word 11 before word 12 tells the wall, the other way round it does not."""
    found = []
    for words in ((11, 12), (12, 11)):
        for story in STORIES:
            for other in range(30, 38):
                targets = np.zeros(len(REP_OUTPUTS))
                targets[REP_OUTPUTS.index("wall")] = words == (11, 12)
                found.append(TurnExample((FIRST, LAST, *words, other, LAST), 2, story, targets))
    return found


def told(tuned: Tuned, encoder: Any, example: TurnExample) -> float:
    import torch

    encoder.encoder.layer[-tuned.n_layers :].load_state_dict({name: torch.tensor(array) for name, array in tuned.layers.items()})
    encoder.eval()

    def vectors(numbers: tuple[int, ...], begin: int) -> np.ndarray[Any, Any]:
        with torch.no_grad():
            states = encoder(input_ids=torch.tensor([numbers])).last_hidden_state
        own = (torch.arange(len(numbers)) >= begin).float()[None, :]
        rows: np.ndarray[Any, Any] = pooled(torch, states, own).numpy()
        return rows

    story = np.concatenate([vectors(numbers, 0) for numbers in STORIES[example.story]])[:, 16:]
    answers = tuned.head.probabilities(vectors(example.numbers, example.begin), story)
    return float(answers[0, REP_OUTPUTS.index("wall")])


def test_the_order_of_words_is_learnt_and_the_lower_layers_stay() -> None:
    encoder = tiny_encoder()
    below = {name: tensor.clone() for name, tensor in encoder.encoder.layer[0].state_dict().items()}
    tuned = fit_tuned(examples(), STORIES, encoder, RECIPE, seed=3)
    assert all((tensor == below[name]).all() for name, tensor in encoder.encoder.layer[0].state_dict().items())
    yes = [told(tuned, tiny_encoder(), example) for example in examples() if example.targets.any()]
    no = [told(tuned, tiny_encoder(), example) for example in examples() if not example.targets.any()]
    assert min(yes) > 0.6 and max(no) < 0.4


def test_the_same_examples_give_the_same_weights() -> None:
    one, other = (fit_tuned(examples(), STORIES, tiny_encoder(), RECIPE, seed=3) for _ in range(2))
    assert all(np.array_equal(one.layers[name], other.layers[name]) for name in one.layers)
    assert np.array_equal(one.head.hidden, other.head.hidden)


def test_which_texts_are_read_together_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = replace(RECIPE, layers=2, passes=2.0)
    longer = (FIRST, *range(30, 38), LAST)
    mixed = [
        each._replace(numbers=longer + each.numbers, begin=10 + each.begin) if n % 3 else each
        for n, each in enumerate(examples())
    ]
    fits = []
    for together in (1, 3, 100):
        monkeypatch.setattr(fit_tuned_module, "_TOGETHER", together)
        quiet = tiny_encoder(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        fits.append(fit_tuned(mixed, STORIES, quiet, recipe, seed=3))
    assert fits[0].layers
    for other in fits[1:]:
        for name, layer in fits[0].layers.items():
            assert np.allclose(layer, other.layers[name], atol=2e-3), name
        assert np.allclose(fits[0].head.hidden, other.head.hidden, atol=2e-3)


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(ValueError, match="no turn to learn from"):
        fit_tuned([], STORIES, tiny_encoder(), RECIPE, seed=3)
