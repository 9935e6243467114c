"""Second opinions, beside the scores; and what the language models read of each call, so that a new story encodes none again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "second_opinions",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("asked", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "initiative_id", "asked", name="pk_second_opinions"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_second_opinions_call_id", ondelete="CASCADE"),
    )
    op.create_table(
        "readings",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_readings"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_readings_call_id", ondelete="CASCADE"),
    )
