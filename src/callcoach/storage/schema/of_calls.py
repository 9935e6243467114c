"""Of calls: what came in, what was recognised, measured, judged and said of each by a machine."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from callcoach.storage.schema.base import call_id, metadata

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

# where a recording's bytes lie
recordings = Table(
    "recordings",
    metadata,
    Column("content", String(64), primary_key=True),
    Column("path", Text, nullable=False),
)

peaks = Table(
    "peaks",
    metadata,
    Column("content", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

transcripts = Table(
    "transcripts",
    metadata,
    call_id(),
    Column("made_by", String(200), primary_key=True),
    Column("content", String(64), nullable=False),
    Column("digest", String(64)),
    Column("body", Text, nullable=False),
)

current_transcripts = Table(
    "current_transcripts",
    metadata,
    call_id(),
    Column("made_by", String(200), nullable=False),
)

# what the language models read of a call whatever the story: made again at the price of encoding it
readings = Table(
    "readings",
    metadata,
    call_id(),
    Column("made_by", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# where finders found names and numbers in a call's words, for redaction: made again at the price of reading the call
entities = Table(
    "entities",
    metadata,
    call_id(),
    Column("made_by", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

signals = Table(
    "signals",
    metadata,
    call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("made_by", String(200), primary_key=True),
    Column("body", Text, nullable=False),
)

# what a call is judged from beside its signals, whatever judge and thresholds: made again at the price of judging from nothing
groundworks = Table(
    "groundworks",
    metadata,
    call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("made_by", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

scores = Table(
    "scores",
    metadata,
    call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("made_by", String(200), primary_key=True),
    Column("signals_made_by", String(200), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "initiative_id", "is_current"),
)

second_opinions = Table(
    "second_opinions",
    metadata,
    call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("asked", String(64), primary_key=True),
    Column("body", Text, nullable=False),
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
