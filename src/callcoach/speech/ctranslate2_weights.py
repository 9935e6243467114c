"""Read the tensors of a CTranslate2 model file, which that library writes but does not give out. Knows nothing of their use."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# the layout of ctranslate2/specs/model_spec.py, ModelSpec._serialize; a later version is not guessed at
BINARY_VERSION = 6
# by the type number in the file; 5, bfloat16, has no NumPy type
TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)


class UnknownLayout(Exception):
    """The file is not laid out as CTranslate2 lays out version 6, or holds tensors in a type that is not read here."""


def read_tensors(model_file: Path, *, wanted: Callable[[str], bool]) -> dict[str, NDArray[Any]]:
    """The tensors whose name is wanted, by name, in the type they are stored in. Raises UnknownLayout."""
    content = np.memmap(model_file, dtype=np.uint8, mode="r")
    place = 0

    def take(size: int) -> bytes:
        nonlocal place
        if place + size > len(content):
            raise UnknownLayout(f"{model_file}: ends inside a tensor.")
        place += size
        return content[place - size : place].tobytes()

    def number(form: str) -> int:
        return int(struct.unpack(form, take(struct.calcsize(form)))[0])

    def text() -> str:
        return take(number("<H")).rstrip(b"\0").decode()

    if number("<I") != BINARY_VERSION:
        raise UnknownLayout(f"{model_file}: is not of version {BINARY_VERSION}.")
    text(), number("<I")  # the model's name and its revision
    tensors: dict[str, NDArray[Any]] = {}
    for _ in range(number("<I")):
        name = text()
        shape = [number("<I") for _ in range(number("<B"))]
        kind, size = number("<B"), number("<I")
        if not wanted(name):
            place += size
        elif kind < len(TYPES):
            tensors[name] = np.frombuffer(take(size), dtype=TYPES[kind]).reshape(shape)
        else:
            raise UnknownLayout(f"{model_file}: {name} is of type {kind}.")
    return tensors
