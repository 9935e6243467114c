"""Which account another service's word lets in, and sign-ins there that have begun, on the database that a Store has opened.

Keeps hashes of what a browser holds, never that itself; knows nothing of how such a word is checked.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from callcoach.domain.accounts import Account, Link
from callcoach.storage import schema
from callcoach.storage.bodies import utc, value_of
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put_new


class Begun(NamedTuple):
    """A sign-in that was begun: the hash of its state, the hash of what the browser holds, and where to go in the end."""

    state: str
    browser: str
    goal: str
    begun_at: datetime


class SignInLinks:
    """Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def account(self, issuer: str, subject: str) -> Account | None:
        """The account that is linked with this person there, as it is now."""
        links, accounts = schema.sign_in_links, schema.accounts
        question = (
            select(accounts.c.body)
            .join(links, links.c.account_id == accounts.c.account_id)
            .where(links.c.issuer == issuer, links.c.subject == subject)
        )
        with reading(self._engine) as connection:
            row = connection.execute(question).first()
        return value_of(row, Account) if row is not None else None

    def add(self, link: Link) -> bool:
        """Link; False, with nothing changed, where the account or the person there is linked already."""
        row = {
            "issuer": link.issuer,
            "subject": link.subject,
            "account_id": link.account_id,
            "linked_at": utc(link.linked_at),
        }
        with writing(self._engine) as connection:
            return put_new(connection, schema.sign_in_links, row)

    def of(self, account_id: str) -> tuple[Link, ...]:
        """The links of an account, the first one first."""
        table = schema.sign_in_links
        question = select(table).where(table.c.account_id == account_id).order_by(table.c.linked_at, table.c.issuer)
        with reading(self._engine) as connection:
            return tuple(
                Link(
                    issuer=row.issuer,
                    subject=row.subject,
                    account_id=row.account_id,
                    linked_at=datetime.fromisoformat(row.linked_at),
                )
                for row in connection.execute(question)
            )

    def remove(self, account_id: str) -> int:
        """Undo the links of an account; how many there were."""
        table = schema.sign_in_links
        with writing(self._engine) as connection:
            return connection.execute(delete(table).where(table.c.account_id == account_id)).rowcount

    def begin(self, begun: Begun, *, forget_before: datetime) -> None:
        """Keep a sign-in that begins, and forget those that were never finished."""
        table = schema.sign_ins_begun
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.begun_at < utc(forget_before)))
            row = {"state": begun.state, "browser": begun.browser, "goal": begun.goal, "begun_at": utc(begun.begun_at)}
            connection.execute(insert(table).values(row))

    def take(self, state: str, browser: str) -> Begun | None:
        """A sign-in that was begun by this browser, which can be taken once only."""
        table = schema.sign_ins_begun
        taking = delete(table).where(table.c.state == state, table.c.browser == browser).returning(table)
        with writing(self._engine) as connection:
            row = connection.execute(taking).first()
        return Begun(row.state, row.browser, row.goal, datetime.fromisoformat(row.begun_at)) if row is not None else None
