"""The workbench: unsaved texts of rubrics, what a write replaced, and pinned calls, by person."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "workbench",
        sa.Column("account_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "name", "about", name="pk_workbench"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name="fk_workbench_account_id", ondelete="CASCADE"),
    )
