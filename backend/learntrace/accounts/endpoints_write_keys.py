"""A school's write keys over HTTP, for its own administrators."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from learntrace.accounts import games, write_keys
from learntrace.accounts.auth import OwnTransactions, PersonAlone, administered_school
from learntrace.accounts.schemas import Typed
from learntrace.audit.auth import act_of

_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or one that is not valid now."},
    403: {"description": "A game's credential, or not in this role."},
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "No key of your school."}}
_OVER: dict[int | str, dict[str, Any]] = {
    409: {"description": "Revoked or expired: make a new one."}
}

router = APIRouter(prefix="/write-keys", tags=["write keys"], responses=_REFUSED)


class KeyGame(BaseModel):
    """The game whose play a key writes."""

    id: UUID
    name: str


class WriteKeyOut(BaseModel):
    """A key, without its secret. It writes until `expires_at` or `revoked_at`; null for no end."""

    id: UUID
    game: KeyGame
    environment: Literal["live", "sandbox"]
    name: str
    created_at: datetime
    last_used_at: Annotated[datetime | None, Field(description="To the minute.")]
    expires_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, listed: write_keys.ListedKey) -> Self:
        key = listed.key
        return cls.model_validate(
            {name: getattr(key, name) for name in cls.model_fields if name != "game"}
            | {"game": {"id": key.game_id, "name": listed.game}}
        )


class WriteKeyList(BaseModel):
    """The keys of the school and its sandbox, oldest first, also those that are over."""

    items: list[WriteKeyOut]


class WriteKeyIn(BaseModel):
    """A key for one game; `name` tells it from others."""

    model_config = ConfigDict(extra="forbid")

    game_id: UUID
    environment: Literal["live", "sandbox"]
    name: Typed


class RotationIn(BaseModel):
    """How long the old key stays valid beside the new one."""

    model_config = ConfigDict(extra="forbid")

    overlap_hours: Annotated[float, Field(ge=0, le=write_keys.MOST_OVERLAP_H)] = 24.0


class NewWriteKey(BaseModel):
    """A key just made; `secret` is shown this once."""

    write_key: WriteKeyOut
    secret: Annotated[str, Field(examples=["lt_live_…"])]


@router.get("")
async def list_write_keys(person: PersonAlone, database: OwnTransactions) -> WriteKeyList:
    """The keys with which game servers write your school's play and its test play."""
    school_id = administered_school(person)
    async with database.transaction() as db:
        found = await write_keys.list_keys(db, school_id)
    return WriteKeyList(items=[WriteKeyOut.of(one) for one in found])


@router.post(
    "", status_code=201, responses={404: {"description": "No game that your school uses."}}
)
async def create_write_key(
    told: WriteKeyIn, person: PersonAlone, request: Request, database: OwnTransactions
) -> NewWriteKey:
    """A new key for a game that your school or its sandbox uses.

    It writes for the whole school: put it into a game server, never into what pupils download.
    """
    school_id = administered_school(person)
    async with database.transaction() as db:
        await games.require_visible_game(db, person, told.game_id)
        made = await write_keys.create_key(
            db,
            act_of(person, request),
            school_id=school_id,
            game_id=told.game_id,
            environment=told.environment,
            name=told.name,
        )
        listed = await write_keys.show_key(db, made.id)
    return NewWriteKey(write_key=WriteKeyOut.of(listed), secret=made.plain)


@router.post("/{key_id}/rotate", status_code=201, responses=_UNKNOWN | _OVER)
async def rotate_write_key(
    key_id: UUID, told: RotationIn, person: PersonAlone, request: Request, database: OwnTransactions
) -> NewWriteKey:
    """A successor of a key of your school; the old one stays valid for the overlap."""
    school_id = administered_school(person)
    async with database.transaction() as db:
        made = await write_keys.rotate_key(
            db, act_of(person, request), key_id, overlap_h=told.overlap_hours, school_id=school_id
        )
        listed = await write_keys.show_key(db, made.id)
    return NewWriteKey(write_key=WriteKeyOut.of(listed), secret=made.plain)


@router.post("/{key_id}/revoke", responses=_UNKNOWN)
async def revoke_write_key(
    key_id: UUID, person: PersonAlone, request: Request, database: OwnTransactions
) -> WriteKeyOut:
    """End a key of your school: nothing sent with it is stored once this is answered."""
    school_id = administered_school(person)
    async with database.transaction() as db:
        await write_keys.revoke_key(db, act_of(person, request), key_id, school_id=school_id)
        listed = await write_keys.show_key(db, key_id)
    return WriteKeyOut.of(listed)
