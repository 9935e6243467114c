"""Files that somebody hands in, written to a folder of their own while they come: plain names alone, and no more than fits.

What a client calls a file is never used as a path: of its name the last part is kept, and that only where it is a plain one.
Reads no file but the manifest's paths.
"""

import json
import re
import secrets
import shutil
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from callcoach.app.workspace import Workspace
from callcoach.errors import BadInput, StorageError
from callcoach.intake.call_files import AUDIO_ENDINGS, SIDECAR_ENDINGS, SUBFOLDERS, TRANSCRIPT_ENDINGS
from callcoach.intake.calls import MANIFEST, PEOPLE
from callcoach.intake.manifest import read_manifest

MOST_FILES = 1_000
MOST_BYTES = 20_000_000_000
"""Of all files handed in at once."""
KEPT = timedelta(days=7)
"""What nobody took in or threw away is thrown away after so long."""

UPLOAD_ID = re.compile(r"[0-9a-f]{16}")
ARCHIVES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst"})
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that was not kept, and why."""

    name: str
    sentence: str


class Receiving:
    """Files as they come, written to a folder of their own. Not safe for several threads at once."""

    def __init__(self, workspace: Workspace, *, by: str, at: datetime) -> None:
        self._room = room_of(workspace)
        self._file_limit = workspace.settings.max_recording_bytes
        self._left = MOST_BYTES
        self._refused: list[Refused] = []
        self._by, self._at = by, at
        self._open: BinaryIO | None = None
        self._name, self._given, self._written = "", "", 0
        self._files: set[str] = set()
        _throw_away_old(self._room, at)
        self.upload_id = secrets.token_hex(8)
        self._folder = self._room / self.upload_id
        try:
            (self._folder / "files").mkdir(parents=True)
        except OSError as trouble:
            raise StorageError(
                f"{self._room}: it cannot be written ({trouble.strerror}). Check the space and rights."
            ) from trouble

    def begin(self, name: str) -> None:
        """A file begins, called so by whoever sends it. One that cannot be used is refused with a sentence; the rest go on."""
        self._given, self._written = shown_name(name), 0
        try:
            self._name = safe_name(name)
            if self._name in self._files:
                raise BadInput("another file of this name came before. Rename one of them.")
            if len(self._files) >= MOST_FILES:
                raise BadInput(f"at most {MOST_FILES} files are taken at once. Hand in the rest after these.")
        except BadInput as trouble:
            self._refuse(str(trouble))
            return
        self._open = (self._folder / "files" / self._name).open("wb")

    def write(self, piece: bytes) -> None:
        """More of the file that began last. Raises BadInput where all files together are too much."""
        self._left -= len(piece)
        if self._left < 0:
            self.throw_away()
            raise BadInput(f"All files together are more than {MOST_BYTES // 10**9} GB. Hand them in in several parts.")
        if self._open is None:
            return
        self._written += len(piece)
        if self._written > self._file_limit:
            self._drop(f"it is larger than {self._file_limit:,} bytes (CALLCOACH_MAX_RECORDING_BYTES). Shorten it.")
            return
        try:
            self._open.write(piece)
        except OSError as trouble:
            self.throw_away()
            raise StorageError(
                f"{self._room}: it cannot be written ({trouble.strerror}). Free some space, then try again."
            ) from None

    def end(self) -> None:
        """The file that began last is whole."""
        if self._open is None:
            return
        if self._written == 0:
            self._drop("it is empty. Save it again where it comes from.")
            return
        self._open.close()
        self._open = None
        self._files.add(self._name)

    def done(self) -> str:
        """All files came; what to name to look at them. Raises BadInput where not a single file did."""
        if self._open is not None:
            self._drop("it broke off on the way. Send it again.")
        if not self._files and not self._refused:
            self.throw_away()
            raise BadInput("No file was chosen. Choose recordings or transcripts, and a manifest.csv if there is one.")
        _as_the_manifest_has_them(self._folder / "files")
        said = {
            "by": self._by,
            "at": self._at.isoformat(),
            "refused": [{"name": each.name, "sentence": each.sentence} for each in self._refused],
        }
        (self._folder / "upload.json").write_text(json.dumps(said), encoding="utf-8")
        return self.upload_id

    def throw_away(self) -> None:
        """Keep nothing of it."""
        if self._open is not None:
            self._open.close()
            self._open = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _drop(self, sentence: str) -> None:
        assert self._open is not None, "only a file that is open is dropped"
        self._open.close()
        self._open = None
        (self._folder / "files" / self._name).unlink(missing_ok=True)
        self._refuse(sentence)

    def _refuse(self, sentence: str) -> None:
        if len(self._refused) < MOST_FILES:
            self._refused.append(Refused(name=self._given, sentence=sentence))


def safe_name(name: str) -> str:
    """The name under which a file is staged: the last part of what it is called, where that is plain. Raises BadInput."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2].strip()
    ending = Path(last).suffix.lower()
    if ending in ARCHIVES:
        raise BadInput("archives are not opened here. Unpack it, and hand in the files in it.")
    if not last or last.startswith(".") or any(unicodedata.category(letter)[0] == "C" for letter in last):
        raise BadInput("this is no name of a file. Rename it to letters, digits, dots and dashes.")
    if len(last.encode()) > LONGEST_NAME:
        raise BadInput(f"its name has more than {LONGEST_NAME} letters. Shorten it.")
    if last.lower() == PEOPLE:
        raise BadInput("who works where is not handed in with calls. Put people.yaml into the folder that runs read.")
    if ending == ".csv":
        return MANIFEST
    if ending not in (*AUDIO_ENDINGS, *TRANSCRIPT_ENDINGS, *SIDECAR_ENDINGS):
        known = ", ".join(each[1:] for each in (*AUDIO_ENDINGS, *TRANSCRIPT_ENDINGS))
        raise BadInput(f"this is neither a recording nor a transcript. Known: {known}; and manifest.csv.")
    return last


def shown_name(name: str) -> str:
    """A name as it can be shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:LONGEST_NAME] or "a file without a name"


def room_of(workspace: Workspace) -> Path:
    """Where what is handed in is staged, and where runs that were begun here say how far they are."""
    return workspace.settings.home / "intake"


def _as_the_manifest_has_them(folder: Path) -> None:
    """A browser sends names without folders: a file that the manifest has in audio/ or transcripts/ is put there."""
    if not (folder / MANIFEST).is_file():
        return
    with suppress(BadInput):
        for row in read_manifest(folder / MANIFEST).rows:
            for field in ("audio_path", "transcript_path"):
                within, _, name = row.cells.get(field, "").replace("\\", "/").rpartition("/")
                if within in SUBFOLDERS and name and "/" not in name and (folder / name).is_file():
                    (folder / within).mkdir(exist_ok=True)
                    (folder / name).replace(folder / within / name)


def _throw_away_old(room: Path, now: datetime) -> None:
    if not room.is_dir():
        return
    for each in room.iterdir():
        with suppress(OSError):
            if UPLOAD_ID.fullmatch(each.name) and now.timestamp() - each.stat().st_mtime > KEPT.total_seconds():
                shutil.rmtree(each, ignore_errors=True)
