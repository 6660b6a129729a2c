"""Whether a school keeps audio, over HTTP."""

from typing import Any

from fastapi import APIRouter

from learntrace.accounts.auth import PersonAuth, administered_school
from learntrace.kit.db import RequestDb
from learntrace.transcription_sessions import keeping
from learntrace.transcription_sessions.auth import EducatorAuth
from learntrace.transcription_sessions.schemas_transcripts import KeepingIn, KeepingOut

_REFUSED: dict[int | str, dict[str, Any]] = {
    403: {"description": "A game's credential, or not in this role."},
}

router = APIRouter(
    prefix="/schools/recordings", tags=["transcription sessions"], responses=_REFUSED
)


@router.get("")
async def read_keeping(educator: EducatorAuth, db: RequestDb) -> KeepingOut:
    """Whether your school keeps the audio of recordings whose transcript somebody checked."""
    return KeepingOut.of(await keeping.of_school(db, educator.school_id))


@router.put("")
async def put_keeping(told: KeepingIn, person: PersonAuth, db: RequestDb) -> KeepingOut:
    """Have your school and its sandbox keep such audio from now on, or not.

    What was kept until then stays, until its recording is deleted.
    """
    school_id = administered_school(person)
    changed = await keeping.put(db, school_id, person.user_id, keep_audio=told.keep_audio)
    return KeepingOut.of(changed)
