"""No word and no sound of a student is stored without consent to audio."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.kit.errors import ForbiddenError
from learntrace.privacy import consents
from learntrace.privacy.kinds import Kind, State
from learntrace.roster.records import hold_student

MISSING: Final = (
    "The school has no verified consent to audio of this student. Nothing was stored. "
    "A school administrator notes consents."
)


async def require_audio_consent(db: AsyncSession, school_id: UUID, student_id: UUID | None) -> None:
    """Raise `ForbiddenError` unless consent to audio of the student is verified.

    Whatever the school's policy says. It holds until the transaction ends: who revokes the consent
    or erases the student meanwhile waits for it. `None` is nobody, whom nobody consents for; a
    student that is not there any more has none, as has one in a sandbox, where none is kept.
    """
    if student_id is None:
        return
    if await hold_student(db, school_id, student_id):
        standing = await consents.of_student(db, school_id, student_id)
        if standing[Kind.AUDIO].state is State.VERIFIED:
            return
    raise ForbiddenError(MISSING, members={"code": "consent_missing"})
