"""Sign in by the word of another service (OpenID Connect). Knows nothing of browsers and screens, nor of how it is checked.

Nobody makes an account here: the e-mail that the service has verified finds the account the first time, and links the two. From
then on who somebody is there decides, so that an e-mail that is given to somebody else lets nobody into an old account.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from string import ascii_uppercase
from typing import NamedTuple

from callcoach.app.audit import note
from callcoach.app.issuer import IssuerAway, NotTrusted, Person, Service, issuer_of, named_service
from callcoach.app.sign_in import (
    TOO_MANY,
    TRIES_COUNT_FOR,
    TRIES_PER_ADDRESS,
    Entered,
    begin_session,
    network_of,
    plain_email,
    secret_hash,
)
from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import Account, Link
from callcoach.errors import UsageError
from callcoach.events import SignInRefused, say
from callcoach.marks import Refusal
from callcoach.storage.accounts import Accounts
from callcoach.storage.sign_in_links import Begun, SignInLinks

AT_MOST = timedelta(minutes=10)
"""How long somebody may take at the service."""

MOST_TEXT = 4000
_SMALL = {ord(letter): letter.lower() for letter in ascii_uppercase}
BEGIN_AGAIN = (
    "This sign-in was begun in another browser, took longer than ten minutes, or was used already. Begin again with the button."
)


class WaysIn(NamedTuple):
    """How people may come in. host: the service's name, None where there is none."""

    passwords: bool
    host: str | None


class SetOut(NamedTuple):
    """Where to send the browser and what it has to hold meanwhile, or the sentence that says why not."""

    address: str | None = None
    browser: str = ""
    sentence: str = ""


class Answer(NamedTuple):
    """What a browser brings back from the service."""

    state: str = ""
    code: str = ""
    error: str = ""
    issuer: str = ""


class Arrived(NamedTuple):
    """What came of it, and where to go where somebody is in."""

    entered: Entered
    goal: str = "/"


class _Refused(Exception):
    """The sentence that says why; cause: the same in a word, for the audit log."""

    def __init__(self, cause: str, sentence: str, email: str = "", account: Account | None = None) -> None:
        super().__init__(sentence)
        self.cause, self.sentence, self.email, self.account = cause, sentence, email, account


def ways_in(workspace: Workspace) -> WaysIn:
    """How people may come in. Raises UsageError for settings by which nobody can, or that cannot be used."""
    service = named_service(workspace.settings)
    if service is None and not workspace.settings.password_sign_in:
        raise UsageError(
            "CALLCOACH_PASSWORD_SIGN_IN is off and no CALLCOACH_OIDC_ISSUER is set, so nobody could sign in. Set one of them."
        )
    return WaysIn(workspace.settings.password_sign_in, service.host if service is not None else None)


def set_out(workspace: Workspace, *, back: str, goal: str, address: str, now: datetime) -> SetOut:
    """Begin a sign-in at the service. back: where it sends the browser afterwards; goal: the page to see in the end."""
    service = _needed(workspace)
    if _too_many(workspace, address, now):
        return SetOut(sentence=TOO_MANY)
    state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    try:
        there = issuer_of(service).address(
            back=back, state=state, nonce=_drawn(browser, "nonce"), verifier=_drawn(browser, "verifier"), now=now
        )
    except IssuerAway as trouble:
        return SetOut(sentence=_away(workspace, service, trouble))
    begun = Begun(secret_hash(state), secret_hash(browser), goal, now)
    SignInLinks(workspace.store).begin(begun, forget_before=now - AT_MOST)
    return SetOut(there, browser)


def arrive(workspace: Workspace, answer: Answer, *, browser: str, back: str, address: str, agent: str, now: datetime) -> Arrived:
    """Let somebody in whom the service sends back. browser: what the browser was given when it set out."""
    service = _needed(workspace)
    if _too_many(workspace, address, now):
        return Arrived(Entered(sentence=TOO_MANY))
    begun = SignInLinks(workspace.store).take(secret_hash(answer.state), secret_hash(browser)) if browser else None
    if begun is None or now - begun.begun_at > AT_MOST:
        return Arrived(Entered(sentence=BEGIN_AGAIN))
    try:
        person = _person(workspace, service, answer, browser=browser, back=back, now=now)
        account = _account(workspace, service, person, now)
    except _Refused as refused:
        say(SignInRefused(why=Refusal.ELSEWHERE))
        subject = refused.email or service.host
        note(
            workspace,
            refused.account,
            "sign-in.refused",
            subject[:200],
            now,
            address=address,
            through=service.host,
            why=refused.cause,
        )
        return Arrived(Entered(sentence=refused.sentence), begun.goal)
    Accounts(workspace.store).forget_tries([_tries_of(address)])
    return Arrived(begin_session(workspace, account, address=address, agent=agent, now=now, through=service.host), begun.goal)


def still_in(workspace: Workspace, account: Account) -> bool:
    """Whether somebody who signs out here may go on being signed in at the service."""
    service = named_service(workspace.settings)
    links = SignInLinks(workspace.store).of(account.account_id) if service is not None else ()
    return service is not None and any(link.issuer == service.issuer for link in links)


def way_out(workspace: Workspace, *, address: str, now: datetime) -> SetOut:
    """Where to send a browser that signs out at the service, too."""
    service = _needed(workspace)
    if _too_many(workspace, address, now):
        return SetOut(sentence=TOO_MANY)
    try:
        there = issuer_of(service).way_out(now)
    except IssuerAway as trouble:
        return SetOut(sentence=_away(workspace, service, trouble))
    return SetOut(there, sentence="" if there else f"{service.host} names no page for it. Sign out at its own pages.")


def unlink(workspace: Workspace, account: Account, *, by: Account | None, now: datetime) -> bool:
    """Undo the link of an account, so that the next sign-in with its e-mail makes a new one; whether there was one.

    Its sessions end: where the link was with somebody else, they are theirs.
    """
    removed = SignInLinks(workspace.store).remove(account.account_id)
    if removed:
        Accounts(workspace.store).end_sessions(account.account_id)
        note(workspace, by, "sign-in.unlink", account.email, now)
    return bool(removed)


def _person(workspace: Workspace, service: Service, answer: Answer, *, browser: str, back: str, now: datetime) -> Person:
    if answer.error or not answer.code:
        plain = answer.error if answer.error.isascii() and answer.error.isidentifier() else "no reason"
        raise _Refused(plain[:80], f"{service.host} did not let you sign in ({plain[:80]}). Try again, or ask whoever runs it.")
    try:
        if answer.issuer and answer.issuer.rstrip("/") != service.issuer:
            raise NotTrusted("it comes from another service")
        return issuer_of(service).person(
            code=answer.code[:MOST_TEXT],
            back=back,
            nonce=_drawn(browser, "nonce"),
            verifier=_drawn(browser, "verifier"),
            now=now,
        )
    except IssuerAway as trouble:
        raise _Refused(f"away: {trouble}", _away(workspace, service, trouble)) from None
    except NotTrusted as trouble:
        raise _Refused(
            f"not trusted: {trouble}",
            f"What {service.host} said cannot be trusted: {trouble}. Try again; if it stays so, tell whoever runs callcoach.",
        ) from None


def _account(workspace: Workspace, service: Service, person: Person, now: datetime) -> Account:
    """The account of whoever the service vouches for, linked where it was not yet. Raises _Refused."""
    account = SignInLinks(workspace.store).account(person.issuer, person.subject)
    if account is None:
        account = _linked(workspace, service, person, now)
    elif service.allowed_domain is not None:
        _vouched(service, person)
    _not_disabled(account)
    if account.must_change:
        # whoever comes by this way never needs it, and whoever gave it still knows it
        account = replace(account, must_change=False)
        Accounts(workspace.store).keep_password(account, None)
        note(workspace, account, "account.password-dropped", account.email, now)
    return account


def _linked(workspace: Workspace, service: Service, person: Person, now: datetime) -> Account:
    """The account with the e-mail that the service vouches for, linked from now on."""
    email = _vouched(service, person)
    found = Accounts(workspace.store).by_email(email)
    if found is None:
        sentence = f"Nobody has made an account for {email} here yet. Ask an admin for one with this e-mail, then sign in again."
        raise _Refused("no account", sentence, email)
    account = found[0]
    _not_disabled(account)
    link = Link(issuer=person.issuer, subject=person.subject, account_id=account.account_id, linked_at=now)
    if not SignInLinks(workspace.store).add(link):
        sentence = (
            f"The account of {email} is linked with somebody else at {service.host}. If that was you before, an admin can "
            "undo the link; then sign in again."
        )
        raise _Refused("linked with another", sentence, email, account)
    note(workspace, account, "sign-in.link", account.email, now, issuer=person.issuer, person=person.subject)
    return account


def _vouched(service: Service, person: Person) -> str:
    """The e-mail, where the service vouches for it and it lies where it has to."""
    said = plain_email(person.said)
    if said != person.said.translate(_SMALL):
        # accounts are found by letters that are alike: whoever owns straße.example must not be taken for strasse.example
        sentence = (
            f"Your e-mail at {service.host} has letters that callcoach takes for others, so that it may be somebody else's: "
            f"{person.said[:320]}. Have one without them verified there, then sign in again."
        )
        raise _Refused("e-mail in other letters", sentence, said)
    if person.email is None:
        sentence = (
            f"{service.host} does not vouch for your e-mail{f' {said}' if said else ''}: it is not verified there. "
            "Have it verified, then sign in again."
        )
        raise _Refused("e-mail not verified", sentence, said)
    if service.allowed_domain is not None and said.rpartition("@")[2] != service.allowed_domain:
        sentence = f"Only e-mails of {service.allowed_domain} are let in, and yours there is {said}. Sign in there with that one."
        raise _Refused("other domain", sentence, said)
    return said


def _not_disabled(account: Account) -> None:
    if account.disabled_at is not None:
        sentence = f"The account of {account.email} is disabled. An admin can let it in again."
        raise _Refused("disabled", sentence, account.email, account)


def _needed(workspace: Workspace) -> Service:
    service = named_service(workspace.settings)
    if service is None:
        raise UsageError("Nobody signs in through another service here: no CALLCOACH_OIDC_ISSUER is set.")
    return service


def _away(workspace: Workspace, service: Service, trouble: IssuerAway) -> str:
    otherwise = ", or sign in with your password" if workspace.settings.password_sign_in else ""
    return f"{service.host} is of no help now: {trouble}. Try again in a few minutes{otherwise}."


def _too_many(workspace: Workspace, address: str, now: datetime) -> bool:
    """Whether an address has set out or come back too often without anybody getting in."""
    key = _tries_of(address)
    tries = Accounts(workspace.store).note_try([key], now, since=now - TRIES_COUNT_FOR)
    return tries.get(key, 0) > TRIES_PER_ADDRESS


def _tries_of(address: str) -> str:
    return f"elsewhere {network_of(address)}"


def _drawn(browser: str, what: str) -> str:
    """A secret that follows from what the browser holds, so that none is kept here."""
    digest = hmac.digest(browser.encode(), what.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
