"""budgets for paid engines: how much a school may spend a month, and what each run of one cost

A school without a row may spend nothing.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "school_budgets"
ABOUT = "about_id, about_name"


def _meters(*meters: str) -> None:
    allowed = ", ".join(f"'{meter}'" for meter in meters)
    op.execute("alter table usage_entries drop constraint usage_entries_meter_check")
    op.execute(
        "alter table usage_entries add constraint usage_entries_meter_check "
        f"check (meter in ({allowed}))"
    )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("monthly_micro", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("monthly_micro >= 0", name=op.f(f"{TABLE}_monthly_micro_check")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f(f"{TABLE}_school_id_fkey")
        ),
        sa.PrimaryKeyConstraint("school_id", name=op.f(f"{TABLE}_pkey")),
    )
    op.execute(f"alter table {TABLE} enable row level security")
    op.execute(f"create policy seen on {TABLE} using (school_id in (select seen_school_ids()))")
    op.execute(f"grant select, insert, update on {TABLE} to learntrace_reader")
    # A change of it stands in the audit log, in the transaction that makes it.
    op.execute(f"grant insert ({ABOUT}) on audit_entries to learntrace_reader")
    _meters("recordings", "transcribed_s", "spent_micro")
    op.add_column(
        "transcription_sessions",
        sa.Column("run_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("transcription_sessions", "run_id")
    op.execute("delete from usage_entries where meter = 'spent_micro'")
    _meters("recordings", "transcribed_s")
    op.execute(f"revoke insert ({ABOUT}) on audit_entries from learntrace_reader")
    op.drop_table(TABLE)
