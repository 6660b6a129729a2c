"""retention: how long each school keeps what, and receipts of what went

No school forgets anything by this: without a row everything is kept until it is erased.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("retention_policies", "retention_removals")


def _school(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id"], ["schools.id"], name=op.f(f"{table}_school_id_fkey")
    )


def upgrade() -> None:
    op.create_table(
        "retention_policies",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("play_days", sa.Integer(), nullable=True),
        sa.Column("left_days", sa.Integer(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "version", name=op.f("retention_policies_pkey")),
        _school("retention_policies"),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("retention_policies_changed_by_fkey")
        ),
    )
    op.create_table(
        "retention_removals",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "school_id", "day", "cause", "kind", name=op.f("retention_removals_pkey")
        ),
        sa.CheckConstraint(
            "cause in ('play', 'left')", name=op.f("retention_removals_cause_check")
        ),
        _school("retention_removals"),
    )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id in (select seen_school_ids()))")
    op.execute("grant select, insert on retention_policies to learntrace_reader")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
