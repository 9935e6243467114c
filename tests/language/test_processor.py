"""Matrices are multiplied with one thread where a second would only spin, and with as many as before afterwards."""

from collections.abc import Iterator

import pytest
from numpy_threads import numpy_threads
from threadpoolctl import ThreadpoolController

from callcoach.processor import one_blas_thread


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    """As on a machine with two cores, whatever this one has."""
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        yield


def test_one_thread_within_and_two_again_afterwards() -> None:
    assert numpy_threads() == 2
    with one_blas_thread():
        assert numpy_threads() == 1
        with one_blas_thread():
            assert numpy_threads() == 1
        assert numpy_threads() == 1
    assert numpy_threads() == 2


def test_two_again_where_something_failed_within() -> None:
    with pytest.raises(ValueError, match="bad call"), one_blas_thread():
        raise ValueError("bad call")
    assert numpy_threads() == 2
