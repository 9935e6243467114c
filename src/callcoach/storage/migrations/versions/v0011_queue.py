"""What was rolled up for screens: the review queue, the reports, what was dismissed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "kept_reports",
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("wanted", sa.String(200), nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("about", "wanted", name="pk_kept_reports"),
    )
    op.create_table(
        "queue",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("rep_id", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("uncertainty", sa.Float, nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("random", sa.Boolean, nullable=False),
        sa.Column("disputed", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "initiative_id", name="pk_queue"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_queue_call_id", ondelete="CASCADE"),
    )
    op.create_index("ix_queue_newest", "queue", ["day", "call_id", "initiative_id"])
    op.create_index("ix_queue_least_sure", "queue", ["uncertainty", "call_id", "initiative_id"])
    counted = ["rep_id", "day", "call_id", "initiative_id", "team", "verdict", "uncertainty"]
    op.create_index("ix_queue_counted", "queue", [*counted, "flagged", "uncertain", "random", "disputed"])
    op.create_table(
        "dismissals",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("batch_id", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "initiative_id", name="pk_dismissals"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_dismissals_call_id", ondelete="CASCADE"),
    )
    op.create_index("ix_dismissals_batch_id", "dismissals", ["batch_id"])
    op.create_table(
        "coaching_history",
        sa.Column("rep_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("behaviour", sa.String(40), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("rep_id", "initiative_id", "behaviour", "since", name="pk_coaching_history"),
    )
