"""Lines of the log that speak of a call or an account that is erased: found, taken out. Knows nothing of how lines are made."""

import os
import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from callcoach.marks import AccountMark, CallMark
from callcoach.settings import Settings


def log_files(settings: Settings) -> tuple[Path, ...]:
    """The log and what logrotate made of it beside it, as far as it is there; compressed ones are not looked into."""
    if settings.log_file is None or not settings.log_file.parent.is_dir():
        return ()
    file = settings.log_file.resolve()
    beside = (each for each in sorted(file.parent.iterdir()) if each.name.startswith((f"{file.name}.", f"{file.name}-")))
    packed = (".gz", ".xz", ".zst", ".bz2", ".part")
    return tuple(each for each in (file, *beside) if each.is_file() and each.suffix not in packed)


def marks_of(contents: Collection[str], account_ids: Collection[str] = ()) -> frozenset[str]:
    """What the log calls these calls, by the sha256 of their bytes, and these accounts."""
    marks = {CallMark.of(each) for each in contents} | {AccountMark(each) for each in account_ids}
    return frozenset(str(each) for each in marks if each[0] != "(")


def without_lines(settings: Settings, marks: Collection[str]) -> int:
    """Take out the lines with these marks; how many. Whoever writes to the log goes on in the new file."""
    sought = [each.encode() for each in marks]
    gone = 0
    for file in log_files(settings) if sought else ():
        lines = file.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not any(each in line for each in sought)]
        if len(kept) < len(lines):
            _replace(file, b"".join(kept))
            gone += len(lines) - len(kept)
    return gone


def _replace(file: Path, body: bytes) -> None:
    mode = file.stat().st_mode & 0o777
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    fresh = Path(name)
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(body)
        fresh.chmod(mode)
        fresh.replace(file)
    except BaseException:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
