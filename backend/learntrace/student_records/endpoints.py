"""A student's whole record over HTTP: handed out, and erased."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from learntrace.accounts.auth import OwnTransactions, PersonAlone
from learntrace.audit.auth import act_of
from learntrace.student_records import service
from learntrace.student_records.auth import OwnStudent, StudentToErase
from learntrace.student_records.exporting import exported, from_start
from learntrace.student_records.schemas import ErasureIn, ErasureOut

ZIP = "application/zip"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
    404: {"description": "Unknown, or not for this caller's eyes: both are answered alike."},
    409: {"description": "Several schools have this id; `school_ids` names them."},
}

router = APIRouter(prefix="/students", tags=["student records"], responses=_RESPONSES)


async def _archive(student: OwnStudent, database: OwnTransactions) -> AsyncIterator[BinaryIO]:
    async with exported(database, student.school_id, student.id) as file:
        yield file


# scope="request": the file goes when the answer is sent, or its reader gone.
_Archive = Annotated[BinaryIO, Depends(_archive, scope="request")]


@router.get(
    "/{student_id}/export",
    response_class=StreamingResponse,
    responses={200: {"description": "A zip archive.", "content": {ZIP: {}}}},
)
async def export_student(archive: _Archive) -> StreamingResponse:
    """Everything that is stored about a student: each kind of record as JSON and as CSV.

    `README.txt` inside says which file holds what. For school administrators. It is sent once it
    is whole: where the server has no room for it, the answer is 503.
    """
    return StreamingResponse(
        from_start(archive),
        media_type=ZIP,
        headers={
            "Content-Disposition": 'attachment; filename="student.zip"',
            "Content-Length": str(archive.tell()),
        },
    )


@router.post(
    "/{student_id}/erasure",
    responses={409: {"description": "A student of the school has this sandbox student's id, too."}},
)
async def erase_student(
    told: ErasureIn,
    student: StudentToErase,
    person: PersonAlone,
    request: Request,
    database: OwnTransactions,
) -> ErasureOut:
    """Erase all that is stored of a student, for good, and let nobody of that id back.

    The same id in the school's sandbox goes, too; but not the other way round: a student of the
    sandbox whose id one of the school has is not erased alone. For school administrators.
    """
    act = act_of(person, request)
    return ErasureOut.of(await service.erase(database, person, act, student, confirm=told.confirm))
