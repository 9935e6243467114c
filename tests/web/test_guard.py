"""What holds for every answer: headers, a fresh nonce, no write from another site, no way out by next=."""

import re

import pytest

from callcoach.web.guard import own_write
from callcoach.web.screens.sign_in import own_path


def test_every_page_carries_a_strict_policy_with_a_nonce_of_its_own(client):
    browser = client("manager")
    first, second = browser.get("/"), browser.get("/")
    policies = [answer.headers["content-security-policy"] for answer in (first, second)]
    assert policies[0] != policies[1]
    for answer, policy in zip((first, second), policies, strict=True):
        nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)[1]
        assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert not re.search(r"<[^>]+\s(style|on\w+)=", answer.text)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


def test_errors_carry_the_same_headers(client):
    for path in ("/no-such-page", "/calls/no-such-call"):
        answer = client("manager").get(path)
        assert answer.status_code == 404
        assert "content-security-policy" in answer.headers


def test_files_that_ship_are_kept_by_browsers_only_under_the_address_of_their_version(client):
    browser = client(None)
    assert "immutable" in browser.get("/static/app.css?v=1").headers["cache-control"]
    assert browser.get("/static/app.css").headers["cache-control"] == "no-cache"
    assert browser.get("/static/../server.py").status_code == 404
    assert browser.get("/static/%2e%2e/server.py").status_code == 404
    assert browser.get("/static/nothing.css").status_code == 404


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        # our own page, in browsers that say where a request comes from in both ways
        ({"host": "calls.example", "origin": "http://calls.example", "sec-fetch-site": "same-origin"}, True),
        # behind a proxy that speaks HTTPS
        ({"host": "calls.example", "origin": "https://calls.example"}, True),
        # an older browser on another page
        ({"host": "calls.example", "origin": "https://evil.example"}, False),
        # a sandboxed frame
        ({"host": "calls.example", "origin": "null"}, False),
        # a neighbour below the same domain
        ({"host": "calls.example", "origin": "http://calls.example", "sec-fetch-site": "same-site"}, False),
        ({"host": "calls.example", "sec-fetch-site": "cross-site"}, False),
        # another port is another origin
        ({"host": "calls.example", "origin": "http://calls.example:81"}, False),
        # nobody says where it comes from
        ({"host": "calls.example"}, False),
        # a program, whose token no browser sends by itself
        ({"host": "calls.example", "authorization": "Bearer x"}, True),
    ],
)
def test_a_write_is_done_only_for_our_own_pages_and_for_programs(headers, ours):
    assert own_write(headers, "http") is ours


def test_a_write_from_elsewhere_is_not_done(client):
    browser = client("manager")
    answer = browser.post("/sign-out", headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "gone_to"),
    [
        ("/calls/wren-01?t=3", "/calls/wren-01?t=3"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_to_our_own_pages_alone(asked, gone_to):
    assert own_path(asked) == gone_to


def test_what_people_and_browsers_say_of_themselves_is_shown_as_text(app, client):
    hostile = "<script>alert(1)</script>\"' onload=alert(1)"
    admin = client("admin")
    admin.post("/account/tokens", data={"name": hostile})
    admin.post("/sign-in", data={"email": hostile, "password": "x"}, headers={"user-agent": hostile})
    client(None).post("/sign-in", data={"email": hostile, "password": "x", "next": hostile})
    for path in ("/account", "/admin/sessions", "/admin/audit", f"/admin/audit?subject={hostile}&action={hostile}"):
        answer = admin.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text and "&lt;script&gt;alert" in answer.text, path


def test_a_body_that_is_too_large_is_refused(client):
    answer = client(None).post(
        "/sign-in", content=b"x" * 3_000_000, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413
