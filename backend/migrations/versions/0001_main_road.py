"""main road"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("game_session_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("timestamp", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("corrected_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.Column("event_type", sa.String(length=100), nullable=False),
        sa.Column("mission_id", sa.String(length=100), nullable=True),
        sa.Column("game_version", sa.String(length=20), nullable=False),
        sa.Column("data", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "event_id", name=op.f("events_pkey")),
    )
    op.create_index(
        "events_session_idx", "events", ["school_id", "game_session_id", "timestamp"], unique=False
    )
    op.create_table(
        "game_mappings",
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("game_id", "version", name=op.f("game_mappings_pkey")),
    )
    op.create_table(
        "game_sessions",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=6), server_default="open", nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("closed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("event_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("assessed_event_count", sa.Integer(), nullable=True),
        sa.Column("assessed_basis", sa.String(length=40), nullable=True),
        sa.Column("claimed_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("state in ('open', 'closed')", name=op.f("game_sessions_state_check")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("game_sessions_pkey")),
    )
    op.create_index(
        "game_sessions_basis_idx",
        "game_sessions",
        ["school_id", "game_id", "assessed_basis"],
        unique=False,
        postgresql_where=sa.text("state = 'closed'"),
    )
    op.create_index(
        "game_sessions_open_idx",
        "game_sessions",
        ["last_received_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "game_sessions_student_idx",
        "game_sessions",
        ["school_id", "student_id", sa.literal_column("started_at desc")],
        unique=False,
    )
    op.create_index(
        "game_sessions_unread_idx",
        "game_sessions",
        ["last_received_at"],
        unique=False,
        postgresql_where=sa.text(
            "state = 'closed' and assessed_event_count is distinct from event_count"
        ),
    )
    op.create_table(
        "games",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("allowed_origins", postgresql.ARRAY(sa.String(length=255)), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("games_pkey")),
        sa.UniqueConstraint("name", name=op.f("games_name_key")),
    )
    op.create_table(
        "reference_tables",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("observation_count", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "school_id", "game_id", "version", name=op.f("reference_tables_pkey")
        ),
    )
    op.create_table(
        "rejections",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("last_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "school_id", "game_id", "day", "code", name=op.f("rejections_pkey")
        ),
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("sandbox_of", sa.Uuid(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sandbox_of"], ["schools.id"], name=op.f("schools_sandbox_of_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("schools_pkey")),
        sa.UniqueConstraint("sandbox_of", name=op.f("schools_sandbox_of_key")),
    )
    op.create_table(
        "telemetry_batches",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=50), nullable=False),
        sa.Column("client_version", sa.String(length=20), nullable=False),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_count", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("rejected", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "batch_id", name=op.f("telemetry_batches_pkey")),
    )
    op.create_table(
        "worker_beats",
        sa.Column("worker", sa.String(length=64), nullable=False),
        sa.Column("seen_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("worker_beats_pkey")),
    )
    op.create_table(
        "classes",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("classes_school_id_fkey")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("classes_pkey")),
        sa.UniqueConstraint("code", name=op.f("classes_code_key")),
    )
    op.create_table(
        "player_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("renewed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["game_id"], ["games.id"], name=op.f("player_tokens_game_id_fkey")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("player_tokens_pkey")),
    )
    op.create_index(
        op.f("player_tokens_expires_at_idx"), "player_tokens", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("player_tokens_school_id_student_id_idx"),
        "player_tokens",
        ["school_id", "student_id"],
        unique=False,
    )
    op.create_table(
        "school_games",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=True),
        sa.Column("added_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["game_id"], ["games.id"], name=op.f("school_games_game_id_fkey")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("school_games_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "game_id", name=op.f("school_games_pkey")),
    )
    op.create_table(
        "session_features",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("game_session_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("extractor_version", sa.Integer(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("reference_version", sa.Integer(), nullable=True),
        sa.Column("features", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tasks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("observations", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("observation_count", sa.Integer(), nullable=False),
        sa.Column("active_time_s", sa.Double(), nullable=False),
        sa.Column("tasks_completed", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("assessed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "game_session_id"],
            ["game_sessions.school_id", "game_sessions.id"],
            name=op.f("session_features_school_id_game_session_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("school_id", "game_session_id", name=op.f("session_features_pkey")),
    )
    op.create_index(
        "session_features_game_idx", "session_features", ["school_id", "game_id"], unique=False
    )
    op.create_table(
        "students",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("pupil_code", sa.String(length=16), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("students_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("students_pkey")),
        sa.UniqueConstraint(
            "school_id", "pupil_code", name=op.f("students_school_id_pupil_code_key")
        ),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("username", sa.String(length=100), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("disabled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(school_id is not null) = (role in ('teacher', 'school_admin'))",
            name=op.f("users_school_check"),
        ),
        sa.CheckConstraint(
            "role in ('teacher', 'school_admin', 'system_admin', 'game_developer')",
            name=op.f("users_role_check"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("users_school_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),
        sa.UniqueConstraint("username", name=op.f("users_username_key")),
    )
    op.create_table(
        "write_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("environment", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_used_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "environment in ('live', 'sandbox')", name=op.f("write_keys_environment_check")
        ),
        sa.ForeignKeyConstraint(["game_id"], ["games.id"], name=op.f("write_keys_game_id_fkey")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("write_keys_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("write_keys_pkey")),
        sa.UniqueConstraint("secret_hash", name=op.f("write_keys_secret_hash_key")),
    )
    op.create_table(
        "enrolments",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "class_id"],
            ["classes.school_id", "classes.id"],
            name=op.f("enrolments_school_id_class_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("enrolments_school_id_student_id_fkey"),
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "class_id", "student_id", name=op.f("enrolments_pkey")
        ),
    )
    op.create_index(
        op.f("enrolments_school_id_student_id_idx"),
        "enrolments",
        ["school_id", "student_id"],
        unique=False,
    )
    op.create_table(
        "game_developers",
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["game_id"], ["games.id"], name=op.f("game_developers_game_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("game_developers_user_id_fkey")
        ),
        sa.PrimaryKeyConstraint("game_id", "user_id", name=op.f("game_developers_pkey")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("rotating", sa.Boolean(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("sign_ins_user_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_ins_pkey")),
    )
    op.create_index(op.f("sign_ins_expires_at_idx"), "sign_ins", ["expires_at"], unique=False)
    op.create_index(op.f("sign_ins_user_id_idx"), "sign_ins", ["user_id"], unique=False)
    op.create_table(
        "teachings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "class_id"],
            ["classes.school_id", "classes.id"],
            name=op.f("teachings_school_id_class_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("teachings_user_id_fkey")),
        sa.PrimaryKeyConstraint("user_id", "school_id", "class_id", name=op.f("teachings_pkey")),
    )
    op.create_table(
        "access_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sign_in_id"],
            ["sign_ins.id"],
            name=op.f("access_tokens_sign_in_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("access_tokens_pkey")),
    )
    op.create_index(
        op.f("access_tokens_expires_at_idx"), "access_tokens", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("access_tokens_sign_in_id_idx"), "access_tokens", ["sign_in_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("access_tokens_sign_in_id_idx"), table_name="access_tokens")
    op.drop_index(op.f("access_tokens_expires_at_idx"), table_name="access_tokens")
    op.drop_table("access_tokens")
    op.drop_table("teachings")
    op.drop_index(op.f("sign_ins_user_id_idx"), table_name="sign_ins")
    op.drop_index(op.f("sign_ins_expires_at_idx"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_table("game_developers")
    op.drop_index(op.f("enrolments_school_id_student_id_idx"), table_name="enrolments")
    op.drop_table("enrolments")
    op.drop_table("write_keys")
    op.drop_table("users")
    op.drop_table("students")
    op.drop_index("session_features_game_idx", table_name="session_features")
    op.drop_table("session_features")
    op.drop_table("school_games")
    op.drop_index(op.f("player_tokens_school_id_student_id_idx"), table_name="player_tokens")
    op.drop_index(op.f("player_tokens_expires_at_idx"), table_name="player_tokens")
    op.drop_table("player_tokens")
    op.drop_table("classes")
    op.drop_table("worker_beats")
    op.drop_table("telemetry_batches")
    op.drop_table("schools")
    op.drop_table("rejections")
    op.drop_table("reference_tables")
    op.drop_table("games")
    op.drop_index(
        "game_sessions_unread_idx",
        table_name="game_sessions",
        postgresql_where=sa.text(
            "state = 'closed' and assessed_event_count is distinct from event_count"
        ),
    )
    op.drop_index("game_sessions_student_idx", table_name="game_sessions")
    op.drop_index(
        "game_sessions_open_idx",
        table_name="game_sessions",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "game_sessions_basis_idx",
        table_name="game_sessions",
        postgresql_where=sa.text("state = 'closed'"),
    )
    op.drop_table("game_sessions")
    op.drop_table("game_mappings")
    op.drop_index("events_session_idx", table_name="events")
    op.drop_table("events")
