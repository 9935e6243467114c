"""fsspec's SFTP, which by itself takes any server for the right one: here only one whose key stands in known_hosts.

Importing this needs paramiko; whoever fetches over SFTP does so inside a function.
"""

import logging
import shutil
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

EVERYBODYS_KNOWN_HOSTS = Path("/etc/ssh/ssh_known_hosts")
AT_ONCE = 64
"""Requests under way while a file is read: some servers hang up on paramiko's thousands."""
PIECE = 1 << 15


# what it tells its log, a call's problem tells in a sentence
logging.getLogger("paramiko").addHandler(logging.NullHandler())
logging.getLogger("paramiko").propagate = False


class UnknownServer(paramiko.SSHException):  # type: ignore[misc]  # paramiko has no types
    """No known_hosts names the server."""


class _Refused(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:  # noqa: ARG002 - paramiko's own form
        raise UnknownServer(hostname)


class KnownSftp(SFTPFileSystem):  # type: ignore[misc]  # nor has fsspec
    """An SFTP server that is known, opened with the keys of the SSH agent and of ~/.ssh. Made for reading."""

    cachable = False

    def __init__(self, host: str, *, port: int, user: str | None, timeout: float) -> None:
        """Connects. timeout: seconds of silence after which it is given up."""
        self._timeout = timeout
        super().__init__(host, port=port, username=user, host_key_policy=_Refused)

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        # before connecting: a server that has several keys is asked for the one that is known
        self.client.load_system_host_keys()
        if EVERYBODYS_KNOWN_HOSTS.is_file():
            with suppress(OSError):
                self.client.load_system_host_keys(str(EVERYBODYS_KNOWN_HOSTS))
        self.client.set_missing_host_key_policy(self.host_key_policy)
        try:
            self.client.connect(
                self.host, timeout=self._timeout, banner_timeout=self._timeout, auth_timeout=self._timeout, **self.ssh_kwargs
            )
            # small requests that wait for one another cost 40 ms each
            self.client.get_transport().sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.ftp = self.client.open_sftp()
            self.ftp.get_channel().settimeout(self._timeout)
        except BaseException:
            self.client.close()
            raise

    def get_file(self, rpath: str, lpath: str, **_: Any) -> None:
        """Read one file. Raises OSError or SSHException where the connection breaks off."""
        with self.ftp.open(rpath, "rb") as there, Path(lpath).open("wb") as here:
            # where the connection breaks off, whoever reads is told; the thread that asks ahead would write on the terminal
            there._prefetch_thread = _quietly(there._prefetch_thread)
            there.prefetch(there.stat().st_size, AT_ONCE)
            shutil.copyfileobj(there, here, PIECE)

    def close(self) -> None:
        """Hang up."""
        self.client.close()


def _quietly(work: Callable[..., None]) -> Callable[..., None]:
    def quiet(*arguments: Any) -> None:
        with suppress(EOFError, OSError, paramiko.SSHException):
            work(*arguments)

    return quiet
