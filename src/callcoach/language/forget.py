"""Take texts out of the vectors that outlive a process. Loads no model; knows nothing of calls."""

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from callcoach.language.encoder import KEY_BYTES, text_key


def forget_texts(memory: Path, texts: Iterable[str]) -> int:
    """Drop the vectors of these texts from every file of remembered vectors in a folder; how many there were."""
    gone = {text_key(text) for text in texts}
    n = 0
    for file in sorted(memory.glob("vectors-*.npz")) if memory.is_dir() else ():
        try:
            with np.load(file, allow_pickle=False) as arrays:
                keys, vectors = arrays["keys"], arrays["vectors"]
        except (OSError, KeyError, ValueError):
            file.unlink(missing_ok=True)  # damaged: the encoder would make it anew, too
            continue
        stays = np.array([key.tobytes() not in gone for key in keys], dtype=bool)
        if stays.all():
            continue
        n += int((~stays).sum())
        fresh = file.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as opened:
            np.savez(opened, keys=keys[stays].reshape(-1, KEY_BYTES), vectors=vectors[stays])
        fresh.replace(file)
    return n
