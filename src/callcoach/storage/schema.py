"""The tables. Each keeps a domain value as JSON in `body` (peaks: bytes), beside the columns that questions ask about."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

HEAD = "0012"
"""The newest migration; a database at it is opened without asking alembic."""

VERSION_TABLE = "callcoach_schema"

NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}

metadata = MetaData(naming_convention=NAMES)


def _call_id() -> Column[str]:
    return Column("call_id", String(200), ForeignKey("calls.call_id", ondelete="CASCADE"), primary_key=True)


calls = Table(
    "calls",
    metadata,
    Column("call_id", String(200), primary_key=True),
    Column("content", String(64), nullable=False),
    Column("rep_id", Text),
    Column("day", String(10)),
    Column("body", Text, nullable=False),
    Index(None, "day"),
    Index(None, "rep_id"),
)

transcripts = Table(
    "transcripts",
    metadata,
    _call_id(),
    Column("made_by", String(200), primary_key=True),
    Column("content", String(64), nullable=False),
    Column("digest", String(64)),
    Column("body", Text, nullable=False),
)

peaks = Table(
    "peaks",
    metadata,
    Column("content", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

signals = Table(
    "signals",
    metadata,
    _call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("made_by", String(200), primary_key=True),
    Column("body", Text, nullable=False),
)

scores = Table(
    "scores",
    metadata,
    _call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("made_by", String(200), primary_key=True),
    Column("signals_made_by", String(200), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "initiative_id", "is_current"),
)

failures = Table(
    "failures",
    metadata,
    Column("call_id", String(200), primary_key=True),
    Column("stage", String(40), primary_key=True),
    Column("made_by", String(200), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("at", String(32), nullable=False),
)

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

current_transcripts = Table(
    "current_transcripts",
    metadata,
    _call_id(),
    Column("made_by", String(200), nullable=False),
)

# what people say of calls: rows are added and never changed; drafts alone are overwritten until they become labels

calibration_rounds = Table(
    "calibration_rounds",
    metadata,
    Column("round_id", String(200), primary_key=True),
    Column("initiative_id", String(200), nullable=False),
    Column("body", Text, nullable=False),
)

label_drafts = Table(
    "label_drafts",
    metadata,
    Column("round_id", String(200), primary_key=True),
    Column("person_id", String(200), primary_key=True),
    Column("call_id", String(200), primary_key=True),
    Column("body", Text, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("label_id", String(64), primary_key=True),
    Column("initiative_id", String(200), nullable=False),
    Column("call_id", String(200), nullable=False),
    Column("person_id", String(200), nullable=False),
    Column("round_id", String(200)),
    Column("body", Text, nullable=False),
    Index(None, "initiative_id"),
    Index(None, "call_id"),
    Index(None, "round_id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", Integer, primary_key=True, autoincrement=True),
    Column("round_id", String(200), nullable=False),
    Column("call_id", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "round_id"),
)

gate_overrides = Table(
    "gate_overrides",
    metadata,
    Column("override_id", Integer, primary_key=True, autoincrement=True),
    Column("initiative_id", String(200), nullable=False),
    Column("body", Text, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("review_id", String(64), primary_key=True),
    Column("call_id", String(200), nullable=False),
    Column("initiative_id", String(200), nullable=False),
    Column("person_id", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "call_id", "initiative_id"),
)

second_opinions = Table(
    "second_opinions",
    metadata,
    _call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("asked", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)

# what the language models read of a call whatever the story: made again at the price of encoding it
readings = Table(
    "readings",
    metadata,
    _call_id(),
    Column("made_by", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# what a run was given beside calls, so that a screen needs no folder: one row for the company; where each recording's bytes lie
companies = Table(
    "companies",
    metadata,
    Column("company_id", String(20), primary_key=True),
    Column("body", Text, nullable=False),
)

recordings = Table(
    "recordings",
    metadata,
    Column("content", String(64), primary_key=True),
    Column("path", Text, nullable=False),
)
