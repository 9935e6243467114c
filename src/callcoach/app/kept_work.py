"""Work of minutes and hours kept in a folder piece by piece: a command that was stopped goes on, and two share the work.

Makes nothing itself, and does not know what the names of the pieces stand for.
"""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from callcoach.errors import WeightsAltered

Value = TypeVar("Value")

_VALUE = "value.json"
_LOOK_AGAIN = 5.0
"""Seconds until it is looked again whether another process is done."""


class KeptWork(Generic[Value]):
    """Pieces by name, each in a folder of its own that is there whole or not at all."""

    def __init__(self, folder: Path, write: Callable[[Path, Value], object], read: Callable[[Path], Value]) -> None:
        """folder: made where it is not there; write: puts a piece into a new folder. Raises OSError where one cannot be made."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._put, self._read = folder, write, read

    def make(self, wanted: Mapping[str, Callable[[], Value]]) -> None:
        """Make each piece that is not there yet; what another process is making is left to it, and waited for."""
        waiting = dict(wanted)
        while waiting:
            for name, piece in tuple(waiting.items()):
                with self._claimed(name) as mine:
                    if mine and not self._path(name).is_dir():
                        self._write(name, piece())
                if self._path(name).is_dir():
                    del waiting[name]
            if waiting:
                time.sleep(_LOOK_AGAIN)

    def read(self, name: str) -> Value:
        """A piece as its files have it. Raises what reading one raises."""
        return self._read(self._path(name))

    def _path(self, name: str) -> Path:
        return self._folder / name

    @contextmanager
    def _claimed(self, name: str) -> Iterator[bool]:
        """Whether nobody else is at it. A claim ends with its process, however that ends."""
        with (self._folder / f"{name}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def _write(self, name: str, value: Value) -> None:
        # whoever writes has the claim, so that nobody else is at this folder: a killed process may have left it
        fresh = self._folder / f"{name}.tmp"
        shutil.rmtree(fresh, ignore_errors=True)
        self._put(fresh, value)
        fresh.rename(self._path(name))


def kept_values(folder: Path, kind: type[Value]) -> KeptWork[Value]:
    """Pieces that are plain values, as JSON. Raises OSError as KeptWork does; reading one, WeightsAltered."""
    return KeptWork(folder, _write_value, partial(_read_value, kind))


def _write_value(folder: Path, value: object) -> None:
    folder.mkdir()
    (folder / _VALUE).write_bytes(msgspec.json.encode(value))


def _read_value(kind: type[Value], folder: Path) -> Value:
    try:
        return msgspec.json.decode((folder / _VALUE).read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as error:
        raise WeightsAltered(f"{folder / _VALUE} was not written by this version ({error}). Delete {folder}.") from error
