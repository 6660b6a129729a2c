"""The answers given in each game session: what knowledge is made of."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.events.mapping import GameMapping
from learntrace.events.openings import without_openings
from learntrace.events.types import MappedEvent
from learntrace.skills.knowledge import Answer
from learntrace.skills.models import SessionAnswers

_READ_AT_ONCE = 200
_KEY = ("school_id", "game_session_id")
_INSERT = insert(SessionAnswers)
_SAVE = _INSERT.on_conflict_do_update(
    index_elements=list(_KEY),
    set_={name: own for name, own in _INSERT.excluded.items() if name not in _KEY},
    where=SessionAnswers.event_count <= _INSERT.excluded.event_count,
)


@dataclass(frozen=True, slots=True)
class GameAnswers:
    """One student's answers in one game, in canonical order.

    `digest` changes with any of them; `last_session_ids`: by skill, where it was last answered.
    """

    game_id: UUID
    answers: Sequence[Answer]
    digest: str
    last_session_ids: dict[str, UUID]


def answers_in(events: Sequence[MappedEvent], mapping: GameMapping) -> list[Answer]:
    """The answers among one session's events, which stand in canonical order.

    An answer names a skill and an item and says whether it was right; how a task opens is none.
    """
    return [
        Answer(one.event.corrected_at, one.item, one.skill, one.correct)
        for one in without_openings(events, mapping.opening_s)
        if one.item is not None and one.skill is not None and one.correct is not None
    ]


async def save(
    db: AsyncSession,
    *,
    school_id: UUID,
    game_session_id: UUID,
    student_id: UUID,
    game_id: UUID,
    event_count: int,
    answers: Sequence[Answer],
) -> None:
    """Insert or replace one session's answers; fewer events than were read change nothing."""
    row = {
        "school_id": school_id,
        "game_session_id": game_session_id,
        "student_id": student_id,
        "game_id": game_id,
        "event_count": event_count,
        "answers": [[one.at.isoformat(), one.item, one.skill, one.correct] for one in answers],
        "answer_count": len(answers),
        "first_at": min((one.at for one in answers), default=None),
    }
    await db.execute(_SAVE, row)


async def of_student(db: AsyncSession, school_id: UUID, student_id: UUID) -> list[GameAnswers]:
    """A student's answers by game; games without any are left out."""
    query = (
        select(SessionAnswers.game_id, SessionAnswers.game_session_id, SessionAnswers.answers)
        .where(
            SessionAnswers.school_id == school_id,
            SessionAnswers.student_id == student_id,
            SessionAnswers.answer_count > 0,
        )
        .order_by(SessionAnswers.game_id, SessionAnswers.first_at, SessionAnswers.game_session_id)
    )
    by_game: dict[UUID, list[tuple[UUID, list[Any]]]] = defaultdict(list)
    for game_id, game_session_id, stored in await db.execute(query):
        by_game[game_id].append((game_session_id, stored))
    return [_of_game(game_id, sessions) for game_id, sessions in by_game.items()]


def _of_game(game_id: UUID, sessions: Sequence[tuple[UUID, list[Any]]]) -> GameAnswers:
    answered = [
        (_answer(stored), game_session_id)
        for game_session_id, answers in sessions
        for stored in answers
    ]
    answered.sort(key=lambda one: one[0].at)
    digest = sha256(json.dumps([stored for _, stored in sessions]).encode()).hexdigest()
    return GameAnswers(
        game_id,
        [answer for answer, _ in answered],
        digest,
        {answer.skill: game_session_id for answer, game_session_id in answered},
    )


def _answer(stored: Sequence[Any]) -> Answer:
    at, item, skill, correct = stored
    return Answer(datetime.fromisoformat(at), item, skill, correct)


async def learners(
    db: AsyncSession, school_id: UUID, game_id: UUID
) -> AsyncIterator[tuple[UUID, list[Answer]]]:
    """Each student of one tenant's game with all answers in canonical order."""
    query = (
        select(SessionAnswers.student_id, SessionAnswers.game_session_id, SessionAnswers.answers)
        .where(
            SessionAnswers.school_id == school_id,
            SessionAnswers.game_id == game_id,
            SessionAnswers.answer_count > 0,
        )
        .order_by(
            SessionAnswers.student_id, SessionAnswers.first_at, SessionAnswers.game_session_id
        )
    )
    rows = await db.stream(query, execution_options={"yield_per": _READ_AT_ONCE})
    student_id: UUID | None = None
    sessions: list[tuple[UUID, list[Any]]] = []
    async for row in rows:
        if student_id is not None and row.student_id != student_id:
            yield student_id, list(_of_game(game_id, sessions).answers)
            sessions = []
        student_id = row.student_id
        sessions.append((row.game_session_id, row.answers))
    if student_id is not None:
        yield student_id, list(_of_game(game_id, sessions).answers)


async def players(db: AsyncSession, school_id: UUID, game_id: UUID) -> dict[UUID, UUID]:
    """Whose each assessed session of one tenant's game is: student by session."""
    query = select(SessionAnswers.game_session_id, SessionAnswers.student_id).where(
        SessionAnswers.school_id == school_id, SessionAnswers.game_id == game_id
    )
    return {row[0]: row[1] for row in await db.execute(query)}


async def counts(db: AsyncSession) -> list[tuple[UUID, UUID, int]]:
    """How many answers each tenant's game has: tenant, game, answers."""
    keys = (SessionAnswers.school_id, SessionAnswers.game_id)
    query = select(*keys, func.sum(SessionAnswers.answer_count)).group_by(*keys).order_by(*keys)
    return [(row[0], row[1], int(row[2])) for row in await db.execute(query)]
