"""Fit small networks on rows of numbers: one hidden layer, kept modest by dropout. Knows nothing of what the numbers mean.

One thread, fixed seeds and our own shuffling: the same rows give the same weights on the same machine.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.judging.heads import FURTHEST, Matrix, Network

_ROWS_AT_ONCE = 64
_RATE = 2e-3
_DECAY = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRecipe:
    """How networks are fitted: how many, their hidden units, passes over the rows, and shares dropped."""

    networks: int = 3
    hidden: int = 64
    passes: int = 16
    drop_inputs: float = 0.1
    drop_hidden: float = 0.4


def fit_networks(
    standard: Matrix, targets: Matrix, weights: NDArray[np.float64], recipe: NetworkRecipe, *, seed: int
) -> tuple[Network, ...]:
    """Networks from standardised features to yes/no targets, shape (n, n_outputs)."""
    import torch  # heavy

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            return tuple(_fit_one(torch, standard, targets, weights, recipe, seed + number) for number in range(recipe.networks))
    finally:
        torch.set_num_threads(threads)


def _fit_one(
    torch: Any, standard: Matrix, targets: Matrix, weights: NDArray[np.float64], recipe: NetworkRecipe, seed: int
) -> Network:
    torch.manual_seed(seed)
    layers = torch.nn
    model = layers.Sequential(
        layers.Dropout(recipe.drop_inputs),
        layers.Linear(standard.shape[1], recipe.hidden),
        layers.ReLU(),
        layers.Dropout(recipe.drop_hidden),
        layers.Linear(recipe.hidden, targets.shape[1]),
    )
    rows = torch.tensor(np.clip(standard, -FURTHEST, FURTHEST), dtype=torch.float32)
    wanted, weight = torch.tensor(targets, dtype=torch.float32), torch.tensor(weights, dtype=torch.float32)
    size = min(_ROWS_AT_ONCE, len(rows))
    steps_a_pass = len(rows) // size
    optimiser = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=recipe.passes * steps_a_pass + 1)
    loss_of = layers.BCEWithLogitsLoss(reduction="none")
    for _ in range(recipe.passes):
        order = torch.randperm(len(rows))
        for step in range(steps_a_pass):
            chosen = order[step * size : (step + 1) * size]
            loss = (loss_of(model(rows[chosen]), wanted[chosen]).mean(1) * weight[chosen]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    first, last = model[1], model[4]

    def array(tensor: Any) -> Matrix:
        result: Matrix = tensor.detach().numpy().astype(np.float64)
        return result

    return Network(
        hidden=array(first.weight).T, hidden_bias=array(first.bias), out=array(last.weight).T, out_bias=array(last.bias)
    )
