"""`learntrace init`, as a person runs it."""

import re

from learntrace.accounts.secrets import verify_password
from learntrace.kit.db import Database

from ..world import World
from .conftest import Run

SCHOOL = ("init", "--school", "Shore School", "--timezone", "Europe/Zurich")


async def test_a_school_and_its_first_administrator_are_made(run: Run, database: Database) -> None:
    world = World(database)
    said = await run(*SCHOOL, "--language", "de-CH", "--admin", "Anna", "--admin-name", "Anna A")
    (school,) = await world.rows("select * from schools where sandbox_of is null")
    assert (school.name, school.timezone, school.language) == (
        "Shore School",
        "Europe/Zurich",
        "de-CH",
    )
    twin = (
        "select count(*) from classes c join schools s on s.id = c.school_id where sandbox_of = :id"
    )
    assert await world.one(twin, id=school.id) == 1
    (user,) = await world.rows("select * from users")
    assert (user.username, user.display_name, user.role) == ("anna", "Anna A", "school_admin")
    assert user.school_id == school.id
    password = re.search(r"shown this once\): (\S+)", said)
    assert password is not None
    assert verify_password(user.password_hash, password[1])
    assert 'learntrace roster import FILES --school "Shore School"' in said
    assert 'learntrace keys create "Shore School" GAME --environment live' in said
    assert await world.one("select count(*) from students") == 0


async def test_the_password_can_be_given(run: Run, database: Database) -> None:
    said = await run(*SCHOOL, "--password-stdin", stdin="a password of my own\n")
    assert "shown this once" not in said
    (user,) = await World(database).rows("select * from users")
    assert user.username == "admin"
    assert verify_password(user.password_hash, "a password of my own")


async def test_a_school_that_is_there_is_left_alone(run: Run, database: Database) -> None:
    world = World(database)
    await run(*SCHOOL)
    for name in ("Shore School", " shore school"):
        said = await run("init", "--school", name, *SCHOOL[3:], "--admin", "other", code=1)
        assert "There is a school Shore School already" in said
    assert await world.one("select count(*) from users") == 1


async def test_what_cannot_be_made_whole_is_not_made(run: Run, database: Database) -> None:
    world = World(database)
    await run(*SCHOOL)
    another = ("init", "--school", "Hill School", "--timezone", "UTC")
    for options, stdin, said in (
        ((), None, "That username is taken. Give another one with --admin."),
        (("--admin", "!"), None, "A username has"),
        (("--admin", "two", "--password-stdin"), "short\n", "A password has 12 to 1,000"),
        (("--admin", "two", "--timezone", "Mars"), None, "There is no time zone Mars"),
    ):
        assert said in await run(*another, *options, code=1, stdin=stdin)
    assert await world.one("select count(*) from schools") == 2
    assert await world.one("select count(*) from users") == 1
