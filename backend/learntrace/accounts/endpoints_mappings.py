"""A game's mapping, and a school's choice of a version."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from learntrace.accounts import games, mappings
from learntrace.accounts.auth import PersonAuth, require_role
from learntrace.accounts.callers import Role
from learntrace.accounts.schemas import MOST_VERSION, MappingChoice, MappingOut
from learntrace.kit.db import RequestDb
from learntrace.kit.errors import TooLargeError

router = APIRouter(prefix="/games", tags=["games"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
_NEW: dict[int | str, dict[str, Any]] = {201: {"model": MappingOut, "description": "A new version"}}


async def _small_body(request: Request) -> bytes:
    """The body. Raises `TooLargeError` as soon as it is known to be longer than a mapping."""
    too_large = TooLargeError(f"A mapping has at most {mappings.MOST_BYTES // 1024} KiB.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > mappings.MOST_BYTES:
            raise too_large
    return bytes(body)


@router.get("/{game_id}/mapping")
async def read_mapping(
    game_id: UUID,
    person: PersonAuth,
    db: RequestDb,
    version: Annotated[int | None, Query(ge=0, le=MOST_VERSION)] = None,
) -> MappingOut:
    """The game's latest mapping, or the version asked for."""
    await games.require_visible_game(db, person, game_id)
    return MappingOut.model_validate(await mappings.show(db, game_id, version))


@router.put("/{game_id}/mapping", response_model=MappingOut, responses=_NEW, openapi_extra=_BODY)
async def publish_mapping(
    game_id: UUID,
    person: PersonAuth,
    db: RequestDb,
    body: Annotated[bytes, Depends(_small_body)],
) -> Response:
    """Publish the body as the game's next version: 201, or 200 when nothing changed.

    422 lists what is wrong in `errors`, each with `where` and `problem`.
    """
    await games.require_visible_game(db, person, game_id)
    require_role(person, Role.GAME_DEVELOPER, Role.SYSTEM_ADMIN)
    published, is_new = await mappings.publish(db, game_id, mappings.read_json(body))
    answer = MappingOut.model_validate(published).model_dump(mode="json")
    return JSONResponse(answer, status_code=201 if is_new else 200)


@router.put("/{game_id}/mapping-choice")
async def choose_mapping(
    game_id: UUID, choice: MappingChoice, person: PersonAuth, db: RequestDb
) -> MappingChoice:
    """Have your school use this version of the game's mapping; null follows the latest."""
    await games.require_visible_game(db, person, game_id)
    require_role(person, Role.SCHOOL_ADMIN)
    assert person.school_id is not None, "a school administrator belongs to a school"
    await mappings.choose(db, person.school_id, game_id, choice.version)
    return choice
