import numpy as np
import pytest

from callcoach.errors import WeightsAltered
from callcoach.judging.tuned_head import Tuned, TunedHead, from_arrays, to_arrays
from callcoach.judging.tuned_npz import decode_tuned, encode_tuned

WIDTH, COMPONENTS, HIDDEN = 4, 3, 5


def head(seed: int = 1) -> TunedHead:
    dice = np.random.default_rng(seed)
    inner = (2 + COMPONENTS) * WIDTH + COMPONENTS
    half = {
        name: dice.normal(size=shape).astype(np.float16).astype(np.float64)
        for name, shape in {
            "near": (WIDTH, WIDTH),
            "near_bias": (WIDTH,),
            "hidden": (inner, HIDDEN),
            "hidden_bias": (HIDDEN,),
            "out": (HIDDEN, 2),
            "out_bias": (2,),
        }.items()
    }
    return TunedHead(outputs=("wall", "part"), **half)


def test_a_turn_is_answered_by_itself_and_by_its_closeness_to_the_story() -> None:
    known = head()
    dice = np.random.default_rng(2)
    turns, story = dice.normal(size=(3, 2 * WIDTH)), dice.normal(size=(COMPONENTS, WIDTH))
    answers = known.probabilities(turns, story)
    for turn, answer in zip(turns, answers, strict=True):
        brought = turn[WIDTH:] @ known.near + known.near_bias
        cosines = [float(brought @ part / np.linalg.norm(brought) / np.linalg.norm(part)) for part in story]
        features = np.concatenate([turn, *(brought * part for part in story), cosines])
        inner = np.maximum(features @ known.hidden + known.hidden_bias, 0)
        assert answer == pytest.approx(1 / (1 + np.exp(-(inner @ known.out + known.out_bias))))
    assert not np.allclose(known.probabilities(turns, -story), answers), "the story counts"


def test_a_silent_turn_and_an_empty_story_give_numbers() -> None:
    answers = head().probabilities(np.zeros((1, 2 * WIDTH)), np.zeros((COMPONENTS, WIDTH)))
    assert answers.shape == (1, 2) and np.isfinite(answers).all()


def test_what_is_kept_comes_back_and_the_same_bytes_are_written_again() -> None:
    dice = np.random.default_rng(4)
    layers = {
        "0.dense.weight": dice.normal(size=(8, 6)).astype(np.float32),
        "0.norm.bias": dice.normal(size=8).astype(np.float32),
        "1.dense.weight": np.zeros((2, 2), np.float32),
    }
    tuned = Tuned(layers=layers, head=head())
    body = encode_tuned(tuned)
    again = decode_tuned(body)
    assert again.n_layers == 2 and again.fingerprint
    for name, layer in layers.items():
        rounding = np.abs(layer).max(axis=-1, keepdims=True) / 127 / 2 if layer.ndim == 2 else np.abs(layer) / 1024
        assert (np.abs(again.layers[name] - layer) <= rounding * 1.001).all()
    turns, story = np.ones((2, 2 * WIDTH)), np.ones((COMPONENTS, WIDTH))
    assert np.array_equal(again.head.probabilities(turns, story), tuned.head.probabilities(turns, story))
    assert encode_tuned(again) == body


def test_a_missing_part_is_named_and_other_bytes_are_refused() -> None:
    arrays = to_arrays(head())
    del arrays["out_bias"], arrays["near"]
    with pytest.raises(WeightsAltered, match="no near, out_bias"):
        from_arrays(arrays, ("wall", "part"))
    with pytest.raises(ValueError, match="no arrays in a zip"):
        decode_tuned(b"PK\x03\x04 not a zip at all")
