"""A bucket and an SFTP drop on this machine, each a real server, that can be made to break off in the middle of a file."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import paramiko


class Folder(paramiko.SFTPServerInterface):
    """A folder of this machine, for reading, as the root of the server."""

    root: Path
    names: dict[str, str]
    breaking: list[str]
    read: list[str]

    def __init__(self, server: "Doorman", *args: object, **kwargs: object) -> None:
        super().__init__(server)
        self.place = server.place
        self.transport = server.transport

    def _at(self, path: str) -> Path:
        return self.place.root / path.lstrip("/")

    def list_folder(self, path: str):
        folder = self._at(path)
        if not folder.is_dir():
            return paramiko.SFTP_NO_SUCH_FILE
        found = []
        for each in sorted(folder.iterdir()):
            said = paramiko.SFTPAttributes.from_stat(each.lstat(), self.place.names.get(each.name, each.name))
            found.append(said)
        return found

    def stat(self, path: str):
        try:
            return paramiko.SFTPAttributes.from_stat(self._at(path).stat())
        except OSError as trouble:
            return paramiko.SFTPServer.convert_errno(trouble.errno)

    lstat = stat

    def open(self, path: str, flags: int, attr: object):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self.place.written.append(path)
            return paramiko.SFTP_PERMISSION_DENIED
        self.place.read.append(path.lstrip("/"))
        handle = Handle(flags)
        handle.contents = self._at(path).read_bytes()
        handle.breaks = self.transport if path.lstrip("/") in self.place.breaking else None
        handle.lacks = path.lstrip("/") in self.place.lacking
        handle.attributes = self.stat(path)
        return handle

    def remove(self, path: str) -> int:
        self.place.written.append(path)
        return paramiko.SFTP_PERMISSION_DENIED


class Handle(paramiko.SFTPHandle):
    contents: bytes
    breaks: paramiko.Transport | None
    lacks: bool

    def stat(self):
        return self.attributes

    def read(self, offset: int, length: int):
        if self.breaks is not None and offset >= len(self.contents) // 2:
            self.breaks.close()
            return paramiko.SFTP_FAILURE
        if self.lacks and offset >= len(self.contents) // 2:
            return paramiko.SFTP_EOF
        return self.contents[offset : offset + length] if offset < len(self.contents) else paramiko.SFTP_EOF


class Doorman(paramiko.ServerInterface):
    def __init__(self, place: "SftpDrop", transport: paramiko.Transport) -> None:
        self.place, self.transport = place, transport

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        known = username == "drop" and key.get_base64() in self.place.let_in
        return paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_channel_request(self, kind: str, channel: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class SftpDrop:
    """root: what it serves. names: what single files are called for whoever lists. breaking, lacking: files that come by half."""

    def __init__(self, root: Path) -> None:
        self.root, self.names = root, {}
        self.breaking: list[str] = []
        self.lacking: list[str] = []
        self.read: list[str] = []
        self.written: list[str] = []
        self.key = paramiko.ECDSAKey.generate()
        self.let_in: set[str] = set()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.transports: list[paramiko.Transport] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"sftp://drop@127.0.0.1:{self.port}"

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport = paramiko.Transport(client)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Folder)
            self.transports.append(transport)
            try:
                transport.start_server(server=Doorman(self, transport), event=threading.Event())
            except (OSError, paramiko.SSHException):
                continue

    def close(self) -> None:
        with suppress(OSError):  # or whoever waits for callers would take one more
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for transport in self.transports:
            transport.close()


@contextmanager
def sftp_drop(root: Path, home: Path) -> Iterator[SftpDrop]:
    """Serve a folder; home: of whoever connects, with a key that is let in and the server's in known_hosts."""
    place = SftpDrop(root)
    ssh = home / ".ssh"
    ssh.mkdir(parents=True)
    ours = paramiko.ECDSAKey.generate()
    ours.write_private_key_file(str(ssh / "id_ecdsa"))
    place.let_in.add(ours.get_base64())
    (ssh / "known_hosts").write_text(f"[127.0.0.1]:{place.port} {place.key.get_name()} {place.key.get_base64()}\n")
    try:
        yield place
    finally:
        place.close()


@contextmanager
def s3_store() -> Iterator[str]:
    """The address of an S3-compatible store."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def cut_off(address: str, key: str, after: int) -> Iterator[str]:
    """The store by way of somebody who hangs up in the middle of one object, `after` bytes into each answer."""
    host, _, port = address.removeprefix("http://").partition(":")
    ours = socket.create_server(("127.0.0.1", 0))

    def relay(client: socket.socket) -> None:
        with client, socket.create_connection((host, int(port))) as there:
            asked = client.recv(65_536)
            cut = asked.startswith(b"GET") and key.encode() in asked.partition(b"\r\n")[0]
            there.sendall(asked.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            left = after if cut else sys.maxsize
            while left > 0 and (piece := there.recv(min(left, 65_536))):
                client.sendall(piece)
                left -= len(piece)

    def serve() -> None:
        while True:
            try:
                client, _ = ours.accept()
            except OSError:
                return
            threading.Thread(target=relay, args=(client,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{ours.getsockname()[1]}"
    finally:
        ours.shutdown(socket.SHUT_RDWR)
        ours.close()
