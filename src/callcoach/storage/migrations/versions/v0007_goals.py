"""Goals that reps and managers agree on, and how each came to read as it does."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
