"""The sample company judged from its reference transcripts, with an account for each role, and how one signs in to it."""

import hashlib
import inspect
import json
from datetime import UTC, date, datetime
from pathlib import Path

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


def made_with() -> str:
    """Changes when the company would be judged, or kept, in another way."""
    workspace = Workspace(Settings())
    files = [*sorted((ROOT / "rubrics").glob("*.y*ml")), Path(schema.__file__), SAMPLE / "people.yaml"]
    files += sorted(Path(schema.__file__).parent.glob("migrations/versions/*.py"))
    # what is kept for screens is made by these
    files += [
        file for room in ("app", "coaching", "domain", "judging") for file in sorted((ROOT / "src/callcoach" / room).glob("*.py"))
    ]
    said = [str(ROOT), repr(workspace.makers), inspect.getsource(judged_company)]
    said += (hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


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
