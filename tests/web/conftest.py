"""The sample company behind the web app: judged once from its reference transcripts, kept between sessions, copied for a test."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sample_company import ORIGIN, judged_company, made_with, signed_in

from callcoach.app.workspace import Workspace
from callcoach.domain.people import PersonRole
from callcoach.settings import Settings
from callcoach.web.server import create_app


@pytest.fixture(scope="session")
def company_home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of the judged company. Never written to: tests take `company`, a copy."""
    assert request.config.cache is not None
    room = request.config.cache.mkdir("web-company")
    kept = room / made_with()
    # judging takes a minute of a core: whoever comes second waits for it; `pytest --cache-clear` removes old ones
    with (room / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        if not (kept / "callcoach.db").is_file():
            home = tmp_path_factory.mktemp("company") / "home"
            judged_company(home)
            beside = kept.with_name(f"{kept.name}.{os.getpid()}")
            shutil.copytree(home, beside)
            beside.rename(kept)
    return kept


@pytest.fixture
def company(company_home: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of one's own on the sample company: people, initiatives, calls with recordings, scores, one account a role."""
    shutil.copytree(company_home, tmp_path / "home")
    workspace = Workspace(Settings(home=tmp_path / "home"))
    yield workspace
    workspace.store.close()


@pytest.fixture
def app(company: Workspace) -> FastAPI:
    """The web app on it."""
    return create_app(company)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for a file's tests, for its driver bears no other beside it; contexts share nothing."""
    from browsing import chromium

    with chromium() as found:
        yield found


@pytest.fixture
def client(app: FastAPI) -> Callable[[PersonRole | str | None], TestClient]:
    """`client("manager")`: a browser signed in as that role; `client(None)`: as nobody."""

    def of(role: PersonRole | str | None) -> TestClient:
        if role is None:
            return TestClient(app, headers={"origin": ORIGIN}, follow_redirects=False)
        return signed_in(app, f"account-{PersonRole(role)}")

    return of
