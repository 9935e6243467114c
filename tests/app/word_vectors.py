"""Vectors in no time, for tests of who learns from whom: texts that share words are close, and nothing else is known of them."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
import pytest

from callcoach.language.encoder import DECIMALS, Encoder, Vectors

WIDTH = 384


@contextmanager
def word_vectors() -> Iterator[None]:
    """Whatever is made in the block to read calls reads them with these vectors from then on."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("callcoach.language.measure.Encoder", WordEncoder)
        yield


class WordEncoder(Encoder):
    """In the place of the encoder, whose vectors are what such tests spend nine tenths of their time on."""

    @property
    def fingerprint(self) -> str:
        return "words"

    @property
    def width(self) -> int:
        return WIDTH

    def _encode_new(self, texts: dict[bytes, str]) -> None:
        for key, text in texts.items():
            whole = sum((_vector(word) for word in re.findall(r"\w+", text.lower())), start=np.zeros(WIDTH))
            length = float(np.linalg.norm(whole))
            self._known[key] = np.round(whole / length if length else whole, DECIMALS).astype(np.float32)


@lru_cache(maxsize=100_000)
def _vector(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
    return np.random.default_rng(seed).standard_normal(WIDTH).astype(np.float32)
