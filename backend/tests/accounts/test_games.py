"""Games, origins, and who sees which game."""

import pytest

from learntrace.accounts import games, mappings, sign_ins
from learntrace.accounts.callers import Person, Role
from learntrace.accounts.games import normal_origin
from learntrace.events import repository as events
from learntrace.kit.db import Database
from learntrace.kit.errors import ConflictError, InvalidError, NotFoundError

from ..world import World
from .conftest import People


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://game.example", "https://game.example"),
        (" HTTPS://Game.Example ", "https://game.example"),
        ("https://game.example:8443", "https://game.example:8443"),
        ("https://game.example:443", "https://game.example"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_origin_is_kept_as_browsers_send_it(typed: str, kept: str) -> None:
    assert normal_origin(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "*",
        "null",
        "game.example",
        "http://game.example",
        "https://",
        "https://game.example/",
        "https://game.example/path",
        "https://game.example?x",
        "https://*.example",
        "https://user@game.example",
        "https://game.example:99999",
        "https://game.example:x",
        "https://game.example:",
        "https://game .example",
        "https://game.example, https://b.example",
        "https://[::1",
        "ftp://game.example",
        "file:///game",
        f"https://{'a' * 260}.example",
    ],
)
def test_what_is_no_origin_is_refused(typed: str) -> None:
    with pytest.raises(InvalidError, match="https://host"):
        normal_origin(typed)


async def test_a_name_is_taken_once(database: Database) -> None:
    async with database.transaction() as db:
        game = await games.create_game(
            db, name=" Tiles 2 ", origins=["https://b.ex", "https://a.ex"]
        )
        assert (game.name, game.allowed_origins) == ("Tiles 2", ["https://a.ex", "https://b.ex"])
        with pytest.raises(ConflictError):
            await games.create_game(db, name="Tiles 2")


@pytest.mark.parametrize("name", ["", "  ", "a" * 201, "a\x00b", "a\nb"])
async def test_a_bad_name_is_refused(database: Database, name: str) -> None:
    async with database.transaction() as db:
        with pytest.raises(InvalidError):
            await games.create_game(db, name=name)


async def test_origins_are_set_whole(database: Database, world: World) -> None:
    async with database.transaction() as db:
        kept = await games.set_origins(db, world.game_id, ["https://new.example"] * 2)
        assert kept == ["https://new.example"]
        every = await games.list_allowed_origins(db)
        assert every == {"https://new.example", "https://game.example"}
        game = await games.find_game(db, world.game_id)
    assert game is not None


async def test_each_role_sees_its_games(database: Database, world: World, people: People) -> None:
    async with database.transaction() as db:
        unused = await games.create_game(db, name="Unused")
    both = ["Tiles", "Waves"]
    for username, role, school_id, seen in (
        ("tess", Role.TEACHER, world.school_id, both),
        ("adam", Role.SCHOOL_ADMIN, world.school_id, both),
        ("sys", Role.SYSTEM_ADMIN, None, ["Tiles", "Unused", "Waves"]),
        ("dev", Role.GAME_DEVELOPER, None, ["Waves"]),
        ("rival", Role.GAME_DEVELOPER, None, ["Tiles"]),
    ):
        person = Person(
            user_id=people.ids[username],
            username=username,
            display_name=username,
            role=role,
            school_id=school_id,
            sign_in_id=world.class_id,
        )
        async with database.transaction() as db:
            found = await games.visible_games(db, person)
            assert [game.name for game in found] == seen
            if role is not Role.SYSTEM_ADMIN:
                with pytest.raises(NotFoundError):
                    await games.require_visible_game(db, person, unused.id)


async def test_versions_in_force_are_told_for_every_tenant_and_game(
    database: Database, world: World
) -> None:
    async with database.transaction() as db:
        await games.use_game(db, world.school_id, world.game_id)
        for version in (1, 2):
            await events.add_mapping(db, world.game_id, version, {"events": {}})
        await mappings.choose(db, world.school_id, world.game_id, 1)
        found = await games.versions_in_force(db)
        alone = {pair: await games.resolve_mapping_version(db, *pair) for pair in found}
    assert len(found) == 6
    assert list(found) == sorted(found)
    assert found == alone
    assert found[world.school_id, world.game_id] == 1
    assert found[world.sandbox_id, world.game_id] == 2
    assert found[world.sandbox_id, world.other_game_id] == 0


async def test_only_access_tokens_are_looked_up(database: Database, world: World) -> None:
    async with database.transaction() as db:
        assert await sign_ins.find_person(db, world.write_key) is None
        assert await sign_ins.find_person(db, "lt_access_unknown") is None
