"""Trained act heads kept in a folder as soon as they are made: a command that was stopped goes on, and two share the work.

Fits nothing itself, and does not know what the names of the fits stand for.
"""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from callcoach.judging.turn_heads import TurnHeads
from callcoach.language.heads import read_turn_heads
from callcoach.training.heads_folder import write_turn_heads

_LOOK_AGAIN = 5.0
"""Seconds until it is looked again whether another process is done."""


class KeptFits:
    """Fits by name, each in a folder of its own that is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """`folder`: made where it is not there. Raises OSError where it cannot be."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def make(self, wanted: Mapping[str, Callable[[], TurnHeads]]) -> None:
        """Make each fit that is not there yet; what another process is making is left to it, and waited for."""
        waiting = dict(wanted)
        while waiting:
            for name, fit in tuple(waiting.items()):
                with self._claimed(name) as mine:
                    if mine and not self._path(name).is_dir():
                        self._write(name, fit())
                if self._path(name).is_dir():
                    del waiting[name]
            if waiting:
                time.sleep(_LOOK_AGAIN)

    def read(self, name: str) -> TurnHeads:
        """A fit as its files have it, in single precision. Raises WeightsMissing and WeightsAltered."""
        return read_turn_heads(self._path(name))

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

    def _write(self, name: str, heads: TurnHeads) -> None:
        # whoever writes has the claim, so that nobody else is at this folder: a killed process may have left it
        fresh = self._folder / f"{name}.tmp"
        shutil.rmtree(fresh, ignore_errors=True)
        write_turn_heads(fresh, heads)
        fresh.rename(self._path(name))
