"""Turn texts into vectors with a sentence-transformers model. Knows nothing of calls or stories.

The same text gives the same vector in whatever company it is encoded: texts are padded to one of a few fixed lengths and
encoded in batches of a fixed number of rows (missing rows are filled with padding), so every matrix product has the same shape
and sums in the same order. What little may be left (another thread count, another processor) is cut off by rounding to 1e-4:
without both, the sixth decimal of a vector depended on its neighbours in the batch.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.domain.fingerprint import fingerprint
from callcoach.errors import WeightsMissing
from callcoach.events import loading
from callcoach.marks import Model

Vectors = NDArray[np.float32]

LENGTHS = (16, 32, 64, 128, 256)
ROWS = 8
DECIMALS = 4
KEY_BYTES = 16
MOST_REMEMBERED = 50_000
MOST_KEPT = 500_000
"""Vectors held by an encoder (80 MB), and by one that keeps them for another process: labelled calls with copies: 290,000."""


class Encoder:
    """Vectors of length 1 from the model in `folder` (384 numbers for MiniLM), remembered by the text's hash."""

    def __init__(self, folder: Path, *, threads: int = 2, memory: Path | None = None) -> None:
        """`memory`: a folder for vectors that outlive the process, for work that reads the same calls again and again."""
        self.folder = folder
        self.threads = threads
        self._memory = memory / f"vectors-{self.fingerprint}.npz" if memory else None
        self._known: dict[bytes, Vectors] = _remembered(self._memory) if self._memory else {}
        self._remembered = len(self._known)
        self._most = MOST_KEPT if memory else MOST_REMEMBERED
        self._rows = ROWS

    @cached_property
    def fingerprint(self) -> str:
        """Content of the weight file, the tokenizer and the way we batch and round."""
        files = sorted(path for path in self.folder.rglob("*") if path.suffix in {".safetensors", ".json"})
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
        return fingerprint([path.name for path in files], digests, LENGTHS, ROWS, DECIMALS)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, shape (n, width). Blank texts give zeros."""
        keys = [text_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            if len(self._known) > self._most:
                self._forget()
                missing = dict(zip(keys, texts, strict=True))
            self._encode_new(missing)
        if not keys:
            return np.zeros((0, self.width), dtype=np.float32)
        return np.stack([self._known[key] for key in keys])

    @contextmanager
    def quickly(self) -> Iterator[None]:
        """Encode what is new in the block text by text, for somebody who waits: a sixth of the work for a single text.

        The vectors are the same up to a rounding in the last decimal, and on the processors it was tried on they are the same;
        what is kept for good is made without it.
        """
        self._rows = 1
        try:
            yield
        finally:
            self._rows = ROWS

    def recall(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Take vectors over that this encoder made, by `text_key`: their texts are not encoded again."""
        if len(self._known) > self._most:
            self._forget()
        self._known.update(vectors)

    def _forget(self) -> None:
        self._known.clear()
        self._remembered = 0

    def knows(self, texts: Iterable[str]) -> bool:
        """Whether nothing of the texts would have to be encoded."""
        return all(text_key(text) in self._known for text in texts)

    def remember(self, *, at_least: int = 1) -> None:
        """Keep all vectors in the memory folder, if there is one and so many are new."""
        if self._memory is None or len(self._known) - self._remembered < at_least:
            return
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._memory.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as file:
            keys = np.frombuffer(b"".join(self._known), dtype=np.uint8).reshape(-1, KEY_BYTES)
            np.savez(file, keys=keys, vectors=np.stack(list(self._known.values())))
        fresh.replace(self._memory)
        self._remembered = len(self._known)

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return int(self._model[1].get_embedding_dimension() if hasattr(self._model[1], "get_embedding_dimension") else 384)

    def _encode_new(self, texts: dict[bytes, str]) -> None:
        import torch  # heavy

        tokenizer = self._model.tokenizer
        n_rows = self._rows
        most = min(LENGTHS[-1], int(self._model.max_seq_length or LENGTHS[-1]))
        waiting: dict[int, list[tuple[bytes, list[int]]]] = {length: [] for length in LENGTHS}
        for key, text in texts.items():
            if not text.strip():
                self._known[key] = np.zeros(self.width, dtype=np.float32)
                continue
            tokens = tokenizer(text, truncation=True, max_length=most)["input_ids"]
            waiting[next(length for length in LENGTHS if len(tokens) <= length)].append((key, tokens))
        with torch.inference_mode():
            for length, rows in waiting.items():
                for batch in _batches(rows, n_rows):
                    ids = torch.zeros((n_rows, length), dtype=torch.long)
                    mask = torch.zeros((n_rows, length), dtype=torch.long)
                    mask[:, 0] = 1
                    for place, (_, tokens) in enumerate(batch):
                        ids[place, : len(tokens)] = torch.tensor(tokens)
                        mask[place, : len(tokens)] = 1
                    vectors = self._model({"input_ids": ids, "attention_mask": mask})["sentence_embedding"].numpy()
                    for place, (key, _) in enumerate(batch):
                        self._known[key] = np.round(vectors[place], DECIMALS).astype(np.float32)

    @cached_property
    def _model(self) -> Any:
        if not self.folder.is_dir():
            raise WeightsMissing(
                f"{self.folder}: no such folder with a sentence-transformers model. Run `callcoach models verify`."
            )
        import torch  # heavy
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        # progress is the caller's; the bar also leaves a semaphore behind in worker processes
        disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(self.threads)
        with loading(Model.ENCODER):
            return SentenceTransformer(str(self.folder), device="cpu", local_files_only=True).eval()


def text_key(text: str) -> bytes:
    """What a text's vector is remembered by."""
    return hashlib.blake2b(text.encode(), digest_size=KEY_BYTES).digest()


def _remembered(memory: Path) -> dict[bytes, Vectors]:
    """The vectors in a memory file; none where it is missing or damaged, for they can be made again."""
    try:
        with np.load(memory, allow_pickle=False) as arrays:
            return {key.tobytes(): vector for key, vector in zip(arrays["keys"], arrays["vectors"], strict=True)}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return {}


def _batches(rows: list[tuple[bytes, list[int]]], at_once: int) -> Iterable[list[tuple[bytes, list[int]]]]:
    return (rows[first : first + at_once] for first in range(0, len(rows), at_once))
