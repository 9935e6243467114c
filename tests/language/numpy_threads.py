"""With how many threads numpy multiplies matrices."""

import numpy as np
from threadpoolctl import threadpool_info


def numpy_threads() -> int:
    """Of the library that numpy brought along; scipy has one of its own, which may be loaded at any time."""
    found = [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas" and "numpy" in each["filepath"]]
    assert len(found) == 1, f"numpy {np.__version__} multiplies with a library that nobody can ask"
    threads: int = found[0]
    return threads
