"""audit: what is done to staff and write keys stands in it, and whom or what it was done to"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "audit_entries"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("about_id", sa.Uuid(), nullable=True))
    op.add_column(TABLE, sa.Column("about_name", sa.String(length=200), nullable=True))
    _allow("'person', 'link', 'program', 'command'")


def downgrade() -> None:
    # Entries of links stay as they are; nobody may change them.
    _allow("'person', 'program', 'command'", checked=False)
    op.drop_column(TABLE, "about_name")
    op.drop_column(TABLE, "about_id")


def _allow(doers: str, *, checked: bool = True) -> None:
    op.execute(f"alter table {TABLE} drop constraint audit_entries_by_check")
    unchecked = "" if checked else " not valid"
    op.execute(
        f"alter table {TABLE} add constraint audit_entries_by_check check (by in ({doers})){unchecked}"
    )
