"""What people do on a call: comments, examples, answers and disputes; and what of these, or of reviews, they took back."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "remarks",
        sa.Column("remark_id", sa.String(64), nullable=False),
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("remark_id", name="pk_remarks"),
    )
    for column in ("call_id", "kind"):
        op.create_index(f"ix_remarks_{column}", "remarks", [column])
    op.create_table(
        "withdrawn",
        sa.Column("what_id", sa.String(64), nullable=False),
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("what_id", name="pk_withdrawn"),
    )
    op.create_index("ix_withdrawn_call_id", "withdrawn", ["call_id"])
