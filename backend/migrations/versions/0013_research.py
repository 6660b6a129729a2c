"""research: the keys under which students have pseudonyms in a study's files"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "research_studies"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("research_studies_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "name", name=op.f("research_studies_pkey")),
    )
    op.execute(f"alter table {TABLE} enable row level security")
    op.execute(f"create policy seen on {TABLE} using (school_id in (select seen_school_ids()))")


def downgrade() -> None:
    op.drop_table(TABLE)
