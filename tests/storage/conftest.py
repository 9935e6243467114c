import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from callcoach.storage.store import Store


class Server(NamedTuple):
    """Its address without the database's name, and the commands that stop and start it."""

    address: str
    stop: str
    start: str


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of our own, reached by a socket in a scratch folder."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    found = shutil.which("pg_ctl") or (str(binaries[-1]) if binaries else None)
    if found is None:
        pytest.skip("PostgreSQL is not installed: no pg_ctl (Debian package postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'callcoach[postgres]'")
    as_user: list[str] = []
    scratch = Path(tempfile.mkdtemp(prefix="callcoach-pg-"))
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        os.chown(scratch, user.pw_uid, user.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    cluster, pg_ctl = scratch / "cluster", [*as_user, found, "-D", str(scratch / "cluster"), "-w", "-s"]
    quiet = {"check": True, "cwd": scratch, "stdout": subprocess.DEVNULL}
    initdb = [
        *as_user,
        str(Path(found).with_name("initdb")),
        "-D",
        str(cluster),
        "-U",
        "coach",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "-N",
    ]
    subprocess.run(initdb, **quiet)
    options = f"-k {scratch} -c listen_addresses='' -c fsync=off"
    start = [*pg_ctl, "-l", str(scratch / "log"), "-o", options, "start"]
    subprocess.run(start, **quiet)
    try:
        yield Server(f"postgresql://coach@/{{}}?host={scratch}", shlex.join([*pg_ctl, "-m", "fast", "stop"]), shlex.join(start))
    finally:
        subprocess.run([*pg_ctl, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(scratch)


@pytest.fixture(scope="session")
def postgresql(server: Server) -> str:
    """The server's address, without the database's name."""
    return server.address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return tmp_path / "a folder" / "callcoach.db"
    return new_database(request.getfixturevalue("postgresql"))


def new_database(address: str) -> str:
    """The address of an empty database on the server."""
    import psycopg

    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address.format(name)


@pytest.fixture
def empty_on_server(postgresql: str) -> str:
    """An empty database on the server."""
    return new_database(postgresql)


NUMBERS = count(1)


@pytest.fixture
def store(place: str | Path) -> Iterator[Store]:
    with Store(place) as opened:
        yield opened


@pytest.fixture
def reopened(place: str | Path, store: Store) -> Iterator[Callable[[], Store]]:
    """The same database as another program would open it."""
    opened: list[Store] = []

    def reopen() -> Store:
        opened.append(Store(place))
        return opened[-1]

    yield reopen
    for one in opened:
        one.close()
