"""A bucket or an SFTP drop as somebody types it: `s3://bucket/prefix`, `sftp://user@host:22/path`. Reaches nothing.

Neither passwords nor keys belong into an address: it is written into logs and shown on screens.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from callcoach.errors import UsageError

S3, SFTP = "s3", "sftp"
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
_USER = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:.]+(%[A-Za-z0-9]+)?")
_LIKE = "Write it like s3://bucket/folder or sftp://user@host/folder, or give a folder of this machine."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place calls are fetched from. host: the bucket's name for S3; path: without slashes at its ends, empty for the top."""

    scheme: str
    host: str
    path: str
    user: str | None = None
    port: int | None = None

    @property
    def address(self) -> str:
        """The same for every way to write the same place."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        user, port = f"{self.user}@" if self.user else "", f":{self.port}" if self.port else ""
        return f"{self.scheme}://{user}{host}{port}/{self.path}".rstrip("/")

    @property
    def name(self) -> str:
        """A name for a folder that no other source has."""
        plain = re.sub(r"[^a-z0-9]+", "-", self.address.lower()).strip("-")[:60].rstrip("-")
        return f"{plain}-{hashlib.sha256(self.address.encode()).hexdigest()[:8]}"


def is_address(text: str) -> bool:
    """Whether somebody means a place elsewhere rather than a folder."""
    return "://" in text


def read_address(text: str) -> Source:
    """The place that an address names. Raises UsageError, never with what might be a password."""
    scheme = text.partition("://")[0].lower()
    if scheme not in (S3, SFTP):
        raise UsageError(f"Calls cannot be fetched by {scheme[:20]!a}. {_LIKE}")
    try:
        parts = urlsplit(text)
        host, port, user, password = parts.netloc.rpartition("@")[2], parts.port, parts.username, parts.password
        host = host if scheme == S3 else parts.hostname or ""
    except ValueError:
        raise UsageError(f"The {scheme} address has no usable host or port. {_LIKE}") from None
    if password is not None or (scheme == S3 and user is not None):
        raise UsageError(
            f"The {scheme} address holds a password or key, which would end up in logs. Leave it out: S3 keys come from the "
            "environment or ~/.aws, SFTP keys from the SSH agent or ~/.ssh."
        )
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise UsageError(f"The {scheme} address holds a ? or #. {_LIKE}")
    path = parts.path.strip("/")
    if any(part in ("", ".", "..") for part in path.split("/")) and path:
        raise UsageError(f"The {scheme} address holds an empty, . or .. folder. {_LIKE}")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in text) or "\\" in text:
        raise UsageError(f"The {scheme} address holds characters that no address has. {_LIKE}")
    if not (_BUCKET if scheme == S3 else _HOST).fullmatch(host) or (user is not None and not _USER.fullmatch(user)):
        raise UsageError(f"The {scheme} address has no usable {'bucket' if scheme == S3 else 'user or host'}. {_LIKE}")
    return Source(scheme=scheme, host=host, path=path, user=user or None, port=None if scheme == SFTP and port == 22 else port)
