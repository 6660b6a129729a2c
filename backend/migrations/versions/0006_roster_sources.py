"""roster sources: what a school's own system calls its classes and people

Without it a second roster could not be told from the first. `from_roster` marks what a roster may
end again; what was added by hand is nobody's but theirs who added it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_GONE = {"classes": "ended_at", "students": "left_at", "users": "left_at"}


def upgrade() -> None:
    for table, gone in _GONE.items():
        op.add_column(table, sa.Column("source_id", sa.Text(), nullable=True))
        op.add_column(table, sa.Column(gone, postgresql.TIMESTAMP(timezone=True), nullable=True))
        op.create_index(
            op.f(f"{table}_school_id_source_id_idx"),
            table,
            ["school_id", "source_id"],
            unique=True,
            postgresql_where=sa.text("source_id is not null"),
        )
    for table in ("enrolments", "teachings"):
        from_roster = sa.Column(
            "from_roster", sa.Boolean(), server_default=sa.text("false"), nullable=False
        )
        op.add_column(table, from_roster)
    op.create_index(
        op.f("teachings_school_id_class_id_idx"), "teachings", ["school_id", "class_id"]
    )


def downgrade() -> None:
    op.drop_index(op.f("teachings_school_id_class_id_idx"), table_name="teachings")
    for table in ("enrolments", "teachings"):
        op.drop_column(table, "from_roster")
    for table, gone in _GONE.items():
        op.drop_index(op.f(f"{table}_school_id_source_id_idx"), table_name=table)
        op.drop_column(table, gone)
        op.drop_column(table, "source_id")
