"""audit: who read or changed what of which student; nobody changes it afterwards

Students stand in it under pseudonyms, digests with a key in the student's own row: it goes with the
row. The triggers hold for the tables' owner, too, and in a session that replays another's changes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# PostgreSQL's own source of strong random bytes, but for six bits of each half.
RANDOM = "(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"
REFUSE = """
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.at < now() - interval '365 days' then
      return old;
    end if;
  end if;
  raise insufficient_privilege using message =
    'the audit log is not changed, and no entry is deleted in its first 365 days';
end
$$
"""
# The instant is the database's, so that nobody who reads dates an entry.
WRITTEN = "school_id, by, person_id, person_name, action, class_id, students"


def upgrade() -> None:
    op.add_column(
        "students",
        sa.Column("audit_key", sa.LargeBinary(), server_default=sa.text(RANDOM), nullable=False),
    )
    op.create_table(
        "audit_entries",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "at",
            postgresql.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=True),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("students", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "at", "id", name=op.f("audit_entries_pkey")),
        sa.CheckConstraint(
            "by in ('person', 'program', 'command')", name=op.f("audit_entries_by_check")
        ),
    )
    op.create_index(
        op.f("audit_entries_students_idx"), "audit_entries", ["students"], postgresql_using="gin"
    )
    op.execute(REFUSE)
    op.execute(
        "create trigger append_only before update or delete on audit_entries "
        "for each row execute function refuse_audit_change()"
    )
    op.execute(
        "create trigger never_emptied before truncate on audit_entries "
        "for each statement execute function refuse_audit_change()"
    )
    for trigger in ("append_only", "never_emptied"):
        op.execute(f"alter table audit_entries enable always trigger {trigger}")
    op.execute("alter table audit_entries enable row level security")
    op.execute(
        "create policy seen on audit_entries using (school_id in (select seen_school_ids()))"
    )
    op.execute(f"grant select, insert ({WRITTEN}) on audit_entries to learntrace_reader")


def downgrade() -> None:
    op.drop_table("audit_entries")
    op.execute("drop function refuse_audit_change()")
    op.drop_column("students", "audit_key")
