"""Signing in by another service's word: whose word counts, for whom, and what is told where it does not."""

import json
import shutil
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest
from fake_issuer import ANN, CLIENT, NEW_KEY, OTHER_KEY, SECRET, fake_issuer
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jws
from joserfc.jwk import OctKey

from callcoach.app import accounts
from callcoach.app.audit import audit_page
from callcoach.app.issuer import Issuer, IssuerAway, issuer_of, named_service
from callcoach.app.sign_in import TRIES_PER_ADDRESS, change_password
from callcoach.app.sign_in_elsewhere import unlink, ways_in
from callcoach.app.workspace import Workspace
from callcoach.domain.people import PersonRole
from callcoach.errors import BadInput, SomethingMissing, UsageError
from callcoach.settings import Settings
from callcoach.storage.accounts import Accounts
from callcoach.web.server import create_app

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "four words in a row"


@pytest.fixture
def issuer():
    with fake_issuer() as found:
        yield found


@pytest.fixture(scope="module")
def two_accounts(tmp_path_factory):
    """A home folder that knows an admin and Ann, to be copied."""
    home = tmp_path_factory.mktemp("two-accounts")
    made = Workspace(Settings(home=home))
    accounts.add_account(made, "boss@wrenfield.example", PersonRole.ADMIN, by=None, now=NOW, password=PASSWORD)
    accounts.add_account(made, "ann@wrenfield.example", PersonRole.ENABLEMENT, by=None, now=NOW, password=PASSWORD)
    made.store.close()
    return home


@pytest.fixture
def workspace_with(two_accounts, tmp_path, issuer):
    """`workspace_with(oidc_allowed_domain="...")`: a workspace of one's own with these settings."""
    made = []

    def of(**settings) -> Workspace:
        home = shutil.copytree(two_accounts, tmp_path / f"home-{len(made)}")
        usual = {"oidc_issuer": issuer.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        made.append(Workspace(Settings(home=home, **(usual | settings))))
        return made[-1]

    yield of
    for each in made:
        each.store.close()


@pytest.fixture
def workspace(workspace_with):
    return workspace_with()


@cache
def app_of(workspace: Workspace) -> FastAPI:
    return create_app(workspace)


def browser_of(workspace: Workspace) -> TestClient:
    return TestClient(app_of(workspace), headers={"origin": "http://testserver"}, follow_redirects=False)


def back_from(issuer, browser: TestClient, goal: str = "/") -> str:
    """Set out and sign in there; the address that the issuer sends the browser back to."""
    sent = browser.get("/sign-in/elsewhere", params={"next": goal})
    assert sent.status_code == 303, sent.text
    return issuer.let_through(sent.headers["location"])


def tried(workspace: Workspace, issuer):
    """The answer to a whole sign-in by a fresh browser."""
    browser = browser_of(workspace)
    return browser.get(back_from(issuer, browser))


def actions(workspace: Workspace) -> list[str]:
    return [line.action for line in reversed(audit_page(workspace).lines)]


def latest(workspace: Workspace, action: str):
    return next(line for line in audit_page(workspace).lines if line.action == action)


def test_the_first_word_links_and_opens_the_page_that_was_asked_for(workspace, issuer):
    browser = browser_of(workspace)
    door = browser.get("/sign-in?next=/runs").text
    assert "/sign-in/elsewhere?next=%2Fruns" in door and f"Sign in through {urlsplit(issuer.address).netloc}" in door
    came = browser.get(back_from(issuer, browser, "/runs"))
    assert (came.status_code, came.headers["location"]) == (303, "/runs")
    cookies = came.headers.get_list("set-cookie")
    assert any(each.startswith("callcoach=") and "HttpOnly" in each and "SameSite=lax" in each for each in cookies)
    assert any(each.startswith('callcoach-door=""') and "Max-Age=0" in each for each in cookies)
    assert "ann@wrenfield.example" in browser.get("/account").text
    assert [each for each in actions(workspace) if each.startswith("sign-in")] == ["sign-in.link", "sign-in"]
    link = latest(workspace, "sign-in.link")
    assert (link.details["issuer"], link.details["person"]) == (issuer.address, "ann-17")
    assert latest(workspace, "sign-in").details["through"] == urlsplit(issuer.address).netloc


def test_what_the_issuer_says_of_itself_is_asked_once(workspace, issuer):
    for _ in range(3):
        assert tried(workspace, issuer).status_code == 303
    assert issuer.asked.count("/.well-known/openid-configuration") == 1
    assert issuer.asked.count("/keys") == 1


def test_behind_https_it_comes_back_by_https_and_cookies_are_held_to_it(workspace, issuer):
    app = create_app(workspace, secure=True)
    browser = TestClient(app, base_url="https://coach.example", follow_redirects=False)
    sent = browser.get("/sign-in/elsewhere")
    asked = parse_qs(urlsplit(sent.headers["location"]).query)
    assert asked["redirect_uri"] == ["https://coach.example/sign-in/elsewhere/back"]
    cookie = sent.headers["set-cookie"]
    assert cookie.startswith("__Host-callcoach-door=") and "Secure" in cookie and "Path=/" in cookie


UNTRUSTED = {
    "a nonce of another sign-in": ({"nonce": "another"}, "nonce"),
    "no nonce": ({"nonce": None}, "nonce"),
    "for another program": ({"aud": "somebody else"}, "aud"),
    "for several programs, made for another": ({"aud": [CLIENT, "other"], "azp": "other"}, "azp"),
    "for several programs, made for nobody": ({"aud": [CLIENT, "other"]}, "azp"),
    "from another issuer": ({"iss": "https://elsewhere.example"}, "iss"),
    "expired for longer than clocks differ": ({"exp": int(time.time()) - 90}, "exp"),
    "without an end": ({"exp": None}, "exp"),
    "with an end that is no number": ({"exp": "never"}, "exp"),
    "made in the future": ({"iat": int(time.time()) + 86_400}, "iat"),
    "about nobody": ({"sub": None}, "sub"),
    "about somebody without a name": ({"sub": ""}, "sub"),
}


@pytest.mark.parametrize(("claims", "why"), UNTRUSTED.values(), ids=UNTRUSTED)
def test_a_word_that_is_wrong_lets_nobody_in(workspace, issuer, claims, why):
    issuer.claims |= claims
    answer = tried(workspace, issuer)
    assert answer.status_code == 400 and "cannot be trusted" in answer.text and "callcoach=" not in str(answer.headers)
    assert why in latest(workspace, "sign-in.refused").details["why"]
    assert "sign-in" not in actions(workspace)


@pytest.mark.parametrize("seconds", [-50, 50], ids=["its clock is behind", "its clock is ahead"])
def test_clocks_may_differ_by_a_minute(workspace, issuer, seconds):
    now = int(time.time()) + seconds
    issuer.claims |= {"iat": now, "exp": now + 30}
    assert tried(workspace, issuer).status_code == 303


def test_a_signature_that_is_not_the_issuers_lets_nobody_in(workspace, issuer):
    issuer.key = OTHER_KEY
    assert "signature is not the issuer" in tried(workspace, issuer).text.replace("&#39;", "'")
    # one that whoever knows our secret can make
    issuer.key, issuer.header = OctKey.import_key(SECRET), {"alg": "HS256", "kid": "first"}
    assert "cannot be trusted" in tried(workspace, issuer).text
    issuer.key, issuer.header = None, {"alg": "none"}
    assert "cannot be trusted" in tried(workspace, issuer).text


@pytest.mark.parametrize("claim", ["nonce", "sub", "email"])
def test_half_a_letter_lets_nobody_in_and_breaks_nothing(workspace, issuer, monkeypatch, claim):
    def signed(said):
        told = json.dumps({**said, claim: "\ud800"}).encode()
        return jws.serialize_compact(issuer.header, told, issuer.key, algorithms=["RS256"])

    monkeypatch.setattr(issuer, "_signed", signed)
    assert "the id_token cannot be read" in tried(workspace, issuer).text


def test_a_key_that_the_issuer_has_changed_meanwhile_is_asked_for(workspace, issuer):
    assert tried(workspace, issuer).status_code == 303
    issuer.key, issuer.header, issuer.published = NEW_KEY, {"alg": "RS256", "kid": "second"}, [NEW_KEY]
    assert tried(workspace, issuer).status_code == 303
    assert issuer.asked.count("/keys") == 2


def test_an_answer_can_be_used_once_and_in_the_browser_that_set_out(workspace, issuer):
    browser, other = browser_of(workspace), browser_of(workspace)
    back = back_from(issuer, browser)
    stolen = other.get(back)
    assert stolen.status_code == 400 and "another browser" in stolen.text
    back_from(issuer, other)
    assert other.get(back).status_code == 400
    assert browser.get(back).status_code == 303


def test_a_replayed_state_is_refused_with_the_cookie_and_all(workspace, issuer):
    browser = browser_of(workspace)
    back = back_from(issuer, browser)
    held = browser.cookies["callcoach-door"]
    assert browser.get(back).status_code == 303
    thief = browser_of(workspace)
    thief.cookies.set("callcoach-door", held)
    assert "used already" in thief.get(back).text


def test_a_state_that_was_made_up_or_a_code_without_one_is_refused(workspace, issuer):
    browser = browser_of(workspace)
    back_from(issuer, browser)
    for query in ("code=code-0&state=made-up", "code=code-0", "", "error=access_denied"):
        assert "Begin again" in browser.get(f"/sign-in/elsewhere/back?{query}").text


def test_a_code_of_somebody_elses_sign_in_does_not_fit(workspace, issuer):
    """Put into the victim's answer, the code of a thief's sign-in has another verifier and another nonce."""
    thief, victim = browser_of(workspace), browser_of(workspace)
    theirs = parse_qs(urlsplit(back_from(issuer, thief)).query)
    mine = parse_qs(urlsplit(back_from(issuer, victim)).query)
    answer = victim.get("/sign-in/elsewhere/back", params={"state": mine["state"][0], "code": theirs["code"][0]})
    assert answer.status_code == 400 and "code was refused" in answer.text


def test_an_answer_of_another_issuer_is_refused(workspace, issuer):
    browser = browser_of(workspace)
    back = back_from(issuer, browser).partition("&iss=")[0] + "&iss=https%3A%2F%2Felsewhere.example"
    assert "another service" in browser.get(back).text


def test_who_says_no_there_is_told_so_here(workspace, issuer):
    browser = browser_of(workspace)
    state = parse_qs(urlsplit(back_from(issuer, browser)).query)["state"][0]
    answer = browser.get("/sign-in/elsewhere/back", params={"state": state, "error": "access_denied"})
    assert answer.status_code == 400 and "did not let you sign in (access_denied)" in answer.text
    state = parse_qs(urlsplit(back_from(issuer, browser)).query)["state"][0]
    answer = browser.get("/sign-in/elsewhere/back", params={"state": state, "error": "<b>Call 555-0100</b>"})
    assert "no reason" in answer.text and "555" not in answer.text


def test_an_email_that_is_not_verified_there_finds_no_account(workspace, issuer):
    for verified in (False, None, "yes", 1):
        issuer.claims["email_verified"] = verified
        assert "does not vouch for your e-mail ann@wrenfield.example" in tried(workspace, issuer).text
    issuer.claims, issuer.userinfo = {"sub": "ann-17"}, {"sub": "ann-17"}
    assert "does not vouch for your e-mail:" in tried(workspace, issuer).text


@pytest.mark.parametrize(
    "email",
    ["bo\u017fs@wrenfield.example", "boss@wren\ufb01eld.example", "bo\u00df@wrenfield.example", "\u00a0boss@wrenfield.example"],
    ids=["long s", "ligature", "sharp s", "space"],
)
def test_an_email_in_letters_that_are_taken_for_others_finds_nobodys_account(workspace_with, issuer, email):
    workspace = workspace_with(oidc_allowed_domain="wrenfield.example")
    issuer.claims |= {"sub": "somebody else", "email": email}
    answer = tried(workspace, issuer)
    assert answer.status_code == 400 and "has letters that callcoach takes for others" in answer.text
    assert latest(workspace, "sign-in.refused").details["why"] == "e-mail in other letters"
    issuer.claims["email"] = "BOSS@Wrenfield.example"
    assert tried(workspace, issuer).status_code == 303


def test_an_email_that_only_userinfo_tells_is_asked_for_there(workspace, issuer):
    issuer.claims = {"sub": "ann-17"}
    issuer.userinfo = {**ANN, "sub": "somebody else"}
    assert "two people" in tried(workspace, issuer).text
    issuer.userinfo = ANN
    assert tried(workspace, issuer).status_code == 303


def test_nobody_makes_an_account_by_coming(workspace, issuer):
    issuer.claims |= {"sub": "new", "email": "new@wrenfield.example"}
    answer = tried(workspace, issuer)
    assert answer.status_code == 400
    assert "Nobody has made an account for new@wrenfield.example here yet. Ask an admin" in answer.text
    assert Accounts(workspace.store).by_email("new@wrenfield.example") is None
    assert latest(workspace, "sign-in.refused").details["why"] == "no account"


def test_a_disabled_account_stays_out_linked_or_not(workspace, issuer):
    ann = accounts.needed_account(workspace, "ann@wrenfield.example")
    accounts.disable_account(workspace, ann, by=None, now=NOW)
    assert "is disabled" in tried(workspace, issuer).text
    accounts.enable_account(workspace, ann, by=None, now=NOW)
    assert tried(workspace, issuer).status_code == 303
    accounts.disable_account(workspace, ann, by=None, now=NOW)
    assert "is disabled" in tried(workspace, issuer).text
    assert latest(workspace, "sign-in.refused").account_id == ann.account_id


def test_an_email_given_to_somebody_else_does_not_take_an_account_over(workspace, issuer):
    assert tried(workspace, issuer).status_code == 303
    issuer.claims["sub"] = "the next ann"
    answer = tried(workspace, issuer)
    assert answer.status_code == 400 and "is linked with somebody else" in answer.text
    assert latest(workspace, "sign-in.refused").details["why"] == "linked with another"
    # she herself comes in with whatever e-mail she has by now, verified or not
    issuer.claims |= {"sub": "ann-17", "email": "ann.lee@wrenfield.example", "email_verified": False}
    assert tried(workspace, issuer).status_code == 303
    # an admin undoes the link, and whoever has the e-mail then is linked anew
    ann = accounts.needed_account(workspace, "ann@wrenfield.example")
    assert unlink(workspace, ann, by=None, now=NOW) and not unlink(workspace, ann, by=None, now=NOW)
    issuer.claims |= {"sub": "the next ann", "email": "ann@wrenfield.example", "email_verified": True}
    assert tried(workspace, issuer).status_code == 303


def test_only_the_allowed_domain_comes_in(workspace_with, issuer):
    workspace = workspace_with(oidc_allowed_domain="@Wrenfield.example")
    assert tried(workspace, issuer).status_code == 303
    for email in ("ann@evil.example", "ann@notwrenfield.example", "ann@wrenfield.example.evil.example"):
        issuer.claims["email"] = email
        assert "Only e-mails of wrenfield.example are let in" in tried(workspace, issuer).text


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\n/e"])
def test_nobody_is_sent_to_another_site_in_the_end(workspace, issuer, goal):
    browser = browser_of(workspace)
    assert browser.get(back_from(issuer, browser, goal)).headers["location"] == "/"


def test_a_password_that_was_given_ends_with_the_first_word_from_elsewhere(workspace, issuer):
    made = accounts.add_account(workspace, "new@wrenfield.example", PersonRole.ADMIN, by=None, now=NOW)
    issuer.claims |= {"sub": "new", "email": "new@wrenfield.example"}
    browser = browser_of(workspace)
    assert browser.get(back_from(issuer, browser)).status_code == 303
    page = browser.get("/account")
    assert "vouches for you since" in page.text and "Current password" not in page.text
    assert "account.password-dropped" in actions(workspace)
    entry = browser_of(workspace).post("/sign-in", data={"email": "new@wrenfield.example", "password": made.secret})
    assert entry.status_code == 400
    old = {"old": made.secret, "new": PASSWORD, "again": PASSWORD}
    assert "no password that could be changed" in browser.post("/account/password", data=old).text


def test_an_admin_sees_and_undoes_the_link(workspace, issuer):
    linked = browser_of(workspace)
    assert linked.get(back_from(issuer, linked)).status_code == 303 and linked.get("/account").status_code == 200
    boss = browser_of(workspace)
    boss.post("/sign-in", data={"email": "boss@wrenfield.example", "password": PASSWORD})
    ann = accounts.needed_account(workspace, "ann@wrenfield.example")
    place = f"/admin/accounts/{ann.account_id}"
    assert "ann-17" in boss.get(place).text
    assert boss.post(f"{place}/unlink").headers["location"] == f"{place}?done=unlinked"
    assert "ann-17" not in boss.get(place).text and latest(workspace, "sign-in.unlink").email == "boss@wrenfield.example"
    assert boss.post(f"{place}/unlink").status_code == 404
    assert linked.get("/account").headers["location"].startswith("/sign-in"), "whoever was linked wrongly is out at once"


def test_with_passwords_off_only_the_word_from_elsewhere_lets_in(workspace_with, issuer):
    workspace = workspace_with(password_sign_in=False)
    browser = browser_of(workspace)
    door = browser.get("/sign-in").text
    assert 'type="password"' not in door and "Sign in through" in door
    entry = browser.post("/sign-in", data={"email": "ann@wrenfield.example", "password": PASSWORD})
    assert entry.status_code == 400 and "Passwords are not taken here" in entry.text
    made = accounts.add_account(workspace, "new@wrenfield.example", PersonRole.ADMIN, by=None, now=NOW)
    assert made.secret == "" and not made.account.must_change
    issuer.claims |= {"sub": "new", "email": "new@wrenfield.example"}
    assert browser.get(back_from(issuer, browser)).status_code == 303
    added = browser.post("/admin/accounts", data={"email": "more@wrenfield.example", "role": "admin"}).text
    assert "No password is needed" in added and "Give a new password" not in browser.get("/admin").text


def test_nobody_can_be_locked_out_by_settings(tmp_path):
    with pytest.raises(UsageError, match="nobody could sign in"):
        ways_in(Workspace(Settings(home=tmp_path, password_sign_in=False)))
    browser = browser_of(Workspace(Settings(home=tmp_path)))
    assert "elsewhere" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/elsewhere").status_code == browser.get("/sign-in/elsewhere/back").status_code == 404


WRONG = {
    "not encrypted": ({"oidc_issuer": "http://login.example.com"}, "not encrypted"),
    "no address": ({"oidc_issuer": "login.example.com"}, "no address"),
    "a port that is none": ({"oidc_issuer": "https://login.example.com:port"}, "no address"),
    "a password in it": ({"oidc_issuer": "https://ann:secret@login.example.com"}, "no address"),
    "no client": ({"oidc_issuer": "https://login.example.com", "oidc_client_id": ""}, "CALLCOACH_OIDC_CLIENT_ID"),
}


@pytest.mark.parametrize(("settings", "why"), WRONG.values(), ids=WRONG)
def test_settings_that_cannot_be_used_say_so(settings, why):
    with pytest.raises(UsageError, match=why):
        named_service(Settings(**{"oidc_client_id": CLIENT, **settings}))


def test_the_secret_may_lie_in_a_file_and_is_never_shown(tmp_path):
    place = tmp_path / "secret"
    place.write_text(f"{SECRET}\n")
    settings = Settings(oidc_issuer="https://x.example/", oidc_client_id=CLIENT, oidc_client_secret_file=place)
    service = named_service(settings)
    assert service is not None and (service.client_secret, service.issuer) == (SECRET, "https://x.example")
    assert SECRET not in repr(service) + repr(Settings(oidc_client_secret=SECRET))
    with pytest.raises(SomethingMissing, match="CALLCOACH_OIDC_CLIENT_SECRET_FILE"):
        named_service(settings.model_copy(update={"oidc_client_secret_file": tmp_path / "missing"}))


def test_an_issuer_that_is_down_says_so_and_passwords_still_work(workspace_with):
    with fake_issuer() as gone:
        pass
    workspace = workspace_with(oidc_issuer=gone.address)
    browser = browser_of(workspace)
    assert browser.get("/sign-in").status_code == 200
    answer = browser.get("/sign-in/elsewhere?next=/runs")
    assert answer.status_code == 503
    assert (
        "cannot be reached" in answer.text and "or sign in with your password" in answer.text and 'value="/runs"' in answer.text
    )
    entry = browser.post("/sign-in", data={"email": "ann@wrenfield.example", "password": PASSWORD})
    assert entry.status_code == 303


def test_an_issuer_that_calls_itself_otherwise_or_does_not_know_us_is_not_used(workspace_with, issuer):
    issuer.lies_about_itself = True
    workspace = workspace_with(oidc_client_secret="wrong")
    assert "calls itself otherwise" in browser_of(workspace).get("/sign-in/elsewhere").text
    issuer.lies_about_itself = False
    assert "CALLCOACH_OIDC_CLIENT_ID and its secret" in tried(workspace, issuer).text


def test_an_issuer_elsewhere_cannot_have_this_machine_asked(monkeypatch):
    service = named_service(Settings(oidc_issuer="https://id.example", oidc_client_id=CLIENT))
    assert service is not None
    described = dict.fromkeys(("authorization_endpoint", "token_endpoint", "jwks_uri"), "https://id.example/x")
    for name in ("token_endpoint", "jwks_uri", "userinfo_endpoint"):
        told = {"issuer": service.issuer, **described, name: "http://127.0.0.1:9464/metrics"}
        elsewhere = Issuer(service)
        asked: list[str] = []
        monkeypatch.setattr(elsewhere, "_asked", lambda url, asked=asked, told=told: asked.append(url) or told)
        with pytest.raises(IssuerAway, match="not encrypted"):
            elsewhere.address(back="b", state="s", nonce="n", verifier="v", now=NOW)
        assert asked == ["https://id.example/.well-known/openid-configuration"]


def test_what_is_known_of_an_issuer_is_kept_for_an_hour(workspace, issuer):
    service = named_service(workspace.settings)
    assert service is not None
    known = issuer_of(service)
    for minutes in (0, 59, 61):
        known.address(back="http://b", state="s", nonce="n", verifier="v" * 43, now=NOW + timedelta(minutes=minutes))
    assert issuer.asked.count("/.well-known/openid-configuration") == 2


def test_too_many_tries_from_an_address_are_stopped(workspace, issuer):
    browser = browser_of(workspace)
    answers = [browser.get("/sign-in/elsewhere/back?state=made-up&code=c") for _ in range(TRIES_PER_ADDRESS + 1)]
    assert "Begin again" in answers[-2].text and "Too many tries" in answers[-1].text
    assert browser.get("/sign-in/elsewhere").status_code == 503
    assert len(audit_page(workspace, action="sign-in").lines) == 0


def test_a_sign_in_that_took_too_long_begins_again(workspace, issuer, monkeypatch):
    browser = browser_of(workspace)
    back = back_from(issuer, browser)
    monkeypatch.setattr("callcoach.app.sign_in_elsewhere.AT_MOST", timedelta(seconds=-1))
    assert "longer than ten minutes" in browser.get(back).text


def test_whoever_came_from_there_is_shown_the_way_out_there_and_nobody_else(workspace, issuer):
    browser = browser_of(workspace)
    browser.get(back_from(issuer, browser))
    left = browser.post("/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in?still_in=1")
    assert browser.get("/").status_code == 303, "the session here is over at once"
    assert "you may still be signed in" in browser.get("/sign-in?still_in=1").text
    assert "you may still be signed in" not in browser.get("/sign-in").text
    there = browser.get("/sign-in/elsewhere/out")
    assert (there.status_code, there.headers["location"]) == (303, f"{issuer.address}/logout?from=callcoach&client_id={CLIENT}")

    boss = browser_of(workspace)
    boss.post("/sign-in", data={"email": "boss@wrenfield.example", "password": PASSWORD})
    assert boss.post("/sign-out").headers["location"] == "/sign-in", "came by a password, and is not known there"


@pytest.mark.parametrize("named", [None, "http://10.0.0.7/logout", "javascript:alert(1)"])
def test_a_service_without_a_safe_way_out_says_so(workspace, issuer, named):
    issuer.way_out = named
    told = browser_of(workspace).get("/sign-in/elsewhere/out")
    assert told.status_code == 503 and "location" not in told.headers
    assert "names no page for it" in told.text and "10.0.0.7" not in told.text
    assert tried(workspace, issuer).status_code == 303, "that keeps nobody from signing in"


def test_the_way_out_of_a_service_that_is_away_or_of_none_is_told(workspace_with, tmp_path):
    away = workspace_with(oidc_issuer="http://127.0.0.1:9")
    told = browser_of(away).get("/sign-in/elsewhere/out")
    assert told.status_code == 503 and "cannot be reached" in told.text
    without = workspace_with(oidc_issuer=None)
    assert browser_of(without).get("/sign-in/elsewhere/out").status_code == 404
    assert "still be signed in" not in browser_of(without).get("/sign-in?still_in=1").text


def test_a_password_that_is_due_sends_scripts_to_the_account_page_too(workspace):
    made = accounts.add_account(workspace, "new@wrenfield.example", PersonRole.ADMIN, by=None, now=NOW)
    browser = browser_of(workspace)
    browser.post("/sign-in", data={"email": "new@wrenfield.example", "password": made.secret})
    for method, path in (("GET", "/queue"), ("POST", "/admin/accounts")):
        by_htmx = browser.request(method, path, headers={"hx-request": "true"})
        assert (by_htmx.status_code, by_htmx.headers["hx-redirect"]) == (200, "/account")
        assert browser.request(method, path).headers["location"] == "/account"
    told = browser.get("/api/v1/calls")
    assert told.status_code == 403 and "Choose your own" in told.json()["title"]


def test_a_session_that_is_over_sends_scripts_to_the_door_and_back_to_their_page(workspace):
    browser = browser_of(workspace)
    by_htmx = {"hx-request": "true", "hx-current-url": "http://testserver/queue?why=flagged"}
    assert browser.get("/queue", headers=by_htmx).headers["hx-redirect"] == "/sign-in?next=%2Fqueue%3Fwhy%3Dflagged"
    by_script = {"hx-request": "true", "referer": "http://testserver/workbench/catchback"}
    answer = browser.post("/workbench/catchback/save", headers=by_script)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/sign-in?next=%2Fworkbench%2Fcatchback")


def test_everywhere_else_can_be_signed_out_from_the_account_page(workspace):
    def came() -> TestClient:
        browser = browser_of(workspace)
        browser.post("/sign-in", data={"email": "ann@wrenfield.example", "password": PASSWORD})
        return browser

    here, there = came(), came()
    assert "Sign out everywhere else" in here.get("/account").text
    here.post("/account/sessions/end-others")
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 303)


def test_an_account_without_a_password_cannot_be_guessed_into(workspace):
    ann = accounts.needed_account(workspace, "ann@wrenfield.example")
    Accounts(workspace.store).keep_password(ann, None)
    for guess in ("", "None", PASSWORD):
        entry = browser_of(workspace).post("/sign-in", data={"email": ann.email, "password": guess})
        assert entry.status_code == 400
    with pytest.raises(BadInput, match="no password"):
        change_password(workspace, ann, "", "another long password", session=None, now=NOW)
