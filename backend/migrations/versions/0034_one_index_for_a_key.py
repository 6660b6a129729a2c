"""one index for a key: no other begins with the school where one session or student is looked up

In a table without statistics another looks as good to the planner as the key, and a connection
keeps the plan: it then reads a school's whole table for each look-up.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _index_sessions(first: str, second: str) -> None:
    op.execute("drop index game_sessions_student_idx")
    op.execute(
        "create index game_sessions_student_idx on game_sessions "
        f"({first}, {second}, started_at desc)"
    )


def _index_pupil_codes(dropped: str, first: str, second: str) -> None:
    op.execute(
        f"""
        alter table students drop constraint students_{dropped}_key,
            add constraint students_{first}_{second}_key unique ({first}, {second})
        """
    )


def upgrade() -> None:
    _index_pupil_codes("school_id_pupil_code", "pupil_code", "school_id")
    _index_sessions("student_id", "school_id")


def downgrade() -> None:
    _index_pupil_codes("pupil_code_school_id", "school_id", "pupil_code")
    _index_sessions("school_id", "student_id")
