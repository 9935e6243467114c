"""Which of the files in a drop are fetched, which are still being written, and in which order. Reaches nothing, opens nothing."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from callcoach.intake.call_files import AUDIO_ENDINGS, SIDECAR_ENDINGS, TRANSCRIPT_ENDINGS, call_of
from callcoach.intake.calls import MANIFEST, PEOPLE
from callcoach.intake.outcomes import OUTCOMES
from callcoach.intake.remote import CLOSED, Entry, Version

TABLES = (PEOPLE, OUTCOMES, MANIFEST)
"""They are about many calls at once."""
KINDS = frozenset({*AUDIO_ENDINGS, *TRANSCRIPT_ENDINGS, *SIDECAR_ENDINGS})
LONGEST_NAME = 200
_COMING = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".uploading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What lies in a drop at one moment. files: by path, those that callcoach reads; refused: names no file here may have.

    closed: folders that may not be read.
    """

    files: Mapping[str, Version]
    refused: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def looked_at(entries: Iterable[Entry]) -> Look:
    """What lies there means: files of the kinds that callcoach reads, hidden ones and those that are on the way left out."""
    files, refused, closed = {}, [], []
    for path, kind, version in entries:
        parts = path.split("/")
        if kind == CLOSED:
            closed.append(shown(path))
        elif kind != "file" or not _is_read(parts[-1], top=len(parts) == 1) or any(map(_is_hidden, parts)):
            continue
        elif all(map(is_plain, parts)):
            files[path] = version
        else:
            refused.append(shown(path))
    return Look(files=files, refused=tuple(sorted(refused)), closed=tuple(sorted(closed)))


def is_plain(name: str) -> bool:
    """Whether a name is that of a file in this very folder, and can be shown."""
    try:
        short = len(name.encode()) <= LONGEST_NAME
    except UnicodeEncodeError:
        return False
    odd = any(letter in "/\\" or unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for letter in name)
    return short and not odd and not name.startswith((".", " ")) and name.strip(" .") != ""


def shown(name: str) -> str:
    """A name as it can be shown, whatever it holds."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:LONGEST_NAME]


def in_order(paths: Iterable[str]) -> list[str]:
    """What describes calls before the calls: one that came without its facts would be taken for nobody's."""
    return sorted(paths, key=lambda path: (_rank(path), path))


def wait_for(path: str, missing: Iterable[str]) -> str | None:
    """What a call has to wait for: the manifest, or its sidecar, where they are on the way; None: it may be taken."""
    if _rank(path) < 2:
        return None
    own = call_of(path)
    return next((each for each in missing if each == MANIFEST or (_rank(each) == 1 and call_of(each) == own)), None)


def is_table(path: str) -> bool:
    """Whether a file of a drop is about many calls."""
    return path in TABLES


def is_sidecar(path: str) -> bool:
    """Whether a file may describe one call."""
    return _rank(path) == 1


def is_call(path: str) -> bool:
    """Whether a file may be a call by itself."""
    return Path(path).suffix.lower() in (*AUDIO_ENDINGS, *TRANSCRIPT_ENDINGS)


def _is_hidden(name: str) -> bool:
    """A dot file or folder, and not a name that leads elsewhere."""
    return name.startswith(".") and not name.startswith("..")


def _is_read(name: str, *, top: bool) -> bool:
    ending = Path(name).suffix.lower()
    if name in TABLES:
        return top
    return ending in KINDS and not name.lower().removesuffix(ending).endswith(_COMING)


def _rank(path: str) -> int:
    """0: tables, 1: sidecars, 2: calls. JSON may be either, and comes with the sidecars."""
    if path in TABLES:
        return 0
    return 1 if Path(path).suffix.lower() in SIDECAR_ENDINGS else 2
