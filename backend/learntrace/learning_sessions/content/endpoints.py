"""Content over HTTP."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from learntrace.kit.db import RequestDb
from learntrace.kit.errors import ForbiddenError
from learntrace.kit.paging import Cursor, PageLimit
from learntrace.learning_sessions.auth import LearningAuth, TutorAuth
from learntrace.learning_sessions.callers import LearningCaller
from learntrace.learning_sessions.content import repository, service
from learntrace.learning_sessions.content.models import ContentItem
from learntrace.learning_sessions.content.repository import Wanted
from learntrace.learning_sessions.content.schemas import (
    ContentChange,
    ContentIn,
    ContentOut,
    ContentPage,
    FacetsOut,
    FavouriteIn,
    StudyHistory,
)
from learntrace.learning_sessions.content.types import ContentType
from learntrace.learning_sessions.endpoints import REFUSED
from learntrace.learning_sessions.queries import InLanguage, Word
from learntrace.learning_sessions.scenarios.schemas import OfStudent
from learntrace.learning_sessions.scenarios.types import Difficulty
from learntrace.learning_sessions.schemas import SessionLine, SessionOut
from learntrace.sights import WhichTenant

NO_FAVOURITES = "Only teachers and school administrators have favourites."

router = APIRouter(prefix="/content", tags=["content"], responses=REFUSED)


async def _told(
    db: RequestDb, caller: LearningCaller, items: Sequence[ContentItem]
) -> list[ContentOut]:
    known = await service.told_of(db, caller, items)
    return [
        ContentOut.of(one, known.owners.get(one.owner_id), favourite=one.id in known.favourites)
        for one in items
    ]


@router.post("", status_code=201)
async def save_content(told: ContentIn, tutor: TutorAuth, db: RequestDb) -> ContentOut:
    """Save a content item. Your own one with the same `source_url` is replaced, keeping its id."""
    [saved] = await _told(db, tutor, [await service.save(db, tutor, told)])
    return saved


@router.get("")
async def list_content(
    *,
    caller: LearningAuth,
    db: RequestDb,
    title: Word = None,
    content_type: ContentType | None = None,
    language: InLanguage = None,
    difficulty: Difficulty | None = None,
    topic: Word = None,
    tag: Word = None,
    favourite: Annotated[bool, Query(description="Only what you marked.")] = False,
    limit: PageLimit = 50,
    cursor: Cursor = None,
) -> ContentPage:
    """The school's content by title; `title` is found anywhere in it.

    `favourite` is for who teaches.
    """
    if favourite and caller.person_id is None:
        raise ForbiddenError(NO_FAVOURITES)
    mine = caller.person_id if favourite else None
    wanted = Wanted(title, content_type, language, difficulty, topic, tag, mine)
    page, next_cursor = await service.list_content(db, caller, wanted, limit=limit, cursor=cursor)
    return ContentPage(items=await _told(db, caller, page), next_cursor=next_cursor)


@router.get("/facets")
async def read_facets(caller: LearningAuth, db: RequestDb) -> FacetsOut:
    """The languages of the school's content, and the 500 topics and tags that most of it has."""
    found = await repository.facets(db, caller.sight.tenants)
    return FacetsOut(
        languages=list(found.languages), topics=list(found.topics), tags=list(found.tags)
    )


@router.get("/{content_id}")
async def read_content(content_id: UUID, caller: LearningAuth, db: RequestDb) -> ContentOut:
    """One content item with its materials."""
    [found] = await _told(db, caller, [await service.show(db, caller, content_id)])
    return found


@router.put("/{content_id}")
async def change_content(
    content_id: UUID, told: ContentChange, tutor: TutorAuth, db: RequestDb
) -> ContentOut:
    """Replace what a content item says; its `source_url` stays. Only your own, or as
    administrator.
    """
    [changed] = await _told(db, tutor, [await service.change(db, tutor, content_id, told)])
    return changed


@router.delete("/{content_id}", status_code=204)
async def delete_content(content_id: UUID, tutor: TutorAuth, db: RequestDb) -> None:
    """Delete a content item with its materials, and take it back where it is still to be done.

    Only your own, or as administrator. What students did with it stays.
    """
    await service.remove(db, tutor, content_id)


@router.put("/{content_id}/favourite", status_code=204)
async def set_favourite(
    content_id: UUID, told: FavouriteIn, tutor: TutorAuth, db: RequestDb
) -> None:
    """Mark a content item for yourself, or take the mark away."""
    await service.set_favourite(db, tutor, content_id, favourite=told.favourite)


@router.post("/{content_id}/start", status_code=201)
async def start_study(
    content_id: UUID, told: OfStudent, caller: LearningAuth, which: WhichTenant, db: RequestDb
) -> SessionOut:
    """Begin a learning session about a content item; its words become review cards.

    It is brought on and completed like any other. With a player token only what a teacher
    assigned to that pupil.
    """
    return SessionOut.of(
        await service.start(db, caller, which, content_id, told.student_id), caller
    )


@router.get("/{content_id}/history")
async def read_history(
    content_id: UUID, student_id: UUID, caller: LearningAuth, which: WhichTenant, db: RequestDb
) -> StudyHistory:
    """How often a student studied a content item, the last first, at most 50, and its mastery."""
    mastered, studied = await service.history(db, caller, which, content_id, student_id)
    return StudyHistory(mastery=mastered, items=[SessionLine.of(one, caller) for one in studied])
