"""which of the objects that were sent for a recording's audio is the one that counts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("audio_files", sa.Column("object_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("audio_files", "object_id")
