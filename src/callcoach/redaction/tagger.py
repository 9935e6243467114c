"""What a tagger of words learnt, as bytes and back, and from how likely each token tells somebody to the characters that do.

A tagger says of each token of a call whether it belongs to something of a kind. Knows no encoder and no file.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callcoach.errors import WeightsAltered
from callcoach.judging.layers_npz import Layers, kept_layers, packed, read_layers, unpacked
from callcoach.redaction.kinds import Entity, Kind

TAGGER, TAGGED_OVER = "tagger.npz", "all-minilm-l6-v2"
"""The file of a tagger, and the encoder that it is trained over."""
LEARNT = tuple(kind for kind in Kind if kind not in (Kind.WEB, Kind.NUMBER))
"""What people mark."""
ROOM, BEFORE, BEHIND = 176, 48, 28
"""Tokens: of a call that are read at once, and of what stands before and behind them."""
_LIKELY_ENOUGH = 0.3
"""A token is taken out that is so likely to tell somebody. Of 0.3, 0.5 and 0.7, on one writer's items learnt without them."""
_NUMBERS = (Kind.PHONE, Kind.CARD, Kind.SSN, Kind.ACCOUNT)
_SEVERAL, _WITHIN_NAMES = (Kind.PERSON, Kind.PLACE), frozenset(".-'’")
_HEAD, _BIAS, _KINDS = "head/weights", "head/bias", "kinds"
_ENDS = re.compile(r"[^\w#+(]*(.*?)[^\w)]*", re.DOTALL)


class Token(NamedTuple):
    """Characters `begin`..`end` of text number `text`."""

    text: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagger:
    """The encoder's upper layers as training left them, and the answer over them.

    weights: (1 + n_kinds, width), the first row for what is harmless.
    """

    layers: Layers
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    kinds: tuple[Kind, ...] = LEARNT
    fingerprint: str = ""

    @property
    def n_layers(self) -> int:
        """How many of the encoder's layers, from the last."""
        return 1 + max(int(name.partition(".")[0]) for name in self.layers)


def encode_tagger(tagger: Tagger) -> bytes:
    """The same tagger gives the same bytes."""
    head = {_HEAD: tagger.weights.astype(np.float16), _BIAS: tagger.bias.astype(np.float16)}
    return packed({**kept_layers(tagger.layers), **head, _KINDS: np.array([kind.value for kind in tagger.kinds])})


def decode_tagger(body: bytes) -> Tagger:
    """What `encode_tagger` wrote, what was rounded away being gone. Raises WeightsAltered where it is none."""
    try:
        arrays: Mapping[str, NDArray[Any]] = unpacked(body)
        return Tagger(
            layers=read_layers(arrays),
            weights=arrays[_HEAD].astype(np.float32),
            bias=arrays[_BIAS].astype(np.float32),
            kinds=tuple(Kind(str(kind)) for kind in arrays[_KINDS]),
            fingerprint=hashlib.sha256(body).hexdigest()[:16],
        )
    except (ValueError, KeyError) as error:
        raise WeightsAltered(f"The file holds no tagger of words ({error}). Repair: git checkout models/redaction") from error


def told(
    texts: Sequence[str], tokens: Sequence[Token], shares: NDArray[Any], kinds: Sequence[Kind] = LEARNT
) -> list[list[Entity]]:
    """What is to be taken out of each text. shares: (n_tokens, 1 + n_kinds), how likely each is harmless, or of a kind.

    tokens in the order of the call. A token between two that are taken as one kind goes with them, but for names, which would be
    those of two people; numbers with nothing between are one, of the likeliest kind; words are taken whole.
    """
    taken = [None if 1 - row[0] < _LIKELY_ENOUGH else kinds[int(row[1:].argmax())] for row in shares]
    for place in range(1, len(taken) - 1):
        before, token, behind = tokens[place - 1 : place + 2]
        beside = taken[place - 1]
        if beside and not taken[place] and beside is taken[place + 1] and before.text == behind.text:
            said = texts[token.text][token.begin : token.end]
            taken[place] = None if beside in _SEVERAL and said not in _WITHIN_NAMES else beside
    for (_, is_number), some in groupby(range(len(tokens)), key=lambda place: (tokens[place].text, taken[place] in _NUMBERS)):
        if is_number:
            places = list(some)
            summed = dict(zip(kinds, shares[places][:, 1:].sum(axis=0), strict=True))
            taken[places[0] : places[-1] + 1] = [max(_NUMBERS, key=summed.__getitem__)] * len(places)
    found: list[list[Entity]] = [[] for _ in texts]
    for (text, kind), some in groupby(range(len(tokens)), key=lambda place: (tokens[place].text, taken[place])):
        if kind:
            places = list(some)
            entity = _whole(texts[text], tokens[places[0]].begin, tokens[places[-1]].end, kind)
            if entity is not None:
                found[text].append(entity)
    return found


def _whole(text: str, begin: int, end: int, kind: Kind) -> Entity | None:
    """Whole words, without the marks around them; None where nothing else is there."""
    while begin and text[begin - 1].isalnum() and text[begin].isalnum():
        begin -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    said = _ENDS.fullmatch(text, begin, end)
    if said is None or not any(map(str.isalnum, said[1])):
        return None
    return Entity(said.start(1), said.end(1), kind)
