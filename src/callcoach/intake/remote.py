"""Look into a bucket or an SFTP drop and copy single files out of it, through fsspec. Writes nothing there and keeps nothing.

Says in a sentence why a place cannot be reached; what a library says of it is left out, for it may name keys.
"""

import importlib.util
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from callcoach.errors import SomethingMissing, SourceUnreachable
from callcoach.intake.source_address import S3, Source

_NOT_LET_IN = ("AuthenticationException", "PasswordRequiredException", "BadAuthenticationType")
DEEPEST = 12
"""Folders in folders that are looked into."""
CLOSED = "closed"
"""The kind of a folder that may not be read."""
NEEDS = {"s3": "s3fs", "sftp": "paramiko"}


class Version(NamedTuple):
    """What tells one state of a file from another. changed_at: seconds since 1970; tag: the store's own mark of the bytes."""

    size: int
    changed_at: float | None = None
    tag: str | None = None


class Entry(NamedTuple):
    """One name in a place. kind: `file`, `directory`, CLOSED, or what else the server has, such as `link`."""

    name: str
    kind: str
    version: Version


class Reach(NamedTuple):
    """How to reach a place. endpoint: of an S3-compatible store, None for Amazon's; timeout: seconds of silence."""

    endpoint: str | None
    timeout: float


def check_installed(source: Source) -> None:
    """Raises SomethingMissing, naming the extra, where the library for such places is not installed."""
    if importlib.util.find_spec(NEEDS[source.scheme]) is None:
        raise SomethingMissing(
            f"{source.address}: {NEEDS[source.scheme]} is not installed. Install it: pip install 'callcoach[{source.scheme}]'."
        )


class Remote:
    """One place, connected to when first asked, and again after trouble. Raises SourceUnreachable where it cannot be reached."""

    def __init__(self, source: Source, reach: Reach) -> None:
        check_installed(source)
        self.source = source
        self._reach = reach
        self._root = f"{source.host}/{source.path}".rstrip("/") if source.scheme == S3 else f"/{source.path}"
        self._opened: Any = None

    def __enter__(self) -> "Remote":
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def entries(self) -> Iterator[Entry]:
        """Everything that lies in the place, by its path from there; of folders, those that may not be read."""
        if self.source.scheme == S3:
            found = self._asked(lambda opened: opened.find(self._root, detail=True)) or {}
            yield from (entry for each in found.values() if (entry := _entry(each, self._root)))
            return
        ahead = [""]
        while ahead:
            folder = ahead.pop()
            place = f"{self._root.rstrip('/')}/{folder}".rstrip("/") or "/"
            try:
                found = self._asked(partial(_listed, place))
            except SourceUnreachable as trouble:
                if not folder or not isinstance(trouble.__cause__, FileNotFoundError | PermissionError):
                    raise
                if isinstance(trouble.__cause__, PermissionError):  # else it was taken away meanwhile
                    yield Entry(folder, CLOSED, Version(0))
                continue
            for each in found:
                entry = _entry(each, place)
                if entry is None:
                    continue
                name = entry.name.replace("/", "\\")  # a slash in a name is no folder of the server's, and is refused
                path = f"{folder}/{name}" if folder else name
                if entry.kind != "directory":
                    yield entry._replace(name=path)
                elif "\\" not in name and not name.startswith(".") and path.count("/") < DEEPEST:
                    ahead.append(path)

    def version(self, path: str) -> Version | None:
        """The state of one file now; None where it is gone."""
        found = self._asked(lambda opened: _info(opened, f"{self._root.rstrip('/')}/{path}"))
        return None if found is None else _version(found)

    def copy(self, path: str, into: Path) -> None:
        """Write all bytes of a file of the place. Raises OSError or whatever the library raises; the connection is then new."""
        opened = self._connected()
        try:
            opened.get_file(f"{self._root.rstrip('/')}/{path}", str(into))
        except BaseException:
            self.hang_up()
            raise

    def why(self, error: BaseException) -> str:
        """What went wrong, in a sentence."""
        return _s3_trouble(error) if self.source.scheme == S3 else _sftp_trouble(error, self.source)

    def hang_up(self) -> None:
        """Close the connection; the next question opens a new one."""
        opened, self._opened = self._opened, None
        if opened is not None:
            with suppress(Exception):  # it may be what is broken
                opened.close_session(opened.loop, opened._s3) if self.source.scheme == S3 else opened.close()

    def _connected(self) -> Any:
        if self._opened is None:
            try:
                self._opened = _s3(self._reach) if self.source.scheme == S3 else _sftp(self.source, self._reach)
            except Exception as error:
                raise SourceUnreachable(f"{self.source.address}: {self.why(error)}") from error
        return self._opened

    def _asked(self, question: Callable[[Any], Any]) -> Any:
        opened = self._connected()
        try:
            return question(opened)
        except (FileNotFoundError, PermissionError) as error:
            if self.source.scheme == S3 and isinstance(error, FileNotFoundError) and error.__cause__ is None:
                return ()  # a bucket has no empty folders
            raise SourceUnreachable(f"{self.source.address}: {self.why(error)}") from error
        except Exception as error:
            self.hang_up()
            raise SourceUnreachable(f"{self.source.address}: {self.why(error)}") from error


def _s3(reach: Reach) -> Any:
    import s3fs

    return s3fs.S3FileSystem(
        endpoint_url=reach.endpoint,
        skip_instance_cache=True,
        use_listings_cache=False,
        max_concurrency=1,  # one stream a file: parts side by side would hold hundreds of MB
        config_kwargs={
            "connect_timeout": min(20.0, reach.timeout),
            "read_timeout": reach.timeout,
            "retries": {"max_attempts": 2, "mode": "standard"},
        },
    )


def _sftp(source: Source, reach: Reach) -> Any:
    from callcoach.intake.sftp import KnownSftp

    return KnownSftp(source.host, port=source.port or 22, user=source.user, timeout=reach.timeout)


def _listed(place: str, opened: Any) -> Any:
    return opened.ls(place, detail=True)


def _info(opened: Any, path: str) -> Any:
    try:
        return opened.info(path)
    except FileNotFoundError:
        return None


def _entry(found: Any, folder: str) -> Entry | None:
    """A name with whatever stands behind the folder's; None for the folder itself, which some stores keep as a file."""
    name = found["name"]
    if not isinstance(name, str):
        return None
    before = folder.rstrip("/") + "/"
    name = "" if name == folder else name.removeprefix(before)
    return Entry(name, str(found["type"]), _version(found)) if name.rstrip("/") else None


def _version(found: Any) -> Version:
    size = int(found.get("size") or 0)
    if found.get("ETag"):
        return Version(size, tag=str(found["ETag"]).strip('"'))
    moment = found.get("mtime") or found.get("LastModified")
    return Version(size, changed_at=moment.timestamp() if moment is not None else None)


def _s3_trouble(error: BaseException) -> str:
    kind, code = type(error).__name__, _s3_code(error)
    if code == "RequestTimeTooSkewed":
        return "the clock here is not the store's. Set this machine's clock, for instance over NTP."
    if code == "InvalidObjectState":
        return "it is archived there. Restore it, or leave it out."
    if code == "ExpiredToken":
        return "its keys have run out. Get new ones."
    if kind in ("NoCredentialsError", "PartialCredentialsError", "ProfileNotFound"):
        return "there are no keys for it. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
    if isinstance(error, PermissionError):
        return "its keys do not let us read it. Check the keys, and that they may list the bucket and read what is in it."
    if isinstance(error, FileNotFoundError):
        return "there is no such bucket or file. Check its name, and CALLCOACH_S3_ENDPOINT where it is not Amazon's."
    return (
        f"the store does not answer as it should ({kind}). Check the network, and CALLCOACH_S3_ENDPOINT where it is not "
        "Amazon's; the next run tries again."
    )


def _s3_code(error: BaseException) -> str | None:
    """The store's own word for it."""
    answer = getattr(error.__cause__, "response", None)
    return answer["Error"].get("Code") if isinstance(answer, dict) and "Error" in answer else None


def _sftp_trouble(error: BaseException, source: Source) -> str:
    kind, port = type(error).__name__, f" -p {source.port}" if source.port else ""
    if kind == "UnknownServer":
        return (
            "its key stands in no known_hosts, so nobody can tell that it is the right server. Ask whoever runs it for the key's "
            f"fingerprint, then connect once by hand: sftp{port.replace('p', 'P')} {source.host}."
        )
    if kind == "BadHostKeyException":
        return (
            "its key is not the one in known_hosts: it has a new one, or somebody stands between. Ask whoever runs it; if it "
            f"has a new one, remove the old: ssh-keygen -R {f'[{source.host}]:{source.port}' if source.port else source.host}."
        )
    if kind in _NOT_LET_IN or "authentication" in str(error).lower():
        return "it does not let us in. Put a key that it knows into the SSH agent or ~/.ssh of whoever runs callcoach."
    if isinstance(error, socket.gaierror):
        return "no such server is known. Check its name."
    if isinstance(error, FileNotFoundError):
        return "there is no such folder or file. Check the path."
    if isinstance(error, PermissionError):
        return "we may not read there. Ask whoever runs it for the right to."
    return f"the server does not answer as it should ({kind}). Check the network and the port; the next run tries again."
