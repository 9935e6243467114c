"""The tables. Each keeps a domain value as JSON in `body` (peaks: bytes), beside the columns that questions ask about."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

HEAD = "0018"
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

# where finders found names and numbers in a call's words, for redaction: made again at the price of reading the call
entities = Table(
    "entities",
    metadata,
    _call_id(),
    Column("made_by", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
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

# what a call is judged from beside its signals, whatever judge and thresholds: made again at the price of judging from nothing
groundworks = Table(
    "groundworks",
    metadata,
    _call_id(),
    Column("initiative_id", String(200), primary_key=True),
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

# what a whole run rolled up for screens, which then add up nothing: the reports, the review queue; and what was dismissed from it
kept_reports = Table(
    "kept_reports",
    metadata,
    Column("about", String(20), primary_key=True),
    Column("wanted", String(200), primary_key=True),
    Column("run_id", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("body", Text, nullable=False),
)

QUEUE_COUNTED = (
    *("rep_id", "day", "call_id", "initiative_id", "team", "verdict", "uncertainty"),
    *("flagged", "uncertain", "random", "disputed"),
)

queue = Table(
    "queue",
    metadata,
    _call_id(),
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
    _call_id(),
    Column("initiative_id", String(200), primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("batch_id", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "batch_id"),
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

# who may sign in; secrets and passwords as hashes. The audit log is only ever added to, each line hashed over the one before.

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

# what somebody has on the workbench: about draft, before (what a write replaced) or pinned; name is that of the rubric's file
workbench = Table(
    "workbench",
    metadata,
    Column("account_id", String(40), ForeignKey("accounts.account_id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("about", String(20), primary_key=True),
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
