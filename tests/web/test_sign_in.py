"""Who comes in, with what, and what a browser or a program is told."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sample_company import PASSWORD, signed_in

from callcoach.app import accounts
from callcoach.app.sign_in import TOO_MANY, TRIES_PER_EMAIL, known_by_session, known_by_token, network_of, sign_in
from callcoach.domain.accounts import IDLE, LONGEST
from callcoach.domain.people import PersonRole
from callcoach.errors import BadInput
from callcoach.web.server import create_app

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MANAGER = {"email": "manager@wrenfield.example", "password": PASSWORD}


def test_the_right_password_opens_the_page_that_was_asked_for(client):
    browser = client(None)
    sent = browser.get("/queue?why=flagged")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2Fqueue%3Fwhy%3Dflagged")
    came = browser.post("/sign-in", data={**MANAGER, "next": "/queue?why=flagged"})
    assert (came.status_code, came.headers["location"]) == (303, "/queue?why=flagged")
    cookie = came.headers["set-cookie"]
    assert cookie.startswith("callcoach=") and "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Ray Delgado" in browser.get("/").text


def test_behind_https_the_cookie_is_held_to_it(company):
    browser = TestClient(create_app(company, secure=True), headers={"origin": "https://testserver"}, follow_redirects=False)
    answer = browser.post("https://testserver/sign-in", data=MANAGER)
    assert answer.headers["set-cookie"].startswith("__Host-callcoach=") and "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_nobody_learns_who_has_an_account(client):
    told = set()
    for email, password in (("manager@wrenfield.example", "wrong password"), ("nobody@wrenfield.example", "wrong password")):
        answer = client(None).post("/sign-in", data={"email": email, "password": password})
        assert answer.status_code == 400
        told.add(answer.text.replace(email, "").split("<main", 1)[1])
    assert len(told) == 1


def test_an_unknown_email_takes_as_long_as_a_wrong_password(company):
    def took(email: str) -> float:
        times = []
        for number in range(3):
            begun = time.perf_counter()
            sign_in(company, email, "wrong", address=f"a{number}", agent="", now=NOW)
            times.append(time.perf_counter() - begun)
        return min(times)

    took("warm up")
    known, unknown = took("manager@wrenfield.example"), took("nobody@wrenfield.example")
    assert 0.4 < unknown / known < 2.5


def test_too_many_tries_are_stopped_and_forgotten_after_a_while(company):
    for number in range(TRIES_PER_EMAIL):
        sign_in(company, "Rep@wrenfield.example ", f"wrong {number}", address="a", agent="", now=NOW)
    stopped = sign_in(company, "rep@wrenfield.example", PASSWORD, address="b", agent="", now=NOW + timedelta(minutes=1))
    assert (stopped.secret, stopped.sentence) == (None, TOO_MANY)
    later = sign_in(company, "rep@wrenfield.example", PASSWORD, address="b", agent="", now=NOW + timedelta(minutes=20))
    assert later.secret is not None


def test_whoever_has_an_account_cannot_try_others_passwords_without_end(company, monkeypatch):
    monkeypatch.setattr("callcoach.app.sign_in.TRIES_PER_ADDRESS", 6)
    at = NOW + timedelta(days=3)
    for number in range(6):
        sign_in(company, f"guessed-{number}@wrenfield.example", "wrong", address="office", agent="", now=at)
        if number == 4:
            assert sign_in(company, MANAGER["email"], PASSWORD, address="office", agent="", now=at).secret is not None
    assert sign_in(company, MANAGER["email"], PASSWORD, address="office", agent="", now=at).sentence == TOO_MANY
    assert sign_in(company, MANAGER["email"], PASSWORD, address="home", agent="", now=at).secret is not None


def test_all_addresses_of_a_network_count_as_one(company, monkeypatch):
    monkeypatch.setattr("callcoach.app.sign_in.TRIES_PER_ADDRESS", 2)
    at = NOW + timedelta(days=5)
    for number in range(2):
        sign_in(company, f"guessed-{number}@wrenfield.example", "wrong", address=f"2001:db8::{number + 1}", agent="", now=at)
    assert sign_in(company, MANAGER["email"], PASSWORD, address="2001:db8::ffff:9", agent="", now=at).sentence == TOO_MANY
    assert sign_in(company, MANAGER["email"], PASSWORD, address="2001:db8:0:1::1", agent="", now=at).secret is not None
    of_their_own = ("203.0.113.7", "::ffff:203.0.113.7", "proxy")
    assert tuple(network_of(each) for each in of_their_own) == of_their_own


def test_many_sign_in_from_one_address(company, monkeypatch):
    monkeypatch.setattr("callcoach.app.sign_in.TRIES_PER_ADDRESS", 2)
    at = NOW + timedelta(days=4)
    came = [sign_in(company, MANAGER["email"], PASSWORD, address="office", agent="", now=at).secret for _ in range(5)]
    assert None not in came


def test_a_session_ends_when_idle_when_old_and_when_signed_out(company, client):
    def begun() -> str:
        secret = sign_in(company, MANAGER["email"], PASSWORD, address="a", agent="", now=NOW).secret
        assert secret is not None
        return secret

    idle = begun()
    assert known_by_session(company, idle, NOW + IDLE - timedelta(minutes=1)) is not None
    assert known_by_session(company, idle, NOW + 2 * IDLE) is None
    used, at = begun(), NOW
    while at < NOW + LONGEST:
        assert known_by_session(company, used, at) is not None
        at += timedelta(hours=11)
    assert known_by_session(company, used, at) is None

    browser = client("manager")
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    assert browser.get("/").status_code == 303


def test_a_role_and_a_disabling_hold_from_the_next_request_on(company, app):
    browser = signed_in(app, "account-manager")
    assert browser.get("/admin").status_code == 403
    account = accounts.needed_account(company, MANAGER["email"])
    admin = accounts.change_account(
        company, account, role=PersonRole.ADMIN, person_id="M01", team=None, by=None, now=datetime.now(UTC)
    )
    assert browser.get("/admin").status_code == 200
    accounts.disable_account(company, admin, by=None, now=datetime.now(UTC))
    assert browser.get("/admin").status_code == 303
    assert client_refused(app)


def client_refused(app) -> bool:
    browser = TestClient(app, headers={"origin": "http://testserver"}, follow_redirects=False)
    return browser.post("/sign-in", data=MANAGER).status_code == 400


def test_the_only_admin_cannot_lock_everybody_out(company):
    account = accounts.needed_account(company, "admin@wrenfield.example")
    with pytest.raises(BadInput, match="only admin"):
        accounts.disable_account(company, account, by=None, now=NOW)
    with pytest.raises(BadInput, match="only admin"):
        accounts.change_account(company, account, role=PersonRole.REP, person_id=None, team=None, by=None, now=NOW)


def test_a_password_somebody_else_gave_is_replaced_before_anything_else(company, app):
    made = accounts.add_account(company, "New@Wrenfield.example", PersonRole.MANAGER, by=None, now=NOW, team="ridge")
    browser = TestClient(app, headers={"origin": "http://testserver"}, follow_redirects=False)
    browser.post("/sign-in", data={"email": "new@wrenfield.example", "password": made.secret})
    assert browser.get("/").headers["location"] == "/account"
    short = browser.post("/account/password", data={"old": made.secret, "new": "short", "again": "short"})
    assert short.status_code == 422 and "12 or more" in short.text
    twice = browser.post("/account/password", data={"old": made.secret, "new": "four words in a row", "again": "other"})
    assert twice.status_code == 422
    done = browser.post(
        "/account/password", data={"old": made.secret, "new": "four words in a row", "again": "four words in a row"}
    )
    assert done.status_code == 303
    assert "Ridge Team" in browser.get("/").text


def test_a_new_password_signs_every_other_browser_out(app):
    here, there = signed_in(app, "account-rep"), signed_in(app, "account-rep")
    here.post("/account/password", data={"old": PASSWORD, "new": "another long password", "again": "another long password"})
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303


def test_a_token_may_what_its_account_may_until_it_is_revoked(company, app, client):
    admin = client("admin")
    page = admin.post("/account/tokens", data={"name": "Nightly export"}).text
    secret = page.split("callcoach_", 1)[1].split("<", 1)[0]
    program = TestClient(app, headers={"authorization": f"Bearer callcoach_{secret}"}, follow_redirects=False)
    assert program.get("/admin").status_code == 200
    known = known_by_token(company, f"callcoach_{secret}", datetime.now(UTC))
    assert known is not None and known.session is None
    assert f"callcoach_{secret}" not in admin.get("/account").text
    (token,) = accounts.own_account(company, known.account, NOW).tokens
    assert client("rep").post(f"/account/tokens/{token.token_id}/revoke").status_code == 404
    assert program.get("/admin").status_code == 200
    assert admin.post(f"/account/tokens/{token.token_id}/revoke").status_code == 303
    assert program.get("/admin").status_code == 303


def test_nobody_ends_somebody_elses_session(app, client):
    manager = signed_in(app, "account-manager")
    session_id = client("admin").get("/admin/sessions").text.split("/admin/sessions/", 1)[1].split("/end", 1)[0]
    assert client("rep").post(f"/account/sessions/{session_id}/end").status_code == 404
    assert manager.get("/").status_code == 200
