"""The callers of the table, in the order of its columns."""

from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from tests.classroom.conftest import SchoolDay
from tests.world import bearer, insert, now

from .places import PUPILS_GAME, Caller, Place, player_token, reset_link, settle, strangers


async def settle_callers(day: SchoolDay, db: AsyncSession) -> list[Caller]:
    """Everybody who can ask, in a small world where each has something of the own."""
    world = day.world
    hill, lake, sandbox = world.school_id, world.other_school_id, world.sandbox_id
    waves, tiles = world.game_id, world.other_game_id

    async def at(name: str, school_id: UUID, class_id: UUID, game_id: UUID = waves) -> Place:
        return await settle(day, db, name, school_id=school_id, class_id=class_id, game_id=game_id)

    pupil = await at("5a", hill, world.class_id)
    classmate = await at("5a", hill, world.class_id)
    other_class = await at("5b", hill, day.other_class)
    elsewhere = await at("Lake", lake, day.lake_class)
    tried = await at("Test players", sandbox, world.test_class_id)
    tried_tiles = await at("Test players", sandbox, world.test_class_id, tiles)
    other_game = await settle(
        day,
        db,
        "5a",
        school_id=hill,
        class_id=world.class_id,
        game_id=tiles,
        student_id=UUID(pupil.ids["student_id"]),
    )
    live_of_tiles = Place(hill, {**classmate.ids, "game_id": str(tiles)})
    chess = await _game_of(db, lake)
    known, unknown = _game(waves), _game(chess)

    token = await player_token(db, pupil)
    del other_game.by_caller[PUPILS_GAME]  # what the pupil sent is the pupil's in any game

    def caller(
        name: str,
        credentials: tuple[dict[str, str], ...],
        own: tuple[Place, ...],
        foreign: dict[str, Place],
        tenants: set[UUID],
        *,
        own_games: tuple[Place, ...] = (known,),
        foreign_games: dict[str, Place] | None = None,
    ) -> Caller:
        strange = {"another game": unknown} if foreign_games is None else foreign_games
        return Caller(name, credentials, own, foreign, own_games, strange, frozenset(tenants))

    def signed_in(user: str) -> tuple[dict[str, str], ...]:
        return (day.headers(user),)

    another_school = {"another school": elsewhere}
    return [
        Caller("nobody", await strangers(db, pupil), (pupil,), {}, (known,), {}, frozenset()),
        caller("reset link", (bearer(await reset_link(db, pupil)),), (pupil,), {}, {hill}),
        caller(
            PUPILS_GAME,
            (bearer(token),),
            (pupil,),
            {"another pupil": classmate, "another game": other_game, **another_school},
            {hill},
        ),
        caller(
            "live key",
            (bearer(world.write_key),),
            (pupil,),
            {"another game": other_game, "the sandbox": tried, **another_school},
            {hill},
        ),
        caller(
            "sandbox key",
            (bearer(world.sandbox_key),),
            (tried,),
            {"another game": tried_tiles, "the live school": pupil, **another_school},
            {sandbox},
        ),
        caller(
            "teacher",
            signed_in("teacher"),
            (pupil, classmate),
            {"another class": other_class, "test players": tried, **another_school},
            {hill, sandbox},
        ),
        caller(
            "school admin",
            signed_in("school_admin"),
            (pupil, other_class, tried),
            another_school,
            {hill, sandbox},
        ),
        caller(
            "system admin",
            signed_in("system_admin"),
            (pupil, elsewhere, tried),
            {},
            {hill, lake, sandbox},
            own_games=(known, unknown),
            foreign_games={},
        ),
        caller(
            "developer",
            signed_in("developer"),
            (tried,),
            {"another's game": tried_tiles, "live pupils": live_of_tiles, **another_school},
            {sandbox},
            foreign_games={"another's game": _game(tiles)},
        ),
    ]


def _game(game_id: UUID) -> Place:
    return Place(None, {"game_id": str(game_id)})


async def _game_of(db: AsyncSession, school_id: UUID) -> UUID:
    """A game that this school alone uses."""
    game_id = uuid4()
    await insert(db, "games", id=game_id, name="Chess", allowed_origins=[], created_at=now())
    await insert(db, "school_games", school_id=school_id, game_id=game_id, added_at=now())
    return game_id
