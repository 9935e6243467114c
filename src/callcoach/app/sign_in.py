"""Sign in and out: passwords, sessions and tokens. Knows nothing of browsers, cookies or screens.

An unknown e-mail takes as long as a wrong password, and neither is told from the other.
"""

import hashlib
import ipaddress
import secrets
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from callcoach.app.audit import note
from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import IDLE, LONGEST, Account, Session
from callcoach.errors import BadInput
from callcoach.events import SignedIn, SignInRefused, say
from callcoach.marks import AccountMark, Refusal
from callcoach.storage.accounts import Accounts

TRIES_PER_EMAIL = 10
TRIES_PER_ADDRESS = 60
"""Many people may share one address; one e-mail is one person's."""

TRIES_COUNT_FOR = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=5)
"""A session's last use is kept to this grain, so that reading a page writes nothing."""

SHORTEST, LONGEST_PASSWORD = 12, 200
MOST_AGENT = 300

AT_ONCE = threading.BoundedSemaphore(4)
"""Each password that is checked takes 64 MB: a flood of tries must not take all memory."""

TOO_MANY = "Too many tries. Wait fifteen minutes, then try again."
NO_PASSWORDS = "Passwords are not taken here (CALLCOACH_PASSWORD_SIGN_IN is off). Sign in through the other way on this page."
WRONG = "E-mail and password do not fit together. Check both; an admin can give you a new password."


class Entered(NamedTuple):
    """What came of a try to sign in: the secret for the browser with the account, or the sentence that says why not."""

    secret: str | None = None
    account: Account | None = None
    sentence: str = ""


class Known(NamedTuple):
    """Somebody who is signed in; session is None for a program with a token."""

    account: Account
    session: Session | None = None


def sign_in(workspace: Workspace, email: str, password: str, *, address: str, agent: str, now: datetime) -> Entered:
    """Check the password and begin a session."""
    if not workspace.settings.password_sign_in:
        return Entered(sentence=NO_PASSWORDS)
    accounts = Accounts(workspace.store)
    email = plain_email(email)
    of_email, of_address = f"email {hashlib.sha256(email.encode()).hexdigest()}", f"address {network_of(address)}"
    keys = {of_email: TRIES_PER_EMAIL, of_address: TRIES_PER_ADDRESS}
    tries = accounts.note_try(list(keys), now, since=now - TRIES_COUNT_FOR)
    if any(tries.get(key, 0) > most for key, most in keys.items()):
        say(SignInRefused(why=Refusal.TOO_MANY))
        return Entered(sentence=TOO_MANY)
    found = accounts.by_email(email)
    account, kept = found if found is not None else (None, None)
    fits = _fits(kept or _nobodys_password(), password[: LONGEST_PASSWORD + 1])
    if account is None or kept is None or not fits or account.disabled_at is not None:
        note(workspace, account, "sign-in.refused", email[:200], now, address=address)
        say(SignInRefused(why=Refusal.WRONG))
        return Entered(sentence=WRONG)
    accounts.forget_tries([of_email])
    # the others from there stay: whoever has an account could else try everybody's passwords without end
    accounts.forget_latest_try(of_address)
    if _hasher().check_needs_rehash(kept):
        accounts.keep_password(account, password_hash(password))
    return begin_session(workspace, account, address=address, agent=agent, now=now)


def begin_session(
    workspace: Workspace, account: Account, *, address: str, agent: str, now: datetime, through: str | None = None
) -> Entered:
    """Let somebody in whose password, or whose word from elsewhere (`through`), has been found good. The only way in."""
    accounts = Accounts(workspace.store)
    accounts.forget_sessions(now - LONGEST, now - IDLE)
    secret = secrets.token_urlsafe(32)
    session = Session(
        session_id=secrets.token_hex(8),
        account_id=account.account_id,
        begun_at=now,
        seen_at=now,
        address=address[:100],
        agent=agent[:MOST_AGENT],
    )
    accounts.begin_session(session, secret_hash(secret))
    note(workspace, account, "sign-in", account.email, now, address=address, through=through)
    say(SignedIn(account=AccountMark(account.account_id)))
    return Entered(secret, account)


def known_by_session(workspace: Workspace, secret: str, now: datetime) -> Known | None:
    """Whose session this is; None where it is over, revoked, or its account is disabled."""
    accounts = Accounts(workspace.store)
    found = accounts.signed_in(secret_hash(secret))
    if found is None or found.session.over(now) or found.account.disabled_at is not None:
        return None
    if now - found.session.seen_at > SEEN_EVERY:
        accounts.seen(found.session, now)
    return Known(found.account, found.session)


def known_by_token(workspace: Workspace, secret: str, now: datetime) -> Known | None:
    """Whose token this is; None where it is revoked or its account is disabled."""
    accounts = Accounts(workspace.store)
    found = accounts.token(secret_hash(secret))
    if found is None:
        return None
    token, account = found
    if token.revoked_at is not None or account.disabled_at is not None:
        return None
    if token.used_at is None or now - token.used_at > SEEN_EVERY:
        accounts.keep_token(replace(token, used_at=now))
    return Known(account)


def sign_out(workspace: Workspace, account: Account, session: Session, now: datetime) -> None:
    """End the session that was used to ask for it."""
    Accounts(workspace.store).end_session(session.session_id)
    note(workspace, account, "sign-out", account.email, now)


def change_password(
    workspace: Workspace, account: Account, old: str, new: str, *, session: Session | None, now: datetime
) -> None:
    """Replace the own password and end every other session of the account.

    Raises BadInput where the old one is wrong, the new one too short, or too often tried.
    """
    accounts = Accounts(workspace.store)
    key = f"password {account.account_id}"
    if accounts.note_try([key], now, since=now - TRIES_COUNT_FOR).get(key, 0) > TRIES_PER_EMAIL:
        raise BadInput(TOO_MANY)
    found = accounts.by_email(account.email)
    if not workspace.settings.password_sign_in or (found is not None and found[1] is None):
        raise BadInput("Your account has no password that could be changed. An admin can give it one where passwords are taken.")
    if found is None or found[1] is None or not _fits(found[1], old):
        raise BadInput("The current password is not this one. Type it again.")
    if new == old:
        raise BadInput("The new password is the current one. Choose another.")
    hashed = password_hash(needed_password(new))
    accounts.keep_password(replace(found[0], must_change=False), hashed)
    accounts.forget_tries([key])
    accounts.end_sessions(account.account_id, but=session.session_id if session else None)
    note(workspace, account, "account.password", account.email, now)


def needed_password(password: str) -> str:
    """The password, where it may be one. Raises BadInput with the rule it breaks."""
    if len(password) < SHORTEST:
        raise BadInput(f"This password has {len(password)} characters. Take {SHORTEST} or more; a few words in a row do well.")
    if len(password) > LONGEST_PASSWORD:
        raise BadInput(f"This password has {len(password)} characters. Take {LONGEST_PASSWORD} at most.")
    return password


def plain_email(email: str) -> str:
    """The e-mail as accounts are found by it."""
    return email.strip().casefold()[:320]


def network_of(address: str) -> str:
    """Whom tries from an address are counted for: of IPv6 the whole network, as a single machine has all addresses of it."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if found.version == 4 or found.ipv4_mapped is not None:
        return address[:100]
    return str(ipaddress.ip_network((int(found), 64), strict=False))


def password_hash(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(password)


def secret_hash(secret: str) -> str:
    """What is kept of a secret that was drawn at random."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _fits(kept: str, password: str) -> bool:
    try:
        with AT_ONCE:
            return _hasher().verify(kept, password)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    # RFC 9106's second recommendation, which is also the library's default; one lane, as several people sign in at once
    return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)


@cache
def _nobodys_password() -> str:
    """What the passwords of unknown e-mails are compared with, so that they take as long."""
    return password_hash(secrets.token_urlsafe(16))
