"""lessons go out of the populations that they are in, whoever deletes them"""

from collections.abc import Sequence

from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# The types that count as evidence, and under what their populations stand.
MARK = """
create function mark_refit_of_lessons() returns trigger language plpgsql
security definer set search_path from current as $$
begin
  insert into refits_due as due (school_id, game_id, what)
  values (
    old.school_id,
    case old.session_type
      when 'scenario' then uuid '7c1d3f52-8a0b-4e6f-9d24-51b8a6e0c301'
      else uuid '7c1d3f52-8a0b-4e6f-9d24-51b8a6e0c302'
    end,
    'population'
  )
  on conflict (school_id, game_id, what) do update set marks = due.marks + 1;
  return null;
end
$$
"""


def upgrade() -> None:
    op.execute(MARK)
    op.execute(
        "create trigger mark_refit after delete on learning_sessions for each row "
        "when (old.ended_at is not null and old.session_type in ('scenario', 'content_study')) "
        "execute function mark_refit_of_lessons()"
    )


def downgrade() -> None:
    op.execute("drop trigger mark_refit on learning_sessions")
    op.execute("drop function mark_refit_of_lessons()")
