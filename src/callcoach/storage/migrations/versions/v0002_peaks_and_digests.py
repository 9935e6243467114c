"""Peaks of recordings, for the player; and a digest of each transcript, so that signals outlive a key that changes no word."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of peaks, add the digests and fill them."""
    op.create_table(
        "peaks",
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("content", name="pk_peaks"),
    )
    op.add_column("transcripts", sa.Column("digest", sa.String(64)))
    table = sa.table("transcripts", *(sa.column(name) for name in ("call_id", "made_by", "digest", "body")))
    connection = op.get_bind()
    for call_id, made_by in connection.execute(sa.select(table.c.call_id, table.c.made_by)).all():
        this = sa.and_(table.c.call_id == call_id, table.c.made_by == made_by)
        body = connection.execute(sa.select(table.c.body).where(this)).scalar_one()
        connection.execute(sa.update(table).where(this).values(digest=hashlib.sha256(body.encode()).hexdigest()))
