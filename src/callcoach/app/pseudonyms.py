"""Stand-ins for ids and names, the same in every redacted export of this workplace: keyed hashes, the key in the home folder.

Who has the key and a list of ids can tell whose stand-in one is; who has only the export cannot try ids out.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from callcoach.errors import StorageError
from callcoach.settings import Settings

KEY_FILE = "pseudonyms.key"
_DIGITS = 12


class Named(StrEnum):
    """What a stand-in stands for, and how it begins."""

    CALL = "call"
    PERSON = "person"
    TEAM = "team"
    CUSTOMER = "customer"
    RECORDING = "recording"


class Pseudonyms:
    """Stand-ins under the key of a home folder."""

    def __init__(self, settings: Settings) -> None:
        """Raises StorageError where the key can neither be read nor made."""
        self._key = _key(settings.home / KEY_FILE)

    def of(self, named: Named, text: str) -> str:
        """The stand-in for an id or a name, such as `person-3f9ac01b77d2`."""
        return f"{named.value}-{self._hash(named, text)[:_DIGITS]}"

    def content(self, digest: str) -> str:
        """A whole keyed hash where a recording's hash stood, which anybody with the recording could recognise."""
        return self._hash(Named.RECORDING, digest)

    def _hash(self, named: Named, text: str) -> str:
        return hmac.new(self._key, f"{named.value}\0{text}".encode(), hashlib.sha256).hexdigest()


def _key(file: Path) -> bytes:
    try:
        if not file.is_file():
            _make(file)
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as trouble:
        raise StorageError(
            f"{file}: the key of the stand-ins in redacted exports cannot be read or made ({trouble}). Check your rights there; "
            "deleted, it is made anew, and later exports cannot be joined to earlier ones."
        ) from trouble


def _make(file: Path) -> None:
    """Make the key, for its owner's eyes; where somebody else was faster, theirs stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
            opened.write(secrets.token_hex(32) + "\n")
        with suppress(FileExistsError):
            os.link(beside, file)
    finally:
        beside.unlink(missing_ok=True)
