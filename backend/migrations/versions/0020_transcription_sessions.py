"""recordings and transcripts: what was said, how far it is transcribed, where the audio lies"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OF_SCHOOLS = ("transcription_sessions", "audio_files", "transcript_segments")


def upgrade() -> None:
    op.create_table(
        "upload_keys",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("upload_keys_pkey")),
    )
    op.create_table(
        "transcription_sessions",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("stt_provider", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("audio_filename", sa.String(length=255), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("share", sa.Double(), server_default="0", nullable=False),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("engine", sa.String(length=100), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claimed_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("completed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("checked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status in ('uploading', 'pending', 'processing', 'completed', 'failed', 'cancelled')",
            name=op.f("transcription_sessions_status_check"),
        ),
        sa.CheckConstraint(
            "(checked_at is null) = (checked_by is null)",
            name=op.f("transcription_sessions_checked_check"),
        ),
        sa.CheckConstraint(
            "share between 0 and 1", name=op.f("transcription_sessions_share_check")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["users.id"], name=op.f("transcription_sessions_checked_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("transcription_sessions_owner_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("transcription_sessions_school_id_student_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("transcription_sessions_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("transcription_sessions_pkey")),
    )
    op.create_index(
        op.f("transcription_sessions_school_id_owner_id_created_at_idx"),
        "transcription_sessions",
        ["school_id", "owner_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("transcription_sessions_school_id_student_id_idx"),
        "transcription_sessions",
        ["school_id", "student_id"],
        unique=False,
    )
    op.create_index(
        "transcription_sessions_to_do_idx",
        "transcription_sessions",
        ["claimed_until"],
        unique=False,
        postgresql_where=sa.text("status = 'processing'"),
    )
    op.create_table(
        "audio_files",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transcription_session_id", sa.Uuid(), nullable=True),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("most_bytes", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(length=40), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("uploaded_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("confirmed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("discarded_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "transcription_session_id"],
            ["transcription_sessions.school_id", "transcription_sessions.id"],
            name=op.f("audio_files_school_id_transcription_session_id_fkey"),
            ondelete="SET NULL (transcription_session_id)",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("audio_files_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("audio_files_pkey")),
    )
    op.create_index(
        op.f("audio_files_school_id_transcription_session_id_idx"),
        "audio_files",
        ["school_id", "transcription_session_id"],
        unique=False,
    )
    op.create_table(
        "transcript_segments",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transcription_session_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=7), nullable=True),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "role in ('student', 'teacher', 'peer')", name=op.f("transcript_segments_role_check")
        ),
        sa.CheckConstraint(
            "start_s >= 0 and end_s >= start_s", name=op.f("transcript_segments_times_check")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "transcription_session_id"],
            ["transcription_sessions.school_id", "transcription_sessions.id"],
            name=op.f("transcript_segments_school_id_transcription_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("transcript_segments_pkey")),
    )
    op.create_index(
        "transcript_segments_order_idx",
        "transcript_segments",
        ["school_id", "transcription_session_id", "position"],
        unique=True,
    )
    for table in OF_SCHOOLS:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy seen on {table} using (school_id in (select seen_school_ids()))")
        op.execute(f"grant select, insert, update, delete on {table} to learntrace_reader")


def downgrade() -> None:
    for table in reversed(OF_SCHOOLS):
        op.drop_table(table)
    op.drop_table("upload_keys")
