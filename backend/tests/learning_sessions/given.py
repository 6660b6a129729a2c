"""What tutors and pupils have done before a test begins."""

import json
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.learning_sessions.content import repository as content
from learntrace.learning_sessions.content.schemas import ContentIn
from learntrace.learning_sessions.review_cards import scheduling
from learntrace.learning_sessions.scenarios import repository as scenarios
from learntrace.learning_sessions.scenarios.schemas import ScenarioIn

from ..world import insert, now

_NAMES: Final = ("learning_session_id", "assignment_id", "card_id", "scenario_id")
STATION: Final[dict[str, Any]] = {
    "key": "at-the-station",
    "title": "At the station",
    "description": "Buy a ticket and find the platform.",
    "category": "travel",
    "difficulty": "beginner",
    "language": "en",
    "phases": [
        {
            "key": "counter",
            "title": "At the counter",
            "vocabulary": [
                {"term": "ticket", "meaning": "what you show on the train"},
                {"term": "return", "meaning": "there and back"},
            ],
            "phrases": ["A return to Lake, please."],
            "objectives": ["asks for a ticket"],
        },
        {
            "key": "platform",
            "title": "At the platform",
            "vocabulary": [{"term": "ticket", "meaning": "what you show on the train"}],
            "success_criteria": ["finds the platform", "says thank you", "is on time"],
        },
    ],
}

FERRY: Final[dict[str, Any]] = {
    "source_url": "https://example.org/the-ferry",
    "title": "On the ferry",
    "content_type": "text",
    "language": "en",
    "difficulty": "beginner",
    "text": "We stand on deck. At noon we land in Lake.",
    "materials": [
        {
            "title": "Words",
            "vocabulary": [
                {"term": "deck", "meaning": "a ship's floor"},
                {"term": "to land", "meaning": "to come to the shore"},
            ],
            "questions": [{"question": "Where does the ferry land?", "answer": "In Lake."}],
        }
    ],
}
FERRY_CHANGED: Final = {name: value for name, value in FERRY.items() if name != "source_url"}


def scenario(**changes: Any) -> dict[str, Any]:
    """A scenario as it is stored."""
    return ScenarioIn.model_validate(STATION | changes).model_dump(mode="json")


async def add_scenario(db: AsyncSession, school_id: UUID, **changes: Any) -> UUID:
    """A scenario of a school and its sandbox."""
    query = text("select id from schools where :id in (id, sandbox_of)")
    school_ids = list(await db.scalars(query, {"id": school_id}))
    return await scenarios.put(db, school_ids, scenario(**changes))


async def add_content(db: AsyncSession, school_id: UUID, owner_id: UUID) -> UUID:
    """The content item that a school and its sandbox have of its owner, under one id."""
    query = text("select id from schools where :id in (id, sandbox_of)")
    home = await _home(db, school_id)
    school_ids = list(await db.scalars(query, {"id": home}))
    told = ContentIn.model_validate(FERRY).model_dump(mode="json")
    return await content.put(db, school_ids, owner_id, told)


async def add_assignment(
    db: AsyncSession,
    school_id: UUID,
    student_id: UUID,
    user_id: UUID,
    *,
    kind: str = "review",
    source_id: UUID | None = None,
) -> UUID:
    """Something that the student has to do."""
    own = {"school_id": school_id, "id": uuid4(), "student_id": student_id}
    await insert(
        db,
        "assignments",
        **own,
        kind=kind,
        source_id=source_id,
        assigned_by=user_id,
        assigned_at=now(),
    )
    return own["id"]


async def add_reviewing(
    db: AsyncSession, school_id: UUID, student_id: UUID, user_id: UUID
) -> dict[str, UUID]:
    """A review that is assigned, and the session in which the student does it; made once."""
    query = text(
        """
        select s.id, s.assignment_id, c.id, c.source_id from learning_sessions s
        join review_cards c using (school_id, student_id)
        where student_id = :student_id and s.session_type = 'vocabulary_review'
        order by c.created_at limit 1
        """
    )
    found = (await db.execute(query, {"student_id": student_id})).one_or_none()
    if found is not None:
        return dict(zip(_NAMES, found, strict=True))
    for table in ("review_cards", "scenario_runs", "assignments"):  # of one that was taken away
        left = text(f"delete from {table} where student_id = :student_id")
        await db.execute(left, {"student_id": student_id})
    scenario_id = await _scenario_of(db, school_id)
    card_id = await _on_the_way(db, school_id, student_id, user_id, scenario_id)
    assignment_id = await add_assignment(db, school_id, student_id, user_id)
    learning_session_id = uuid4()
    await insert(
        db,
        "learning_sessions",
        school_id=school_id,
        id=learning_session_id,
        student_id=student_id,
        assignment_id=assignment_id,
        started_by=user_id,
        session_type="vocabulary_review",
        language="en",
        started_at=now(),
    )
    ids = (learning_session_id, assignment_id, card_id, scenario_id)
    return dict(zip(_NAMES, ids, strict=True))


async def _scenario_of(db: AsyncSession, school_id: UUID) -> UUID:
    """The scenario that a school and its sandbox have, under one id."""
    return await add_scenario(db, await _home(db, school_id))


async def _home(db: AsyncSession, school_id: UUID) -> UUID:
    """The school itself, for its sandbox too."""
    query = text("select coalesce(sandbox_of, id) from schools where id = :id")
    return (await db.scalars(query, {"id": school_id})).one()


async def _on_the_way(
    db: AsyncSession, school_id: UUID, student_id: UUID, user_id: UUID, scenario_id: UUID
) -> UUID:
    """The student has begun an assigned scenario, and has a card of it; the card's id."""
    assignment_id = await add_assignment(
        db, school_id, student_id, user_id, kind="scenario", source_id=scenario_id
    )
    own = {"school_id": school_id, "student_id": student_id}
    await insert(
        db,
        "scenario_runs",
        **own,
        id=uuid4(),
        scenario_id=scenario_id,
        assignment_id=assignment_id,
        title=STATION["title"],
        language="en",
        phases=json.dumps(scenario()["phases"]),
        started_at=now(),
        updated_at=now(),
    )
    card_id = uuid4()
    first = scheduling.new(now())
    await insert(
        db,
        "review_cards",
        **own,
        id=card_id,
        source_id=scenario_id,
        language="en",
        front="ticket",
        back="what you show on the train",
        memory=json.dumps(first.memory),
        due_at=first.due_at,
        created_at=now(),
    )
    return card_id
