"""Fit the networks that read a call's turns in order, from rows of numbers and labels. Knows nothing of what the numbers mean.

One thread, fixed seeds and our own shuffling: the same rows give the same weights on the same machine.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.judging.heads import Matrix, TurnMatrix
from callcoach.judging.sequence import Columns, Direction, Entrance, SequenceModel, from_arrays, to_arrays

UNKNOWN = -100
"""Stands for an outcome that the labels do not tell; nothing is learnt from it."""

_LAST = -1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRecipe:
    """How the networks are fitted: how many, their width, passes over the calls, and shares dropped.

    Chosen on two of seven groups of writers: recurrent units beat two layers of attention at the acts (mean average precision
    0.778 against 0.758) at half the time; widths of 96 to 160 and 12 to 14 passes did alike.
    """

    networks: int = 2
    width: int = 112
    passes: int = 14
    calls_at_once: int = 24
    rate: float = 2e-3
    decay: float = 0.1
    drop_inputs: float = 0.15
    drop_states: float = 0.35
    customer_weight: float = 0.3
    call_weight: float = 0.4


class CallTurns(NamedTuple):
    """One call to learn from: both sides' rows with their yes/no targets, and the place of the true outcome in each group."""

    rep: TurnMatrix
    customer: TurnMatrix
    rep_targets: Matrix
    customer_targets: Matrix
    outcomes: tuple[int, ...]
    n_turns: int


class _Batch(NamedTuple):
    rep: Any
    rep_places: Any
    customer: Any
    customer_places: Any
    inside: Any
    rep_targets: Any
    customer_targets: Any
    outcomes: Any


def fit_sequences(
    calls: Sequence[CallTurns],
    rep: Columns,
    customer: Columns,
    of_call: Sequence[str],
    groups: Sequence[int],
    recipe: SequenceRecipe,
    *,
    seed: int,
) -> tuple[SequenceModel, ...]:
    """Networks over the calls. `of_call` and `groups`: as in SequenceModel; an outcome that is not known is UNKNOWN."""
    import torch  # heavy

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            rows = [(rep.standard(call.rep), customer.standard(call.customer)) for call in calls]
            fitted = [
                _fit_one(torch, calls, rows, (rep, customer), tuple(of_call), tuple(groups), recipe, seed + number)
                for number in range(recipe.networks)
            ]
    finally:
        torch.set_num_threads(threads)
    # what is measured in cross-validation is what will be read back from the file, rounding included
    return from_arrays(to_arrays(fitted))


def _fit_one(
    torch: Any,
    calls: Sequence[CallTurns],
    rows: Sequence[tuple[Matrix, Matrix]],
    columns: tuple[Columns, Columns],
    of_call: tuple[str, ...],
    groups: tuple[int, ...],
    recipe: SequenceRecipe,
    seed: int,
) -> SequenceModel:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    layers, loss = torch.nn, torch.nn.functional
    widths = (rows[0][0].shape[1], rows[0][1].shape[1])
    n_outputs = calls[0].rep_targets.shape[1], calls[0].customer_targets.shape[1]
    half = recipe.width // 2
    net = layers.ModuleDict(
        {
            "rep": layers.Linear(widths[0], recipe.width),
            "customer": layers.Linear(widths[1], recipe.width),
            "turns": layers.GRU(recipe.width, half, batch_first=True, bidirectional=True),
            "rep_out": layers.Linear(2 * recipe.width, n_outputs[0]),
            "customer_out": layers.Linear(2 * recipe.width, n_outputs[1]),
            "attention": layers.Linear(2 * recipe.width, 4),
            "call_out": layers.Linear(10 * recipe.width, sum(groups)),
        }
    )
    drop_in, drop = layers.Dropout(recipe.drop_inputs), layers.Dropout(recipe.drop_states)
    size = min(recipe.calls_at_once, len(calls))
    steps_a_pass = len(calls) // size
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    # a fifth of the steps warm up; with five or fewer that would be none
    n_steps = max(recipe.passes * steps_a_pass + 1, 6)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=n_steps, pct_start=0.2)
    order = list(range(len(calls)))
    for _ in range(recipe.passes):
        chance.shuffle(order)
        for step in range(steps_a_pass):
            batch = _batch(torch, calls, rows, order[step * size : (step + 1) * size])
            n_calls, longest = batch.inside.shape
            flat = torch.zeros(n_calls * longest, recipe.width)
            flat[batch.rep_places] = net["rep"](drop_in(batch.rep))
            flat[batch.customer_places] = net["customer"](drop_in(batch.customer))
            inputs = torch.relu(flat).view(n_calls, longest, recipe.width)
            states = drop(torch.cat([inputs, _both_ways(torch, net["turns"], drop(inputs), batch.inside)], -1))
            by_turn = states.reshape(n_calls * longest, -1)
            outside = ~batch.inside[..., None]
            attention = net["attention"](states).masked_fill(outside, _LAST).softmax(1)
            summary = torch.einsum("ctk,ctw->ckw", attention, states).reshape(n_calls, -1)
            called = net["call_out"](torch.cat([summary, states.masked_fill(outside, _LAST).amax(1)], 1))
            total = loss.binary_cross_entropy_with_logits(net["rep_out"](by_turn[batch.rep_places]), batch.rep_targets)
            total = total + recipe.customer_weight * loss.binary_cross_entropy_with_logits(
                net["customer_out"](by_turn[batch.customer_places]), batch.customer_targets
            )
            for place, part in enumerate(torch.split(called, groups, dim=1)):
                share = 1.0 if place == 0 else 1.0 / (len(groups) - 1)
                total = total + recipe.call_weight * share * loss.cross_entropy(part, batch.outcomes[:, place])
            optimiser.zero_grad()
            total.backward()
            layers.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return _as_arrays(net, columns, of_call, groups)


def _both_ways(torch: Any, turns: Any, inputs: Any, inside: Any) -> Any:
    packing = torch.nn.utils.rnn
    packed = packing.pack_padded_sequence(inputs, inside.sum(1), batch_first=True, enforce_sorted=False)
    states, _ = packing.pad_packed_sequence(turns(packed)[0], batch_first=True, total_length=inputs.shape[1])
    return states


def _batch(torch: Any, calls: Sequence[CallTurns], rows: Sequence[tuple[Matrix, Matrix]], chosen: Sequence[int]) -> _Batch:
    longest = max(calls[number].n_turns for number in chosen)
    inside = torch.zeros(len(chosen), longest, dtype=torch.bool)
    for place, number in enumerate(chosen):
        inside[place, : calls[number].n_turns] = True

    def numbers(parts: list[Matrix]) -> Any:
        return torch.tensor(np.concatenate(parts), dtype=torch.float32)

    def places(turns: list[tuple[int, ...]]) -> Any:
        return torch.tensor([place * longest + turn for place, own in enumerate(turns) for turn in own], dtype=torch.long)

    return _Batch(
        rep=numbers([rows[number][0] for number in chosen]),
        rep_places=places([calls[number].rep.turns for number in chosen]),
        customer=numbers([rows[number][1] for number in chosen]),
        customer_places=places([calls[number].customer.turns for number in chosen]),
        inside=inside,
        rep_targets=numbers([calls[number].rep_targets for number in chosen]),
        customer_targets=numbers([calls[number].customer_targets for number in chosen]),
        outcomes=torch.tensor([calls[number].outcomes for number in chosen], dtype=torch.long),
    )


def _as_arrays(net: Any, columns: tuple[Columns, Columns], of_call: tuple[str, ...], groups: tuple[int, ...]) -> SequenceModel:
    def array(tensor: Any) -> NDArray[np.float64]:
        result: NDArray[np.float64] = tensor.detach().numpy().astype(np.float64)
        return result

    def entrance(side: str, known: Columns) -> Entrance:
        return Entrance(columns=known, weights=array(net[side].weight).T, bias=array(net[side].bias))

    def direction(suffix: str) -> Direction:
        turns = net["turns"]
        return Direction(
            by_input=array(getattr(turns, f"weight_ih_l0{suffix}")),
            by_state=array(getattr(turns, f"weight_hh_l0{suffix}")),
            input_bias=array(getattr(turns, f"bias_ih_l0{suffix}")),
            state_bias=array(getattr(turns, f"bias_hh_l0{suffix}")),
        )

    return SequenceModel(
        of_call=of_call,
        groups=groups,
        rep=entrance("rep", columns[0]),
        customer=entrance("customer", columns[1]),
        onward=direction(""),
        backward=direction("_reverse"),
        rep_out=array(net["rep_out"].weight).T,
        rep_bias=array(net["rep_out"].bias),
        customer_out=array(net["customer_out"].weight).T,
        customer_bias=array(net["customer_out"].bias),
        attention=array(net["attention"].weight).T,
        attention_bias=array(net["attention"].bias),
        call_out=array(net["call_out"].weight).T,
        call_bias=array(net["call_out"].bias),
    )
