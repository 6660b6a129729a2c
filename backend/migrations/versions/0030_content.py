"""content items, and who wants to find which again"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("content_items", "content_favourites")


def upgrade() -> None:
    op.create_table(
        "content_items",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("source_url", sa.String(length=1000), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("difficulty", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tags", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("materials", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "content_type in ('text', 'dialogue', 'exercise', 'audio', 'video')",
            name=op.f("content_items_content_type_check"),
        ),
        sa.CheckConstraint(
            "difficulty in ('beginner', 'intermediate', 'advanced', 'native')",
            name=op.f("content_items_difficulty_check"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("content_items_school_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("content_items_owner_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("content_items_pkey")),
    )
    op.create_index(
        "content_items_source_idx",
        "content_items",
        ["school_id", "owner_id", "source_url"],
        unique=True,
    )
    op.create_index(
        op.f("content_items_school_id_title_idx"),
        "content_items",
        ["school_id", "title"],
        unique=False,
    )
    op.create_table(
        "content_favourites",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "content_id"],
            ["content_items.school_id", "content_items.id"],
            name=op.f("content_favourites_school_id_content_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("content_favourites_user_id_fkey")
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "content_id", "user_id", name=op.f("content_favourites_pkey")
        ),
    )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id in (select seen_school_ids()))")
        op.execute(f"grant select, insert, update, delete on {table} to learntrace_reader")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
