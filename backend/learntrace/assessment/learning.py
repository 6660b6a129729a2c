"""From completed learning sessions to what an assessment reads of them.

Nothing of it is stored beside the sessions. Where one goes, a trigger of their table has the
population made anew without it.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.learning_sessions import completed
from learntrace.learning_sessions.completed import Completed
from learntrace.learning_sessions.kinds import SessionType
from learntrace.skills.grounds import Learned
from learntrace.skills.lessons import measures_of
from learntrace.skills.versions import POPULATIONS

MOST_SESSIONS = 30
"""As of play: more of one source would narrow no interval that anybody sees."""
MOST_COMPARED = 5_000

POPULATION_IDS: Final[Mapping[SessionType, UUID]] = {
    SessionType.SCENARIO: UUID("7c1d3f52-8a0b-4e6f-9d24-51b8a6e0c301"),
    SessionType.CONTENT_STUDY: UUID("7c1d3f52-8a0b-4e6f-9d24-51b8a6e0c302"),
}
"""Under what the population of each type that weighs anything stands, as a game's stands under its
id; migration 0029 knows them, too."""
_TYPES: Final = {population_id: kind for kind, population_id in POPULATION_IDS.items()}


async def of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> list[Learned]:
    """What the student's newest sessions of the types that weigh anything say; newest first."""
    found = await completed.of_student(
        db, school_id, student_id, kinds=POPULATION_IDS.keys(), limit=MOST_SESSIONS
    )
    populations = {
        kind: await POPULATIONS.in_force(db, school_id, POPULATION_IDS[kind])
        for kind in sorted({one.session_type for one in found})
    }
    return [
        Learned(
            learning_session_id=one.id,
            session_type=one.session_type,
            at=one.at,
            measures=_measures(one),
            population=populations[one.session_type],
        )
        for one in found
    ]


async def counts(db: AsyncSession) -> list[tuple[UUID, UUID, int]]:
    """How many sessions each population could be made of: tenant, population, sessions."""
    return [
        (school_id, POPULATION_IDS[kind], count)
        for school_id, kind, count in await completed.counts(db)
        if kind in POPULATION_IDS
    ]


async def values(
    db: AsyncSession, school_id: UUID, population_id: UUID
) -> list[tuple[UUID, dict[str, float]]]:
    """Student and measures of the newest sessions of one population; none for another's id."""
    kind = _TYPES.get(population_id)
    if kind is None:
        return []
    found = await completed.of_type(db, school_id, kind, limit=MOST_COMPARED)
    return [(one.student_id, _measures(one)) for one in found]


def _measures(one: Completed) -> dict[str, float]:
    return measures_of(one.answers, correct=one.correct, incorrect=one.incorrect)
