"""The audit log, on the database that a Store has opened: lines are added, read and checked, and never changed.

Every line carries a hash over itself and the line before it, so that a line that was changed, taken out or put in is noticed.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, func, select, update

from callcoach.domain.accounts import AuditLine
from callcoach.storage import schema
from callcoach.storage.bodies import body_of, utc
from callcoach.storage.connection import reading, writing
from callcoach.storage.store import Store
from callcoach.storage.upsert import put, put_new

THE_LOG = "audit"
AT_A_TIME = 5000


class Verified(NamedTuple):
    """Whether the log is whole: how many lines there are, the hash it ends with, and what is wrong, None where nothing is."""

    lines: int
    chain: str
    wrong: str | None


class Audit:
    """Who did what. Raises StorageError as the Store does."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    def add(
        self, *, at: datetime, account_id: str | None, email: str, action: str, subject: str, details: Mapping[str, str]
    ) -> AuditLine:
        """Add a line to the end of the log."""
        body = body_of({"email": email, "details": dict(details)})
        with writing(self._engine) as connection:
            put_new(connection, schema.audit_ends, {"log_id": THE_LOG, "number": 0, "chain": ""})
            end = connection.execute(select(schema.audit_ends).with_for_update()).one()
            row = {"number": end.number + 1, "at": utc(at), "account_id": account_id, "action": action, "subject": subject}
            row |= {"body": body, "chain": _chained(end.chain, row | {"body": body})}
            put(connection, schema.audit, row)
            put(connection, schema.audit_ends, {"log_id": THE_LOG, "number": row["number"], "chain": row["chain"]})
            return _line(connection.execute(select(schema.audit).where(schema.audit.c.number == row["number"])).one())

    def lines(
        self,
        *,
        account_id: str | None = None,
        action: str | None = None,
        subject: str | None = None,
        skip: int = 0,
        most: int = 50,
    ) -> tuple[int, tuple[AuditLine, ...]]:
        """How many lines there are of an account, action (or its first words) and subject (or part of it), and some of them.

        The newest first.
        """
        table = schema.audit
        wanted = []
        if account_id:
            wanted.append(table.c.account_id == account_id)
        if action:
            wanted.append(table.c.action.startswith(action, autoescape=True))
        if subject:
            wanted.append(table.c.subject.contains(subject, autoescape=True))
        with reading(self._engine) as connection:
            n = connection.execute(select(func.count()).select_from(table).where(*wanted)).scalar_one()
            rows = connection.execute(select(table).where(*wanted).order_by(table.c.number.desc()).offset(skip).limit(most)).all()
        return n, tuple(_line(row) for row in rows)

    def rewrite(self, changed: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> int:
        """Put what `changed` makes of a line (account_id, subject, body) in its place; how many lines are others now.

        For erasures alone, each of which is a line itself. From the first such line on, the log is chained anew.
        """
        table, n, chain, last = schema.audit, 0, "", 0
        with writing(self._engine) as connection:
            connection.execute(select(schema.audit_ends).with_for_update())
            while True:
                asked = select(table).where(table.c.number > last).order_by(table.c.number).limit(AT_A_TIME)
                rows = connection.execute(asked).all()
                for row in rows:
                    line = row._asdict()
                    new = {**line, **changed(line)}
                    n += new != line
                    if n:
                        new["chain"] = _chained(chain, new)
                        values = {name: new[name] for name in ("account_id", "subject", "body", "chain")}
                        connection.execute(update(table).where(table.c.number == row.number).values(values))
                    chain, last = new["chain"], row.number
                if len(rows) < AT_A_TIME:
                    break
            if n:
                connection.execute(update(schema.audit_ends).values(chain=chain))
        return n

    def verify(self) -> Verified:
        """Walk the whole log."""
        table = schema.audit
        chain, last = "", 0
        while True:
            with reading(self._engine) as connection:
                end = connection.execute(select(schema.audit_ends)).first()
                rows = connection.execute(
                    select(table).where(table.c.number > last).order_by(table.c.number).limit(AT_A_TIME)
                ).all()
            for row in rows:
                if row.number != last + 1:
                    return Verified(last, chain, f"After line {last} comes line {row.number}: what was between them is gone.")
                if row.chain != _chained(chain, row._asdict()):
                    return Verified(last, chain, f"Line {row.number} is not as it was written.")
                chain, last = row.chain, row.number
            if len(rows) < AT_A_TIME:
                break
        told = end.number if end is not None else 0
        if told > last:
            return Verified(last, chain, f"The log ends with line {last}, but line {told} was written.")
        return Verified(last, chain, None)


def _chained(before: str, row: Mapping[str, Any]) -> str:
    """The hash over a line and the hash of the line before it."""
    said = [before, *(row[name] for name in ("number", "at", "account_id", "action", "subject", "body"))]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def _line(row: Row[Any]) -> AuditLine:
    body = msgspec.json.decode(row.body)
    return AuditLine(
        number=row.number,
        at=datetime.fromisoformat(row.at),
        action=row.action,
        subject=row.subject,
        account_id=row.account_id,
        email=body["email"],
        details=body["details"],
        chain=row.chain,
    )
