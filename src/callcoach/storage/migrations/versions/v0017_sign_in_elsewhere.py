"""Who signs in through another service, and sign-ins there that have begun."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "sign_in_links",
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("account_id", sa.String(40), nullable=False),
        sa.Column("linked_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_sign_in_links"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.account_id"], name="fk_sign_in_links_account_id", ondelete="CASCADE"),
    )
    # one person there for one account here: a second one with the same e-mail is told, not let in
    op.create_index("ix_sign_in_links_account_id_issuer", "sign_in_links", ["account_id", "issuer"], unique=True)
    op.create_table(
        "sign_ins_begun",
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("begun_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_sign_ins_begun"),
    )
