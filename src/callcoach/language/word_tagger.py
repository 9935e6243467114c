"""Find what tells somebody by what an encoder learnt from marked turns: whole calls, a stretch at a time, turn after turn.

Each stretch is read by itself, so that the same call gives the same answer in whatever company. Knows nothing of rules or names.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.language.tuned import plain_encoder
from callcoach.redaction.kinds import Entity
from callcoach.redaction.tagger import BEFORE, BEHIND, ROOM, Tagger, Token, told


class Pieces:
    """Texts as the encoder's tokens, with the places they stand at; texts are divided by the encoder's own mark."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.first: int = tokenizer.cls_token_id
        self.divider: int = tokenizer.sep_token_id

    def of(self, texts: Sequence[str]) -> tuple[list[int], list[Token | None]]:
        """Numbers and places of all tokens, one after the other; a divider has no place."""
        numbers: list[int] = []
        places: list[Token | None] = []
        for number, text in enumerate(texts):
            read = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True) if text else {"input_ids": []}
            numbers += [*read["input_ids"], self.divider]
            places += [*(Token(number, *span) for span in read.get("offset_mapping", ())), None]
        return numbers, places


class WordTagger:
    """The tagger over its encoder, loaded at first use."""

    def __init__(self, encoder_folder: Path, tagger: Tagger, *, threads: int = 2) -> None:
        """encoder_folder: of the sentence-transformers model whose upper layers the tagger replaces."""
        self._folder, self._tagger, self._threads = encoder_folder, tagger, threads

    @property
    def fingerprint(self) -> str:
        """Of the weights."""
        return f"tagger {self._tagger.fingerprint}"

    @property
    def names_are_guesses(self) -> bool:
        """No: it has read what stands around them."""
        return False

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """What is to be taken out of each text, the texts being turns of one call in their order."""
        numbers, places = self._pieces.of(texts)
        shares = np.concatenate([np.zeros((0, 1 + len(self._tagger.kinds))), *self._shares(numbers)])
        tokens = [(token, share) for token, share in zip(places, shares, strict=True) if token is not None]
        return told(texts, [token for token, _ in tokens], np.array([share for _, share in tokens]), self._tagger.kinds)

    def _shares(self, numbers: Sequence[int]) -> Iterator[NDArray[np.float64]]:
        """How likely each token is harmless, or of a kind, a stretch at a time."""
        import torch  # heavy

        model, weights, bias = self._model
        for begin in range(0, len(numbers), ROOM):
            left = max(0, begin - BEFORE)
            stretch = [self._pieces.first, *numbers[left : begin + ROOM + BEHIND], self._pieces.divider]
            with torch.inference_mode():
                states = model(input_ids=torch.tensor([stretch])).last_hidden_state[0]
                shares = torch.softmax(states @ weights.T + bias, -1).double().numpy()
            own = begin - left + 1
            yield shares[own : own + min(ROOM, len(numbers) - begin)]

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces(self._read[1])

    @cached_property
    def _model(self) -> tuple[Any, Any, Any]:
        import torch  # heavy

        torch.set_num_threads(self._threads)
        model = self._read[0]
        state = {name: torch.tensor(array) for name, array in self._tagger.layers.items()}
        model.encoder.layer[-self._tagger.n_layers :].load_state_dict(state)
        return model.eval(), torch.tensor(self._tagger.weights), torch.tensor(self._tagger.bias)

    @cached_property
    def _read(self) -> tuple[Any, Any]:
        return plain_encoder(self._folder)
