"""plans: which one each school has, and a ledger of what it used

A school without a row has the default.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("school_plans", "usage_entries")


def _school(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id"], ["schools.id"], name=op.f(f"{table}_school_id_fkey")
    )


def upgrade() -> None:
    op.create_table(
        "school_plans",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.String(length=20), nullable=False),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        _school("school_plans"),
        sa.PrimaryKeyConstraint("school_id", name=op.f("school_plans_pkey")),
    )
    op.create_table(
        "usage_entries",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("meter", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("used_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("settled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "meter in ('recordings', 'transcribed_s')", name=op.f("usage_entries_meter_check")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("usage_entries_amount_check")),
        _school("usage_entries"),
        sa.PrimaryKeyConstraint("school_id", "meter", "thing_id", name=op.f("usage_entries_pkey")),
    )
    op.create_index(
        op.f("usage_entries_school_id_used_at_idx"),
        "usage_entries",
        ["school_id", "used_at"],
        unique=False,
    )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id in (select seen_school_ids()))")
    op.execute("grant select on school_plans to learntrace_reader")
    op.execute("grant select, insert, update, delete on usage_entries to learntrace_reader")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
