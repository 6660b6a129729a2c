"""The school whose play is posted, made as its operator would make it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from learntrace.accounts import games, players, write_keys
from learntrace.accounts.repository import create_school
from learntrace.audit.acts import Act
from learntrace.kit.db import Database
from learntrace.roster import repository as roster

STUDENTS = 2000
_TOKEN_S = 12 * 3600


@dataclass(frozen=True, slots=True)
class School:
    """One school and one game: the write key, and each student with a player token."""

    school_id: UUID
    game_id: UUID
    write_key: str
    students: Sequence[str]
    player_tokens: Sequence[str]


async def make_school(database: Database, *, name: str = "Bench") -> School:
    async with database.transaction() as db:
        school = await create_school(
            db, name=f"{name} School", timezone="Europe/Zurich", language="en"
        )
        game = await games.create_game(db, name=f"{name} Game", origins=[], developers=[])
        key = await write_keys.create_key(
            db,
            Act.of_program("bench"),
            school_id=school.id,
            game_id=game.id,
            environment="live",
            name="bench",
        )
        students = await roster.create_students(
            db, school_id=school.id, display_names=[f"Pupil {n}" for n in range(STUDENTS)]
        )
        tokens = [
            await players.issue_token(
                db, school_id=school.id, student_id=one.id, game_id=game.id, valid_s=_TOKEN_S
            )
            for one in students
        ]
    return School(
        school.id,
        game.id,
        key.plain,
        [str(one.id) for one in students],
        [token.plain for token in tokens],
    )
