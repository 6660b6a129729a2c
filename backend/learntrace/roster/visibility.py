"""The visibility gate: the one place that decides whose play a caller may read.

What a caller may read is given as queries, so that it is decided by the statement that reads and
cannot be forgotten between two of them. Whatever lies outside is answered like the unknown.

Whoever passes a gate to a student stands in the audit log, in the transaction that reads.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts import tenants
from learntrace.accounts.callers import Person, Role
from learntrace.audit import log
from learntrace.audit.acts import Act
from learntrace.kit.errors import ForbiddenError, NotFoundError
from learntrace.roster.choice import Which, choose
from learntrace.roster.models import Enrolment, SchoolClass, Student, Teaching, is_open

Ids = Select[UUID]
Keys = Select[UUID, UUID]
Key = tuple[UUID, UUID]
"""A tenant's id and an id within the tenant; `Keys` selects these pairs."""

READERS_OF_CODES = frozenset({Role.TEACHER, Role.SCHOOL_ADMIN})


@dataclass(frozen=True, slots=True)
class Sight:
    """What a caller may read, and as what that stands in the audit log.

    `act` is `None` where no entry is made: for a pupil's own game, and for who is erased, which is
    entered by erasing. `games` is `None` for those who
    may read any game's play; `only_sandbox` those who never see a live student.
    """

    tenants: Ids
    classes: Keys
    students: Keys
    act: Act | None
    games: Ids | None = None
    only_sandbox: bool = False


@dataclass(frozen=True, slots=True)
class SeenClass:
    """`ended`: the school's roster has it no more."""

    school_id: UUID
    id: UUID
    name: str
    code: str
    sandbox: bool
    ended: bool

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


def sight_of_person(person: Person, act: Act, *, players: Keys) -> Sight:
    """What somebody signed in may read, for `act`.

    Teachers: the students who are now in a class that the teacher now has. School
    administrators: their school and its sandbox twin. System administrators: every school. Game
    developers: their own games' play in the sandboxes; `players` are the students who played
    those games there.
    """
    if person.role is Role.TEACHER:
        return _sight_of_teacher(person, act)
    if person.role is Role.GAME_DEVELOPER:
        return _sight_of_developer(person, act, players)
    own = tenants.tenants_of_person(person)
    return Sight(
        tenants=own,
        classes=select(SchoolClass.school_id, SchoolClass.id).where(SchoolClass.school_id.in_(own)),
        students=select(Student.school_id, Student.id).where(Student.school_id.in_(own)),
        act=act,
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
        act=None,
        games=tenants.one_game(game_id),
    )


def _sight_of_teacher(person: Person, act: Act) -> Sight:
    own = tenants.tenants_of_person(person)
    taught = select(Teaching.school_id, Teaching.class_id).where(
        Teaching.user_id == person.user_id,
        is_open(Teaching),
        Teaching.school_id.in_(own),
    )
    students = select(Enrolment.school_id, Enrolment.student_id).where(
        tuple_(Enrolment.school_id, Enrolment.class_id).in_(taught), is_open(Enrolment)
    )
    return Sight(tenants=own, classes=taught, students=students, act=act)


def _sight_of_developer(person: Person, act: Act, players: Keys) -> Sight:
    classes = select(Enrolment.school_id, Enrolment.class_id).where(
        tuple_(Enrolment.school_id, Enrolment.student_id).in_(players),
        is_open(Enrolment),
    )
    return Sight(
        tenants=tenants.sandboxes(),
        classes=classes,
        students=players,
        act=act,
        games=tenants.games_developed_by(person.user_id),
        only_sandbox=True,
    )


def require_reader_of_codes(person: Person) -> None:
    """Raise `ForbiddenError` unless `person` hands out codes: they let a pupil in."""
    if person.role not in READERS_OF_CODES:
        raise ForbiddenError("Only teachers and school administrators see the codes of a class.")


def select_classes(sight: Sight) -> Select[UUID, UUID, str, str, bool, bool]:
    """The classes within `sight`, in the order of `SeenClass`."""
    key = tuple_(SchoolClass.school_id, SchoolClass.id)
    return select(
        SchoolClass.school_id,
        SchoolClass.id,
        SchoolClass.name,
        SchoolClass.code,
        SchoolClass.school_id.in_(tenants.sandboxes()).label("sandbox"),
        SchoolClass.ended_at.is_not(None).label("ended"),
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
    student = choose([SeenStudent(*row) for row in rows], which, "student")
    await note(db, sight, [student])
    return student


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
    await note(db, sight, found.values())
    return found


async def note(
    db: AsyncSession,
    sight: Sight,
    students: Iterable[SeenStudent],
    *,
    class_id: UUID | None = None,
) -> None:
    """Enter into the audit log that these students are read or changed, as one entry a tenant."""
    await note_keys(db, sight, [one.key for one in students], class_id=class_id)


async def note_keys(
    db: AsyncSession, sight: Sight, keys: Collection[Key], *, class_id: UUID | None = None
) -> None:
    """As `note`, of students whom a query on `select_students` found."""
    if sight.act is not None:
        await log.write(db, sight.act, keys, class_id=class_id)
