"""Games: who owns them, which tenants use them, and the mapping that is in force for each."""

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import Select, Uuid, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.callers import Person, Role
from learntrace.accounts.models import Game, GameDeveloper, SchoolGame
from learntrace.accounts.tenants import games_developed_by, tenants_of_school
from learntrace.events import repository as events
from learntrace.events.mapping import GameMapping
from learntrace.events.ready import ready_mapping
from learntrace.kit.clock import now
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError

NO_GAME = "There is no game with this id that you can see."
_MOST_NAME = 200
_MOST_ORIGIN = 255
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})

# The mapping version in force for the tenant `w.school_id` and the game `w.game_id`.
MAPPING_IN_FORCE_SQL = """
    coalesce(
        (select s.mapping_version from school_games s
         where s.school_id = w.school_id and s.game_id = w.game_id),
        (select max(m.version) from game_mappings m where m.game_id = w.game_id),
        0
    )
"""
_IN_FORCE = text(
    f"select {MAPPING_IN_FORCE_SQL} from (select :school_id as school_id, :game_id as game_id) w"  # noqa: S608 - a constant
).bindparams(bindparam("school_id", type_=Uuid), bindparam("game_id", type_=Uuid))


def normal_origin(typed: str) -> str:
    """An origin as browsers send it: `https://host`, with a port where it is not the usual one.

    Plain http is let through for the own machine only. Raises `InvalidError`.
    """
    problem = InvalidError(
        "An origin is written https://host or https://host:port, without a path; "
        "http:// only for localhost."
    )
    origin = typed.strip().lower()
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        raise problem from None
    host = parts.netloc.removesuffix(f":{port}")
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _OWN_MACHINE)
    if not secure or not _HOST.fullmatch(host) or len(origin) > _MOST_ORIGIN:
        raise problem
    if origin != f"{parts.scheme}://{parts.netloc}":
        raise problem
    usual = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{host}" + ("" if port in (None, usual) else f":{port}")


async def create_game(
    db: AsyncSession,
    *,
    name: str,
    origins: Sequence[str] = (),
    developers: Collection[UUID] = (),
) -> Game:
    """A new game, owned by `developers` (user ids).

    Raises `ConflictError` for a name that is taken, `InvalidError` for a bad name or origin.
    """
    if not 1 <= len(name.strip()) <= _MOST_NAME or not name.isprintable():
        raise InvalidError(f"A game's name has 1 to {_MOST_NAME} printable characters.")
    values = {
        "id": uuid4(),
        "name": name.strip(),
        "allowed_origins": sorted({normal_origin(one) for one in origins}),
        "created_at": now(),
    }
    query = insert(Game).values(values).on_conflict_do_nothing(index_elements=[Game.name])
    game: Game | None = await db.scalar(query.returning(Game))
    if game is None:
        raise ConflictError("There is a game with that name already.")
    for user_id in sorted(developers):
        db.add(GameDeveloper(game_id=game.id, user_id=user_id))
    await db.flush()
    return game


async def list_games(db: AsyncSession) -> list[Game]:
    """Every game, by name."""
    return list(await db.scalars(select(Game).order_by(Game.name)))


async def find_game(db: AsyncSession, game_id: UUID) -> Game | None:
    return await db.get(Game, game_id)


async def set_origins(db: AsyncSession, game_id: UUID, origins: Sequence[str]) -> list[str]:
    """Let browser pages at exactly these origins use the game's tokens; what is stored."""
    kept = sorted({normal_origin(one) for one in origins})
    await db.execute(update(Game).where(Game.id == game_id).values(allowed_origins=kept))
    return kept


async def list_allowed_origins(db: AsyncSession) -> frozenset[str]:
    """The origins that any game allows."""
    rows = await db.scalars(select(Game.allowed_origins))
    return frozenset(origin for origins in rows for origin in origins)


def games_seen_by(person: Person) -> Select[UUID]:
    """The ids of the games that `person` may know of.

    School people: games that their school or its sandbox uses. Developers: their own. System
    administrators: all.
    """
    if person.role is Role.SYSTEM_ADMIN:
        return select(Game.id)
    if person.role is Role.GAME_DEVELOPER:
        return games_developed_by(person.user_id)
    own = tenants_of_school(person.school_id)
    return select(SchoolGame.game_id).where(SchoolGame.school_id.in_(own))


async def visible_games(db: AsyncSession, person: Person) -> list[Game]:
    """The games that `person` may know of, by name."""
    query = select(Game).where(Game.id.in_(games_seen_by(person))).order_by(Game.name)
    return list(await db.scalars(query))


async def require_visible_game(db: AsyncSession, person: Person, game_id: UUID) -> Game:
    """Raises `NotFoundError` where the game is unknown or not for `person`'s eyes."""
    query = select(Game).where(Game.id == game_id, Game.id.in_(games_seen_by(person)))
    game = (await db.scalars(query)).one_or_none()
    if game is None:
        raise NotFoundError(NO_GAME)
    return game


async def use_game(db: AsyncSession, school_id: UUID, game_id: UUID) -> None:
    """The tenant uses this game from now on, by the latest mapping until it chooses one."""
    values = {"school_id": school_id, "game_id": game_id, "added_at": now()}
    await db.execute(insert(SchoolGame).values(values).on_conflict_do_nothing())


async def uses_game(db: AsyncSession, school_id: UUID, game_id: UUID) -> bool:
    return await db.get(SchoolGame, (school_id, game_id)) is not None


async def versions_in_force(db: AsyncSession) -> dict[tuple[UUID, UUID], int]:
    """The mapping version in force for every pair of tenant and game in use, by their ids.

    See `resolve_mapping_version`; two statements, however many pairs there are.
    """
    used = select(SchoolGame.school_id, SchoolGame.game_id, SchoolGame.mapping_version)
    pairs = (await db.execute(used.order_by(SchoolGame.school_id, SchoolGame.game_id))).all()
    latest = await events.latest_mapping_versions(db, sorted({pair.game_id for pair in pairs}))
    return {
        (pair.school_id, pair.game_id): pair.mapping_version or latest[pair.game_id]
        for pair in pairs
    }


async def resolve_mapping_version(db: AsyncSession, school_id: UUID, game_id: UUID) -> int:
    """The mapping version in force for this tenant: what it chose, else the latest; 0 if none."""
    version = await db.scalar(_IN_FORCE, {"school_id": school_id, "game_id": game_id})
    assert version is not None, "the built-in one is version 0"
    return int(version)


async def ready_mapping_in_force(
    db: AsyncSession, school_id: UUID, game_id: UUID
) -> tuple[int, GameMapping]:
    """The version in force for this tenant and what it says; see `resolve_mapping_version`."""
    version = await resolve_mapping_version(db, school_id, game_id)
    return version, await ready_mapping(db, game_id, version)
