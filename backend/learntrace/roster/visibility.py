"""The visibility gate: the one place that decides whose play a caller may read.

What a caller may read is given as queries, so that it is decided by the statement that reads and
cannot be forgotten between two of them. Whatever lies outside is answered like the unknown.
"""

from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants
from learntrace.accounts.callers import Person, Role
from learntrace.kit.errors import ForbiddenError, NotFoundError
from learntrace.roster.choice import Which, choose
from learntrace.roster.models import Enrolment, SchoolClass, Student, Teaching

Ids = Select[UUID]
Keys = Select[UUID, UUID]
Key = tuple[UUID, UUID]
"""A tenant's id and an id within the tenant; `Keys` selects these pairs."""

READERS_OF_CODES = frozenset({Role.TEACHER, Role.SCHOOL_ADMIN})


@dataclass(frozen=True, slots=True)
class Sight:
    """What a caller may read.

    `games` is `None` for those who may read any game's play; `only_sandbox` those who never see
    a live student.
    """

    tenants: Ids
    classes: Keys
    students: Keys
    games: Ids | None = None
    only_sandbox: bool = False


@dataclass(frozen=True, slots=True)
class SeenClass:
    school_id: UUID
    id: UUID
    name: str
    code: str
    sandbox: bool

    @property
    def key(self) -> Key:
        return (self.school_id, self.id)


@dataclass(frozen=True, slots=True)
class SeenStudent:
    school_id: UUID
    id: UUID
    display_name: str
    pupil_code: str
    sandbox: bool
    extra_time: bool

    @property
    def key(self) -> Key:
        return (self.school_id, self.id)


def sight_of_person(person: Person, *, players: Keys) -> Sight:
    """What somebody signed in may read.

    Teachers: the students who are now in a class that the teacher now has. School
    administrators: their school and its sandbox twin. System administrators: every school. Game
    developers: their own games' play in the sandboxes; `players` are the students who played
    those games there.
    """
    if person.role is Role.TEACHER:
        return _sight_of_teacher(person)
    if person.role is Role.GAME_DEVELOPER:
        return _sight_of_developer(person, players)
    own = (
        tenants.every_tenant()
        if person.role is Role.SYSTEM_ADMIN
        else tenants.tenants_of_school(person.school_id)
    )
    return Sight(
        tenants=own,
        classes=select(SchoolClass.school_id, SchoolClass.id).where(SchoolClass.school_id.in_(own)),
        students=select(Student.school_id, Student.id).where(Student.school_id.in_(own)),
    )


def sight_of_player(*, school_id: UUID, student_id: UUID, game_id: UUID) -> Sight:
    """What the game in one pupil's hands may read: that pupil's play of that game."""
    student = select(Student.school_id, Student.id).where(
        Student.school_id == school_id, Student.id == student_id
    )
    return Sight(
        tenants=tenants.tenant(school_id),
        classes=select(SchoolClass.school_id, SchoolClass.id).where(SchoolClass.id.is_(None)),
        students=student,
        games=tenants.one_game(game_id),
    )


def _sight_of_teacher(person: Person) -> Sight:
    own = tenants.tenants_of_school(person.school_id)
    taught = select(Teaching.school_id, Teaching.class_id).where(
        Teaching.user_id == person.user_id,
        Teaching.ended_at.is_(None),
        Teaching.school_id.in_(own),
    )
    students = select(Enrolment.school_id, Enrolment.student_id).where(
        tuple_(Enrolment.school_id, Enrolment.class_id).in_(taught), Enrolment.ended_at.is_(None)
    )
    return Sight(tenants=own, classes=taught, students=students)


def _sight_of_developer(person: Person, players: Keys) -> Sight:
    classes = select(Enrolment.school_id, Enrolment.class_id).where(
        tuple_(Enrolment.school_id, Enrolment.student_id).in_(players),
        Enrolment.ended_at.is_(None),
    )
    return Sight(
        tenants=tenants.sandboxes(),
        classes=classes,
        students=players,
        games=tenants.games_developed_by(person.user_id),
        only_sandbox=True,
    )


def require_reader_of_codes(person: Person) -> None:
    """Raise `ForbiddenError` unless `person` hands out codes: they let a pupil in."""
    if person.role not in READERS_OF_CODES:
        raise ForbiddenError("Only teachers and school administrators see the codes of a class.")


def select_classes(sight: Sight) -> Select[UUID, UUID, str, str, bool]:
    """The classes within `sight`, in the order of `SeenClass`."""
    key = tuple_(SchoolClass.school_id, SchoolClass.id)
    return select(
        SchoolClass.school_id,
        SchoolClass.id,
        SchoolClass.name,
        SchoolClass.code,
        SchoolClass.school_id.in_(tenants.sandboxes()).label("sandbox"),
    ).where(SchoolClass.school_id.in_(sight.tenants), key.in_(sight.classes))


def select_students(sight: Sight) -> Select[UUID, UUID, str, str, bool, bool]:
    """The students within `sight`, in the order of `SeenStudent`."""
    key = tuple_(Student.school_id, Student.id)
    return select(
        Student.school_id,
        Student.id,
        Student.display_name,
        Student.pupil_code,
        Student.school_id.in_(tenants.sandboxes()).label("sandbox"),
        Student.extra_time,
    ).where(Student.school_id.in_(sight.tenants), key.in_(sight.students))


async def require_class(db: AsyncSession, sight: Sight, class_id: UUID, which: Which) -> SeenClass:
    """The class with this id. Raises `NotFoundError` where it is unknown or out of sight."""
    rows = await db.execute(select_classes(sight).where(SchoolClass.id == class_id))
    return choose([SeenClass(*row) for row in rows], which, "class")


async def require_student(
    db: AsyncSession, sight: Sight, student_id: UUID, which: Which
) -> SeenStudent:
    """The student with this id. Raises `NotFoundError` where unknown or out of sight."""
    rows = await db.execute(select_students(sight).where(Student.id == student_id))
    return choose([SeenStudent(*row) for row in rows], which, "student")


async def find_students(
    db: AsyncSession, sight: Sight, student_ids: Collection[UUID], which: Which
) -> dict[UUID, SeenStudent]:
    """The students with these ids, by id; those unknown or out of sight are missing."""
    by_id: dict[UUID, list[SeenStudent]] = defaultdict(list)
    for row in await db.execute(select_students(sight).where(Student.id.in_(student_ids))):
        one = SeenStudent(*row)
        by_id[one.id].append(one)
    found = {}
    for student_id, seen in by_id.items():
        with suppress(NotFoundError):
            found[student_id] = choose(seen, which, "student")
    return found
