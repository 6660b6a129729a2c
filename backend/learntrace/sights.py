"""What a caller may read, as a type in an endpoint's signature."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.auth import (
    OwnTransactions,
    PersonAlone,
    PersonAuth,
    authenticate_game,
    authenticate_person,
    bearer_token,
    count_reading,
)
from learntrace.accounts.callers import Kind, Person
from learntrace.accounts.credentials import find_game_caller
from learntrace.accounts.narrowing import NarrowedDatabase, narrow
from learntrace.accounts.secrets import PLAYER_TOKEN
from learntrace.accounts.tenants import (
    games_developed_by,
    only,
    sandboxes,
    tenants_of_person,
    tenants_of_school,
)
from learntrace.audit.auth import act_of
from learntrace.game_sessions.reading import players_of
from learntrace.kit.db import RequestDb
from learntrace.kit.errors import UnauthorizedError
from learntrace.roster.choice import Which
from learntrace.roster.visibility import Sight, sight_of_person, sight_of_player

OF_READERS = (Kind.PERSON, Kind.PLAYER)
ENDED = "This player token is no longer valid. Join again."

_Sandbox = Annotated[
    bool | None,
    Query(description="True for the sandbox, false for live; left out: live where it exists."),
]
_School = Annotated[
    UUID | None,
    Query(description="The school meant, with its sandbox; or one sandbox alone."),
]


def _seen_by(person: Person, request: Request) -> Sight:
    players = players_of(games_developed_by(person.user_id), tenants=sandboxes())
    return sight_of_person(person, act_of(person, request), players=players)


async def _person_sight(person: PersonAuth, request: Request) -> Sight:
    return _seen_by(person, request)


async def find_reader(request: Request, db: AsyncSession) -> tuple[Sight, Person | None]:
    """What a person, or the game in a pupil's hands, may read; with the person, if it is one."""
    token = bearer_token(request.headers.get("authorization")) or ""
    if token.startswith(PLAYER_TOKEN):
        return await _player_sight(request, db, token), None
    person = await authenticate_person(request, db, takes=OF_READERS)
    return _seen_by(person, request), person


async def _reader_sight(request: Request, db: RequestDb) -> Sight:
    sight, _ = await find_reader(request, db)
    return sight


async def _player_sight(request: Request, db: AsyncSession, token: str) -> Sight:
    """What a player token may read, if it still stands in this transaction."""
    known = await authenticate_game(request, token, takes=OF_READERS)
    count_reading(request, known)
    caller = await find_game_caller(db, token)
    if caller is None or caller.student_id is None:
        raise UnauthorizedError(ENDED)
    sight = sight_of_player(
        school_id=caller.school_id, student_id=caller.student_id, game_id=caller.game_id
    )
    await narrow(db, sight.tenants)
    return sight


async def _person_sight_alone(person: PersonAlone, request: Request) -> Sight:
    return _seen_by(person, request)


async def _narrowed(person: PersonAlone, database: OwnTransactions) -> NarrowedDatabase:
    return NarrowedDatabase(database, tenants_of_person(person))


NarrowedTransactions = Annotated[NarrowedDatabase, Depends(_narrowed)]


async def _which(db: RequestDb, sandbox: _Sandbox = None, school_id: _School = None) -> Which:
    return await _find_which(db, sandbox, school_id)


async def _which_alone(
    database: NarrowedTransactions, sandbox: _Sandbox = None, school_id: _School = None
) -> Which:
    async with database.transaction() as db:
        return await _find_which(db, sandbox, school_id)


async def _find_which(db: AsyncSession, sandbox: bool | None, school_id: UUID | None) -> Which:
    if school_id is None:
        return Which(sandbox=sandbox)
    twins = tenants_of_school(school_id)
    if sandbox is None and (await db.scalars(only(twins, sandbox=False))).first() is None:
        sandbox = True
    return Which(sandbox=sandbox, school_ids=frozenset(await db.scalars(twins)))


PersonSight = Annotated[Sight, Depends(_person_sight)]
# A person, or the game in a pupil's hands.
ReaderSight = Annotated[Sight, Depends(_reader_sight)]
WhichTenant = Annotated[Which, Depends(_which)]

# For who makes several transactions: nothing of the request is held open beside them.
PersonSightAlone = Annotated[Sight, Depends(_person_sight_alone)]
WhichTenantAlone = Annotated[Which, Depends(_which_alone)]
