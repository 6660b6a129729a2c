"""Whose play a school may hand to researchers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.game_sessions.reading import play_by_student
from learntrace.kit.errors import InvalidError
from learntrace.privacy import consents, policies
from learntrace.privacy.kinds import Kind, State
from learntrace.research.pseudonyms import Pseudonyms

FEWEST = 10


@dataclass(frozen=True, slots=True)
class Participant:
    """A student who played `game_session_count` sessions, the first from `first_at` on."""

    pseudonym: str
    id: UUID
    game_session_count: int
    first_at: datetime


async def participants(
    db: AsyncSession, school_id: UUID, pseudonyms: Pseudonyms
) -> list[Participant]:
    """Who played and may take part, by pseudonym: in no order that tells anything.

    Not who took the consent to research back; where the school requires it, only who gave it.
    """
    policy = await policies.in_force(db, school_id)
    said = await consents.said(db, school_id, Kind.RESEARCH)
    required = Kind.RESEARCH in policy.required

    def may(student_id: UUID) -> bool:
        state = said.get(student_id, State.PENDING)
        return state is State.VERIFIED if required else state is not State.REVOKED

    return sorted(
        (
            Participant(pseudonyms.student(student_id), student_id, count, first_at)
            for student_id, count, first_at in await play_by_student(db, school_id)
            if may(student_id)
        ),
        key=lambda one: one.pseudonym,
    )


def require_enough(count: int) -> None:
    """Raise `InvalidError` for so few that each may be told by how they played."""
    if count < FEWEST:
        raise InvalidError(
            f"Only {count} of this school's students would be in it. Among fewer than {FEWEST} "
            "each may be recognised by how and when they played. Nothing was written. "
            "--allow-few writes it anyway."
        )
