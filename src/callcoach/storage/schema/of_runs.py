"""Of runs: the stories and the company they judged by, who runs the night, what was sent and what was erased."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from callcoach.storage.schema.base import metadata

initiatives = Table(
    "initiatives",
    metadata,
    Column("initiative_id", String(200), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", Integer, primary_key=True, autoincrement=True),
    Column("begun_at", String(32), nullable=False),
    Column("ended_at", String(32)),
    Column("body", Text, nullable=False),
)

# what a run was given beside calls, so that a screen needs no folder: one row
companies = Table(
    "companies",
    metadata,
    Column("company_id", String(20), primary_key=True),
    Column("body", Text, nullable=False),
)

# who runs the night: `fence` grows with every run that takes the lock, and only the run with the newest number may write
run_locks = Table(
    "run_locks",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("fence", Integer, nullable=False),
    Column("free", Boolean, nullable=False),
    Column("taken_at", String(32), nullable=False),
    Column("beat_at", String(32), nullable=False),
    Column("holder", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("delivery_id", String(64), primary_key=True),
    Column("at", String(32), nullable=False),
)

# what was erased, as keyed hashes; the key lies in the home folder, not here
erasures = Table(
    "erasures",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("at", String(32), nullable=False),
)
