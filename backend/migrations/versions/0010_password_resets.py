"""one-time links for a new password, and when somebody last signed in

No reader is granted either: what lets somebody in is nobody's to read.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INSTANT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "password_resets",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("password_resets_user_id_fkey")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("password_resets_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("password_resets_token_hash_key")),
    )
    op.create_index(op.f("password_resets_expires_at_idx"), "password_resets", ["expires_at"])
    op.add_column("users", sa.Column("last_signed_in_at", INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column("users", "last_signed_in_at")
    op.drop_table("password_resets")
