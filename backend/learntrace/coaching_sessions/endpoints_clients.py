"""Who is coached, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from learntrace.coaching_sessions import clients
from learntrace.coaching_sessions.repository import Page
from learntrace.coaching_sessions.schemas import (
    MOST_PAGE,
    MOST_PAGES,
    ClientChange,
    ClientIn,
    ClientOut,
    ClientPage,
)
from learntrace.kit.db import RequestDb
from learntrace.sights import WhichTenant
from learntrace.transcription_sessions.auth import EducatorAuth

REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "Not for this role: teachers and school administrators coach."},
    404: {"description": "Unknown, or not for this caller's eyes: both are answered alike."},
}
READ_ONLY: dict[int | str, dict[str, Any]] = {409: {"description": "The client is anonymized."}}


async def _page(
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
    page_size: Annotated[int, Query(ge=1, le=MOST_PAGE)] = 20,
) -> Page:
    return Page(page, page_size)


WantedPage = Annotated[Page, Depends(_page)]
router = APIRouter(prefix="/clients", tags=["coaching sessions"], responses=REFUSED)


@router.get("")
async def list_clients(educator: EducatorAuth, db: RequestDb, page: WantedPage) -> ClientPage:
    """Your clients by name, the anonymized last; for an administrator, those of the school.

    A client who is a student is there while you may see the student.
    """
    return await clients.list_clients(db, educator, page)


@router.post(
    "", status_code=201, responses={409: {"description": "Several schools have this student's id."}}
)
async def add_client(
    told: ClientIn, educator: EducatorAuth, which: WhichTenant, db: RequestDb
) -> ClientOut:
    """Somebody new whom you coach: by `name`, or a student by `student_id`."""
    return await clients.add(db, educator, which, told)


@router.get("/{client_id}")
async def read_client(client_id: UUID, educator: EducatorAuth, db: RequestDb) -> ClientOut:
    """One client."""
    return await clients.read(db, educator, client_id)


@router.patch(
    "/{client_id}", responses={409: {"description": "The client is anonymized, or a student."}}
)
async def rename_client(
    client_id: UUID, told: ClientChange, educator: EducatorAuth, db: RequestDb
) -> ClientOut:
    """Call a client otherwise who is no student."""
    return await clients.rename(db, educator, client_id, told.name)


@router.post("/{client_id}/anonymize", responses=READ_ONLY)
async def anonymize_client(client_id: UUID, educator: EducatorAuth, db: RequestDb) -> ClientOut:
    """Take a client's name away for good, once; from then on the client is read-only.

    In the meetings with the client each word of the name gives way to `[client]` in the notes, and
    the links to the student, to recordings and to ratings go. What else tells who it was stays in
    the notes: change them as before.
    """
    return await clients.anonymize(db, educator, client_id)


@router.delete(
    "/{client_id}",
    status_code=204,
    responses={409: {"description": "There are meetings with the client, or it is anonymized."}},
)
async def delete_client(client_id: UUID, educator: EducatorAuth, db: RequestDb) -> None:
    """Delete a client with whom there are no meetings."""
    await clients.remove(db, educator, client_id)
