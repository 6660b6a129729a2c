"""retention of the audit log: how long each school keeps it; null for good"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "retention_removals"
CAUSE = "retention_removals_cause_check"


def upgrade() -> None:
    op.add_column("retention_policies", sa.Column("audit_days", sa.Integer(), nullable=True))
    op.drop_constraint(op.f(CAUSE), TABLE)
    op.alter_column(TABLE, "cause", type_=sa.String(length=5))
    op.create_check_constraint(op.f(CAUSE), TABLE, "cause in ('play', 'left', 'audit')")


def downgrade() -> None:
    op.execute("delete from retention_removals where cause = 'audit'")
    op.drop_constraint(op.f(CAUSE), TABLE)
    op.alter_column(TABLE, "cause", type_=sa.String(length=4))
    op.create_check_constraint(op.f(CAUSE), TABLE, "cause in ('play', 'left')")
    op.drop_column("retention_policies", "audit_days")
