"""Accounts, sessions, tokens and the audit log, in SQLite and PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from callcoach.domain.accounts import Account, Session, Token
from callcoach.domain.people import PersonRole
from callcoach.storage.accounts import Accounts
from callcoach.storage.audit import Audit

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ANN = Account(account_id="a1", email="ann@x.example", role=PersonRole.MANAGER, made_at=NOW, team="river")


def session(session_id: str, account: Account = ANN) -> Session:
    return Session(session_id=session_id, account_id=account.account_id, begun_at=NOW, seen_at=NOW)


def test_an_email_has_one_account(store):
    accounts = Accounts(store)
    assert accounts.add(ANN, "hash")
    assert not accounts.add(replace(ANN, account_id="a2"), "other hash")
    assert accounts.by_email("ann@x.example") == (ANN, "hash")
    accounts.keep(replace(ANN, role=PersonRole.ADMIN))
    found = accounts.by_email("ann@x.example")
    assert found is not None and (found[0].role, found[1]) == (PersonRole.ADMIN, "hash")
    assert accounts.by_email("bob@x.example") is None


def test_a_session_knows_its_account_as_it_is_now(store):
    accounts = Accounts(store)
    accounts.add(ANN, None)
    for name in ("s1", "s2", "s3"):
        accounts.begin_session(session(name), f"secret {name}")
    accounts.keep(replace(ANN, disabled_at=NOW))
    found = accounts.signed_in("secret s1")
    assert found is not None and (found.session.session_id, found.account.disabled_at) == ("s1", NOW)
    assert not accounts.end_session("s1", "somebody else")
    assert accounts.end_session("s1", "a1")
    assert accounts.signed_in("secret s1") is None
    accounts.seen(session("s2"), NOW + timedelta(hours=1))
    assert [each.session_id for each in accounts.sessions("a1")] == ["s2", "s3"]
    assert accounts.end_sessions("a1", but="s2") == 1
    accounts.forget_sessions(NOW - timedelta(days=1), NOW + timedelta(hours=2))
    assert accounts.sessions() == ()


def test_tokens_are_found_by_their_secret_alone(store):
    accounts = Accounts(store)
    accounts.add(ANN, None)
    token = Token(token_id="t1", account_id="a1", name="export", made_at=NOW)
    accounts.add_token(token, "secret")
    accounts.keep_token(replace(token, used_at=NOW))
    assert accounts.token("secret") == (replace(token, used_at=NOW), ANN)
    assert accounts.token("t1") is None


def test_tries_count_for_a_while(store):
    accounts = Accounts(store)
    since = NOW - timedelta(minutes=15)
    assert accounts.note_try(["e", "a"], NOW, since=since) == {"e": 1, "a": 1}
    assert accounts.note_try(["e"], NOW, since=since) == {"e": 2}
    accounts.forget_tries(["e"])
    assert accounts.note_try(["e", "a"], NOW, since=since) == {"e": 1, "a": 2}
    accounts.forget_latest_try("a")
    accounts.forget_latest_try("nobody's")
    assert accounts.note_try(["e", "a"], NOW, since=since) == {"e": 2, "a": 2}
    later = NOW + timedelta(minutes=20)
    assert accounts.note_try(["a"], later, since=later - timedelta(minutes=15)) == {"a": 1}


def test_lines_of_many_writers_at_once_make_one_chain(store):
    log = Audit(store)

    def write(number: int) -> None:
        log.add(at=NOW, account_id="a1", email="ann@x.example", action="call.read", subject=f"call {number}", details={"n": "1"})

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(24)))
    found = log.verify()
    assert (found.lines, found.wrong) == (24, None)
    n, lines = log.lines(action="call", subject="call 1", most=5)
    assert n == 11 and len(lines) == 5 and lines[0].number > lines[-1].number
    assert log.lines(action="%")[0] == 0
