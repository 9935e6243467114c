"""What people say of the story and of the coaching: pulse answers and reports from the field."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "pulse_sheets",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("sheet_id", sa.String(64), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_pulse_sheets"),
    )
    op.create_index("ix_pulse_sheets_sheet_id", "pulse_sheets", ["sheet_id"], unique=True)
    op.create_index("ix_pulse_sheets_initiative_id", "pulse_sheets", ["initiative_id"])
    op.create_table(
        "field_reports",
        sa.Column("report_id", sa.String(64), nullable=False),
        sa.Column("initiative_id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("report_id", name="pk_field_reports"),
    )
    op.create_index("ix_field_reports_initiative_id", "field_reports", ["initiative_id"])
    op.create_index("ix_field_reports_person_id", "field_reports", ["person_id"])
    op.create_table(
        "field_answers",
        sa.Column("report_id", sa.String(64), nullable=False),
        sa.Column("told_at", sa.String(32)),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("report_id", name="pk_field_answers"),
        sa.ForeignKeyConstraint(
            ["report_id"], ["field_reports.report_id"], name="fk_field_answers_report_id", ondelete="CASCADE"
        ),
    )
