"""Calls, the three layers of fact made of them, failures, initiatives and runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "calls",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("rep_id", sa.Text),
        sa.Column("day", sa.String(10)),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_calls"),
    )
    op.create_index("ix_calls_day", "calls", ["day"])
    op.create_index("ix_calls_rep_id", "calls", ["rep_id"])
    op.create_table(
        "transcripts",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "made_by", name="pk_transcripts"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_transcripts_call_id", ondelete="CASCADE"),
    )
    op.create_table(
        "signals",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "initiative_id", "made_by", name="pk_signals"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_signals_call_id", ondelete="CASCADE"),
    )
    op.create_table(
        "scores",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("signals_made_by", sa.String(200), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "initiative_id", "made_by", name="pk_scores"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_scores_call_id", ondelete="CASCADE"),
    )
    op.create_index("ix_scores_initiative_id_is_current", "scores", ["initiative_id", "is_current"])
    op.create_table(
        "failures",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "stage", "made_by", name="pk_failures"),
    )
    op.create_table(
        "initiatives",
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("initiative_id", "version", name="pk_initiatives"),
    )
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("begun_at", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_runs"),
    )
