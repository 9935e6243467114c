"""The networks that read turns in order: our arithmetic held against torch's, arrays that come back, the same bytes each time."""

import json

import numpy as np
import pytest
import torch

from callcoach.errors import WeightsAltered
from callcoach.judging.heads import TurnMatrix
from callcoach.judging.heads_json import decode_sequences, encode_sequences
from callcoach.judging.sequence import Columns, Direction, SequenceModel, from_arrays, read_all, to_arrays
from callcoach.training.fit import Rows, columns_of, stack
from callcoach.training.fit_sequence import UNKNOWN, CallTurns, SequenceRecipe, fit_sequences

OF_CALL = ("told", "not told", "level 0", "level 1", "level 2")
GROUPS = (2, 3)
SMALL = SequenceRecipe(networks=2, width=8, passes=3, calls_at_once=4)


def matrix(turns: tuple[int, ...], *, seed: int, names: tuple[str, ...] = ("first", "second")) -> TurnMatrix:
    chance = np.random.default_rng(seed)
    return TurnMatrix(
        turns=turns,
        names=names,
        plain=chance.normal(size=(len(turns), len(names))),
        blocks={"turn": chance.normal(size=(len(turns), 6)).astype(np.float32)},
    )


def call(number: int, *, n_turns: int = 6, outcome: int | None = None) -> CallTurns:
    """Rep and customer take turns; where the first column of any rep turn is above 1, it is told."""
    rep, customer = matrix(tuple(range(0, n_turns, 2)), seed=number), matrix(tuple(range(1, n_turns, 2)), seed=1000 + number)
    told = bool((rep.plain[:, 0] > 1).any())
    return CallTurns(
        rep,
        customer,
        (rep.plain[:, :1] > 1).astype(float),
        (customer.plain[:, :1] > 0).astype(float),
        outcomes=(0 if told else 1, UNKNOWN if outcome is None else outcome),
        n_turns=n_turns,
    )


def columns(side: str, calls: list[CallTurns]) -> Columns:
    rows = stack([getattr(one, side) for one in calls])
    return columns_of(Rows(rows, np.zeros((len(rows.turns), 1)), np.ones(len(rows.turns))), {"turn": 2})


def fitted(recipe: SequenceRecipe = SMALL, *, seed: int = 3, calls: list[CallTurns] | None = None) -> tuple[SequenceModel, ...]:
    learnt = calls or [call(number, outcome=number % 3) for number in range(9)]
    return fit_sequences(learnt, columns("rep", learnt), columns("customer", learnt), OF_CALL, GROUPS, recipe, seed=seed)


@pytest.mark.parametrize("n_turns", [1, 2, 17])
def test_our_recurrent_unit_is_torchs(n_turns: int) -> None:
    torch.manual_seed(n_turns)
    theirs = torch.nn.GRU(5, 4, batch_first=True, bidirectional=True).double()
    inputs = torch.randn(1, n_turns, 5, dtype=torch.float64)
    with torch.no_grad():
        expected = theirs(inputs)[0][0].numpy()

    def direction(suffix: str) -> Direction:
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        by_input, by_state, input_bias, state_bias = (getattr(theirs, name + suffix).detach().numpy() for name in names)
        return Direction(by_input=by_input, by_state=by_state, input_bias=input_bias, state_bias=state_bias)

    rows = inputs[0].numpy()
    ours = np.concatenate([direction("").states(rows), direction("_reverse").states(rows[::-1])[::-1]], axis=1)
    assert np.abs(ours - expected).max() < 1e-5


def test_a_whole_call_is_read_as_torch_would_read_it() -> None:
    (model,) = fitted(SequenceRecipe(networks=1, width=8, passes=1, calls_at_once=4))
    one = call(77, n_turns=7)
    read = model.read(one.rep, one.customer, 7)
    inputs = torch.zeros(7, 8, dtype=torch.float64)
    for side, entrance in ((one.rep, model.rep), (one.customer, model.customer)):
        standard = torch.tensor(entrance.columns.standard(side))
        inputs[list(side.turns)] = torch.relu(standard @ torch.tensor(entrance.weights) + torch.tensor(entrance.bias))
    unit = torch.nn.GRU(8, 4, batch_first=True, bidirectional=True).double()
    with torch.no_grad():
        for suffix, side in (("", model.onward), ("_reverse", model.backward)):
            getattr(unit, f"weight_ih_l0{suffix}").copy_(torch.tensor(side.by_input))
            getattr(unit, f"weight_hh_l0{suffix}").copy_(torch.tensor(side.by_state))
            getattr(unit, f"bias_ih_l0{suffix}").copy_(torch.tensor(side.input_bias))
            getattr(unit, f"bias_hh_l0{suffix}").copy_(torch.tensor(side.state_bias))
        states = torch.cat([inputs, unit(inputs[None])[0][0]], -1)
        rep = torch.sigmoid(states[list(one.rep.turns)] @ torch.tensor(model.rep_out) + torch.tensor(model.rep_bias))
        attention = (states @ torch.tensor(model.attention) + torch.tensor(model.attention_bias)).softmax(0)
        summary = torch.cat([(attention.T @ states).reshape(-1), states.amax(0)])
        logits = summary @ torch.tensor(model.call_out) + torch.tensor(model.call_bias)
        outcomes = torch.cat([part.softmax(0) for part in torch.split(logits, GROUPS)])
    assert np.abs(read.rep - rep.numpy()).max() < 1e-5
    assert np.abs(read.call - outcomes.numpy()).max() < 1e-5


def test_the_outcomes_of_each_group_sum_to_one_and_several_models_are_averaged() -> None:
    models = fitted()
    one = call(50)
    read = read_all(models, one.rep, one.customer, 6)
    assert np.allclose([read.call[:2].sum(), read.call[2:].sum()], 1.0)
    each = [model.read(one.rep, one.customer, 6).rep for model in models]
    assert not np.allclose(each[0], each[1])
    assert np.allclose(read.rep, (each[0] + each[1]) / 2)


def test_arrays_and_the_file_give_the_same_models_back() -> None:
    models = fitted()
    one = call(51)
    expected = read_all(models, one.rep, one.customer, 6)
    for again in (from_arrays(to_arrays(models)), decode_sequences(encode_sequences(models))):
        found = read_all(again, one.rep, one.customer, 6)
        assert again[0].of_call == OF_CALL and again[0].groups == GROUPS
        for part in expected._fields:
            # the arrays are the same; how they lie in memory may move the last digit of a product
            assert np.allclose(getattr(found, part), getattr(expected, part), rtol=0, atol=1e-12)
        assert {name: array.tolist() for name, array in to_arrays(again).items()} == {
            name: array.tolist() for name, array in to_arrays(models).items()
        }


def test_a_file_without_one_of_the_arrays_is_refused() -> None:
    arrays = json.loads(encode_sequences(fitted()))
    del arrays["1.onward.by_state"]
    with pytest.raises(KeyError, match="by_state"):
        decode_sequences(json.dumps(arrays).encode())


def test_the_same_calls_and_seed_give_the_same_bytes_and_another_seed_others() -> None:
    once = encode_sequences(fitted())
    torch.rand(5)
    assert encode_sequences(fitted()) == once
    assert encode_sequences(fitted(seed=4)) != once


def test_a_turn_of_an_unknown_speaker_is_passed_over_and_still_counts_as_a_turn() -> None:
    models = fitted()
    rep, customer = matrix((0, 3), seed=5), matrix((1,), seed=6)
    read = read_all(models, rep, customer, 5)  # nobody knows who speaks in turns 2 and 4
    assert read.rep.shape == (2, 1) and read.customer.shape == (1, 1)
    assert np.isfinite(read.call).all()
    assert not np.allclose(read.call, read_all(models, rep, customer, 4).call)


def test_a_side_that_says_nothing_and_a_call_without_turns_are_read_too() -> None:
    models = fitted()
    nobody = TurnMatrix(turns=(), names=(), plain=np.zeros((0, 0)), blocks={})
    alone = read_all(models, matrix((0, 1), seed=5), nobody, 2)
    assert alone.rep.shape == (2, 1) and alone.customer.shape == (0, 1)
    silent = read_all(models, nobody, nobody, 0)
    assert np.allclose(silent.call, [0.5, 0.5, 1 / 3, 1 / 3, 1 / 3])


def test_an_outcome_that_nobody_told_teaches_nothing() -> None:
    known = [call(number, outcome=2) for number in range(9)]
    told = fitted(SequenceRecipe(networks=1, width=8, passes=25, calls_at_once=4, rate=2e-2), calls=known)
    untold = fitted(
        SequenceRecipe(networks=1, width=8, passes=25, calls_at_once=4, rate=2e-2),
        calls=[one._replace(outcomes=(one.outcomes[0], 2 if number % 2 else UNKNOWN)) for number, one in enumerate(known)],
    )
    one = call(60)
    for models in (told, untold):
        assert read_all(models, one.rep, one.customer, 6).call[2:].argmax() == 2
        assert np.isfinite(read_all(models, one.rep, one.customer, 6).call).all()


def test_what_is_shown_often_is_learnt() -> None:
    calls = [call(number, outcome=0) for number in range(60)]
    recipe = SequenceRecipe(networks=1, width=24, passes=60, calls_at_once=12, rate=1e-2, drop_inputs=0.0, drop_states=0.1)
    models = fitted(recipe, calls=calls)
    unseen = [call(number) for number in range(200, 240)]
    right = [(read_all(models, one.rep, one.customer, 6).rep > 0.5) == (one.rep_targets > 0.5) for one in unseen]
    always_no = np.concatenate([one.rep_targets for one in unseen]).mean()
    assert np.concatenate(right).mean() > max(0.9, 1 - always_no)


def test_other_columns_are_refused() -> None:
    one = call(70)
    with pytest.raises(WeightsAltered, match="made for other features"):
        read_all(fitted(), matrix((0,), seed=1, names=("first", "third")), one.customer, 6)
