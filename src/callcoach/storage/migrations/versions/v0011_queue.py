"""What was rolled up for screens: the review queue, the reports, what was dismissed."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
