"""Adding the people who sign in, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest

from learntrace.accounts import users
from learntrace.accounts.auth import bearer_token, require_role
from learntrace.accounts.callers import Person, Role
from learntrace.kit.db import Database
from learntrace.kit.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError

from ..world import ACT, World
from .conftest import PASSWORD, People


def somebody(world: World, **changes: Any) -> dict[str, Any]:
    good = {
        "username": "new",
        "display_name": "New",
        "role": Role.TEACHER,
        "password": PASSWORD,
        "school_id": world.school_id,
    }
    return good | changes


async def test_a_username_is_taken_once(database: Database, world: World, people: People) -> None:
    async with database.transaction() as db:
        added = await users.add_user(db, **somebody(world, username=" New@School.Example "))
        assert added.username == "new@school.example"
        with pytest.raises(ConflictError):
            await users.add_user(db, **somebody(world, username="NEW@school.example"))
        assert added.username in [user.username for user in await users.list_users(db)]


@pytest.mark.parametrize(
    "changes",
    [
        {"username": ""},
        {"username": "a"},
        {"username": "two words"},
        {"username": "a" * 101},
        {"username": "na\x00me"},
        {"display_name": " "},
        {"display_name": "a" * 201},
        {"display_name": "a\x00"},
        {"password": "eleven char"},
        {"password": "a" * 1001},
        {"school_id": None},
        {"role": Role.SCHOOL_ADMIN, "school_id": None},
        {"school_id": uuid4()},
        {"role": Role.SYSTEM_ADMIN},
        {"role": Role.GAME_DEVELOPER},
    ],
)
async def test_who_does_not_fit_is_refused(
    database: Database, world: World, changes: dict[str, Any]
) -> None:
    async with database.transaction() as db:
        with pytest.raises(InvalidError) as refused:
            await users.add_user(db, **somebody(world, **changes))
    assert PASSWORD not in str(refused.value)
    assert changes.get("password", PASSWORD) not in str(refused.value)


async def test_nobody_belongs_to_a_sandbox(database: Database, world: World) -> None:
    async with database.transaction() as db:
        with pytest.raises(InvalidError):
            await users.add_user(db, **somebody(world, school_id=world.sandbox_id))


async def test_a_new_password_has_its_length(database: Database, people: People) -> None:
    async with database.transaction() as db:
        user = await users.get_by_username(db, "TESS")
        with pytest.raises(InvalidError):
            await users.set_password(db, ACT, user, "short")


async def test_disabled_and_let_in_again(database: Database, people: People, world: World) -> None:
    disabled = "select disabled_at from users where username = 'tess'"
    async with database.transaction() as db:
        await users.disable(db, ACT, await users.get_by_username(db, "tess"))
    since = await world.one(disabled)
    async with database.transaction() as db:
        await users.disable(db, ACT, await users.get_by_username(db, "tess"))
    assert await world.one(disabled) == since
    async with database.transaction() as db:
        await users.enable(db, ACT, await users.get_by_username(db, "tess"))
    assert await world.one(disabled) is None


async def test_an_unknown_name_is_not_found(database: Database) -> None:
    async with database.transaction() as db:
        with pytest.raises(NotFoundError):
            await users.get_by_username(db, "nobody")


def test_a_role_is_required() -> None:
    person = Person(
        user_id=uuid4(),
        username="tess",
        display_name="Tess",
        role=Role.TEACHER,
        school_id=uuid4(),
        sign_in_id=uuid4(),
    )
    require_role(person, Role.SCHOOL_ADMIN, Role.TEACHER)
    with pytest.raises(ForbiddenError, match="system_admin"):
        require_role(person, Role.SYSTEM_ADMIN)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (None, None),
        ("", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("Basic abc", None),
        ("bearer abc", "abc"),
        ("Bearer  abc ", "abc"),
    ],
)
def test_bearer_tokens_are_read(header: str | None, token: str | None) -> None:
    assert bearer_token(header) == token
