"""Of coaching: what was recommended, goals, what people say of the story, and the reports that screens show."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from callcoach.storage.schema.base import metadata

# what a whole run rolled up for screens, which then add up nothing
kept_reports = Table(
    "kept_reports",
    metadata,
    Column("about", String(20), primary_key=True),
    Column("wanted", String(200), primary_key=True),
    Column("run_id", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("body", Text, nullable=False),
)

# what was recommended to a rep, from the first whole run that said so to the latest
coaching_history = Table(
    "coaching_history",
    metadata,
    Column("rep_id", String(200), primary_key=True),
    Column("initiative_id", String(200), primary_key=True),
    Column("behaviour", String(40), primary_key=True),
    Column("since", String(10), primary_key=True),
    Column("until", String(10), nullable=False),
)

# goals of reps: one row each, and a row for every change, none of which is ever changed itself
goals = Table(
    "goals",
    metadata,
    Column("goal_id", Integer, primary_key=True, autoincrement=True),
    Column("rep_id", Text, nullable=False),
    Index(None, "rep_id"),
)

goal_changes = Table(
    "goal_changes",
    metadata,
    Column("goal_id", Integer, ForeignKey("goals.goal_id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)

# what people say of the story and of the coaching: added and never changed; numbers keep the order of arrival
pulse_sheets = Table(
    "pulse_sheets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("sheet_id", String(64), nullable=False),
    Column("initiative_id", String(200), nullable=False),
    Column("person_id", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "sheet_id", unique=True),
    Index(None, "initiative_id"),
)

field_reports = Table(
    "field_reports",
    metadata,
    Column("report_id", String(64), primary_key=True),
    Column("initiative_id", String(200), nullable=False),
    Column("person_id", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "initiative_id"),
    Index(None, "person_id"),
)

field_answers = Table(
    "field_answers",
    metadata,
    Column("report_id", String(64), ForeignKey("field_reports.report_id", ondelete="CASCADE"), primary_key=True),
    Column("told_at", String(32)),
    Column("body", Text, nullable=False),
)
