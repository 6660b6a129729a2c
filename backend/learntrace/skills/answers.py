"""The answers given in each game session: what knowledge is made of."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Text, Uuid, any_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.events.mapping import GameMapping
from learntrace.events.openings import without_openings
from learntrace.events.types import MappedEvent
from learntrace.skills.knowledge import Answer
from learntrace.skills.models import SessionAnswers

MOST_OF_STUDENT: Final = 20_000
"""So many of a student's answers in a game count, the newest; they take 0.2 s to replay."""

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
    """One student's newest answers in one game, at most `MOST_OF_STUDENT`, in canonical order.

    `digest` changes with any of them; `last_session_ids`: by skill, where it was last answered.
    """

    game_id: UUID
    answers: Sequence[Answer]
    digest: str
    last_session_ids: dict[str, UUID]


def answers_in(events: Sequence[MappedEvent], mapping: GameMapping) -> list[Answer]:
    """The answers among one session's events, which stand in canonical order.

    An answer names a skill and an item and says whether it was right; how a task opens is none.
    Where the mapping lists skills, a skill that it does not list is none.
    """
    return [
        Answer(one.event.corrected_at, one.item, one.skill, one.correct)
        for one in without_openings(events, mapping.opening_s)
        if one.item is not None
        and one.skill is not None
        and one.correct is not None
        and (not mapping.skills or one.skill in mapping.skills)
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


async def of_student(
    db: AsyncSession, school_id: UUID, student_id: UUID, *, game_id: UUID | None = None
) -> list[GameAnswers]:
    """A student's newest answers by game, in that one alone where it is given.

    Games without any are left out.
    """
    whose = [SessionAnswers.school_id == school_id, SessionAnswers.student_id == student_id]
    if game_id is not None:
        whose.append(SessionAnswers.game_id == game_id)
    by_game: dict[UUID, list[_Session]] = defaultdict(list)
    for row in await db.execute(_newest(*whose)):
        by_game[row.game_id].append(row)
    return await asyncio.to_thread(lambda: [_of_game(sessions) for sessions in by_game.values()])


async def learners(
    db: AsyncSession, school_id: UUID, game_id: UUID
) -> AsyncIterator[tuple[UUID, Sequence[Answer]]]:
    """Each student of one tenant's game with the newest answers in canonical order."""
    query = _newest(SessionAnswers.school_id == school_id, SessionAnswers.game_id == game_id)
    rows = await db.stream(query, execution_options={"yield_per": _READ_AT_ONCE})
    sessions: list[_Session] = []
    async for row in rows:
        if sessions and row.student_id != sessions[0].student_id:
            yield sessions[0].student_id, (await asyncio.to_thread(_of_game, sessions)).answers
            sessions = []
        sessions.append(row)
    if sessions:
        yield sessions[0].student_id, (await asyncio.to_thread(_of_game, sessions)).answers


_Session = Row[tuple[UUID, UUID, UUID, str]]
"""Student, game, game session and its answers as JSON, which may be long."""


def _newest(*whose: ColumnElement[bool]) -> Select[tuple[UUID, UUID, UUID, str]]:
    """The sessions with the newest `MOST_OF_STUDENT` of each student in each game, oldest first."""
    of_one = SessionAnswers.student_id, SessionAnswers.game_id
    in_order = SessionAnswers.first_at, SessionAnswers.game_session_id
    later = func.sum(SessionAnswers.answer_count).over(
        partition_by=of_one, order_by=in_order, rows=(1, None)
    )
    sessions = (
        select(
            *of_one,
            SessionAnswers.game_session_id,
            SessionAnswers.answers,
            SessionAnswers.first_at,
            func.coalesce(later, 0).label("later"),
        )
        .where(*whose, SessionAnswers.answer_count > 0)
        .subquery()
    )
    found = sessions.c
    return (
        select(
            found.student_id,
            found.game_id,
            found.game_session_id,
            cast(found.answers, Text).label("answers"),
        )
        .where(found.later < MOST_OF_STUDENT)
        .order_by(found.student_id, found.game_id, found.first_at, found.game_session_id)
    )


def _of_game(sessions: Sequence[_Session]) -> GameAnswers:
    """Of one student's sessions in one game, oldest first."""
    by_session = [json.loads(one.answers) for one in sessions]
    answered = [
        (_answer(stored), one.game_session_id)
        for one, given in zip(sessions, by_session, strict=True)
        for stored in given
    ]
    answered.sort(key=lambda one: one[0].at)
    answered = answered[-MOST_OF_STUDENT:]
    digest = sha256(json.dumps(by_session).encode()).hexdigest()
    return GameAnswers(
        sessions[0].game_id,
        [answer for answer, _ in answered],
        digest,
        {answer.skill: game_session_id for answer, game_session_id in answered},
    )


def _answer(stored: Sequence[Any]) -> Answer:
    at, item, skill, correct = stored
    return Answer(datetime.fromisoformat(at), item, skill, correct)


async def students(db: AsyncSession, school_id: UUID, game_id: UUID) -> list[UUID]:
    """All who answered in one tenant's game, by id."""
    query = (
        select(SessionAnswers.student_id)
        .where(
            SessionAnswers.school_id == school_id,
            SessionAnswers.game_id == game_id,
            SessionAnswers.answer_count > 0,
        )
        .distinct()
        .order_by(SessionAnswers.student_id)
    )
    return list(await db.scalars(query))


async def players(
    db: AsyncSession, school_id: UUID, game_session_ids: Collection[UUID]
) -> dict[UUID, UUID]:
    """Whose these assessed sessions of one tenant are: student by session."""
    query = select(SessionAnswers.game_session_id, SessionAnswers.student_id).where(
        SessionAnswers.school_id == school_id,
        SessionAnswers.game_session_id == any_(literal(list(game_session_ids), ARRAY(Uuid))),
    )
    return {row[0]: row[1] for row in await db.execute(query)}


async def count(db: AsyncSession, school_id: UUID, game_id: UUID) -> int:
    """How many answers one tenant's game has."""
    query = select(func.sum(SessionAnswers.answer_count)).where(
        SessionAnswers.school_id == school_id, SessionAnswers.game_id == game_id
    )
    return int(await db.scalar(query) or 0)


async def counts(db: AsyncSession) -> list[tuple[UUID, UUID, int]]:
    """How many answers each tenant's game has: tenant, game, answers."""
    keys = (SessionAnswers.school_id, SessionAnswers.game_id)
    query = select(*keys, func.sum(SessionAnswers.answer_count)).group_by(*keys).order_by(*keys)
    return [(row[0], row[1], int(row[2])) for row in await db.execute(query)]
