"""What calls are judged from beside their signals, so that a changed judge or threshold asks for none of it again."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "groundworks",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "initiative_id", name="pk_groundworks"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_groundworks_call_id", ondelete="CASCADE"),
    )
