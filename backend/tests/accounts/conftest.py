"""People of a small world, and ways to sign them in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher

from learntrace.accounts import secrets
from learntrace.accounts.callers import Role
from learntrace.accounts.models import GameDeveloper
from learntrace.accounts.users import add_user
from learntrace.kit.db import Database

from ..world import World, bearer

PASSWORD = "correct horse battery"
LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
LOGOUT = "/api/v1/auth/logout"
ME = "/api/v1/auth/me"
SignIn = Callable[..., Awaitable[dict[str, Any]]]


@dataclass
class People:
    """User ids by username; everybody has the same password."""

    ids: dict[str, UUID]


async def login(api: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    return await api.post(LOGIN, json={"username": username, "password": password})


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with its least parameters: what is tested here is not its cost."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(secrets, "_PASSWORDS", cheap)
    monkeypatch.setattr(secrets, "_NOBODY", secrets.nobodys_hash())


@pytest.fixture
async def people(database: Database, world: World) -> People:
    """A teacher, school administrators of two schools, a system administrator, two developers."""
    ids = {}
    async with database.transaction() as db:
        for username, role, school_id in (
            ("tess", Role.TEACHER, world.school_id),
            ("adam", Role.SCHOOL_ADMIN, world.school_id),
            ("lena", Role.SCHOOL_ADMIN, world.other_school_id),
            ("sys", Role.SYSTEM_ADMIN, None),
            ("dev", Role.GAME_DEVELOPER, None),
            ("rival", Role.GAME_DEVELOPER, None),
        ):
            user = await add_user(
                db,
                username=username,
                display_name=username.title(),
                role=role,
                password=PASSWORD,
                school_id=school_id,
            )
            ids[username] = user.id
        db.add(GameDeveloper(game_id=world.game_id, user_id=ids["dev"]))
        db.add(GameDeveloper(game_id=world.other_game_id, user_id=ids["rival"]))
    return People(ids)


@pytest.fixture
def sign_in(api: httpx.AsyncClient, people: People) -> SignIn:
    """Signs somebody in; the whole answer."""

    async def sign(username: str = "tess", *, remember: bool = False) -> dict[str, Any]:
        body = {"username": username, "password": PASSWORD, "remember": remember}
        answer = await api.post(LOGIN, json=body)
        assert answer.status_code == 200, answer.text
        signed_in: dict[str, Any] = answer.json()
        return signed_in

    return sign


@pytest.fixture
def as_person(sign_in: SignIn) -> Callable[[str], Awaitable[dict[str, str]]]:
    """Signs somebody in; the headers that say so."""

    async def headers(username: str) -> dict[str, str]:
        return bearer((await sign_in(username))["access_token"])

    return headers
