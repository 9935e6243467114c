"""The sample company behind the web app: judged once from its reference transcripts, kept between sessions, copied for a test."""

import contextlib
import hashlib
import inspect
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from callcoach.app.progress import Silent
from callcoach.app.run import run
from callcoach.app.sign_in import password_hash, secret_hash
from callcoach.app.taking_in import Narrowing
from callcoach.app.workspace import Workspace
from callcoach.batch import stale
from callcoach.domain.accounts import Account, Session
from callcoach.domain.people import PersonRole
from callcoach.intake.calls import read_call_folder
from callcoach.intake.transcripts import read_transcript
from callcoach.settings import Settings
from callcoach.speech.audio import decode
from callcoach.storage import schema
from callcoach.storage.accounts import Accounts
from callcoach.web.access import cookie_name
from callcoach.web.server import create_app

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_calls"
TODAY = date(2026, 11, 16)
PASSWORD = "correct horse battery staple"
ORIGIN = "http://testserver"
WHO = {
    PersonRole.REP: ("R01", None),
    PersonRole.MANAGER: ("M01", None),
    PersonRole.ENABLEMENT: ("E01", None),
    PersonRole.EXECUTIVE: ("V01", None),
    PersonRole.ADMIN: ("A01", None),
}
"""Each role's person in the sample company: R01 is of team river, which M01 manages."""


def judged_company(home: Path) -> None:
    """The sample company, heard by its reference transcripts in place of a speech model, and judged by the models that ship."""
    workspace = Workspace(Settings(home=home))
    found = read_call_folder(SAMPLE)
    workspace.store.add_calls(found.calls)
    for call in found.calls:
        reference = SAMPLE / "reference" / f"{call.call_id}.transcript.json"
        transcript = read_transcript(reference, call_id=call.call_id)
        settings = workspace.settings
        recording = decode(
            SAMPLE / (call.audio_path or ""), max_seconds=settings.max_recording_seconds, max_bytes=settings.max_recording_bytes
        )
        workspace.store.keep_transcript(
            transcript,
            content=call.content,
            made_by=stale.recognition_key(call, workspace.makers),
            stage="hear",
            peaks=recording.peaks,
        )
    now = datetime(2026, 11, 16, 5, 30, tzinfo=UTC)
    run(SAMPLE, ROOT / "rubrics", workspace, today=TODAY, now=now, only=Narrowing(), progress=Silent())
    password = password_hash(PASSWORD)
    for role, (person_id, team) in WHO.items():
        account = Account(
            account_id=f"account-{role}",
            email=f"{role}@wrenfield.example",
            role=role,
            made_at=now,
            person_id=person_id,
            team=team,
        )
        Accounts(workspace.store).add(account, password)
    workspace.store.close()


def _made_with() -> str:
    """Changes when the company would be judged, or kept, in another way."""
    workspace = Workspace(Settings())
    files = [*sorted((ROOT / "rubrics").glob("*.y*ml")), Path(schema.__file__), SAMPLE / "people.yaml"]
    files += sorted(Path(schema.__file__).parent.glob("migrations/versions/*.py"))
    said = [str(ROOT), repr(workspace.makers), inspect.getsource(judged_company)]
    said += (hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


@pytest.fixture(scope="session")
def company_home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of the judged company. Never written to: tests take `company`, a copy."""
    assert request.config.cache is not None
    kept = request.config.cache.mkdir("web-company") / _made_with()
    if not (kept / "callcoach.db").is_file():
        home = tmp_path_factory.mktemp("company") / "home"
        judged_company(home)
        # renamed into place, as two test sessions may make it at once; `pytest --cache-clear` removes old ones
        beside = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copytree(home, beside)
        with contextlib.suppress(OSError):
            beside.rename(kept)
        shutil.rmtree(beside, ignore_errors=True)
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


def signed_in(app: FastAPI, account_id: str, *, raising: bool = True) -> TestClient:
    """A browser that is signed in to an account, without the time a password takes. Follows no redirect.

    raising: what goes wrong in a route goes wrong in the test.
    """
    workspace: Workspace = app.state.workspace
    now = datetime.now(UTC)
    secret = f"secret of {account_id} {now.timestamp()}"
    session = Session(
        session_id=secret_hash(secret)[:16],
        account_id=account_id,
        begun_at=now,
        seen_at=now,
        address="test",
        agent="Test browser",
    )
    Accounts(workspace.store).begin_session(session, secret_hash(secret))
    client = TestClient(app, headers={"origin": ORIGIN}, follow_redirects=False, raise_server_exceptions=raising)
    client.cookies.set(cookie_name(app.state.secure), secret)
    return client


@pytest.fixture
def client(app: FastAPI) -> Callable[[PersonRole | str | None], TestClient]:
    """`client("manager")`: a browser signed in as that role; `client(None)`: as nobody."""

    def of(role: PersonRole | str | None) -> TestClient:
        if role is None:
            return TestClient(app, headers={"origin": ORIGIN}, follow_redirects=False)
        return signed_in(app, f"account-{PersonRole(role)}")

    return of
