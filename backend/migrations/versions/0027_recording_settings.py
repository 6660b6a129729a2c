"""whether a school keeps the audio of recordings whose transcript was checked

A school without a row does not.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "recording_settings"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("keep_audio", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f(f"{TABLE}_changed_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f(f"{TABLE}_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f(f"{TABLE}_pkey")),
    )
    op.execute(f"alter table {TABLE} enable row level security")
    op.execute(f"create policy seen on {TABLE} using (school_id in (select seen_school_ids()))")
    op.execute(f"grant select, insert, update on {TABLE} to learntrace_reader")


def downgrade() -> None:
    op.drop_table(TABLE)
