"""Make, change and disable accounts, their sessions and tokens; every change is noted. Knows nothing of screens and terminals.

`by` is whoever does it, None for the command line.
"""

import re
import secrets
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from callcoach.app.audit import note
from callcoach.app.current import current_company
from callcoach.app.sign_in import needed_password, password_hash, plain_email, secret_hash
from callcoach.app.workspace import Workspace
from callcoach.domain.accounts import Account, Link, Session, Token
from callcoach.domain.people import Company, PersonRole
from callcoach.errors import BadInput, UsageError
from callcoach.storage.accounts import Accounts
from callcoach.storage.sign_in_links import SignInLinks

E_MAIL = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,250}")
TOKEN_PREFIX = "callcoach_"
MOST_TOKENS = 50


class WithSecret(NamedTuple):
    """What was made, with the secret that is shown this once and kept nowhere; empty where none was drawn."""

    account: Account
    secret: str


class Directory(NamedTuple):
    """Everybody: the company, the accounts, the sessions and tokens that are alive."""

    company: Company
    accounts: tuple[Account, ...]
    sessions: tuple[Session, ...]
    tokens: tuple[Token, ...]


class OwnAccount(NamedTuple):
    """An account's sessions and tokens that are alive, its links with other services, and whether it has a password."""

    sessions: tuple[Session, ...]
    tokens: tuple[Token, ...]
    links: tuple[Link, ...]
    has_password: bool


def directory(workspace: Workspace, now: datetime) -> Directory:
    """All that Admin shows of people."""
    accounts = Accounts(workspace.store)
    sessions = tuple(session for session in accounts.sessions() if not session.over(now))
    tokens = tuple(token for token in accounts.tokens() if token.revoked_at is None)
    return Directory(current_company(workspace), accounts.all(), sessions, tokens)


def own_account(workspace: Workspace, account: Account, now: datetime) -> OwnAccount:
    """All that the account page shows."""
    accounts = Accounts(workspace.store)
    sessions = tuple(session for session in accounts.sessions(account.account_id) if not session.over(now))
    tokens = tuple(token for token in accounts.tokens(account.account_id) if token.revoked_at is None)
    found = accounts.by_email(account.email)
    has_password = workspace.settings.password_sign_in and found is not None and found[1] is not None
    return OwnAccount(sessions, tokens, SignInLinks(workspace.store).of(account.account_id), has_password)


def add_account(
    workspace: Workspace,
    email: str,
    role: PersonRole,
    *,
    by: Account | None,
    now: datetime,
    person_id: str | None = None,
    team: str | None = None,
    password: str | None = None,
) -> WithSecret:
    """Make an account. Without a password one is drawn, to be replaced at the first sign-in; none where passwords are not taken.

    person_id: by default whoever has this e-mail in the people file. Raises BadInput for what cannot be, with what to do.
    """
    email = plain_email(email)
    if not E_MAIL.fullmatch(email):
        raise BadInput(f"{email!a} is no e-mail address. Write it like ann@example.com.")
    company = current_company(workspace)
    person = next((one for one in company.people if one.email and plain_email(one.email) == email), None)
    account = Account(
        account_id=secrets.token_hex(8),
        email=email,
        role=role,
        made_at=now,
        person_id=person_id or (person.id if person else None),
        team=team or None,
        must_change=password is None and workspace.settings.password_sign_in,
    )
    _check(account, company)
    given = needed_password(password) if password is not None else secrets.token_urlsafe(12) if account.must_change else ""
    if not Accounts(workspace.store).add(account, password_hash(given) if given else None):
        raise BadInput(f"{email} has an account already. Change that one, or use another e-mail.")
    note(workspace, by, "account.add", email, now, role=role, person=account.person_id, team=team)
    return WithSecret(account, given)


def needed_account(workspace: Workspace, who: str) -> Account:
    """The account with this e-mail or id. Raises UsageError where there is none."""
    accounts = Accounts(workspace.store)
    found = accounts.by_email(plain_email(who))
    account = found[0] if found else accounts.account(who)
    if account is None:
        raise UsageError(f"No account {who}. See who has one: callcoach user list.")
    return account


def change_account(
    workspace: Workspace,
    account: Account,
    *,
    role: PersonRole,
    person_id: str | None,
    team: str | None,
    by: Account | None,
    now: datetime,
) -> Account:
    """Give an account another role, person or team; it holds from the next request on.

    Raises BadInput where nobody would be left to administer.
    """
    changed = replace(account, role=role, person_id=person_id or None, team=team or None)
    _check(changed, current_company(workspace))
    _keep_an_admin(workspace, account, changed)
    Accounts(workspace.store).keep(changed)
    note(workspace, by, "account.change", account.email, now, role=role, person=changed.person_id, team=changed.team)
    return changed


def disable_account(workspace: Workspace, account: Account, *, by: Account | None, now: datetime) -> None:
    """Let somebody in no more and end their sessions; what they said and did stays theirs."""
    changed = replace(account, disabled_at=now)
    _keep_an_admin(workspace, account, changed)
    accounts = Accounts(workspace.store)
    accounts.keep(changed)
    accounts.end_sessions(account.account_id)
    note(workspace, by, "account.disable", account.email, now)


def enable_account(workspace: Workspace, account: Account, *, by: Account | None, now: datetime) -> None:
    """Let somebody in again who was disabled."""
    Accounts(workspace.store).keep(replace(account, disabled_at=None))
    note(workspace, by, "account.enable", account.email, now)


def give_password(
    workspace: Workspace, account: Account, *, by: Account | None, now: datetime, password: str | None = None
) -> WithSecret:
    """Give an account a new password and end its sessions; one that was drawn is to be replaced at the next sign-in."""
    given = needed_password(password) if password is not None else secrets.token_urlsafe(12)
    changed = replace(account, must_change=password is None)
    accounts = Accounts(workspace.store)
    accounts.keep_password(changed, password_hash(given))
    accounts.end_sessions(account.account_id)
    note(workspace, by, "account.password-given", account.email, now)
    return WithSecret(changed, given)


def end_session(workspace: Workspace, session_id: str, *, of: Account | None, by: Account, now: datetime) -> bool:
    """End a session, where `of` is given only one of theirs; whether there was one."""
    ended = Accounts(workspace.store).end_session(session_id, of.account_id if of else None)
    if ended:
        note(workspace, by, "session.end", session_id, now)
    return ended


def end_other_sessions(workspace: Workspace, account: Account, keep: Session | None, now: datetime) -> int:
    """End every session of an account but the one that asks; how many."""
    ended = Accounts(workspace.store).end_sessions(account.account_id, but=keep.session_id if keep else None)
    note(workspace, account, "session.end-others", account.email, now, ended=ended)
    return ended


def new_token(workspace: Workspace, account: Account, name: str, *, by: Account | None, now: datetime) -> WithSecret:
    """Make a key for programs, which may what the account may."""
    name = " ".join(name.split())[:80]
    if not name:
        raise BadInput("A token needs a name that says what uses it. Write one.")
    accounts = Accounts(workspace.store)
    if sum(token.revoked_at is None for token in accounts.tokens(account.account_id)) >= MOST_TOKENS:
        raise BadInput(f"{account.email} has {MOST_TOKENS} tokens. Revoke one that is not used any more, then make this one.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token(token_id=secrets.token_hex(8), account_id=account.account_id, name=name, made_at=now)
    accounts.add_token(token, secret_hash(secret))
    note(workspace, by, "token.add", name, now, owner=account.email)
    return WithSecret(account, secret)


def tokens_of(workspace: Workspace) -> tuple[tuple[Token, Account], ...]:
    """Every token that is not revoked, with whose it is."""
    accounts = Accounts(workspace.store)
    whose = {account.account_id: account for account in accounts.all()}
    return tuple((token, whose[token.account_id]) for token in accounts.tokens() if token.revoked_at is None)


def revoke_token(workspace: Workspace, token_id: str, *, of: Account | None, by: Account | None, now: datetime) -> bool:
    """Take a token's power away, where `of` is given only one of theirs; whether there was one."""
    accounts = Accounts(workspace.store)
    token = next((one for one in accounts.tokens(of.account_id if of else None) if one.token_id == token_id), None)
    if token is None or token.revoked_at is not None:
        return False
    accounts.keep_token(replace(token, revoked_at=now))
    note(workspace, by, "token.revoke", token.name, now)
    return True


def has_admin(workspace: Workspace) -> bool:
    """Whether anybody may administer."""
    return any(one.role is PersonRole.ADMIN and one.disabled_at is None for one in Accounts(workspace.store).all())


def _check(account: Account, company: Company) -> None:
    """Raises BadInput for a person or team that the people file does not know."""
    if account.person_id and company.people and company.person(account.person_id) is None:
        raise BadInput(f"The people file knows nobody with the id {account.person_id}. Write an id that stands in it.")
    if account.team and company.teams and company.team(account.team) is None:
        known = ", ".join(sorted(team.id for team in company.teams))
        raise BadInput(f"The people file knows no team {account.team}. Known: {known}.")


def _keep_an_admin(workspace: Workspace, before: Account, after: Account) -> None:
    """Raises BadInput where the last account that may administer would be lost."""

    def administers(account: Account) -> bool:
        return account.role is PersonRole.ADMIN and account.disabled_at is None

    if administers(before) and not administers(after):
        others = (one for one in Accounts(workspace.store).all() if one.account_id != before.account_id)
        if not any(administers(one) for one in others):
            raise BadInput(f"{before.email} is the only admin. Make somebody else an admin first.")
