"""A school's roster over HTTP, for its own administrators."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from learntrace.accounts.auth import OwnTransactions, PersonAlone, administered_school
from learntrace.accounts.turns import Turns
from learntrace.audit.auth import act_of
from learntrace.kit.errors import UnsupportedMediaTypeError
from learntrace.kit.http import read_body
from learntrace.roster.importing.schemas import ImportOut
from learntrace.roster.importing.uploads import import_upload

MOST_BYTES = 20 * 1024 * 1024
# Nobody keeps a school's turn by sending slowly.
ARRIVES_WITHIN_S = 60.0
IMPORT_PATH = "/api/v1/roster/import"
ZIP, CSV = "application/zip", "text/csv"

router = APIRouter(prefix="/roster", tags=["roster"])

_TURNS = Turns()
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in (ZIP, CSV)
        },
    }
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"description": "The connection ended before the body did."},
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
    408: {"description": f"The body was not there within {ARRIVES_WITHIN_S:g} seconds."},
    413: {"description": f"More than {MOST_BYTES // 1024 // 1024} MiB, or too much unpacked."},
    415: {"description": "Neither a zip archive nor CSV."},
    422: {"description": "A file that cannot be read; `detail` says at which line and column."},
}


async def _own_turn(person: PersonAlone) -> AsyncIterator[UUID]:
    """The school that the person administers, and its turn: before it, no body is read."""
    school_id = administered_school(person)
    async with _TURNS.of(str(school_id)):
        yield school_id


OwnTurn = Annotated[UUID, Depends(_own_turn, scope="function")]


async def _media_type(request: Request, _: PersonAlone) -> str:
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent not in (ZIP, CSV) or "content-encoding" in request.headers:
        raise UnsupportedMediaTypeError(f"Send {ZIP} (OneRoster) or {CSV} (a plain file) as it is.")
    return sent


@router.post("/import", responses=_RESPONSES, openapi_extra=_BODY)
async def import_roster(
    school_id: OwnTurn,
    person: PersonAlone,
    media_type: Annotated[str, Depends(_media_type)],
    request: Request,
    database: OwnTransactions,
    *,
    dry_run: bool = False,
    force: bool = False,
) -> ImportOut:
    """Make your school's classes, students and teachers what the files say.

    `dry_run` says what would change, and stores nothing. Files that would end more than 10 % of
    the enrolments or teachings that are open now are refused without `force`. All or nothing:
    while there is a problem, nothing is stored. A school's imports take turns.
    """
    content = await read_body(
        request.scope, request.receive, most_bytes=MOST_BYTES, within_s=ARRIVES_WITHIN_S
    )
    outcome = await import_upload(
        database,
        school_id,
        content,
        act=act_of(person, request),
        is_archive=media_type == ZIP,
        dry_run=dry_run,
        force=force,
    )
    return ImportOut.of(outcome, dry_run=dry_run)
