"""A school day, and what of it stands in the audit log."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from learntrace.audit.pseudonyms import PSEUDONYM_SQL
from tests.classroom.conftest import SchoolDay, day
from tests.cli.conftest import Run, environment, run
from tests.skills.conftest import Ask, ask
from tests.world import World

__all__ = ["Ask", "Run", "SchoolDay", "ask", "day", "environment", "run"]


@dataclass(frozen=True)
class Entry:
    """`students` are ids of those who still have a row; `pseudonyms` are as stored."""

    id: UUID
    school_id: UUID
    by: str
    person_id: UUID | None
    person_name: str | None
    action: str
    class_id: UUID | None
    students: frozenset[UUID]
    pseudonyms: tuple[UUID, ...]


Entries = Callable[[], Awaitable[list[Entry]]]


@pytest.fixture
def entries(world: World) -> Entries:
    """All entries that are new since the last call, oldest first."""
    known: set[UUID] = set()

    async def read() -> list[Entry]:
        rows = await world.rows(
            f"""
            select e.id, e.school_id, e.by, e.person_id, e.person_name, e.action, e.class_id,
                array(select s.id from students s
                    where s.school_id = e.school_id and {PSEUDONYM_SQL} = any(e.students)) as ids,
                e.students
            from audit_entries e order by e.at, e.id
            """
        )
        found = [
            Entry(*row[:7], frozenset(row.ids), tuple(row.students))
            for row in rows
            if row.id not in known
        ]
        known.update(one.id for one in found)
        return found

    return read
