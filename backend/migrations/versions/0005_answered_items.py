"""answered items: which items of which skill a game's pupils answered, kept as answers are stored

What can be offered was found by reading all answers of a game while a pupil waited.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "answered_items",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("game_id", sa.Uuid(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("skill", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("student_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint(
            "school_id",
            "game_id",
            "mapping_version",
            "skill",
            "item",
            name=op.f("answered_items_pkey"),
        ),
    )


def downgrade() -> None:
    op.drop_table("answered_items")
