"""Ratings, notes and extra time over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from learntrace.accounts.auth import PersonAuth
from learntrace.classroom import ratings
from learntrace.classroom.schemas_ratings import (
    ExtraTime,
    NoteIn,
    NoteOut,
    NotePage,
    RatingPage,
    RatingsIn,
    Stored,
)
from learntrace.kit.db import RequestDb
from learntrace.kit.paging import Cursor
from learntrace.sights import PersonSight, WhichTenant

REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
    404: {"description": "Unknown, or not for this caller's eyes: both are answered alike."},
    409: {"description": "Several schools have this id; `school_ids` names them."},
}

MOST_WRITTEN = 200
WrittenLimit = Annotated[int, Query(ge=1, le=MOST_WRITTEN)]

router = APIRouter(tags=["ratings"], responses=REFUSED)


@router.post("/ratings", status_code=201)
async def post_ratings(
    told: RatingsIn, person: PersonAuth, sight: PersonSight, which: WhichTenant, db: RequestDb
) -> Stored:
    """Store what a teacher saw: one skill of a whole class at once, or several of one student.

    All or nothing: 404 names in `student_ids` whom the caller may not see. The estimates follow
    at once. Only teachers of the students and school administrators rate.
    """
    return Stored(stored=await ratings.rate(db, person, sight, which, told.ratings))


@router.get("/students/{student_id}/ratings")
async def list_ratings(
    student_id: UUID,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
    limit: WrittenLimit = 50,
    cursor: Cursor = None,
) -> RatingPage:
    """A student's ratings, the last observed first."""
    return await ratings.list_ratings(
        db, person, sight, student_id, which, limit=limit, cursor=cursor
    )


@router.delete("/students/{student_id}/ratings/{rating_id}", status_code=204)
async def delete_rating(
    student_id: UUID,
    rating_id: UUID,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
) -> None:
    """Delete one's own rating; nobody deletes another's."""
    await ratings.remove_rating(db, person, sight, student_id, rating_id, which)


@router.get("/students/{student_id}/notes")
async def list_notes(
    student_id: UUID,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
    limit: WrittenLimit = 50,
    cursor: Cursor = None,
) -> NotePage:
    """What teachers wrote about a student, newest first. No estimate reads it."""
    return await ratings.list_notes(
        db, person, sight, student_id, which, limit=limit, cursor=cursor
    )


@router.post("/students/{student_id}/notes", status_code=201)
async def post_note(
    student_id: UUID,
    told: NoteIn,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
) -> NoteOut:
    """Write a note, for all who may see the student."""
    return await ratings.write_note(db, person, sight, student_id, told.text, which)


@router.delete("/students/{student_id}/notes/{note_id}", status_code=204)
async def delete_note(
    student_id: UUID,
    note_id: UUID,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
) -> None:
    """Delete one's own note; nobody deletes another's."""
    await ratings.remove_note(db, person, sight, student_id, note_id, which)


@router.put("/students/{student_id}/extra-time")
async def put_extra_time(
    student_id: UUID,
    told: ExtraTime,
    person: PersonAuth,
    sight: PersonSight,
    which: WhichTenant,
    db: RequestDb,
) -> ExtraTime:
    """Note that a student has extra time or assistive tools, or no longer.

    With it no feature that depends on time counts in any estimate of the student.
    """
    await ratings.put_extra_time(db, person, sight, student_id, which, extra_time=told.extra_time)
    return told
