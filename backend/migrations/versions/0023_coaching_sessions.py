"""coaching: who is coached, meetings with them, and what was seen there"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0023"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CLIENTS, MEETINGS, SEEN = "coaching_clients", "coaching_sessions", "coaching_observations"


def _key(table: str, column: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("school_id", column, name=op.f(f"{table}_pkey"))


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"{table}_{column}_fkey"))


def _of_school(
    table: str, column: str, other: str, other_id: str = "id", ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", column],
        [f"{other}.school_id", f"{other}.{other_id}"],
        name=op.f(f"{table}_school_id_{column}_fkey"),
        ondelete=ondelete,
    )


def _index(table: str, *columns: str) -> None:
    name = "_".join((table, "school_id", *columns, "idx"))
    op.create_index(op.f(name), table, ["school_id", *columns])


def upgrade() -> None:
    instant = postgresql.TIMESTAMP(timezone=True)
    op.create_table(
        CLIENTS,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("anonymized_at", instant, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        _key(CLIENTS, "id"),
        sa.CheckConstraint(
            "num_nonnulls(name, student_id, anonymized_at) = 1", name=op.f(f"{CLIENTS}_who_check")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f(f"{CLIENTS}_school_id_fkey")
        ),
        _user(CLIENTS, "owner_id"),
        _of_school(CLIENTS, "student_id", "students"),
    )
    op.create_table(
        MEETINGS,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("session_date", sa.Date(), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("fee_amount", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fee_currency", sa.String(length=3), nullable=True),
        sa.Column("transcription_session_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        _key(MEETINGS, "id"),
        sa.CheckConstraint("duration_min >= 0", name=op.f(f"{MEETINGS}_duration_check")),
        sa.CheckConstraint("fee_amount >= 0", name=op.f(f"{MEETINGS}_fee_check")),
        _user(MEETINGS, "coach_id"),
        _of_school(MEETINGS, "client_id", CLIENTS),
        _of_school(
            MEETINGS,
            "transcription_session_id",
            "transcription_sessions",
            ondelete="SET NULL (transcription_session_id)",
        ),
    )
    op.create_table(
        SEEN,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("coaching_session_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=2000), server_default="", nullable=False),
        _key(SEEN, "rating_id"),
        _of_school(SEEN, "coaching_session_id", MEETINGS, ondelete="CASCADE"),
        _of_school(SEEN, "rating_id", "ratings", ondelete="CASCADE"),
    )
    _index(CLIENTS, "owner_id")
    _index(CLIENTS, "student_id")
    _index(MEETINGS, "client_id", "session_date")
    _index(MEETINGS, "transcription_session_id")
    _index(SEEN, "coaching_session_id")
    for table in (CLIENTS, MEETINGS, SEEN):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id in (select seen_school_ids()))")
        op.execute(f"grant select, insert, update, delete on {table} to learntrace_reader")


def downgrade() -> None:
    for table in (SEEN, MEETINGS, CLIENTS):
        op.drop_table(table)
