"""counted in place: what every group of events changes of a game session stands in no index

PostgreSQL then changes the row alone, where it stood; pages are left some room for that.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

UNREAD = "state = 'closed' and assessed_event_count is distinct from event_count"


def _index(name: str, on: str) -> None:
    op.execute(f"create index game_sessions_{name}_idx on game_sessions {on}")


def _drop_indexes() -> None:
    for name in ("open", "unread"):
        op.execute(f"drop index game_sessions_{name}_idx")


def upgrade() -> None:
    # In the order in which everything else takes them; the next version changes students, too.
    op.execute("lock table students, game_sessions in access exclusive mode")
    _drop_indexes()
    op.execute(
        f"""
        alter table game_sessions
            set (fillfactor = 80),
            add last_received_bin timestamptz not null generated always as (
                date_bin('5 minutes', last_received_at, '2000-01-01 00:00:00+00')
            ) stored,
            add is_unread boolean not null generated always as ({UNREAD}) stored
        """
    )
    _index("open", "(last_received_bin) where state = 'open'")
    _index("unread", "(last_received_bin) where is_unread")


def downgrade() -> None:
    _drop_indexes()
    op.execute(
        """
        alter table game_sessions
            reset (fillfactor), drop last_received_bin, drop is_unread
        """
    )
    _index("open", "(last_received_at) where state = 'open'")
    _index("unread", f"(last_received_at) where {UNREAD}")
