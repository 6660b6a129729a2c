"""research: which study each student's play was handed to, to whom and what for"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "research_disclosures"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("study", sa.String(length=100), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f(f"{TABLE}_school_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("school_id", "student_id", "at", name=op.f(f"{TABLE}_pkey")),
    )
    op.execute(f"alter table {TABLE} enable row level security")
    op.execute(f"create policy seen on {TABLE} using (school_id in (select seen_school_ids()))")


def downgrade() -> None:
    op.drop_table(TABLE)
