"""what was measured in checked transcripts; what goes is to be in no population any more"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Rows go by cascade, too, and by whoever deletes a recording, who may do nothing else here.
MARK = """
create function mark_refit_of_talk() returns trigger language plpgsql
security definer set search_path from current as $$
begin
  insert into refits_due as due (school_id, game_id, what)
  values (old.school_id, old.population_id, 'population')
  on conflict (school_id, game_id, what) do update set marks = due.marks + 1;
  return null;
end
$$
"""


def upgrade() -> None:
    op.create_table(
        "transcript_features",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("transcription_session_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("population_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("versions", sa.String(length=20), nullable=False),
        sa.Column("said_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("transcript_updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("features", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "student_id"],
            ["students.school_id", "students.id"],
            name=op.f("transcript_features_school_id_student_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "transcription_session_id"],
            ["transcription_sessions.school_id", "transcription_sessions.id"],
            name=op.f("transcript_features_school_id_transcription_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "school_id", "transcription_session_id", name=op.f("transcript_features_pkey")
        ),
    )
    op.create_index(
        op.f("transcript_features_school_id_student_id_idx"),
        "transcript_features",
        ["school_id", "student_id"],
    )
    op.create_index(
        op.f("transcript_features_school_id_population_id_idx"),
        "transcript_features",
        ["school_id", "population_id"],
    )
    op.execute(MARK)
    op.execute(
        "create trigger mark_refit after delete on transcript_features "
        "for each row execute function mark_refit_of_talk()"
    )
    op.execute("alter table transcript_features enable row level security")
    op.execute(
        "create policy seen on transcript_features using (school_id in (select seen_school_ids()))"
    )
    op.execute("grant select, insert, update, delete on transcript_features to learntrace_reader")


def downgrade() -> None:
    op.drop_table("transcript_features")
    op.execute("drop function mark_refit_of_talk()")
