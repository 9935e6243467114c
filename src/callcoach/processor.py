"""What this machine's processor does well. Knows nothing of what it is used for."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import threadpoolctl


def bfloat16_is_fast() -> bool:
    """Whether this processor has instructions for bfloat16; emulated it is slower than anything."""
    import torch  # heavy

    asked = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
    return any(ask() for ask in asked if ask is not None)


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Multiply numpy's matrices with one thread within: for small ones a second thread only spins, and takes a worker's core.

    The limit is the process's: two threads of Python that overlap here may leave it at one, which costs nothing but time.
    """
    with _libraries().limit(limits=1, user_api="blas"):
        yield


@cache
def _libraries() -> threadpoolctl.ThreadpoolController:
    """Those loaded so far; looking for them takes some milliseconds."""
    import numpy as np  # noqa: F401 - so that its library is among them

    return threadpoolctl.ThreadpoolController()
