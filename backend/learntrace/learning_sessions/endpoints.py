"""Learning sessions over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from learntrace.kit.clock import now
from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor, PageLimit
from learntrace.learning_sessions import service
from learntrace.learning_sessions.auth import LearningAuth, TutorAuth
from learntrace.learning_sessions.kinds import SessionType
from learntrace.learning_sessions.queries import InLanguage
from learntrace.learning_sessions.schemas import (
    SessionChange,
    SessionIn,
    SessionLine,
    SessionOut,
    SessionPage,
)
from learntrace.learning_sessions.service import Begun, Change
from learntrace.sights import WhichTenant

REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "Not in this role, not assigned, or `code` `consent_missing`."},
    404: {"description": "Unknown, or not for this caller's eyes: both are answered alike."},
    409: {"description": "Completed already; or several schools have this id."},
}

router = APIRouter(prefix="/learning-sessions", tags=["learning sessions"], responses=REFUSED)


@router.post("", status_code=201)
async def begin_session(
    told: SessionIn, caller: LearningAuth, which: WhichTenant, db: RequestDb
) -> SessionOut:
    """Begin a learning session of a student.

    With a player token only what a teacher assigned to that pupil.
    """
    begun = Begun(told.session_type, told.language, told.source_id, told.metadata)
    return SessionOut.of(await service.start(db, caller, which, told.student_id, begun), caller)


@router.get("")
async def list_sessions(
    caller: LearningAuth,
    which: WhichTenant,
    db: RequestDb,
    student_id: UUID | None = None,
    session_type: SessionType | None = None,
    language: InLanguage = None,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> SessionPage:
    """Learning sessions of the students that the caller may see, the last started first."""
    page, next_cursor = await service.list_sessions(
        db,
        caller,
        which,
        student_id=student_id,
        session_type=session_type,
        language=language,
        limit=limit,
        cursor=cursor,
    )
    return SessionPage(items=[SessionLine.of(one, caller) for one in page], next_cursor=next_cursor)


@router.get("/{learning_session_id}")
async def read_session(
    learning_session_id: UUID, caller: LearningAuth, db: RequestDb
) -> SessionOut:
    """One learning session, as it is stored, with its answers."""
    return SessionOut.of(await service.show(db, caller, learning_session_id), caller)


@router.patch("/{learning_session_id}")
async def change_session(
    learning_session_id: UUID, told: SessionChange, caller: LearningAuth, db: RequestDb
) -> SessionOut:
    """Bring a learning session on; `metadata_update` is merged into what is there, at every depth.

    409 once it is completed.
    """
    return SessionOut.of(
        await service.change(db, caller, learning_session_id, _change(told)), caller
    )


@router.post("/{learning_session_id}/complete")
async def complete_session(
    learning_session_id: UUID,
    caller: LearningAuth,
    db: RequestDb,
    told: SessionChange | None = None,
) -> SessionOut:
    """Complete a learning session, with its last counts where they are sent.

    Sent again, it changes nothing and answers the same.
    """
    last = _change(told or SessionChange())
    return SessionOut.of(await service.complete(db, caller, learning_session_id, last), caller)


@router.delete("/{learning_session_id}", status_code=204)
async def take_session_away(learning_session_id: UUID, tutor: TutorAuth, db: RequestDb) -> None:
    """Delete a learning session that was begun by mistake; what is assigned stays to be done.

    409 once it is completed.
    """
    await service.take_away(db, tutor, learning_session_id)


def _change(told: SessionChange) -> Change:
    at = now()
    return Change(
        told.items_studied,
        told.items_correct,
        told.items_incorrect,
        [one.answered(at) for one in told.answers],
        told.taken_back,
        told.metadata_update,
    )
