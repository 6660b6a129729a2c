"""`learntrace schools`, `users`, `games`, `keys` and `players`, as an operator runs them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from learntrace.accounts.secrets import token_hash, verify_password
from learntrace.cli import main
from learntrace.kit.config import load_settings

from ..world import World, bearer
from .conftest import People

Run = Callable[..., Awaitable[str]]


@pytest.fixture
async def run(
    world: World, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Run]:
    """Runs a command in a thread of its own and checks its exit code; what it printed."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    load_settings.cache_clear()

    async def invoke(*args: object, code: int = 0, stdin: str | None = None) -> str:
        words = [str(arg) for arg in args]
        result = await asyncio.to_thread(CliRunner().invoke, main, words, input=stdin)
        assert result.exit_code == code, result.output + repr(result.exception)
        return result.output

    yield invoke
    load_settings.cache_clear()


async def stored_password(world: World, username: str) -> str:
    query = "select password_hash from users where username = :name"
    return str(await world.one(query, name=username))


async def test_a_user_is_added_with_a_password_shown_once(run: Run, world: World) -> None:
    said = await run("users", "add", "Tina", "--role", "teacher", "--school", "Hill School")
    assert "Added tina as teacher." in said
    password = re.search(r"shown this once\): (\S+)", said)
    assert password is not None
    assert len(password[1]) == 20
    assert verify_password(await stored_password(world, "tina"), password[1])
    listed = await run("users", "list")
    assert re.search(r"tina +Tina +teacher +Hill School +active", listed)
    assert password[1] not in listed


async def test_a_password_is_read_from_standard_input(run: Run, world: World) -> None:
    said = await run(
        "users",
        "add",
        "sys",
        "--role",
        "system_admin",
        "--name",
        "Sys",
        "--password-stdin",
        stdin="correct horse battery\n",
    )
    assert "horse" not in said
    assert verify_password(await stored_password(world, "sys"), "correct horse battery")
    assert re.search(r"sys +Sys +system_admin +- ", await run("users", "list"))


@pytest.mark.parametrize(
    ("args", "stdin", "says"),
    [
        (("t", "--role", "system_admin"), None, "2 to 100"),
        (("tina", "--role", "teacher"), None, "belongs to a school"),
        (("tina", "--role", "teacher", "--school", "Moon"), None, "Schools: Hill School, Lake"),
        (("sys", "--role", "system_admin", "--password-stdin"), "short secret"[:7], "12 to 1,000"),
        (("tess", "--role", "system_admin"), None, "taken"),
    ],
)
async def test_a_user_that_does_not_fit_is_explained(
    run: Run, people: People, args: tuple[str, ...], stdin: str | None, says: str
) -> None:
    said = await run("users", "add", *args, code=1, stdin=stdin)
    assert says in said
    assert "Traceback" not in said
    assert "short s" not in said


async def test_two_schools_of_one_name_are_told_apart_by_id(run: Run, world: World) -> None:
    async with world.database.transaction() as db:
        await db.execute(text("update schools set name = 'Lake School' where sandbox_of is null"))
    said = await run("users", "add", "tina", "--role", "teacher", "--school", "Lake School", code=1)
    assert "2 schools" in said
    await run("users", "add", "tina", "--role", "teacher", "--school", world.school_id)


async def test_a_new_password(run: Run, people: People, world: World) -> None:
    said = await run("users", "password", "tess")
    password = re.search(r"shown this once\): (\S+)", said)
    assert password is not None
    assert verify_password(await stored_password(world, "tess"), password[1])
    assert "no user" in await run("users", "password", "nobody", code=1)


async def test_disabling_and_letting_in_again(run: Run, people: People) -> None:
    assert "tess is disabled." in await run("users", "disable", "tess")
    assert re.search(r"tess .* disabled", await run("users", "list"))
    assert "may sign in again" in await run("users", "disable", "tess", "--undo")
    assert re.search(r"tess .* active", await run("users", "list"))


async def test_a_link_for_a_new_password_is_shown_once(
    run: Run, people: People, world: World
) -> None:
    said = await run("users", "reset-link", "Tess", "--dashboard", "https://play.example/")
    link = re.search(r"^https://play\.example/password#(lt_reset_\S+)$", said, re.MULTILINE)
    assert link is not None
    assert "For tess, good once and until " in said
    stored = await world.one("select token_hash from password_resets")
    assert stored == token_hash(link[1])
    await run("users", "disable", "tess")
    assert "is disabled" in await run("users", "reset-link", "tess", code=1)
    assert "no user" in await run("users", "reset-link", "nobody", code=1)


async def test_a_key_is_made_listed_rotated_and_revoked(run: Run, world: World) -> None:
    said = await run("keys", "create", "Hill School", "Waves", "--environment", "sandbox")
    key_id, plain = said.split()[1], said.split()[-1]
    assert plain.startswith("lt_sandbox_")
    stored = await world.one("select secret_hash from write_keys where id = :id", id=key_id)
    assert stored == token_hash(plain)
    listed = await run("keys", "list")
    assert re.search(rf"{key_id} +server +Hill School \(sandbox\) +Waves +sandbox +valid", listed)
    assert plain not in listed
    rotated = await run("keys", "rotate", key_id, "--overlap-hours", "2")
    assert "valid for 2 h" in rotated
    assert re.search(rf"{key_id} .* expiring", await run("keys", "list"))
    assert "is revoked" in await run("keys", "revoke", key_id)
    assert key_id not in await run("keys", "list")
    assert re.search(rf"{key_id} .* revoked", await run("keys", "list", "--all"))
    assert "revoked or expired" in await run("keys", "rotate", key_id, code=1)
    assert "no key" in await run("keys", "revoke", uuid4(), code=1)
    said = await run("keys", "create", "Hill School", "Chess", "--environment", "live", code=1)
    assert "Games: Tiles, Waves" in said


async def test_a_game_is_added_with_origins_and_developers(
    run: Run, people: People, world: World
) -> None:
    said = await run(
        "games", "add", "Chess", "--origin", "https://chess.example", "--developer", "dev"
    )
    game_id = said.split()[-1]
    owners = await world.rows("select user_id from game_developers where game_id = :id", id=game_id)
    assert [row.user_id for row in owners] == [people.ids["dev"]]
    listed = await run("games", "list")
    assert re.search(rf"{game_id} +Chess +built-in +https://chess.example", listed)
    assert "not a game_developer" in await run("games", "add", "Go", "--developer", "tess", code=1)
    assert "https://host" in await run("games", "add", "Go", "--origin", "go.example", code=1)
    assert "Go" not in await run("games", "list")


async def test_origins_are_shown_added_and_removed(run: Run, world: World) -> None:
    shown = await run("games", "origins", "Waves")
    assert shown == "https://game.example\n"
    more = await run("games", "origins", world.game_id, "--add", "https://B.example:443")
    assert more == "https://b.example\nhttps://game.example\n"
    none = await run(
        "games",
        "origins",
        "Waves",
        "--remove",
        "https://b.example",
        "--remove",
        "https://game.example",
    )
    assert "No origins" in none


async def test_a_mapping_is_published_shown_chosen_and_adopted(
    run: Run, world: World, tmp_path: Path
) -> None:
    shown = await run("games", "mapping", "show", "Waves")
    assert "Version 0, published -" in shown
    file = tmp_path / "mapping.json"
    for number, name in enumerate(("one", "two"), start=1):
        file.write_text(json.dumps({"events": {name: {"behaviours": ["attempt"]}}}))
        said = await run("games", "mapping", "publish", "Waves", file)
        assert f"Published as version {number}." in said
    assert "Nothing changed" in await run("games", "mapping", "publish", "Waves", file)
    assert '"one"' in await run("games", "mapping", "show", "Waves", "--version", "1")
    choose = ("games", "mapping", "choose", "Waves", "Hill School")
    assert "Hill School uses 1." in await run(*choose, "1")
    assert "no mapping version 9" in await run(*choose, "9", code=1)
    assert "a version number, or latest" in await run(*choose, "newest", code=2)
    sandbox = await run(*choose, "1", "--sandbox")
    assert "Hill School (sandbox) uses 1." in sandbox
    assert "the latest version" in await run(*choose, "latest", "--sandbox")
    adopted = await run("games", "mapping", "adopt", "Waves", "Hill School")
    assert "Hill School uses version 2." in adopted
    chosen = "select mapping_version from school_games where game_id = :game and school_id = :id"
    assert await world.one(chosen, game=world.game_id, id=world.school_id) == 2
    assert await world.one(chosen, game=world.game_id, id=world.sandbox_id) is None
    built_in = await run("games", "mapping", "adopt", "Tiles", "Hill School")
    assert "the built-in mapping" in built_in


async def test_a_mapping_file_is_checked_before_anything_is_written(
    run: Run, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "mapping.json"
    for content, says in (
        ("{", "not JSON"),
        ('{"colour": 1}', "colour: is not a name"),
        (" " * 256 * 1024 + "{}", "256 KiB"),
    ):
        file.write_text(content)
        assert says in await run("games", "mapping", "publish", "Waves", file, code=1)
    assert await world.one("select count(*) from game_mappings") == 0


async def test_a_new_school_takes_test_play_at_once(
    run: Run, world: World, api: httpx.AsyncClient
) -> None:
    said = await run("schools", "add", "Bay School", "--timezone", "Asia/Tokyo", "--language", "ja")
    assert said.startswith("Added Bay School ")
    assert re.search(r"Bay School +Asia/Tokyo +ja ", await run("schools", "list"))
    key = (await run("keys", "create", "Bay School", "Waves", "--environment", "sandbox")).split()[
        -1
    ]
    event = world.event(student_id=uuid4())
    answer = await api.post("/api/v1/telemetry/events", json=event, headers=bearer(key))
    assert answer.status_code == 201
    enrolled = await world.one(
        "select c.name from enrolments join classes c on c.id = class_id where student_id = :id",
        id=UUID(event["student_id"]),
    )
    assert enrolled == "Test players"


async def test_a_sandbox_key_makes_the_class_for_its_students(run: Run, world: World) -> None:
    await world.rows("delete from classes where school_id = :id returning 1", id=world.sandbox_id)
    names = "select count(*) from classes where school_id = :id and name = 'Test players'"
    for environment, count in (("live", 0), ("sandbox", 1), ("sandbox", 1)):
        await run("keys", "create", "Hill School", "Waves", "--environment", environment)
        assert await world.one(names, id=world.sandbox_id) == count


@pytest.mark.parametrize(
    "options",
    [
        ("--timezone", "Mars/Olympus"),
        ("--language", "English"),
        ("--language", "en-" + "x" * 20),
    ],
)
async def test_a_school_that_cannot_be_is_refused(
    run: Run, world: World, options: tuple[str, str]
) -> None:
    assert "Error: " in await run("schools", "add", "Bay School", *options, code=1)
    assert await world.one("select count(*) from schools where name = 'Bay School'") == 0


async def test_player_tokens_are_revoked_and_codes_renewed(run: Run, world: World) -> None:
    live = "select count(*) from player_tokens where revoked_at is null"
    at = ("--school", "Hill School")
    said = await run("players", "revoke", *at, "--class", "class5")
    assert (said, await world.one(live)) == ("1 player token revoked.\n", 0)
    ada = world.students[0]
    said = await run("players", "revoke", *at, "--student", ada)
    assert said == "0 player tokens revoked.\n"
    said = await run("players", "new-code", *at, "--student", ada)
    stored = await world.one("select pupil_code from students where id = :id", id=ada)
    assert said == f"New pupil code: {stored}\n"
    assert stored != "PUPIL0"
    await run("players", "revoke", *at, code=2)
    await run("players", "revoke", *at, "--student", uuid4(), code=1)
    await run("players", "new-code", *at, "--sandbox", "--student", ada, code=1)
