"""consent: what each school requires, how each student's consents stand and came about

`students.play_consent` repeats whether consent to play is verified, so that the writer learns it
from the row that it locks anyway. Nothing is verified by this: until a school requires consent to
play, all of its students go on playing.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KINDS = "'play', 'audio', 'research'"
STATES = "'pending', 'verified', 'revoked'"
TABLES = ("consent_policies", "consents", "consent_changes")
# For who reads for a person. What was said stays said: no row of a history is changed or deleted.
GRANTED = {
    "consent_policies": "select, insert",
    "consents": "select, insert, update",
    "consent_changes": "select, insert",
    "students": "update (play_consent)",
}


def _one_of(table: str, column: str, values: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} in ({values})", name=op.f(f"{table}_{column}_check"))


def _of_student(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", "student_id"],
        ["students.school_id", "students.id"],
        name=op.f(f"{table}_school_id_fkey"),
    )


def upgrade() -> None:
    op.add_column(
        "students",
        sa.Column("play_consent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_table(
        "consent_policies",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("required", postgresql.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "version", name=op.f("consent_policies_pkey")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("consent_policies_school_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("consent_policies_changed_by_fkey")
        ),
    )
    op.create_table(
        "consents",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "student_id", "kind", name=op.f("consents_pkey")),
        _one_of("consents", "kind", KINDS),
        _one_of("consents", "state", STATES),
        _of_student("consents"),
    )
    op.create_table(
        "consent_changes",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("consent_changes_pkey")),
        _one_of("consent_changes", "kind", KINDS),
        _one_of("consent_changes", "from_state", STATES),
        _one_of("consent_changes", "to_state", STATES),
        _of_student("consent_changes"),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("consent_changes_changed_by_fkey")
        ),
    )
    op.create_index(
        op.f("consent_changes_school_id_student_id_idx"),
        "consent_changes",
        ["school_id", "student_id"],
    )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id in (select seen_school_ids()))")
    for table, rights in GRANTED.items():
        op.execute(f"grant {rights} on {table} to learntrace_reader")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("students", "play_consent")
