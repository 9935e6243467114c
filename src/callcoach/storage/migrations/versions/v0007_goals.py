"""Goals that reps and managers agree on, and how each came to read as it does."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "goals",
        sa.Column("goal_id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("rep_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("goal_id", name="pk_goals"),
    )
    op.create_index("ix_goals_rep_id", "goals", ["rep_id"])
    op.create_table(
        "goal_changes",
        sa.Column("goal_id", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("goal_id", "revision", name="pk_goal_changes"),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.goal_id"], name="fk_goal_changes_goal_id", ondelete="CASCADE"),
    )
