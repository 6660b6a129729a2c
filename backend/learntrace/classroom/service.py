"""Classes and students with how much they play, put together from the rooms that know."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.callers import Person
from learntrace.assessment import reading as assessed
from learntrace.assessment.reading import OF_NONE, Sums
from learntrace.classroom.schemas import (
    ClassLine,
    ClassOut,
    ClassPage,
    CodeLine,
    CodesOut,
    OverviewLine,
    OverviewOut,
    StudentOut,
    StudentPage,
)
from learntrace.game_sessions import reading as played
from learntrace.game_sessions.reading import NOT_PLAYED, PlayTotal, RecentPlay
from learntrace.kit.clock import now
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.kit.wire import Named
from learntrace.roster import reading as roster
from learntrace.roster.choice import Which
from learntrace.roster.visibility import (
    Key,
    SeenStudent,
    Sight,
    require_class,
    require_reader_of_codes,
    require_student,
)


async def list_classes(
    db: AsyncSession, sight: Sight, *, with_ended: bool, limit: int, cursor: str | None
) -> ClassPage:
    """The classes in sight, live ones first, by name; only those that are not over, or all."""
    after = decode_cursor(cursor, bool, str, UUID, UUID)
    found = await roster.list_classes(
        db, sight, with_ended=with_ended, after=after, limit=limit + 1
    )
    page, last = split_page(found, limit)
    members = await roster.memberships_of_classes(db, sight, [one.key for one in page])
    totals = await played.play_totals(db, {one.student_key for one in members}, games=sight.games)
    pupils: dict[Key, list[PlayTotal]] = defaultdict(list)
    for one in members:
        pupils[one.class_key].append(totals[one.student_key])
    return ClassPage(
        items=[
            ClassLine(
                id=one.id,
                name=one.name,
                sandbox=one.sandbox,
                ended=one.ended,
                student_count=len(pupils[one.key]),
                last_event_at=_latest(total.last_event_at for total in pupils[one.key]),
            )
            for one in page
        ],
        next_cursor=last and encode_cursor(last.sandbox, last.name, last.school_id, last.id),
    )


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((time for time in times if time is not None), default=None)


async def show_overview(
    db: AsyncSession, sight: Sight, class_id: UUID, which: Which, *, days: int
) -> OverviewOut:
    """Each student of a class over the last `days` times 24 hours."""
    read_at = now()
    found = await require_class(db, sight, class_id, which)
    students = await roster.list_students_of_class(db, sight, found.key)
    totals = await played.play_totals(db, [one.key for one in students], games=sight.games)
    recent = played.recent_sessions(
        found.school_id,
        [one.id for one in students],
        games=sight.games,
        since=read_at - timedelta(days=days),
    )
    play = await played.recent_play(db, recent)
    sums = await assessed.sum_by_student(db, found.school_id, recent)
    return OverviewOut(
        school_class=ClassOut(id=found.id, name=found.name, sandbox=found.sandbox),
        days=days,
        data_until=read_at,
        students=[
            _overview_line(one, totals[one.key], play.get(one.id, NOT_PLAYED), sums.get(one.id))
            for one in students
        ],
    )


def _overview_line(
    student: SeenStudent, total: PlayTotal, play: RecentPlay, sums: Sums | None
) -> OverviewLine:
    if sums is None and play == NOT_PLAYED:
        sums = OF_NONE
    return OverviewLine(
        id=student.id,
        display_name=student.display_name,
        game_session_count=play.game_session_count,
        assessed_count=sums.assessed_count if sums else 0,
        active_time_s=sums and sums.active_time_s,
        tasks_completed=sums and sums.tasks_completed,
        failures=sums and sums.failures,
        last_event_at=total.last_event_at,
        open_game_session_id=play.open_game_session_id,
    )


async def show_codes(
    db: AsyncSession, person: Person, sight: Sight, class_id: UUID, which: Which
) -> CodesOut:
    """The codes of a class and its students. Raises `ForbiddenError` for other roles."""
    require_reader_of_codes(person)
    found = await require_class(db, sight, class_id, which)
    students = await roster.list_students_of_class(db, sight, found.key)
    return CodesOut(
        class_id=found.id,
        class_name=found.name,
        class_code=found.code,
        students=[
            CodeLine(id=one.id, display_name=one.display_name, pupil_code=one.pupil_code)
            for one in students
        ],
    )


async def list_students(
    db: AsyncSession,
    sight: Sight,
    *,
    class_id: UUID | None,
    which: Which,
    limit: int,
    cursor: str | None,
) -> StudentPage:
    """The students in sight by name: of one class, else the live or the sandbox ones."""
    after = decode_cursor(cursor, str, UUID, UUID)
    if class_id is None:
        sandbox = sight.only_sandbox or bool(which.sandbox)
        page, more = await roster.list_students(
            db, sight, sandbox=sandbox, school_ids=which.school_ids, after=after, limit=limit
        )
    else:
        of_class = await require_class(db, sight, class_id, which)
        page, more = await roster.page_of_class(db, sight, of_class.key, after=after, limit=limit)
    last = page[-1] if more else None
    return StudentPage(
        items=await _described(db, sight, page),
        next_cursor=last and encode_cursor(last.display_name, last.school_id, last.id),
    )


async def show_student(
    db: AsyncSession, sight: Sight, student_id: UUID, which: Which
) -> StudentOut:
    """One student. Raises `NotFoundError` where unknown or out of sight."""
    student = await require_student(db, sight, student_id, which)
    return (await _described(db, sight, [student]))[0]


async def _described(
    db: AsyncSession, sight: Sight, students: Collection[SeenStudent]
) -> list[StudentOut]:
    keys = [one.key for one in students]
    totals = await played.play_totals(db, keys, games=sight.games)
    classes: dict[Key, list[Named]] = defaultdict(list)
    for one in await roster.memberships_of_students(db, sight, keys):
        classes[one.student_key].append(Named(id=one.class_id, name=one.class_name))
    return [
        StudentOut(
            id=one.id,
            display_name=one.display_name,
            classes=classes[one.key],
            extra_time=one.extra_time,
            game_session_count=totals[one.key].game_session_count,
            last_event_at=totals[one.key].last_event_at,
        )
        for one in students
    ]
