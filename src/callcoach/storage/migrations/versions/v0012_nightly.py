"""The nightly run: its lock and what it sent."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "run_locks",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("free", sa.Boolean, nullable=False),
        sa.Column("taken_at", sa.String(32), nullable=False),
        sa.Column("beat_at", sa.String(32), nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_run_locks"),
    )
    op.create_table(
        "deliveries",
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("channel", "delivery_id", name="pk_deliveries"),
    )
