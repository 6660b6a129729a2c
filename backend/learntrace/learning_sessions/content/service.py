"""Content: tutors save and find it, students study it in learning sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from learntrace.accounts.tenants import tenant
from learntrace.accounts.users import display_names
from learntrace.kit.clock import now
from learntrace.kit.errors import ForbiddenError, NotFoundError
from learntrace.kit.paging import decode_cursor, encode_cursor, split_page
from learntrace.learning_sessions import answering, assignments, service
from learntrace.learning_sessions import repository as sittings
from learntrace.learning_sessions.callers import LearningCaller, Tutor
from learntrace.learning_sessions.content import repository
from learntrace.learning_sessions.content.mastery import mastery, meanings, to_learn
from learntrace.learning_sessions.content.models import ContentItem
from learntrace.learning_sessions.content.repository import Wanted
from learntrace.learning_sessions.content.schemas import ContentChange, ContentIn
from learntrace.learning_sessions.kinds import Assigned, SessionType
from learntrace.learning_sessions.models import LearningSession
from learntrace.learning_sessions.review_cards import repository as review_cards
from learntrace.learning_sessions.service import Begun
from learntrace.roster.choice import Which
from learntrace.roster.visibility import require_student

UNKNOWN: Final = "There is no content item with this id at the school."
NOT_OWN: Final = "Only who saved this content item and the school's administrators change it."
MOST_SITTINGS: Final = 50


@dataclass(frozen=True, slots=True)
class Known:
    """What their owners are called, by id; and which items are the caller's favourites.

    Neither is for the game in a student's hands.
    """

    owners: Mapping[UUID, str]
    favourites: frozenset[UUID]


async def save(db: AsyncSession, tutor: Tutor, told: ContentIn) -> ContentItem:
    """Store an item of the caller's for the school and its sandbox."""
    school_ids = list(await db.scalars(tutor.sight.tenants))
    content = told.model_dump(mode="json")
    content_id = await repository.put(db, school_ids, tutor.person_id, content)
    return await show(db, tutor, content_id)


async def change(
    db: AsyncSession, tutor: Tutor, content_id: UUID, told: ContentChange
) -> ContentItem:
    """Replace what an item says. Raises `NotFoundError`, `ForbiddenError` for another's."""
    await _own(db, tutor, content_id)
    await repository.hold(db, tutor.sight.tenants, content_id)
    await repository.change(db, tutor.sight.tenants, content_id, told.model_dump(mode="json"))
    return await show(db, tutor, content_id)


async def remove(db: AsyncSession, tutor: Tutor, content_id: UUID) -> None:
    """Delete an item with its materials; whoever still has to study it has not any more.

    Raises `NotFoundError`, `ForbiddenError` for another's.
    """
    await _own(db, tutor, content_id)
    await repository.hold(db, tutor.sight.tenants, content_id)
    await assignments.withdraw_open(db, tutor.sight.tenants, Assigned.CONTENT, content_id)
    await repository.remove(db, tutor.sight.tenants, content_id)


async def show(db: AsyncSession, caller: LearningCaller, content_id: UUID) -> ContentItem:
    """One item. Raises `NotFoundError`."""
    return _known(await repository.find(db, caller.sight.tenants, content_id))


async def list_content(
    db: AsyncSession, caller: LearningCaller, wanted: Wanted, *, limit: int, cursor: str | None
) -> tuple[Sequence[ContentItem], str | None]:
    """The school's items by title, and where the next page begins."""
    after = decode_cursor(cursor, str, UUID)
    found = await repository.list_items(
        db, caller.sight.tenants, wanted, after=after, limit=limit + 1
    )
    page, last = split_page(found, limit)
    return page, None if last is None else encode_cursor(last.title, last.id)


async def told_of(db: AsyncSession, caller: LearningCaller, items: Sequence[ContentItem]) -> Known:
    """What the caller is told of items beside what they say."""
    if caller.person_id is None:
        return Known({}, frozenset())
    owners = await display_names(db, {one.owner_id for one in items})
    marked = await repository.favourites(db, {one.id for one in items}, caller.person_id)
    return Known(owners, frozenset(marked))


async def set_favourite(
    db: AsyncSession, tutor: Tutor, content_id: UUID, *, favourite: bool
) -> None:
    """Mark an item for the caller, or take the mark away. Raises `NotFoundError`."""
    found = await show(db, tutor, content_id)
    if favourite:
        await repository.mark_favourite(db, found.school_id, content_id, tutor.person_id)
    else:
        await repository.unmark_favourite(db, content_id, tutor.person_id)


async def start(
    db: AsyncSession, caller: LearningCaller, which: Which, content_id: UUID, student_id: UUID
) -> LearningSession:
    """Begin a learning session about an item; its words become review cards of the student.

    Raises as `service.start` does, and `NotFoundError`.
    """
    found = await show(db, caller, content_id)
    begun = Begun(SessionType.CONTENT_STUDY, found.language, content_id)
    made = await service.start(db, caller, which, student_id, begun)
    await review_cards.add(
        db,
        (made.school_id, student_id),
        found.language,
        meanings(found.materials),
        source_id=content_id,
        at=now(),
    )
    return made


async def history(
    db: AsyncSession, caller: LearningCaller, which: Which, content_id: UUID, student_id: UUID
) -> tuple[float | None, Sequence[LearningSession]]:
    """How much of an item the student has mastered, and the sittings about it, the last first.

    Over the last `MOST_SITTINGS`. Raises `NotFoundError`.
    """
    student = await require_student(db, caller.sight, student_id, which)
    found = _known(await repository.find(db, tenant(student.school_id), content_id))
    studied = await sittings.newest(
        db,
        caller.sight,
        student=student.key,
        session_type=SessionType.CONTENT_STUDY,
        language=None,
        source_id=content_id,
        before=None,
        limit=MOST_SITTINGS,
    )
    answers = [one for sitting in studied for one in answering.read(sitting.answers)]
    return mastery(to_learn(found.materials), answers), studied


async def _own(db: AsyncSession, tutor: Tutor, content_id: UUID) -> None:
    found = await show(db, tutor, content_id)
    if found.owner_id != tutor.person_id and not tutor.administers:
        raise ForbiddenError(NOT_OWN)


def _known(found: ContentItem | None) -> ContentItem:
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found
