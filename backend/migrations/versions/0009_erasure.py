"""erasure: receipts, tombstones by which nobody erased comes back, tables to be made anew

A tombstone is a digest under a key of the school's own: it tells nobody who was erased, and tells
an id that comes again.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("tombstone_keys", "erased_students", "erasures", "refits_due")


def _school(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id"], ["schools.id"], name=op.f(f"{table}_school_id_fkey")
    )


def upgrade() -> None:
    op.create_table(
        "tombstone_keys",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("inner_key", sa.LargeBinary(), nullable=False),
        sa.Column("outer_key", sa.LargeBinary(), nullable=False),
        _school("tombstone_keys"),
        sa.PrimaryKeyConstraint("school_id", name=op.f("tombstone_keys_pkey")),
    )
    op.create_table(
        "erased_students",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("tombstone", sa.LargeBinary(), nullable=False),
        _school("erased_students"),
        sa.PrimaryKeyConstraint("school_id", "tombstone", name=op.f("erased_students_pkey")),
    )
    op.create_table(
        "erasures",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("erased_by", sa.Uuid(), nullable=True),
        sa.Column("tombstone", sa.LargeBinary(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _school("erasures"),
        sa.ForeignKeyConstraint(["erased_by"], ["users.id"], name=op.f("erasures_erased_by_fkey")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("erasures_pkey")),
    )
    op.create_table(
        "refits_due",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("marks", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("school_id", "game_id", "what", name=op.f("refits_due_pkey")),
    )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id in (select seen_school_ids()))")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
