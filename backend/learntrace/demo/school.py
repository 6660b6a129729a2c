"""The demo school: people, classes, pupils, a game and its keys, made in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import games, mappings, users, write_keys
from learntrace.accounts import repository as schools
from learntrace.accounts.callers import Role
from learntrace.accounts.secrets import new_code
from learntrace.audit.acts import Act
from learntrace.demo.demo_file import Addresses, Demo, DemoStudent, DemoUser
from learntrace.demo.lessons import Class, add_lessons
from learntrace.demo.names import pupil_names
from learntrace.demo.observing import add_ratings
from learntrace.events.mapping import packaged_mapping
from learntrace.roster import repository as roster

SCHOOL = "Demo School"
GAME = "Wave Combinator"
CLASSES = ("5b", "6a")
PUPILS_A_CLASS = 24
TIMEZONE = "Europe/Zurich"
LANGUAGE = "en"
# Where people usually serve a web game that they are working on.
ORIGINS = tuple(f"http://localhost:{port}" for port in (3000, 5173, 8080))
PEOPLE: Sequence[tuple[str, str, Role]] = (
    ("operator", "Robin Frei", Role.SYSTEM_ADMIN),
    ("admin", "Helen Baumann", Role.SCHOOL_ADMIN),
    ("teacher", "Martha Keller", Role.TEACHER),
    ("teacher2", "David Okafor", Role.TEACHER),
    ("developer", "Sam Lindqvist", Role.GAME_DEVELOPER),
)

# Any number of our own: whoever makes a demo in a database waits for whoever does so already.
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(7391046528)")


@dataclass(frozen=True, slots=True)
class MadeSchool:
    """What was made; `student_ids` of all classes in the order of `CLASSES` and of their names."""

    demo: Demo
    student_ids: list[UUID]
    made_at: datetime


async def is_empty(db: AsyncSession) -> bool:
    """Whether nobody has made anything here: no school, no game, no user.

    True for one transaction at a time: another one that asks waits until this one has ended.
    """
    await db.execute(_ONE_AT_A_TIME)
    return not (
        await schools.list_schools(db) or await games.list_games(db) or await users.list_users(db)
    )


async def make_school(db: AsyncSession, addresses: Addresses, *, seed: int) -> MadeSchool:
    """Everything but the play. The names follow from `seed`; ids, codes and secrets are random."""
    school = await schools.create_school(db, name=SCHOOL, timezone=TIMEZONE, language=LANGUAGE)
    people, user_ids = await _add_people(db, school.id)
    game = await games.create_game(
        db, name=GAME, origins=ORIGINS, developers=[user_ids["developer"]]
    )
    await mappings.publish(db, game.id, packaged_mapping("wave_combinator"))
    live, sandbox = [
        await write_keys.create_key(
            db,
            Act.of_command("demo"),
            school_id=school.id,
            game_id=game.id,
            environment=environment,
            name=f"demo, {environment}",
        )
        for environment in ("live", "sandbox")
    ]
    names = pupil_names(seed, PUPILS_A_CLASS * len(CLASSES))
    classes = [
        await _add_class(db, school.id, name, user_ids[teacher], names[at : at + PUPILS_A_CLASS])
        for name, teacher, at in zip(
            CLASSES, ("teacher", "teacher2"), range(0, len(names), PUPILS_A_CLASS), strict=True
        )
    ]
    await _add_test_players(db, school.id, user_ids["teacher"])
    class_id, code, students = classes[0]
    await add_ratings(
        db, school.id, user_ids["teacher"], students, seed=seed, today=school.created_at.date()
    )
    lessons_of = Class(
        school.id, class_id, user_ids["teacher"], game.id, [UUID(one["id"]) for one in students]
    )
    await add_lessons(db, lessons_of, seed=seed, at=school.created_at)
    demo: Demo = {
        **addresses,
        "school_id": str(school.id),
        "game_id": str(game.id),
        "write_key": live.plain,
        "sandbox_key": sandbox.plain,
        "class_code": code,
        "students": students,
        "users": people,
    }
    student_ids = [UUID(student["id"]) for *_, students in classes for student in students]
    return MadeSchool(demo, student_ids, school.created_at)


async def _add_people(db: AsyncSession, school_id: UUID) -> tuple[list[DemoUser], dict[str, UUID]]:
    people: list[DemoUser] = []
    user_ids = {}
    for username, display_name, role in PEOPLE:
        password = "-".join(new_code(4) for _ in range(4))
        user = await users.add_user(
            db,
            username=username,
            display_name=display_name,
            role=role,
            password=password,
            school_id=school_id if role in users.SCHOOL_ROLES else None,
        )
        people.append({"role": str(role), "username": username, "password": password})
        user_ids[username] = user.id
    return people, user_ids


async def _add_class(
    db: AsyncSession, school_id: UUID, name: str, teacher_id: UUID, pupils: Sequence[str]
) -> tuple[UUID, str, list[DemoStudent]]:
    """The class's id and code, and the students in the order of `pupils`."""
    made = await roster.create_class(db, school_id=school_id, name=name)
    students = await roster.create_students(db, school_id=school_id, display_names=pupils)
    student_ids = [student.id for student in students]
    await roster.enrol(db, school_id=school_id, class_id=made.id, student_ids=student_ids)
    await roster.assign_teacher(db, user_id=teacher_id, school_id=school_id, class_id=made.id)
    return (
        made.id,
        made.code,
        [
            {"id": str(student.id), "name": student.display_name, "pupil_code": student.pupil_code}
            for student in students
        ],
    )


async def _add_test_players(db: AsyncSession, school_id: UUID, teacher_id: UUID) -> None:
    sandbox = await schools.find_sandbox(db, school_id)
    assert sandbox is not None, "a school is made together with its twin"
    test_class = await roster.ensure_test_class(db, sandbox.id)
    await roster.assign_teacher(
        db, user_id=teacher_id, school_id=sandbox.id, class_id=test_class.id
    )
