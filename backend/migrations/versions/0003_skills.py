"""skills: what is known of each student, on what it rests, what is to be assessed anew

Stored sessions are assessed once more, because their answers were not kept until now.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = (
    "ratings",
    "notes",
    "fusion_weights",
    "session_answers",
    "item_tables",
    "populations",
    "knowledge_states",
    "assessments",
    "assessments_due",
    "adaptive_decisions",
)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.TIMESTAMP(timezone=True), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(
        name, sa.Integer(), autoincrement=False, nullable=False, server_default=default
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("school_id", *columns, name=op.f(f"{table}_pkey"))


def _student(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["school_id", "student_id"],
        ["students.school_id", "students.id"],
        name=op.f(f"{table}_school_id_student_id_fkey"),
    )


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"{table}_{column}_fkey"))


def upgrade() -> None:
    op.add_column(
        "students",
        sa.Column("extra_time", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    _what_teachers_write()
    _what_is_counted()
    _what_is_estimated()
    op.execute("update game_sessions set assessed_basis = '' where assessed_basis is not null")


def _what_teachers_write() -> None:
    op.create_table(
        "ratings",
        _id("school_id"),
        _id("id"),
        _id("student_id"),
        _id("rater_id"),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        _instant("created_at"),
        sa.CheckConstraint("level between 1 and 4", name=op.f("ratings_level_check")),
        _user("ratings", "rater_id"),
        _student("ratings"),
        _key("ratings", "id"),
    )
    op.create_index("ratings_school_id_student_id_idx", "ratings", ["school_id", "student_id"])
    op.create_table(
        "notes",
        _id("school_id"),
        _id("id"),
        _id("student_id"),
        _id("author_id"),
        sa.Column("text", sa.String(length=2000), nullable=False),
        _instant("created_at"),
        _user("notes", "author_id"),
        _student("notes"),
        _key("notes", "id"),
    )
    op.create_index("notes_school_id_student_id_idx", "notes", ["school_id", "student_id"])
    op.create_table(
        "fusion_weights",
        _id("school_id"),
        _number("version"),
        _json("trust"),
        _id("created_by"),
        _instant("created_at"),
        _user("fusion_weights", "created_by"),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fusion_weights_school_id_fkey")
        ),
        _key("fusion_weights", "version"),
    )


def _what_is_counted() -> None:
    op.create_table(
        "session_answers",
        _id("school_id"),
        _id("game_session_id"),
        _id("student_id"),
        _id("game_id"),
        _number("event_count"),
        _json("answers"),
        _number("answer_count"),
        _instant("first_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "game_session_id"],
            ["game_sessions.school_id", "game_sessions.id"],
            name=op.f("session_answers_school_id_game_session_id_fkey"),
        ),
        _key("session_answers", "game_session_id"),
    )
    for whose in ("student_id", "game_id"):
        op.create_index(
            f"session_answers_school_id_{whose}_idx", "session_answers", ["school_id", whose]
        )
    op.create_table(
        "item_tables",
        _id("school_id"),
        _id("game_id"),
        _number("version"),
        _number("answer_count"),
        _json("body"),
        _instant("created_at"),
        _key("item_tables", "game_id", "version"),
    )
    op.create_table(
        "populations",
        _id("school_id"),
        _id("game_id"),
        _number("version"),
        _number("session_count"),
        _json("body"),
        _instant("created_at"),
        _key("populations", "game_id", "version"),
    )


def _what_is_estimated() -> None:
    op.create_table(
        "knowledge_states",
        _id("school_id"),
        _id("student_id"),
        _id("game_id"),
        _number("table_version"),
        _number("answer_count"),
        _json("state"),
        _instant("updated_at"),
        _student("knowledge_states"),
        _key("knowledge_states", "student_id", "game_id"),
    )
    op.create_table(
        "assessments",
        _id("school_id"),
        _id("student_id"),
        _id("id"),
        _instant("assessed_at"),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        _json("body"),
        _student("assessments"),
        _key("assessments", "student_id", "id"),
    )
    op.create_table(
        "assessments_due",
        _id("school_id"),
        _id("student_id"),
        _number("marks", "1"),
        _instant("next_at"),
        _number("attempts", "0"),
        _student("assessments_due"),
        _key("assessments_due", "student_id"),
    )
    op.create_index("assessments_due_next_at_idx", "assessments_due", ["next_at"])
    op.create_table(
        "adaptive_decisions",
        _id("school_id"),
        _id("id"),
        _id("student_id"),
        _id("game_id"),
        _instant("decided_at"),
        sa.Column("policy_version", sa.String(length=40), nullable=False),
        sa.Column("propensity", sa.Double(), nullable=False),
        _json("body"),
        _student("adaptive_decisions"),
        _key("adaptive_decisions", "id"),
    )
    op.create_index(
        "adaptive_decisions_student_idx",
        "adaptive_decisions",
        ["school_id", "student_id", "game_id", "decided_at"],
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("students", "extra_time")
