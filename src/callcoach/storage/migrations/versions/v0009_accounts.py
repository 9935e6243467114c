"""Who may sign in: accounts, sessions, tokens; and the audit log."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
