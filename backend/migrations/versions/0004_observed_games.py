"""session features: how much was observed of a game is summed from an index alone

The worker asks every few seconds, and read every row of the table for it.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEX, TABLE = "session_features_game_idx", "session_features"
KEYS = ["school_id", "game_id"]


def upgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, KEYS, postgresql_include=["observation_count"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, KEYS)
