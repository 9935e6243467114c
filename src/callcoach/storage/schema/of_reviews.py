"""Of what people say of calls and their judgements: labels, reviews, remarks; and the queue of what to review.

What people say is added and never changed; drafts alone are overwritten until they become labels.
"""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text

from callcoach.storage.schema.base import call_id, metadata

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

# what waits for a review, as the last whole run left it, and what was dismissed from it
QUEUE_COUNTED = (
    *("rep_id", "day", "call_id", "initiative_id", "team", "verdict", "uncertainty"),
    *("flagged", "uncertain", "random", "disputed"),
)

queue = Table(
    "queue",
    metadata,
    call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("run_id", Integer, nullable=False),
    Column("day", String(10), nullable=False),
    Column("rep_id", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("uncertainty", Float, nullable=False),
    Column("flagged", Boolean, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("random", Boolean, nullable=False),
    Column("disputed", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_queue_newest", "day", "call_id", "initiative_id"),
    Index("ix_queue_least_sure", "uncertainty", "call_id", "initiative_id"),
    # holds all that rows are counted by, so that counting a whole company's reads no body
    Index("ix_queue_counted", *QUEUE_COUNTED),
)

dismissals = Table(
    "dismissals",
    metadata,
    call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("batch_id", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "batch_id"),
)

# what people say of a call beside its judgement, and what of it or of reviews they took back: rows are added and never changed
remarks = Table(
    "remarks",
    metadata,
    Column("remark_id", String(64), primary_key=True),
    Column("call_id", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "call_id"),
    Index(None, "kind"),
)

withdrawn = Table(
    "withdrawn",
    metadata,
    Column("what_id", String(64), primary_key=True),
    Column("call_id", String(200), nullable=False),
    Column("at", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "call_id"),
)
