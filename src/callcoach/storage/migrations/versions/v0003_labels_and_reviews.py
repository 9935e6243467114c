"""What people say of calls: blind labels, decisions, overrides of the gate, corrections; and which words are current."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "current_transcripts",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_current_transcripts"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_current_transcripts_call_id", ondelete="CASCADE"),
    )
    op.create_table(
        "calibration_rounds",
        sa.Column("round_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("round_id", name="pk_calibration_rounds"),
    )
    op.create_table(
        "label_drafts",
        sa.Column("round_id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("round_id", "person_id", "call_id", name="pk_label_drafts"),
    )
    op.create_table(
        "labels",
        sa.Column("label_id", sa.String(64), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("round_id", sa.String(200)),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("label_id", name="pk_labels"),
    )
    for column in ("initiative_id", "call_id", "round_id"):
        op.create_index(f"ix_labels_{column}", "labels", [column])
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("round_id", sa.String(200), nullable=False),
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_round_id", "decisions", ["round_id"])
    op.create_table(
        "gate_overrides",
        sa.Column("override_id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("override_id", name="pk_gate_overrides"),
    )
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.String(64), nullable=False),
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("review_id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_call_id_initiative_id", "reviews", ["call_id", "initiative_id"])
