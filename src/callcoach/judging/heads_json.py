"""Trained models as JSON and back: names, weights and kinds to be read, long arrays packed. Knows nothing of files.

JSON because loading it can run no code; the same model gives the same bytes.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.judging import sequence
from callcoach.judging.heads import Arrays, Head, from_arrays, to_arrays
from callcoach.judging.sequence import SequenceModel

LONGEST_PLAIN = 400
"""Arrays with more numbers are packed (zlib, base64): a forest has hundreds of thousands, and nobody reads them."""

_DTYPES = ("float64", "float32", "float16", "int64", "int32", "int16")


def encode(head: Head) -> bytes:
    """One JSON object: array name -> {dtype, shape, values or packed}."""
    return _body(to_arrays(head))


def decode(body: bytes) -> Head:
    """The head that `encode` wrote. Raises ValueError or KeyError where it is none."""
    return from_arrays(_arrays(body))


def encode_sequences(models: Sequence[SequenceModel]) -> bytes:
    """One JSON object of arrays, as for a head."""
    return _body(sequence.to_arrays(models))


def decode_sequences(body: bytes) -> tuple[SequenceModel, ...]:
    """The models that `encode_sequences` wrote. Raises ValueError or KeyError where there are none."""
    return sequence.from_arrays(_arrays(body))


def _body(arrays: Arrays) -> bytes:
    encoded = {name: _encoded(np.asarray(array)) for name, array in sorted(arrays.items())}
    return (json.dumps(encoded, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _arrays(body: bytes) -> Arrays:
    encoded = json.loads(body)
    if not isinstance(encoded, dict):
        raise ValueError("a trained model is a JSON object of arrays")
    return {name: _decoded(array) for name, array in encoded.items()}


def _encoded(array: NDArray[Any]) -> dict[str, Any]:
    if array.dtype.kind == "U":
        return {"dtype": "text", "shape": list(array.shape), "values": array.ravel().tolist()}
    about = {"dtype": str(array.dtype), "shape": list(array.shape)}
    if array.size <= LONGEST_PLAIN:
        return {**about, "values": array.ravel().tolist()}
    little_endian = array.astype(array.dtype.newbyteorder("<"), order="C")
    return {**about, "packed": base64.b64encode(zlib.compress(little_endian.tobytes(), 9)).decode()}


def _decoded(array: dict[str, Any]) -> NDArray[Any]:
    shape = tuple(array["shape"])
    if array["dtype"] == "text":
        return np.array(array["values"], dtype=np.str_).reshape(shape)
    if array["dtype"] not in _DTYPES:
        raise ValueError(f"arrays of {array['dtype']} are not read")
    dtype = np.dtype(array["dtype"])
    if "packed" not in array:
        return np.array(array["values"], dtype=dtype).reshape(shape)
    try:
        body = zlib.decompress(base64.b64decode(array["packed"], validate=True))
    except zlib.error as error:
        raise ValueError("a packed array is damaged") from error
    return np.frombuffer(body, dtype=dtype.newbyteorder("<")).astype(dtype).reshape(shape)
