"""Train a tagger of words on marked turns: which words of a call tell somebody. Knows no folder and no rule.

Numbers are said anew each time a turn is seen, names are exchanged, punctuation is left out, and turns of labelled calls are set
before and behind: what is to be learnt is how such things are said, not these ones. One thread and fixed seeds: the same items
give the same weights on the same kind of machine.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from callcoach.redaction.kinds import Kind
from callcoach.redaction.marked import MarkedTurns
from callcoach.redaction.tagger import LEARNT, Tagger

_RATE_HEAD = 1e-3
_DECAY = 0.01
_WARM = 0.1
_STEEPEST = 1.0
_POOL = 8
"""Batches of which texts of like length are put together."""
_UNASKED = -100
_DIGITS = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SAID = re.compile(rf"\d|\b(?:{'|'.join([*_DIGITS, *_TEENS, *_TENS])})\b", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[,.!?;](?=\s|$)")
_SAID_ANEW = frozenset({Kind.PHONE, Kind.CARD, Kind.SSN, Kind.ACCOUNT, Kind.POSTCODE, None})
"""Where one number is as good as another; a birthday's are not, nor a house's beside its street."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggerRecipe:
    """How a tagger is trained. layers: how many learn, from the last. passes: over all items. most: tokens of a text.

    rate: of learning. harmless: texts of labelled calls alone, for each item. Shares of what is done to an item: numbers said
    anew, names exchanged (each by itself), punctuation left out, other turns set before or behind.
    """

    layers: int = 6
    passes: float = 5.0
    batch: int = 16
    rate: float = 1.5e-4
    drop: float = 0.1
    most: int = 250
    harmless: float = 0.3
    anew: float = 0.6
    exchanged: float = 0.3
    bare: float = 0.2
    before: float = 0.5
    behind: float = 0.3


class Stretch(NamedTuple):
    """Words of a turn: `kind` None where they tell nobody. asked: whether that is known, and learnt from."""

    text: str
    kind: Kind | None
    asked: bool = True


Turns = Sequence[Sequence[Stretch]]


class Lessons(NamedTuple):
    """What a tagger learns from. calls: in which nobody looked for anything, harmless but for what is not asked."""

    items: Sequence[Turns]
    calls: Sequence[Turns]


class _Example(NamedTuple):
    numbers: list[int]
    labels: list[int]


def stretches(item: MarkedTurns) -> list[list[Stretch]]:
    """The turns of an item, each cut where marks begin and end."""
    turns = []
    for number, turn in enumerate(item.transcript.turns):
        cut: list[Stretch] = []
        behind = 0
        for mark in item.of_turn(number):
            cut += [Stretch(turn.text[behind : mark.begin], None), Stretch(turn.text[mark.begin : mark.end], mark.kind)]
            behind = mark.end
        turns.append([each for each in (*cut, Stretch(turn.text[behind:], None)) if each.text])
    return turns


def fit_tagger(
    lessons: Lessons, encoder: Any, pieces: Any, recipe: TaggerRecipe, *, seed: int, say: Callable[[str], None]
) -> Tagger:
    """The tagger. encoder: a BERT-like model of transformers, whose upper layers are changed; pieces: what makes tokens of texts.

    Raises ValueError without items.
    """
    if not lessons.items:
        raise ValueError("There is no item to learn from.")
    import torch  # heavy

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _Fit(torch, lessons, encoder, pieces, recipe, seed).tagger(say)
    finally:
        torch.set_num_threads(threads)


class _Fit:
    """One training run."""

    def __init__(self, torch: Any, lessons: Lessons, encoder: Any, pieces: Any, recipe: TaggerRecipe, seed: int) -> None:
        self._torch, self._items, self._calls, self._recipe = torch, lessons.items, lessons.calls, recipe
        self._encoder, self._pieces = encoder, pieces
        self._chance = random.Random(seed)
        self._names = [each.text for turns in lessons.items for turn in turns for each in turn if each.kind is Kind.PERSON]
        encoder.requires_grad_(False)
        self._upper = encoder.encoder.layer[-recipe.layers :].requires_grad_(True)
        self._head = torch.nn.Linear(encoder.config.hidden_size, 1 + len(LEARNT))

    def tagger(self, say: Callable[[str], None]) -> Tagger:
        """Train, and take what came of it."""
        torch, recipe = self._torch, self._recipe
        upper, head = list(self._upper.parameters()), list(self._head.parameters())
        rates = [recipe.rate, _RATE_HEAD]
        optimiser = torch.optim.AdamW([{"params": upper, "lr": rates[0]}, {"params": head, "lr": rates[1]}], weight_decay=_DECAY)
        steps = max(10, round(recipe.passes * len(self._items) * (1 + recipe.harmless) / recipe.batch))
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps + 1, pct_start=_WARM)
        loss_of = torch.nn.CrossEntropyLoss(ignore_index=_UNASKED)
        self._encoder.train()
        for step, batch in zip(range(steps), self._batches(), strict=False):
            if step % max(1, steps // 20) == 0:
                say(f"{step} of {steps} steps")
            loss = loss_of(*self._answers(batch))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*upper, *head], _STEEPEST)
            optimiser.step()
            schedule.step()
        weights, bias = (tensor.detach().numpy().copy() for tensor in (self._head.weight, self._head.bias))
        layers = {name: tensor.detach().numpy().copy() for name, tensor in self._upper.state_dict().items()}
        return Tagger(layers=layers, weights=weights, bias=bias)

    def _answers(self, batch: Sequence[_Example]) -> tuple[Any, Any]:
        torch, pad = self._torch, self._torch.nn.utils.rnn.pad_sequence
        numbers = pad([torch.tensor(each.numbers) for each in batch], batch_first=True)
        labels = pad([torch.tensor(each.labels) for each in batch], batch_first=True, padding_value=_UNASKED)
        lengths = torch.tensor([len(each.numbers) for each in batch])
        mask = (torch.arange(numbers.shape[1])[None, :] < lengths[:, None]).long()
        states = self._encoder(input_ids=numbers, attention_mask=mask).last_hidden_state
        said = self._head(torch.nn.functional.dropout(states, self._recipe.drop))
        return said.flatten(0, 1), labels.flatten()

    def _batches(self) -> Iterator[list[_Example]]:
        """For ever: texts of like length together."""
        examples, size = self._examples(), self._recipe.batch
        while True:
            pool = sorted((next(examples) for _ in range(size * _POOL)), key=lambda example: len(example.numbers))
            batches = [pool[first : first + size] for first in range(0, len(pool), size)]
            self._chance.shuffle(batches)
            yield from batches

    def _examples(self) -> Iterator[_Example]:
        """For ever: every item once, then again; between them turns of calls alone."""
        chance, recipe = self._chance, self._recipe
        while True:
            for place in chance.sample(range(len(self._items)), len(self._items)):
                turns: Turns = self._anew(self._items[place])
                if self._calls and chance.random() < recipe.before:
                    turns = [*(self._some_turns(3) if chance.random() < 0.6 else self._anew(chance.choice(self._items))), *turns]
                if self._calls and chance.random() < recipe.behind:
                    turns = [*turns, *self._some_turns(2)]
                yield self._example(turns)
                if self._calls and chance.random() < recipe.harmless:
                    yield self._example(self._anew(self._some_turns(6)))

    def _some_turns(self, most: int) -> Turns:
        call = self._chance.choice(self._calls)
        first = self._chance.randrange(len(call))
        return call[first : first + self._chance.randint(1, most)]

    def _anew(self, turns: Turns) -> list[list[Stretch]]:
        """The same turns as somebody else would have said or written them."""
        chance, recipe = self._chance, self._recipe
        anew, bare = (chance.random() < share for share in (recipe.anew, recipe.bare))

        def again(stretch: Stretch) -> Stretch:
            text = stretch.text
            if anew and stretch.kind in _SAID_ANEW:
                text = _SAID.sub(self._other_number, text)
            if stretch.kind is Kind.PERSON and chance.random() < recipe.exchanged:
                text = chance.choice(self._names)
            return stretch._replace(text=_PUNCTUATION.sub("", text) if bare else text)

        return [[again(stretch) for stretch in turn] for turn in turns]

    def _other_number(self, match: re.Match[str]) -> str:
        said = match[0]
        if said.isdigit():
            return self._chance.choice("0123456789")
        low = said.lower()
        other = self._chance.choice(_DIGITS[1:] if low in _DIGITS else _TEENS if low in _TEENS else _TENS)
        return other.capitalize() if said[0].isupper() else other

    def _example(self, turns: Turns) -> _Example:
        texts = ["".join(stretch.text for stretch in turn) for turn in turns]
        numbers, places = self._pieces.of(texts)
        labels = [np.concatenate([[_UNASKED], *(np.full(len(each.text), _label(each)) for each in turn)]) for turn in turns]
        said = [_UNASKED if place is None else int(labels[place.text][1 + place.begin]) for place in places]
        most = self._recipe.most
        return _Example([self._pieces.first, *numbers[:most]], [_UNASKED, *said[:most]])


def _label(stretch: Stretch) -> int:
    if not stretch.asked:
        return _UNASKED
    return 0 if stretch.kind is None else 1 + LEARNT.index(stretch.kind)
