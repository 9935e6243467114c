"""Of who may sign in and what they did.

Secrets and passwords lie as hashes. The audit log is only ever added to, each line hashed over the one before.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from callcoach.storage.schema.base import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", String(40), primary_key=True),
    Column("email", String(320), nullable=False),
    Column("password", Text),
    Column("body", Text, nullable=False),
    Index(None, "email", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String(40), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("account_id", String(40), ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False),
    Column("begun_at", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Index(None, "secret", unique=True),
    Index(None, "account_id"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_id", String(40), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("account_id", String(40), ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "secret", unique=True),
    Index(None, "account_id"),
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("try_id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(400), nullable=False),
    Column("at", String(32), nullable=False),
    Index(None, "name"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("issuer", String(500), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account_id", String(40), ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False),
    Column("linked_at", String(32), nullable=False),
    Index(None, "account_id", "issuer", unique=True),
)

sign_ins_begun = Table(
    "sign_ins_begun",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("browser", String(64), nullable=False),
    Column("goal", Text, nullable=False),
    Column("begun_at", String(32), nullable=False),
)

# what somebody has on the workbench: about draft, before (what a write replaced) or pinned; name is that of the rubric's file
workbench = Table(
    "workbench",
    metadata,
    Column("account_id", String(40), ForeignKey("accounts.account_id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("about", String(20), primary_key=True),
    Column("body", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("account_id", String(40)),
    Column("action", String(80), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("chain", String(64), nullable=False),
    Index(None, "account_id"),
    Index(None, "action"),
)

# one row: where the log ends; also what two writers at once wait for
audit_ends = Table(
    "audit_ends",
    metadata,
    Column("log_id", String(20), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("chain", String(64), nullable=False),
)
