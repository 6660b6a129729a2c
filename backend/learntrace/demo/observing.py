"""What the demo school's teacher has seen of the first class."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.demo.demo_file import DemoStudent
from learntrace.skills import ratings
from learntrace.skills.ratings import Seen
from learntrace.skills.rubric import LEVEL_SHARES, LEVELS
from learntrace.skills.types import Skill

# The grid that was filled in, and how many days ago; some pupils were away each time.
GRIDS = (
    (Skill.RESILIENCE, 12),
    (Skill.COLLABORATION, 9),
    (Skill.COMMUNICATION, 6),
    (Skill.RESILIENCE, 5),
    (Skill.EMPATHY, 2),
)
AWAY = 0.15


async def add_ratings(
    db: AsyncSession,
    school_id: UUID,
    rater_id: UUID,
    students: Sequence[DemoStudent],
    *,
    seed: int,
    today: date,
) -> None:
    """One skill of the whole class at a time; which level whom follows from `seed`."""
    chance = Random(f"{seed}:ratings")  # noqa: S311 - makes believe, guards nothing
    seen = [
        Seen(
            UUID(student["id"]),
            skill,
            chance.choices(LEVELS, LEVEL_SHARES)[0],
            today - timedelta(days=days_ago),
        )
        for skill, days_ago in GRIDS
        for student in students
        if chance.random() >= AWAY
    ]
    await ratings.add(db, school_id, rater_id, seen)
