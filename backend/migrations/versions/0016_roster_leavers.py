"""which school of a school system's own is whose, and teachers who left sign in no more

Whom a roster brought and then had no more saw nothing already; from now on an import disables
them, and here are those of before.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DISABLE = """
update users set disabled_at = left_at
where left_at is not null and disabled_at is null and role = 'teacher'
"""
SIGN_OUT = """
delete from sign_ins s using users u where u.id = s.user_id and u.disabled_at is not null
"""


def upgrade() -> None:
    op.add_column("schools", sa.Column("source_id", sa.Text(), nullable=True))
    op.execute(DISABLE)
    op.execute(SIGN_OUT)


def downgrade() -> None:
    op.drop_column("schools", "source_id")
