"""retention: a school lets recordings go after the days of its plan, with receipts

None goes by this: without days that somebody agreed to, everything is kept until it is erased.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "retention_removals"
CAUSE = "retention_removals_cause_check"


def upgrade() -> None:
    op.add_column("retention_policies", sa.Column("recordings_days", sa.Integer(), nullable=True))
    op.drop_constraint(op.f(CAUSE), TABLE)
    op.alter_column(TABLE, "cause", type_=sa.String(length=10))
    causes = "cause in ('play', 'left', 'audit', 'recordings')"
    op.create_check_constraint(op.f(CAUSE), TABLE, causes)


def downgrade() -> None:
    op.execute("delete from retention_removals where cause = 'recordings'")
    op.drop_constraint(op.f(CAUSE), TABLE)
    op.alter_column(TABLE, "cause", type_=sa.String(length=5))
    op.create_check_constraint(op.f(CAUSE), TABLE, "cause in ('play', 'left', 'audit')")
    op.drop_column("retention_policies", "recordings_days")
