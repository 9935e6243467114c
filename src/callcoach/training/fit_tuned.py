"""Train an encoder's upper layers, and a head over them, on tagged turns. Knows nothing of calls, texts or folds.

The lower layers stay as they came: their states are made once and kept while the upper ones learn. One thread and fixed seeds:
the same examples give the same weights on the same kind of machine.
"""

import random
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.judging.tuned_head import Tuned, TunedHead, pooled
from callcoach.judging.tuned_npz import decode_tuned, encode_tuned
from callcoach.processor import bfloat16_is_fast
from callcoach.training.targets import REP_OUTPUTS

_RATE_HEAD = 1e-3
_DECAY = 0.01
_WARM = 0.1
_STEEPEST = 1.0
_AT_ONCE = 32
_TOGETHER = 8
_SCATTER = 60
"""Tokens: batches hold turns of like length, give or take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedRecipe:
    """layers: how many learn, from the last. A pass: every tagged turn and half of the others, drawn anew.

    turns and stories: of one story, and how many stories, in a batch. drop: share of the head's inputs left out at a time;
    hide: share of tokens hidden, as if misheard.
    """

    layers: int = 3
    passes: float = 2.0
    rate: float = 1e-4
    turns: int = 8
    stories: int = 4
    hidden: int = 256
    drop: float = 0.1
    hide: float = 0.08


class TurnExample(NamedTuple):
    """A turn as token numbers, `begin` its first own one; the story it is set beside; `targets`: REP_OUTPUTS as 0 or 1."""

    numbers: tuple[int, ...]
    begin: int
    story: str
    targets: NDArray[np.float64]


Stories = Mapping[str, Sequence[Sequence[int]]]
"""The components of each story as token numbers, in order."""


def fit_tuned(examples: Sequence[TurnExample], stories: Stories, encoder: Any, recipe: TunedRecipe, *, seed: int) -> Tuned:
    """The layers and the head. encoder: a BERT-like model of transformers, whose upper layers are changed.

    Raises ValueError where there is no turn to learn from.
    """
    if not examples:
        raise ValueError("There is no turn to learn from.")
    import torch  # heavy

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _Fit(torch, _distinct(examples), stories, encoder, recipe, seed).tuned()
    finally:
        torch.set_num_threads(threads)


def _distinct(examples: Sequence[TurnExample]) -> list[TurnExample]:
    """No two of the same turn beside the same story; the targets are the mean of those that were."""
    together: dict[tuple[tuple[int, ...], str], list[TurnExample]] = {}
    for example in examples:
        together.setdefault((example.numbers, example.story), []).append(example)
    return [same[0]._replace(targets=np.mean([each.targets for each in same], axis=0)) for same in together.values()]


class _States:
    """Vectors of each text's tokens in half precision. There may be gigabytes of them: they lie in a file without a name."""

    def __init__(self, torch: Any, states: Iterable[tuple[tuple[int, ...], Any]]) -> None:
        """states: each text with its own, shape (n_tokens, width)."""
        self._torch = torch
        self._places: dict[tuple[int, ...], slice] = {}
        end, width = 0, 0
        with tempfile.TemporaryFile() as file:
            for text, state in states:
                file.write(state.to(torch.bfloat16).view(torch.int16).numpy().tobytes())
                begin, end, width = end, end + len(state), state.shape[1]
                self._places[text] = slice(begin, end)
            file.flush()
            self._kept = np.memmap(file, dtype=np.int16, mode="r", shape=(end, width))

    def of(self, text: tuple[int, ...]) -> Any:
        """Those of a text, shape (n_tokens, width)."""
        return self._torch.tensor(self._kept[self._places[text]]).view(self._torch.bfloat16)


class _Fit:
    """One training run."""

    def __init__(
        self, torch: Any, examples: Sequence[TurnExample], stories: Stories, encoder: Any, recipe: TunedRecipe, seed: int
    ) -> None:
        self._torch, self._examples, self._recipe, self._seed = torch, examples, recipe, seed
        self._chance = random.Random(seed)
        self._encoder = encoder
        self._upper = encoder.encoder.layer[-recipe.layers :]
        self._names = sorted({example.story for example in examples})
        self._n_components = len(stories[self._names[0]])
        width = encoder.config.hidden_size
        inner = (2 + self._n_components) * width + self._n_components
        self._near = torch.nn.Linear(width, width)
        self._hidden, self._out = torch.nn.Linear(inner, recipe.hidden), torch.nn.Linear(recipe.hidden, len(REP_OUTPUTS))
        self._stories = {name: [tuple(numbers) for numbers in stories[name]] for name in self._names}
        turns, told = (example.numbers for example in examples), chain(*self._stories.values())
        self._states = _States(torch, chain(self._states_below(turns), self._states_below(told)))

    def tuned(self) -> Tuned:
        """Train, and take what came of it."""
        torch, recipe = self._torch, self._recipe
        head = [parameter for module in (self._near, self._hidden, self._out) for parameter in module.parameters()]
        upper = list(self._upper.parameters())
        optimiser = torch.optim.AdamW(
            [{"params": upper, "lr": recipe.rate}, {"params": head, "lr": _RATE_HEAD}], weight_decay=_DECAY
        )
        steps = max(1, round(recipe.passes * len(self._batches())))
        self._chance.seed(self._seed)
        rates = [recipe.rate, _RATE_HEAD]
        # a tenth of the steps warm up; with ten or fewer that would be none
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=max(steps, 10) + 1, pct_start=_WARM)
        loss_of = torch.nn.BCEWithLogitsLoss()
        self._upper.train()
        for batch in self._drawn(steps):
            targets = torch.tensor(np.array([example.targets for example in batch]), dtype=torch.float32)
            loss = loss_of(self._answers(batch), targets)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*upper, *head], _STEEPEST)
            optimiser.step()
            schedule.step()
        return self._taken()

    def _drawn(self, steps: int) -> Iterator[list[TurnExample]]:
        done = 0
        while True:
            for batch in self._batches():
                if done == steps:
                    return
                done += 1
                yield batch

    def _batches(self) -> list[list[TurnExample]]:
        """One pass: a few stories in each batch, turns of like length together."""
        chance, recipe = self._chance, self._recipe

        def about_as_long(example: TurnExample) -> float:
            return len(example.numbers) + _SCATTER * chance.random()

        others = [example for example in self._examples if not example.targets.any()]
        drawn = [example for example in self._examples if example.targets.any()] + chance.sample(others, len(others) // 2)
        by_story: dict[str, list[TurnExample]] = {}
        for example in drawn:
            by_story.setdefault(example.story, []).append(example)
        packs = []
        for own in by_story.values():
            ordered = sorted(own, key=about_as_long)
            packs += [ordered[first : first + recipe.turns] for first in range(0, len(ordered), recipe.turns)]
        packs.sort(key=lambda pack: about_as_long(pack[-1]))
        batches = [list(chain(*packs[first : first + recipe.stories])) for first in range(0, len(packs), recipe.stories)]
        chance.shuffle(batches)
        return batches

    def _states_below(self, texts: Iterable[tuple[int, ...]]) -> Iterator[tuple[tuple[int, ...], Any]]:
        """What the lower layers make of each text: they do not learn."""
        torch = self._torch
        ordered = sorted(set(texts), key=lambda numbers: (len(numbers), numbers))
        self._encoder.eval()
        below = self._encoder.encoder.layer[: len(self._encoder.encoder.layer) - self._recipe.layers]
        with torch.no_grad(), self._in_half_precision_where_fast():
            for first in range(0, len(ordered), _AT_ONCE):
                some = ordered[first : first + _AT_ONCE]
                padded = torch.nn.utils.rnn.pad_sequence([torch.tensor(numbers) for numbers in some], batch_first=True)
                mask = self._mask([len(numbers) for numbers in some])
                states = self._through(below, self._encoder.embeddings(input_ids=padded), mask)
                yield from ((numbers, state[: len(numbers)]) for numbers, state in zip(some, states, strict=True))

    def _in_half_precision_where_fast(self) -> Any:
        return self._torch.autocast("cpu", dtype=self._torch.bfloat16, enabled=bfloat16_is_fast())

    def _mask(self, lengths: Sequence[int]) -> Any:
        places = self._torch.arange(max(lengths))
        return (places[None, :] < self._torch.tensor(lengths)[:, None]).float()

    def _unseen(self, mask: Any, states: Any) -> Any:
        return ((1.0 - mask) * -1e4)[:, None, None, :].to(states.dtype)

    def _through(self, layers: Any, states: Any, mask: Any) -> Any:
        for layer in layers:
            said = layer(states, attention_mask=self._unseen(mask, states))
            states = said[0] if isinstance(said, tuple) else said
        return states

    def _read(self, texts: Sequence[tuple[int, ...]], begins: Sequence[int], hide: float) -> Any:
        """Both vectors of each text, (n, 2 * width); texts of like length are read together, for little padding."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        read = []
        for first in range(0, len(order), _TOGETHER):
            some = order[first : first + _TOGETHER]
            read.append(self._read_together([texts[place] for place in some], [begins[place] for place in some], hide))
        return self._torch.cat(read)[self._torch.tensor(order).argsort()]

    def _read_together(self, texts: Sequence[tuple[int, ...]], begins: Sequence[int], hide: float) -> Any:
        torch = self._torch
        states = torch.nn.utils.rnn.pad_sequence([self._states.of(numbers).float() for numbers in texts], batch_first=True)
        mask = self._mask([len(numbers) for numbers in texts])
        shown = mask * (torch.rand(mask.shape) >= hide)
        shown[:, 0] = 1
        own = mask * (torch.arange(mask.shape[1])[None, :] >= torch.tensor(begins)[:, None])
        *upper, last = self._upper
        with self._in_half_precision_where_fast():
            states = self._through(upper, states, shown)
            # what comes out of the last layer is asked for at these places only
            asked = own.bool()
            asked[:, 0] = True
            context, _ = last.attention.self(states, attention_mask=self._unseen(shown, states))
            said = last.feed_forward_chunk(last.attention.output(context[asked], states[asked]))
        pooled_from = torch.zeros(states.shape)
        pooled_from[asked] = said.float()
        return pooled(torch, pooled_from, own)

    def _answers(self, batch: Sequence[TurnExample]) -> Any:
        turns = self._read([example.numbers for example in batch], [example.begin for example in batch], self._recipe.hide)
        names = sorted({example.story for example in batch})
        told = [numbers for name in names for numbers in self._stories[name]]
        components = self._read(told, [0] * len(told), 0.0)
        width = components.shape[1] // 2
        stories = components[:, width:].reshape(len(names), self._n_components, width)
        return self._headed(turns, stories[[names.index(example.story) for example in batch]])

    def _headed(self, turns: Any, stories: Any) -> Any:
        """As TunedHead has it, with dropout: turns (n, 2 * width), stories (n, n_components, width)."""
        torch, functional, drop = self._torch, self._torch.nn.functional, self._recipe.drop
        brought = self._near(turns[:, turns.shape[1] // 2 :])[:, None, :]
        cosines = functional.cosine_similarity(brought, stories, dim=-1)
        features = torch.cat([turns, (brought * stories).flatten(1), cosines], -1)
        inner = functional.relu(self._hidden(functional.dropout(features, drop)))
        return self._out(functional.dropout(inner, drop))

    def _taken(self) -> Tuned:
        def array(tensor: Any) -> NDArray[np.float64]:
            values: NDArray[np.float64] = tensor.detach().numpy().astype(np.float64)
            return values

        head = TunedHead(
            outputs=REP_OUTPUTS,
            near=array(self._near.weight).T,
            near_bias=array(self._near.bias),
            hidden=array(self._hidden.weight).T,
            hidden_bias=array(self._hidden.bias),
            out=array(self._out.weight).T,
            out_bias=array(self._out.bias),
        )
        layers = {name: tensor.detach().numpy() for name, tensor in self._upper.state_dict().items()}
        # what is measured in cross-validation is what will be read back from the file, rounding included
        return decode_tuned(encode_tuned(Tuned(layers=layers, head=head)))
