"""What each student knows of each game, as it was left after the last answer."""

import math
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.clock import now
from learntrace.skills.knowledge import ItemTable, Learner, mastery
from learntrace.skills.models import KnowledgeState


@dataclass(frozen=True, slots=True)
class StoredLearner:
    """`answer_count` answers, replayed with version `table_version` of the item table."""

    learner: Learner
    table_version: int
    answer_count: int


def mean_mastery(learner: Learner, table: ItemTable) -> float | None:
    """The mean over the skills answered in, each as of its last answer, 0..1; `None` for none."""
    known = [
        mastery(learner, table, skill, at=state.last_at) for skill, state in learner.skills.items()
    ]
    values = [one.value for one in known if one is not None]
    return math.fsum(values) / len(values) if values else None


async def find(
    db: AsyncSession, school_id: UUID, student_id: UUID, game_id: UUID
) -> StoredLearner | None:
    """A student's state in one game, `None` before the first answer."""
    row = await db.get(KnowledgeState, (school_id, student_id, game_id), populate_existing=True)
    if row is None:
        return None
    return StoredLearner(Learner.from_json(row.state), row.table_version, row.answer_count)


async def replace(
    db: AsyncSession, school_id: UUID, student_id: UUID, states: dict[UUID, StoredLearner]
) -> None:
    """Store a student's state in every game, by the game's id, and forget all others."""
    gone = delete(KnowledgeState).where(
        KnowledgeState.school_id == school_id,
        KnowledgeState.student_id == student_id,
        KnowledgeState.game_id.not_in(states),
    )
    await db.execute(gone)
    for game_id, stored in sorted(states.items()):
        values = {
            "table_version": stored.table_version,
            "answer_count": stored.answer_count,
            "state": stored.learner.to_json(),
            "updated_at": now(),
        }
        keys = {"school_id": school_id, "student_id": student_id, "game_id": game_id}
        statement = insert(KnowledgeState).values(keys | values)
        await db.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values))
