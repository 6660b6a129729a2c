"""events by session: the index begins with the session

Beginning with the school it looked to the planner, on a table without statistics, as good as the
primary key for finding an event by its id, and every look-up then read all events of the school.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("events_session_idx", table_name="events")
    op.create_index("events_session_idx", "events", ["game_session_id", "timestamp"])


def downgrade() -> None:
    op.drop_index("events_session_idx", table_name="events")
    op.create_index("events_session_idx", "events", ["school_id", "game_session_id", "timestamp"])
