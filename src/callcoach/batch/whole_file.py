"""Write a file so that whoever opens it finds all of it, the old or the new, whenever the machine stops. Knows no contents."""

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from callcoach.errors import StorageError

LEFT_BEHIND_SECONDS = 600.0


def write_whole(path: Path, text: str) -> Path:
    """Write where the file says something else: beside it, flushed to the disk, then renamed. Raises StorageError."""
    try:
        if path.is_file() and path.read_bytes() == text.encode():
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_away(path)
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        fresh = Path(name)
        try:
            with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.chmod(0o666 & ~_umask())
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        flush_names(path.parent)
    except OSError as trouble:
        raise StorageError(
            f"{path}: it cannot be written ({trouble.strerror or trouble}). Check the space and your rights there, then run "
            "again: what was stored is safe, and only this file is made anew."
        ) from trouble
    return path


def _clear_away(path: Path) -> None:
    """What a killed writer left; a fresh one may be somebody's who writes the same file now."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > LEFT_BEHIND_SECONDS:
                part.unlink()


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def flush_names(folder: Path) -> None:
    """Flush a folder, so that a rename in it outlives a power cut; some file systems cannot."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
