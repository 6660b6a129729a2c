"""learning sessions, scenarios, review cards, and what is assigned"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("scenarios", "assignments", "review_cards", "learning_sessions", "scenario_runs")


def upgrade() -> None:
    op.create_table(
        "scenarios",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("difficulty", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("phases", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "difficulty in ('beginner', 'intermediate', 'advanced', 'native')",
            name=op.f("scenarios_difficulty_check"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("scenarios_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("scenarios_pkey")),
    )
    op.create_index(
        op.f("scenarios_school_id_key_idx"), "scenarios", ["school_id", "key"], unique=True
    )
    op.create_table(
        "assignments",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'review') = (source_id is null)", name=op.f("assignments_source_check")
        ),
        sa.CheckConstraint(
            "kind in ('scenario', 'content', 'review')", name=op.f("assignments_kind_check")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["users.id"], name=op.f("assignments_assigned_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("assignments_school_id_student_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("assignments_pkey")),
    )
    op.create_index(
        "assignments_open_idx",
        "assignments",
        ["school_id", "student_id", "kind", "source_id"],
        unique=True,
        postgresql_where=sa.text("done_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        op.f("assignments_school_id_student_id_assigned_at_idx"),
        "assignments",
        ["school_id", "student_id", "assigned_at"],
        unique=False,
    )
    op.create_table(
        "review_cards",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("front", sa.String(length=200), nullable=False),
        sa.Column("back", sa.String(length=500), nullable=False),
        sa.Column("memory", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("due_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("answered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("review_cards_school_id_student_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("review_cards_pkey")),
    )
    op.create_index(
        "review_cards_front_idx",
        "review_cards",
        ["school_id", "student_id", "language", "front"],
        unique=True,
    )
    op.create_index(
        op.f("review_cards_school_id_student_id_due_at_idx"),
        "review_cards",
        ["school_id", "student_id", "due_at"],
        unique=False,
    )
    op.create_table(
        "learning_sessions",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("session_type", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("items_studied", sa.Integer(), server_default="0", nullable=False),
        sa.Column("items_correct", sa.Integer(), server_default="0", nullable=False),
        sa.Column("items_incorrect", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "answers", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "session_type in ('scenario', 'content_study', 'vocabulary_review', 'conversation')",
            name=op.f("learning_sessions_session_type_check"),
        ),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("learning_sessions_times_check")),
        sa.CheckConstraint(
            "items_studied >= 0 and items_correct >= 0 and items_incorrect >= 0",
            name=op.f("learning_sessions_counts_check"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "assignment_id"],
            ["assignments.school_id", "assignments.id"],
            name=op.f("learning_sessions_school_id_assignment_id_fkey"),
            ondelete="SET NULL (assignment_id)",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("learning_sessions_school_id_student_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["users.id"], name=op.f("learning_sessions_started_by_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("learning_sessions_pkey")),
    )
    op.create_index(
        op.f("learning_sessions_school_id_student_id_started_at_idx"),
        "learning_sessions",
        ["school_id", "student_id", "started_at"],
        unique=False,
    )
    op.create_table(
        "scenario_runs",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("scenario_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("phases", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "met", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "answers", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "outcome", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at is null) = (outcome is null)", name=op.f("scenario_runs_outcome_check")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "assignment_id"],
            ["assignments.school_id", "assignments.id"],
            name=op.f("scenario_runs_school_id_assignment_id_fkey"),
            ondelete="SET NULL (assignment_id)",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("scenario_runs_school_id_student_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["users.id"], name=op.f("scenario_runs_started_by_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("scenario_runs_pkey")),
    )
    op.create_index(
        "scenario_runs_open_idx",
        "scenario_runs",
        ["school_id", "student_id", "scenario_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        op.f("scenario_runs_school_id_student_id_started_at_idx"),
        "scenario_runs",
        ["school_id", "student_id", "started_at"],
        unique=False,
    )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id in (select seen_school_ids()))")
        rights = "select" if table == "scenarios" else "select, insert, update, delete"
        op.execute(f"grant {rights} on {table} to learntrace_reader")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
