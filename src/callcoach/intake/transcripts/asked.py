"""What every format is told from outside its file, and how it says which place in the file is wrong. Reads nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class WrongPlace(Exception):
    """A value that breaks a format. The message names the place; `line` where the file is read by lines."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """call_id: the one to use, else the file's own, else `else_call_id`. seconds: the recording's length, where known.

    rep_names: the rep and colleagues by name. path: for formats with a second file beside the first.
    """

    else_call_id: str
    call_id: str | None = None
    rep_names: Sequence[str] = ()
    seconds: float | None = None
    path: Path | None = None
