"""A tuned encoder as bytes and back. What is rounded away is gone when it is read, so that what is measured is what is kept."""

import hashlib

import numpy as np

from callcoach.judging.layers_npz import kept_layers, packed, read_layers, unpacked
from callcoach.judging.tuned_head import Tuned, from_arrays, to_arrays

_HEAD, _OUTPUTS = "head/", "outputs"


def encode_tuned(tuned: Tuned) -> bytes:
    """The same tuned encoder gives the same bytes."""
    head = {_HEAD + name: array for name, array in to_arrays(tuned.head).items()}
    return packed({**head, **kept_layers(tuned.layers), _OUTPUTS: np.array(tuned.head.outputs)})


def decode_tuned(body: bytes) -> Tuned:
    """What `encode_tuned` wrote. Raises ValueError or KeyError where it is none, WeightsAltered where a part is missing."""
    arrays = unpacked(body)
    head = {name.removeprefix(_HEAD): array for name, array in arrays.items() if name.startswith(_HEAD)}
    outputs = tuple(str(name) for name in arrays[_OUTPUTS])
    return Tuned(layers=read_layers(arrays), head=from_arrays(head, outputs), fingerprint=hashlib.sha256(body).hexdigest()[:16])
