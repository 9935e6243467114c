"""What all tables share: where they are gathered, how keys and indexes are named, and the newest migration."""

from sqlalchemy import Column, ForeignKey, MetaData, String

HEAD = "0018"
"""The newest migration; a database at it is opened without asking alembic."""

VERSION_TABLE = "callcoach_schema"

NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}

metadata = MetaData(naming_convention=NAMES)


def call_id() -> Column[str]:
    """A call, as key or part of it: the row goes when the call goes."""
    return Column("call_id", String(200), ForeignKey("calls.call_id", ondelete="CASCADE"), primary_key=True)
