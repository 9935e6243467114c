"""Links with another service and sign-ins that have begun there, in SQLite and PostgreSQL alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from callcoach.domain.accounts import Account, Link
from callcoach.domain.people import PersonRole
from callcoach.storage import schema
from callcoach.storage.accounts import Accounts
from callcoach.storage.connection import writing
from callcoach.storage.sign_in_links import Begun, SignInLinks

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ANN = Account(account_id="a1", email="ann@x.example", role=PersonRole.MANAGER, made_at=NOW)
BOB = Account(account_id="a2", email="bob@x.example", role=PersonRole.REP, made_at=NOW)
LINK = Link(issuer="https://login.example.com", subject="17", account_id="a1", linked_at=NOW)


def test_a_link_finds_its_account_as_it_is_now(store):
    links, accounts = SignInLinks(store), Accounts(store)
    accounts.add(ANN, None)
    assert links.account(LINK.issuer, "17") is None
    assert links.add(LINK)
    accounts.keep(replace(ANN, disabled_at=NOW))
    found = links.account(LINK.issuer, "17")
    assert found is not None and found.disabled_at == NOW
    assert links.account("https://other.example.com", "17") is None
    assert links.of("a1") == (LINK,)


def test_one_person_there_is_one_account_here(store):
    links, accounts = SignInLinks(store), Accounts(store)
    for account in (ANN, BOB):
        accounts.add(account, None)
    assert links.add(LINK)
    assert not links.add(replace(LINK, account_id="a2"))
    assert not links.add(replace(LINK, subject="18"))
    assert links.add(replace(LINK, issuer="https://other.example.com", subject="18"))
    assert (links.account(LINK.issuer, "17"), links.account(LINK.issuer, "18")) == (ANN, None)
    assert (links.remove("a1"), links.remove("a1")) == (2, 0)
    assert links.add(replace(LINK, account_id="a2"))


def test_a_link_goes_with_its_account(store):
    links = SignInLinks(store)
    Accounts(store).add(ANN, None)
    links.add(LINK)
    with writing(store.engine) as connection:
        connection.execute(delete(schema.accounts))
    assert links.of("a1") == ()


def test_a_sign_in_that_has_begun_is_taken_once_by_its_own_browser(store):
    links = SignInLinks(store)
    begun = Begun("state", "browser", "/queue", NOW)
    links.begin(begun, forget_before=NOW - timedelta(minutes=10))
    assert links.take("state", "another browser") is None
    assert links.take("another state", "browser") is None
    with ThreadPoolExecutor(4) as several:
        taken = list(several.map(lambda _: links.take("state", "browser"), range(4)))
    assert [each for each in taken if each] == [begun]


def test_what_was_never_finished_is_forgotten(store):
    links = SignInLinks(store)
    links.begin(Begun("old", "browser", "/", NOW), forget_before=NOW)
    later = NOW + timedelta(minutes=11)
    links.begin(Begun("new", "browser", "/", later), forget_before=later - timedelta(minutes=10))
    assert links.take("old", "browser") is None
    assert links.take("new", "browser") is not None
