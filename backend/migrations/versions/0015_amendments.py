"""amendments: what of a student's record was said to be wrong, and what was decided"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "amendment_requests"
DECIDED = "state, decision, decided_by, decided_at, statement"


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"{TABLE}_{name}_check"))


def _user(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"{TABLE}_{column}_fkey"))


def upgrade() -> None:
    instant = postgresql.TIMESTAMP(timezone=True)
    op.create_table(
        TABLE,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("state", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("decision", sa.String(length=2000), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("statement", sa.String(length=2000), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f(f"{TABLE}_pkey")),
        _check("about", "about in ('game_play', 'assessment', 'rating', 'note', 'person')"),
        _check("state", "state in ('open', 'accepted', 'refused')"),
        _check(
            "decided",
            "(state = 'open') = (decided_at is null) and (state = 'open') = (decision is null)"
            " and (state = 'open') = (decided_by is null)",
        ),
        _check("statement", "statement is null or state = 'refused'"),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f(f"{TABLE}_school_id_fkey"),
        ),
        _user("noted_by"),
        _user("decided_by"),
    )
    op.create_index(op.f(f"{TABLE}_school_id_student_id_idx"), TABLE, ["school_id", "student_id"])
    op.execute(f"alter table {TABLE} enable row level security")
    op.execute(f"create policy seen on {TABLE} using (school_id in (select seen_school_ids()))")
    op.execute(f"grant select, insert, update ({DECIDED}) on {TABLE} to learntrace_reader")


def downgrade() -> None:
    op.drop_table(TABLE)
