import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from callcoach.storage.store import Store


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, without the database's name, reached by a socket in a scratch folder."""
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
    subprocess.run([*pg_ctl, "-l", str(scratch / "log"), "-o", options, "start"], **quiet)
    try:
        yield f"postgresql://coach@/{{}}?host={scratch}"
    finally:
        subprocess.run([*pg_ctl, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(scratch)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return tmp_path / "a folder" / "callcoach.db"
    import psycopg

    address: str = request.getfixturevalue("postgresql")
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return address.format(name)


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
