"""Which tenants there are to read, as queries that other rooms' queries can stand on."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.callers import Person, Role
from learntrace.accounts.models import Game, GameDeveloper, School, SchoolGame


@dataclass(frozen=True, slots=True)
class Named:
    """A thing's id and its name for people."""

    id: UUID
    name: str


def every_tenant() -> Select[UUID]:
    """The ids of all schools and their sandbox twins."""
    return select(School.id)


def sandboxes() -> Select[UUID]:
    """The ids of all sandbox twins."""
    return select(School.id).where(School.sandbox_of.is_not(None))


def tenant(school_id: UUID) -> Select[UUID]:
    """One tenant's id alone."""
    return select(School.id).where(School.id == school_id)


def tenants_of_school(school_id: UUID | None) -> Select[UUID]:
    """The ids of a live school and its sandbox twin; none for `None`."""
    return select(School.id).where((School.id == school_id) | (School.sandbox_of == school_id))


def tenants_of_person(person: Person) -> Select[UUID]:
    """The tenants of which somebody signed in sees anything of a student.

    School people: their school and its sandbox. Game developers: the sandboxes that use their own
    games. System administrators: all.
    """
    if person.role is Role.SYSTEM_ADMIN:
        return every_tenant()
    if person.role is Role.GAME_DEVELOPER:
        return only(tenants_using(games_developed_by(person.user_id)), sandbox=True)
    return tenants_of_school(person.school_id)


def tenants_using(games: Select[UUID]) -> Select[UUID]:
    """The ids of the tenants that use one of `games`."""
    using = select(SchoolGame.school_id).where(SchoolGame.game_id.in_(games))
    return select(School.id).where(School.id.in_(using))


def only(tenants: Select[UUID], *, sandbox: bool) -> Select[UUID]:
    """Of `tenants`, the sandbox twins or the live schools."""
    is_twin = School.sandbox_of.is_not(None)
    return select(School.id).where(School.id.in_(tenants), is_twin if sandbox else ~is_twin)


def one_game(game_id: UUID) -> Select[UUID]:
    """One game's id alone."""
    return select(Game.id).where(Game.id == game_id)


def games_developed_by(user_id: UUID) -> Select[UUID]:
    """The ids of the games that a developer owns."""
    return select(GameDeveloper.game_id).where(GameDeveloper.user_id == user_id)


async def named_games(db: AsyncSession, game_ids: Collection[UUID]) -> dict[UUID, Named]:
    """Games by id."""
    query = select(Game.id, Game.name).where(Game.id.in_(game_ids))
    return {row.id: Named(row.id, row.name) for row in await db.execute(query)}
