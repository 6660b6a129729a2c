"""A small world for tests: made by SQL, so that it stands on no room's own rules."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.secrets import (
    ACCESS_TOKEN,
    LIVE_KEY,
    PLAYER_TOKEN,
    RESET_TOKEN,
    SANDBOX_KEY,
    new_token,
    token_hash,
)
from learntrace.audit.acts import Act
from learntrace.kit.db import Database

ACT = Act.of_command("test")
"""For what is not about who did it."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class World:
    """Ids and credentials; `students` are Ada, Ben and Cleo of one class."""

    database: Database
    school_id: UUID = field(default_factory=uuid4)
    sandbox_id: UUID = field(default_factory=uuid4)
    other_school_id: UUID = field(default_factory=uuid4)
    game_id: UUID = field(default_factory=uuid4)
    other_game_id: UUID = field(default_factory=uuid4)
    class_id: UUID = field(default_factory=uuid4)
    test_class_id: UUID = field(default_factory=uuid4)
    students: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(3)])
    foreign_student: UUID = field(default_factory=uuid4)
    write_key: str = field(default_factory=lambda: new_token(LIVE_KEY))
    sandbox_key: str = field(default_factory=lambda: new_token(SANDBOX_KEY))
    other_game_key: str = field(default_factory=lambda: new_token(LIVE_KEY))
    other_school_key: str = field(default_factory=lambda: new_token(LIVE_KEY))
    player_token: str = field(default_factory=lambda: new_token(PLAYER_TOKEN))

    @classmethod
    async def build(cls, database: Database) -> "World":
        world = cls(database)
        async with database.transaction() as db:
            await world._schools(db)
            await world._games(db)
            await world._people(db)
            await world._keys(db)
        return world

    async def _schools(self, db: AsyncSession) -> None:
        for school_id, name, sandbox_of in (
            (self.school_id, "Hill School", None),
            (self.other_school_id, "Lake School", None),
            (self.sandbox_id, "Hill School (sandbox)", self.school_id),
        ):
            await insert(
                db,
                "schools",
                id=school_id,
                name=name,
                timezone="Europe/Zurich",
                language="en",
                sandbox_of=sandbox_of,
                created_at=now(),
            )

    async def _games(self, db: AsyncSession) -> None:
        for game_id, name in ((self.game_id, "Waves"), (self.other_game_id, "Tiles")):
            await insert(
                db,
                "games",
                id=game_id,
                name=name,
                allowed_origins=["https://game.example"],
                created_at=now(),
            )
            for school_id in (self.school_id, self.sandbox_id, self.other_school_id):
                await insert(
                    db, "school_games", school_id=school_id, game_id=game_id, added_at=now()
                )

    async def _people(self, db: AsyncSession) -> None:
        for school_id, class_id, name, code in (
            (self.school_id, self.class_id, "5a", "CLASS5"),
            (self.sandbox_id, self.test_class_id, "Test players", "TEST55"),
        ):
            await insert(
                db,
                "classes",
                school_id=school_id,
                id=class_id,
                name=name,
                code=code,
                created_at=now(),
            )
        names = ("Ada", "Ben", "Cleo")
        for number, (student_id, name) in enumerate(zip(self.students, names, strict=True)):
            await add_student(db, self.school_id, student_id, name, f"PUPIL{number}")
            await insert(
                db,
                "enrolments",
                school_id=self.school_id,
                class_id=self.class_id,
                student_id=student_id,
                started_at=now(),
            )
        await add_student(db, self.other_school_id, self.foreign_student, "Finn", "PUPIL9")

    async def _keys(self, db: AsyncSession) -> None:
        for key, school_id, game_id, environment in (
            (self.write_key, self.school_id, self.game_id, "live"),
            (self.sandbox_key, self.sandbox_id, self.game_id, "sandbox"),
            (self.other_game_key, self.school_id, self.other_game_id, "live"),
            (self.other_school_key, self.other_school_id, self.game_id, "live"),
        ):
            await insert(
                db,
                "write_keys",
                id=uuid4(),
                school_id=school_id,
                game_id=game_id,
                environment=environment,
                name="test",
                secret_hash=token_hash(key),
                created_at=now(),
            )
        await insert(
            db,
            "player_tokens",
            token_hash=token_hash(self.player_token),
            school_id=self.school_id,
            student_id=self.students[0],
            game_id=self.game_id,
            created_at=now(),
            expires_at=now() + timedelta(hours=1),
        )

    def event(self, **changes: Any) -> dict[str, Any]:
        """A good event of Ada's, new each time."""
        own = {
            "event_id": str(uuid4()),
            "student_id": str(self.students[0]),
            "session_id": str(uuid4()),
            "event_type": "task_start",
            "timestamp": now().isoformat(),
            "data": {"level": 1},
            "mission_id": "level_1",
        }
        return own | {name: str(v) if isinstance(v, UUID) else v for name, v in changes.items()}

    async def one(self, query: str, **parameters: Any) -> Any:
        """The single value of `query`, read over a connection of the test's own."""
        async with self.database.transaction() as db:
            return await db.scalar(text(query), parameters)

    async def until_waiting(self, many: int = 1) -> None:
        """Until so many others wait for a lock in this database."""
        waiting = """
            select count(*) from pg_stat_activity
            where wait_event_type = 'Lock' and datname = current_database()
        """
        async with asyncio.timeout(120):
            while await self.one(waiting) < many:
                await asyncio.sleep(0.01)

    async def rows(self, query: str, **parameters: Any) -> list[Any]:
        async with self.database.transaction() as db:
            return list((await db.execute(text(query), parameters)).all())


async def add_student(
    db: AsyncSession, school_id: UUID, student_id: UUID, name: str, pupil_code: str
) -> None:
    await insert(
        db,
        "students",
        school_id=school_id,
        id=student_id,
        display_name=name,
        pupil_code=pupil_code,
        created_at=now(),
    )


async def insert(db: AsyncSession, table: str, **values: Any) -> None:
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    await db.execute(text(f"insert into {table} ({columns}) values ({marks})"), values)


async def add_class(db: AsyncSession, school_id: UUID, code: str, student_id: UUID) -> UUID:
    """A class 6a that the student is in from now on; its id."""
    class_id = uuid4()
    row = {"school_id": school_id, "id": class_id, "name": "6a", "code": code}
    await insert(db, "classes", **row, created_at=now())
    membership = {"school_id": school_id, "class_id": class_id, "student_id": student_id}
    await insert(db, "enrolments", **membership, started_at=now())
    return class_id


async def add_signed_in(
    db: AsyncSession,
    username: str,
    role: str,
    school_id: UUID | None = None,
    *,
    lives_s: float = 900,
) -> tuple[UUID, str]:
    """Somebody new who is signed in: the user's id and an access token, good for `lives_s`."""
    user_id, sign_in_id, token = uuid4(), uuid4(), new_token(ACCESS_TOKEN)
    await insert(
        db,
        "users",
        id=user_id,
        school_id=school_id,
        username=username,
        display_name=username,
        role=role,
        password_hash="none",
        created_at=now(),
    )
    await insert(
        db,
        "sign_ins",
        id=sign_in_id,
        user_id=user_id,
        secret_hash=token_hash(username),
        rotating=False,
        created_at=now(),
        expires_at=now() + timedelta(hours=1),
    )
    await insert(
        db,
        "access_tokens",
        token_hash=token_hash(token),
        sign_in_id=sign_in_id,
        expires_at=now() + timedelta(seconds=lives_s),
    )
    return user_id, token


async def add_reset(db: AsyncSession, user_id: UUID, *, lives_s: float = 900) -> str:
    """The token of a one-time link for this person, good for `lives_s`."""
    token = new_token(RESET_TOKEN)
    expires_at = now() + timedelta(seconds=lives_s)
    await insert(
        db, "password_resets", user_id=user_id, token_hash=token_hash(token), expires_at=expires_at
    )
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def batch(events: list[Any], **changes: Any) -> dict[str, Any]:
    return {"batch_id": str(uuid4()), "client_version": "test 1", "events": events} | changes


async def drop_database(connection: asyncpg.Connection, name: str) -> None:
    """Drop a database and whoever is in it; the server's own vacuum may only be waited for."""
    for _ in range(1200):
        try:
            await connection.execute(f"drop database {name} with (force)")
        except asyncpg.InsufficientPrivilegeError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError(f"somebody stays in {name}")
