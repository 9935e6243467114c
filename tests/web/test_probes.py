"""What machines ask of the server, and what is told of requests: no session, no word of a call, whatever the database does."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from callcoach.app import health
from callcoach.app.health import HOLDS_FOR, Readiness, Reason, weights_are_there
from callcoach.app.log import close_log, open_log
from callcoach.app.sign_in import password_hash
from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import Account
from callcoach.domain.people import PersonRole
from callcoach.errors import StorageError
from callcoach.events import Event, Requested, RequestFailed, listen
from callcoach.settings import Settings
from callcoach.storage.accounts import Accounts
from callcoach.web.server import create_app
from callcoach.weights import presence

CANARY = "Zanzibarova"
ORIGIN = {"origin": "http://testserver"}


@pytest.fixture
def workspace(tmp_path: Path):
    made = Workspace(Settings(home=tmp_path / "home", log_file=tmp_path / "log"))
    made.store  # noqa: B018 - made as `serve` makes it before it listens
    yield made
    made.store.close()


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    return create_app(workspace)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, headers=ORIGIN, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def log(workspace: Workspace, tmp_path: Path):
    open_log(workspace.settings.model_copy(update={"log_level": "debug"}))
    yield lambda: [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    close_log()


def away(*_: object) -> str:
    raise StorageError("/srv/secret/callcoach.db: the server cannot be reached.")


def test_a_server_that_can_work_says_so(client):
    assert client.get("/healthz").json() == {"alive": True}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "reasons": []})
    assert ready.headers["cache-control"] == "no-store"


def test_without_a_database_it_lives_is_not_ready_and_tells_strangers_one_word(client, monkeypatch):
    monkeypatch.setattr(health, "schema_of", away)
    client.cookies.set("callcoach", "a session that would be looked up")
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "reasons": ["database"]})


def test_a_database_that_was_upgraded_meanwhile_or_weights_that_are_gone_make_it_unready(workspace, monkeypatch):
    monkeypatch.setattr(health, "schema_of", lambda _: "9999")
    assert Readiness(workspace).reasons() == (Reason.SCHEMA,)
    monkeypatch.setattr(health, "weights_are_there", lambda _: False)
    assert Readiness(workspace).reasons() == (Reason.SCHEMA, Reason.WEIGHTS)


def test_weights_are_told_by_their_files_being_there(workspace, monkeypatch, tmp_path):
    assert weights_are_there(workspace)
    gone = workspace.settings.model_copy(update={"encoder": str(tmp_path / "no-such-model")})
    assert not weights_are_there(Workspace(gone))
    monkeypatch.setattr(presence, "part_path", lambda *_: None)
    assert not weights_are_there(workspace)


def test_a_thousand_probes_make_one_question_a_second(workspace, monkeypatch):
    asked, now = [], [0.0]
    real = health.schema_of
    monkeypatch.setattr(health, "schema_of", lambda store: asked.append(1) or real(store))
    readiness = Readiness(workspace, clock=lambda: now[0])
    assert [readiness.reasons() for _ in range(50)] == [()] * 50 and len(asked) == 1
    now[0] += HOLDS_FOR + 0.1
    readiness.reasons()
    assert len(asked) == 2


def test_a_request_is_told_by_the_address_of_the_program_and_never_by_what_was_asked_for(client, log):
    for path in (f"/calls/{CANARY}?t=3&e={CANARY}", f"/api/v1/calls/{CANARY}", f"/{CANARY}", "/healthz", "/static/app.css"):
        client.get(path)
    client.request(CANARY.upper(), "/queue")
    told = [(line["level"], line["method"], line["route"], line["status"]) for line in log() if line["event"] == "web.request"]
    assert told == [
        ("info", "GET", "/calls/{call_id}", 303),
        ("info", "GET", "/api/v1/calls/{call_id}", 401),
        ("info", "GET", "none", 404),
        ("debug", "GET", "/healthz", 200),
        ("debug", "GET", "/static/{path:path}", 200),
        ("info", "OTHER", "/queue", 405),
    ]
    assert CANARY.lower() not in json.dumps(log()).lower()


def test_every_answer_has_an_id_that_the_log_has_too(client, app, workspace, log):
    answer = client.get("/sign-in", headers={"x-request-id": "0123456789abcdef0123"})
    assert answer.headers["x-request-id"] == log()[-1]["request"] != "0123456789abcdef0123"
    proxied = TestClient(create_app(workspace, secure=True), base_url="https://testserver")
    assert (
        proxied.get("/sign-in", headers={"x-request-id": "0123456789abcdef0123"}).headers["x-request-id"]
        == "0123456789abcdef0123"
    )
    assert proxied.get("/sign-in", headers={"x-request-id": CANARY}).headers["x-request-id"] == log()[-1]["request"]
    assert CANARY not in json.dumps(log())


def test_an_error_that_nobody_foresaw_is_told_by_class_and_place(client, app, log):
    @app.get("/boom/{name}")
    def boom(name: str) -> None:
        raise ValueError(f"{name} said: because of the wall")

    said: list[Event] = []
    stop = listen(lambda event, _: said.append(event))
    answer = client.get(f"/boom/{CANARY}")
    stop()
    assert answer.status_code == 500
    failed, request = (event for event in said if isinstance(event, RequestFailed | Requested))
    assert failed.error == "ValueError" and failed.place is not None and failed.place.startswith("test_probes:")
    assert failed.route == request.route == "/boom/{name}" and request.status == 500
    assert answer.headers["x-request-id"] == log()[-1]["request"]
    assert CANARY not in json.dumps(log())
    usual = client.get("/sign-in").headers
    assert {name for name in usual if name not in answer.headers} == set(), "it is guarded like every page"
    nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])
    assert nonce and set(re.findall(r'nonce="([^"]*)"', answer.text)) <= {nonce[1]}


def test_who_signs_in_is_told_by_account_and_who_does_not_by_nothing(client, workspace, log):
    now = datetime.now(UTC)
    account = Account(
        account_id="0123456789abcdef", email=f"{CANARY}@wrenfield.example".lower(), role=PersonRole.MANAGER, made_at=now
    )
    Accounts(workspace.store).add(account, password_hash("correct horse battery staple"))
    for password in ("wrong", "correct horse battery staple"):
        client.post("/sign-in", data={"email": account.email, "password": password})
    told = [line for line in log() if line["event"].startswith("sign_in")]
    assert [(line["event"], line.get("account"), line.get("why")) for line in told] == [
        ("sign_in.refused", None, "wrong"),
        ("sign_in.ok", "0123456789abcdef", None),
    ]
    assert all("request" in line for line in told)
    assert CANARY.lower() not in json.dumps(log()).lower()
