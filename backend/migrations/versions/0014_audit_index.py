"""audit: no index by student

What compares arrays is not known to leak nothing, so under row-level security no reader's query
uses it; and the owner's prefer the newest entries. It cost as much as an entry's row.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index(op.f("audit_entries_students_idx"), table_name="audit_entries")


def downgrade() -> None:
    op.create_index(
        op.f("audit_entries_students_idx"), "audit_entries", ["students"], postgresql_using="gin"
    )
