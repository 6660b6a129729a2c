"""Classes, students and their play, read over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from learntrace.accounts.auth import PersonAuth
from learntrace.classroom import attention, now, play, service
from learntrace.classroom.schemas import (
    ClassPage,
    CodesOut,
    EventPage,
    OverviewOut,
    SessionOut,
    SessionPage,
    StudentOut,
    StudentPage,
)
from learntrace.classroom.schemas_lesson import AttentionOut, NowOut
from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor, PageLimit
from learntrace.sights import PersonSight, ReaderSight, WhichTenant

MOST_EVENTS = 1000
# Ten years: imported play may be old.
MOST_DAYS = 3650

router = APIRouter(
    tags=["classroom"],
    responses={401: {"description": "No token, or one that is not valid now."}},
)
# Of one thing, by its id.
_ONE: dict[int | str, dict[str, Any]] = {
    404: {"description": "Unknown, or not for this caller's eyes: both are answered alike."},
    409: {"description": "Several schools have this id; `school_ids` names them."},
}
_PLAY = _ONE | {
    403: {"description": "A write key, or a browser page at an origin that the game does not list."}
}

EventLimit = Annotated[int, Query(ge=1, le=MOST_EVENTS)]
Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]


@router.get("/classes")
async def list_classes(
    sight: PersonSight,
    db: RequestDb,
    limit: PageLimit = 50,
    cursor: Cursor = None,
    *,
    ended: Annotated[bool, Query(description="True for those that are over, too.")] = False,
) -> ClassPage:
    """The classes that the caller may see, live ones first, by name.

    A teacher sees the classes that he or she teaches now; a school administrator those of the
    school and of its sandbox; a game developer the sandbox classes of players of own games.
    """
    return await service.list_classes(db, sight, with_ended=ended, limit=limit, cursor=cursor)


@router.get("/classes/{class_id}/overview", responses=_ONE)
async def show_overview(
    class_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb, days: Days = 14
) -> OverviewOut:
    """How much each student of a class played in the last `days` times 24 hours."""
    return await service.show_overview(db, sight, class_id, which, days=days)


@router.get("/classes/{class_id}/now", responses=_ONE)
async def show_now(class_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb) -> NowOut:
    """Where each student of a class stands at this moment, from the sessions that are open.

    The newest 200 events of each open session are read, at most 10,000 together: fewer of each
    where more than 50 play at once; `stuck_skills` rest on no others. A session that got nothing
    for 30 minutes is over. Heartbeats, pauses and changes of focus are not something done.
    """
    return await now.show_now(db, sight, class_id, which)


@router.get("/classes/{class_id}/attention", responses=_ONE)
async def show_attention(
    class_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> AttentionOut:
    """Whose work was stuck in the last 7 days and is not finished since, and who did not play.

    Only assessed sessions count. Students stand by name; nobody is ranked.
    """
    return await attention.show_attention(db, sight, class_id, which)


@router.get(
    "/classes/{class_id}/codes",
    responses=_ONE | {403: {"description": "A game's credential, or not in this role."}},
)
async def show_codes(
    class_id: UUID, person: PersonAuth, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> CodesOut:
    """The codes with which the students of a class join a game.

    They let a pupil in, so only the class's teachers and the school's administrators see them.
    """
    return await service.show_codes(db, person, sight, class_id, which)


@router.get("/students", responses=_ONE)
async def list_students(
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
    class_id: UUID | None = None,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> StudentPage:
    """The students that the caller may see, by name.

    Of one class with `class_id`. Otherwise live students, or with `sandbox=true` or a sandbox's
    own `school_id` those of the sandbox: never both in one list. Game developers see sandbox
    students only.
    """
    return await service.list_students(
        db, sight, class_id=class_id, which=which, limit=limit, cursor=cursor
    )


@router.get("/students/{student_id}", responses=_ONE)
async def show_student(
    student_id: UUID, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> StudentOut:
    """One student."""
    return await service.show_student(db, sight, student_id, which)


@router.get("/students/{student_id}/sessions", responses=_PLAY)
async def list_sessions(
    student_id: UUID,
    sight: ReaderSight,
    which: WhichTenant,
    db: RequestDb,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> SessionPage:
    """A student's game sessions, newest first.

    A player token reads its own student's sessions with its own game.
    """
    return await play.list_sessions(db, sight, student_id, which, limit=limit, cursor=cursor)


@router.get("/game-sessions/{game_session_id}", responses=_PLAY)
async def show_session(
    game_session_id: UUID, sight: ReaderSight, which: WhichTenant, db: RequestDb
) -> SessionOut:
    """One game session with each feature, or the reason why there is none.

    A player token reads its own student's sessions with its own game.
    """
    return await play.show_session(db, sight, game_session_id, which)


@router.get(
    "/game-sessions/{game_session_id}/events",
    response_model=EventPage,
    responses=_PLAY,
)
async def read_events(
    game_session_id: UUID,
    sight: ReaderSight,
    which: WhichTenant,
    db: RequestDb,
    limit: EventLimit = 200,
    cursor: Cursor = None,
) -> Response:
    """A session's events by the client's time, each as the game's mapping in force reads it.

    `data` is what the game sent, letter for letter. A player token reads its own student's
    sessions with its own game.
    """
    page = await play.read_events(db, sight, game_session_id, which, limit=limit, cursor=cursor)
    return Response(page, media_type="application/json")
