"""Where names and numbers stand in each call, so that a redacted export reads no call twice."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "entities",
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_entities"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_entities_call_id", ondelete="CASCADE"),
    )
