"""What people say of the story and of the coaching: pulse answers and reports from the field."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
