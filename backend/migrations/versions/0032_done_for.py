"""what was done for an assignment is found without reading the whole table

Taking an assignment back looks for it in both tables, under the assignment's lock.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("learning_sessions", "scenario_runs")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(
            f"{table}_assignment_idx",
            table,
            ["school_id", "assignment_id"],
            postgresql_where=sa.text("assignment_id is not null"),
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"{table}_assignment_idx", table_name=table)
