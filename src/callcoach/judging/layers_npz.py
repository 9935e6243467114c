"""Layers of an encoder as arrays to keep, and back. Knows nothing of files, or of what stands on the layers.

Matrices are kept as whole numbers from -127 to 127 with a scale for each row, all else in half precision: a quarter and half of
what they weigh.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
Layers = Mapping[str, NDArray[np.float32]]

_LAYERS, _SCALES = "layers/", "scales/"
_MOST = 127


def kept_layers(layers: Layers) -> Arrays:
    """The arrays to keep, by names that begin with layers/ and scales/."""
    arrays: Arrays = {}
    for name, layer in layers.items():
        if layer.ndim == 2:
            scales = np.maximum(np.abs(layer).max(axis=1, keepdims=True) / _MOST, np.float32(1e-12)).astype(np.float32)
            arrays[_SCALES + name] = scales
            arrays[_LAYERS + name] = np.rint(layer / scales).astype(np.int8)
        else:
            arrays[_LAYERS + name] = layer.astype(np.float16)
    return arrays


def read_layers(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """The layers again; what was rounded away is gone. Other arrays are left alone."""
    layers: dict[str, NDArray[np.float32]] = {}
    for name in (name.removeprefix(_LAYERS) for name in arrays if name.startswith(_LAYERS)):
        layer = arrays[_LAYERS + name].astype(np.float32)
        layers[name] = layer * arrays[_SCALES + name] if _SCALES + name in arrays else layer
    return layers


def packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays in a zip without pickles, by name: the same arrays give the same bytes."""
    body = io.BytesIO()
    np.savez(body, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)})
    return body.getvalue()


def unpacked(body: bytes) -> Arrays:
    """What `packed` made. Raises ValueError where it is none."""
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError("no arrays in a zip") from error
