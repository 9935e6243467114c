"""Read turns with the encoder's upper layers as training left them: each turn with what came before it, and stories the same way.

A turn's vectors do not depend on the story, so that they are made once for any number of initiatives; the head sets both side
by side. As in encoder.py, texts are padded to a few fixed lengths and batched by a fixed number, and vectors are rounded, so that
the same text gives the same vector in whatever company. Knows nothing of labels or verdicts.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.call import Role, Transcript
from callcoach.domain.story import Component, Initiative
from callcoach.judging.heads import Matrix
from callcoach.judging.tuned_head import Tuned, pooled
from callcoach.language.call_text import own_texts
from callcoach.language.encoder import text_key
from callcoach.processor import bfloat16_is_fast

HalfVectors = NDArray[np.float16]

TURNS_BEFORE = 3
MOST_BEFORE, MOST_OWN, MOST_STORY = 96, 96, 94
"""Tokens: of what came before a turn (the last ones), of the turn (its beginning and its end), of a component."""

LENGTHS = (24, 48, 72, 96, 128, 160, 195)
ROWS = 4
_BEGINNING = 60
_SIDES = {Role.REP: "rep", Role.LEADER: "rep", Role.CUSTOMER: "customer", Role.UNKNOWN: "somebody"}
_MOST_REMEMBERED = 20_000


class TurnText(NamedTuple):
    """A turn's own words and what was said before it, speakers named by their side."""

    before: str
    own: str

    @property
    def key(self) -> bytes:
        """What its vectors are remembered by."""
        return text_key("\n".join(self))


def turn_texts(transcript: Transcript, own: Sequence[str]) -> dict[int, TurnText]:
    """Each turn of the rep (or leader) that has words of its own, by its number. own: see `CallText.own`."""
    turns = transcript.turns
    found = {}
    for number, turn in enumerate(turns):
        said = " ".join(own[number].split())
        if turn.role not in (Role.REP, Role.LEADER) or not any(map(str.isalnum, said)):
            continue
        before = (f"{_SIDES[each.role]}: {each.text}" for each in turns[max(0, number - TURNS_BEFORE) : number])
        found[number] = TurnText(" ".join(before), said)
    return found


class Tokens:
    """Texts as the encoder's token numbers, cut to what is read of them."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def of_turn(self, text: TurnText) -> tuple[tuple[int, ...], int]:
        """The numbers, and the place of the first one of the turn itself; the last one ends it."""
        own = self._numbers(text.own)
        if len(own) > MOST_OWN:
            own = own[:_BEGINNING] + own[_BEGINNING - MOST_OWN :]
        before = self._numbers(text.before)[-MOST_BEFORE:]
        first, last = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        return (first, *before, last, *own, last), len(before) + 2

    def of_story(self, initiative: Initiative) -> list[tuple[int, ...]]:
        """The numbers of each component's text."""
        first, last = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        texts = (" ".join(initiative.story.of(component).split()) for component in Component)
        return [(first, *self._numbers(text)[:MOST_STORY], last) for text in texts]

    def _numbers(self, text: str) -> list[int]:
        numbers: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"] if text else []
        return numbers


class TunedEncoder:
    """Vectors of turns and stories, and what the head makes of them. Loads at first use."""

    def __init__(self, encoder_folder: Path, tuned: Tuned, *, threads: int = 2) -> None:
        """encoder_folder: of the sentence-transformers model whose upper layers `tuned` replaces."""
        self._folder = encoder_folder
        self._tuned = tuned
        self._threads = threads
        self._turns: dict[bytes, HalfVectors] = {}
        self._stories: dict[str, HalfVectors] = {}

    @property
    def fingerprint(self) -> str:
        """Of the weights, as they were read from a file; empty for some that never were in one."""
        return self._tuned.fingerprint

    @property
    def outputs(self) -> tuple[str, ...]:
        """What is answered for each turn."""
        return self._tuned.head.outputs

    def hear(self, texts: Sequence[TurnText], initiative: Initiative) -> Matrix:
        """Shape (n, n_outputs): how likely each turn is to do each thing for this initiative."""
        if not texts:
            return np.zeros((0, len(self.outputs)))
        return self._tuned.head.probabilities(self.turn_vectors(texts), self._story(initiative))

    def turn_vectors(self, texts: Sequence[TurnText]) -> HalfVectors:
        """Shape (n, 2 * width): what the turn begins with, the call before it in mind, and the mean over its own words."""
        missing = {text.key: text for text in texts if text.key not in self._turns}
        if missing:
            if len(self._turns) + len(missing) > _MOST_REMEMBERED:
                self._turns.clear()
                missing = {text.key: text for text in texts}
            rows = [self._tokens.of_turn(text) for text in missing.values()]
            self._turns.update(zip(missing, self._vectors(rows), strict=True))
        return np.stack([self._turns[text.key] for text in texts])

    def foresee(self, transcripts: Iterable[Transcript]) -> None:
        """Read the turns of many calls at once."""
        texts = [text for call in transcripts for text in turn_texts(call, own_texts(call)).values()]
        if texts:
            self.turn_vectors(texts)

    def recall(self, vectors: Mapping[bytes, HalfVectors]) -> None:
        """Take vectors over that were made before with the same weights, by the text's key."""
        if len(self._turns) + len(vectors) > _MOST_REMEMBERED:
            self._turns.clear()
        self._turns.update(vectors)

    def knows(self, texts: Iterable[TurnText]) -> bool:
        """Whether no turn would have to be read."""
        return all(text.key in self._turns for text in texts)

    def _story(self, initiative: Initiative) -> HalfVectors:
        if initiative.version not in self._stories:
            rows = [(numbers, 0) for numbers in self._tokens.of_story(initiative)]
            width = self._model[0].config.hidden_size
            self._stories[initiative.version] = np.stack(self._vectors(rows))[:, width:]
        return self._stories[initiative.version]

    def _vectors(self, rows: Sequence[tuple[tuple[int, ...], int]]) -> list[HalfVectors]:
        import torch  # heavy

        found: dict[int, HalfVectors] = {}
        waiting: dict[int, list[int]] = {length: [] for length in LENGTHS}
        for place, (numbers, _) in enumerate(rows):
            waiting[next(length for length in LENGTHS if len(numbers) <= length)].append(place)
        with torch.inference_mode():
            for length, places in waiting.items():
                for first in range(0, len(places), ROWS):
                    batch = places[first : first + ROWS]
                    found |= dict(zip(batch, self._batch(torch, [rows[place] for place in batch], length), strict=True))
        return [found[place] for place in range(len(rows))]

    def _batch(self, torch: Any, rows: Sequence[tuple[tuple[int, ...], int]], length: int) -> list[HalfVectors]:
        numbers = torch.zeros((ROWS, length), dtype=torch.long)
        mask = torch.zeros((ROWS, length), dtype=torch.long)
        own = torch.zeros((ROWS, length))
        mask[:, 0], own[:, 0] = 1, 1
        for place, (row, begin) in enumerate(rows):
            numbers[place, : len(row)] = torch.tensor(row)
            mask[place, : len(row)] = 1
            own[place] = 0
            own[place, begin : len(row)] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._in_half_precision):
            states = self._model[0](input_ids=numbers, attention_mask=mask).last_hidden_state
        both = pooled(torch, states.float(), own).numpy().astype(np.float16)
        return list(both[: len(rows)])

    @cached_property
    def _in_half_precision(self) -> bool:
        return bfloat16_is_fast()

    @cached_property
    def _tokens(self) -> Tokens:
        return Tokens(self._model[1])

    @cached_property
    def _model(self) -> tuple[Any, Any]:
        import torch  # heavy

        torch.set_num_threads(self._threads)
        model, tokenizer = plain_encoder(self._folder)
        layers = model.encoder.layer[-self._tuned.n_layers :]
        state = {name: torch.tensor(array) for name, array in self._tuned.layers.items()}
        layers.load_state_dict(state)
        return model.eval(), tokenizer


def plain_encoder(folder: Path) -> tuple[Any, Any]:
    """The transformer in a sentence-transformers folder, as it came, and its tokenizer."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    whole = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return whole[0].auto_model, whole.tokenizer
