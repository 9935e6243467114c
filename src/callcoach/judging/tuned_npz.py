"""A tuned encoder as bytes and back: arrays in a zip without pickles. Knows nothing of files.

Matrices of the layers are kept as whole numbers from -127 to 127 with a scale for each row, all else in half precision: a quarter
and half of what they weigh. What is rounded away is gone when they are read, so that what is measured is what is kept.
"""

import hashlib
import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from callcoach.judging.tuned_head import Tuned, from_arrays, to_arrays

_LAYERS, _SCALES, _HEAD, _OUTPUTS = "layers/", "scales/", "head/", "outputs"
_MOST = 127


def encode_tuned(tuned: Tuned) -> bytes:
    """The same tuned encoder gives the same bytes."""
    arrays: dict[str, Any] = {_HEAD + name: array for name, array in to_arrays(tuned.head).items()}
    for name, layer in tuned.layers.items():
        if layer.ndim == 2:
            scales = np.maximum(np.abs(layer).max(axis=1, keepdims=True) / _MOST, np.float32(1e-12)).astype(np.float32)
            arrays[_SCALES + name] = scales
            arrays[_LAYERS + name] = np.rint(layer / scales).astype(np.int8)
        else:
            arrays[_LAYERS + name] = layer.astype(np.float16)
    arrays[_OUTPUTS] = np.array(tuned.head.outputs)
    body = io.BytesIO()
    np.savez(body, **{name: arrays[name] for name in sorted(arrays)})
    return body.getvalue()


def decode_tuned(body: bytes) -> Tuned:
    """What `encode_tuned` wrote. Raises ValueError or KeyError where it is none, WeightsAltered where a part is missing."""
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
    except (OSError, zipfile.BadZipFile) as error:
        raise ValueError("not the arrays of a tuned encoder") from error
    layers: dict[str, NDArray[np.float32]] = {}
    for name in (name.removeprefix(_LAYERS) for name in arrays if name.startswith(_LAYERS)):
        layer = arrays[_LAYERS + name].astype(np.float32)
        layers[name] = layer * arrays[_SCALES + name] if _SCALES + name in arrays else layer
    head = {name.removeprefix(_HEAD): array for name, array in arrays.items() if name.startswith(_HEAD)}
    outputs = tuple(str(name) for name in arrays[_OUTPUTS])
    return Tuned(layers=layers, head=from_arrays(head, outputs), fingerprint=hashlib.sha256(body).hexdigest()[:16])
