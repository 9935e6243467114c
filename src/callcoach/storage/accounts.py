"""Accounts, their sessions and tokens, and tries to sign in, on the database that a Store has opened.

Keeps hashes of passwords and of secrets, never one of them; knows nothing of how they are made or checked.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, func, insert, select, update

from callcoach.domain.accounts import Account, Session, Token
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, utc, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put, put_new


class SignedIn(NamedTuple):
    """A session with its account."""

    session: Session
    account: Account


class Accounts:
    """Everybody who may sign in. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    # accounts

    def add(self, account: Account, password: str | None) -> bool:
        """Add an account; False where the e-mail has one already. password: its hash."""
        row = {"account_id": account.account_id, "email": account.email, "password": password, "body": body_of(account)}
        with writing(self._engine) as connection:
            taken = connection.execute(select(schema.accounts.c.email).where(schema.accounts.c.email == account.email)).first()
            return taken is None and put_new(connection, schema.accounts, row)

    def keep(self, account: Account) -> None:
        """Keep a changed account; its password stays."""
        table = schema.accounts
        with writing(self._engine) as connection:
            values = {"body": body_of(account), "email": account.email}
            connection.execute(update(table).where(table.c.account_id == account.account_id).values(values))

    def keep_password(self, account: Account, password: str | None) -> None:
        """Keep a changed account with the hash of its new password, or with none."""
        table = schema.accounts
        with writing(self._engine) as connection:
            values = {"body": body_of(account), "password": password}
            connection.execute(update(table).where(table.c.account_id == account.account_id).values(values))

    def all(self) -> tuple[Account, ...]:
        """Every account, by e-mail."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(schema.accounts.c.body).order_by(schema.accounts.c.email)).all()
        return tuple(value_of(row, Account) for row in rows)

    def account(self, account_id: str) -> Account | None:
        """The account with this id."""
        with reading(self._engine) as connection:
            row = connection.execute(select(schema.accounts.c.body).where(schema.accounts.c.account_id == account_id)).first()
        return value_of(row, Account) if row is not None else None

    def by_email(self, email: str) -> tuple[Account, str | None] | None:
        """The account with this e-mail, and the hash of its password."""
        table = schema.accounts
        with reading(self._engine) as connection:
            row = connection.execute(select(table.c.body, table.c.password).where(table.c.email == email)).first()
        return (value_of(row, Account), row.password) if row is not None else None

    # sessions: secret is the hash of what the browser holds

    def begin_session(self, session: Session, secret: str) -> None:
        """Keep a new session."""
        row = {
            "session_id": session.session_id,
            "secret": secret,
            "account_id": session.account_id,
            "begun_at": utc(session.begun_at),
            "seen_at": utc(session.seen_at),
            "address": session.address,
            "agent": session.agent,
        }
        with writing(self._engine) as connection:
            connection.execute(insert(schema.sessions).values(row))

    def signed_in(self, secret: str) -> SignedIn | None:
        """The session with this secret, and its account as it is now."""
        table = schema.sessions
        question = (
            select(table, schema.accounts.c.body)
            .join(schema.accounts, schema.accounts.c.account_id == table.c.account_id)
            .where(table.c.secret == secret)
        )
        with reading(self._engine) as connection:
            row = connection.execute(question).first()
        return SignedIn(_session(row), value_of(row, Account)) if row is not None else None

    def seen(self, session: Session, at: datetime) -> None:
        """Note that a session was used."""
        table = schema.sessions
        with writing(self._engine) as connection:
            connection.execute(update(table).where(table.c.session_id == session.session_id).values(seen_at=utc(at)))

    def sessions(self, account_id: str | None = None) -> tuple[Session, ...]:
        """The sessions of an account, or all; the latest used first."""
        table = schema.sessions
        question = select(table).order_by(table.c.seen_at.desc(), table.c.session_id)
        if account_id is not None:
            question = question.where(table.c.account_id == account_id)
        with reading(self._engine) as connection:
            return tuple(_session(row) for row in connection.execute(question))

    def end_session(self, session_id: str, account_id: str | None = None) -> bool:
        """End a session, where account_id is given only one of that account's; whether there was one."""
        table = schema.sessions
        ending = delete(table).where(table.c.session_id == session_id)
        if account_id is not None:
            ending = ending.where(table.c.account_id == account_id)
        with writing(self._engine) as connection:
            return connection.execute(ending).rowcount > 0

    def end_sessions(self, account_id: str, but: str | None = None) -> int:
        """End all sessions of an account but one; how many."""
        table = schema.sessions
        with writing(self._engine) as connection:
            ending = delete(table).where(table.c.account_id == account_id, table.c.session_id != (but or ""))
            return connection.execute(ending).rowcount

    def forget_sessions(self, begun_before: datetime, seen_before: datetime) -> None:
        """Forget sessions that are over."""
        table = schema.sessions
        with writing(self._engine) as connection:
            connection.execute(delete(table).where((table.c.begun_at < utc(begun_before)) | (table.c.seen_at < utc(seen_before))))

    # tokens for programs

    def add_token(self, token: Token, secret: str) -> None:
        """Keep a new token."""
        row = {"token_id": token.token_id, "secret": secret, "account_id": token.account_id, "body": body_of(token)}
        with writing(self._engine) as connection:
            put(connection, schema.tokens, row)

    def token(self, secret: str) -> tuple[Token, Account] | None:
        """The token with this secret, and its account as it is now."""
        with reading(self._engine) as connection:
            row = connection.execute(select(schema.tokens.c.body).where(schema.tokens.c.secret == secret)).first()
        if row is None:
            return None
        token = value_of(row, Token)
        account = self.account(token.account_id)
        return (token, account) if account is not None else None

    def tokens(self, account_id: str | None = None) -> tuple[Token, ...]:
        """The tokens of an account, or all, the newest first."""
        question = select(schema.tokens.c.body)
        if account_id is not None:
            question = question.where(schema.tokens.c.account_id == account_id)
        with reading(self._engine) as connection:
            found = [value_of(row, Token) for row in connection.execute(question)]
        return tuple(sorted(found, key=lambda token: (token.made_at, token.token_id), reverse=True))

    def keep_token(self, token: Token) -> None:
        """Keep a changed token."""
        table = schema.tokens
        with writing(self._engine) as connection:
            connection.execute(update(table).where(table.c.token_id == token.token_id).values(body=body_of(token)))

    # tries to sign in

    def note_try(self, keys: Sequence[str], at: datetime, *, since: datetime) -> dict[str, int]:
        """Note a try to sign in under each key, and how many there were under it since then, this one included."""
        table = schema.sign_in_tries
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.at < utc(since)))
            connection.execute(insert(table), [{"name": key, "at": utc(at)} for key in keys])
            counted = select(table.c.name, func.count().label("n")).where(table.c.name.in_(keys)).group_by(table.c.name)
            return {row.name: row.n for row in connection.execute(counted)}

    def forget_tries(self, keys: Sequence[str]) -> None:
        """Forget the tries under these keys: somebody came in."""
        table = schema.sign_in_tries
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.name.in_(keys)))

    def forget_latest_try(self, key: str) -> None:
        """Forget one try under this key."""
        table = schema.sign_in_tries
        latest = select(func.max(table.c.try_id)).where(table.c.name == key).scalar_subquery()
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.try_id == latest))


def _session(row: Row[Any]) -> Session:
    return Session(
        session_id=row.session_id,
        account_id=row.account_id,
        begun_at=datetime.fromisoformat(row.begun_at),
        seen_at=datetime.fromisoformat(row.seen_at),
        address=row.address,
        agent=row.agent,
    )
