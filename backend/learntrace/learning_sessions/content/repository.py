"""Content items, and favourites, as they are stored."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, delete, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from learntrace.kit.clock import now
from learntrace.learning_sessions.content.models import ContentFavourite, ContentItem
from learntrace.learning_sessions.content.types import ContentType
from learntrace.learning_sessions.scenarios.types import Difficulty

Place = tuple[str, UUID]
"""Where an item stands in a list: its title and id."""
MOST_FACETS: Final = 500
_KEPT: Final = ("id", "school_id", "owner_id", "source_url", "created_at")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; `None` is anything. `favourite_of`: only what this person marked."""

    title: str | None = None
    content_type: ContentType | None = None
    language: str | None = None
    difficulty: Difficulty | None = None
    topic: str | None = None
    tag: str | None = None
    favourite_of: UUID | None = None
    owner_id: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What the items found satisfy."""
        found = [
            column == wanted
            for column, wanted in (
                (ContentItem.content_type, self.content_type),
                (ContentItem.language, self.language),
                (ContentItem.difficulty, self.difficulty),
                (ContentItem.owner_id, self.owner_id),
            )
            if wanted is not None
        ]
        if self.title is not None:
            found.append(ContentItem.title.icontains(self.title, autoescape=True))
        for column, word in ((ContentItem.topics, self.topic), (ContentItem.tags, self.tag)):
            if word is not None:
                found.append(column.contains([" ".join(word.split()).lower()]))
        if self.favourite_of is not None:
            found.append(ContentItem.id.in_(_favourites_of(self.favourite_of)))
        return found


@dataclass(frozen=True, slots=True)
class Facets:
    """What stands in items: `languages`, `topics`, `tags`, each once."""

    languages: Sequence[str]
    topics: Sequence[str]
    tags: Sequence[str]


async def put(
    db: AsyncSession, school_ids: Collection[UUID], owner_id: UUID, content: Mapping[str, Any]
) -> UUID:
    """Store an item, as a `ContentIn` is dumped, for these tenants under one id; the id.

    One of this owner's with its `source_url` is replaced and keeps its id.
    """
    at = now()
    own = {"id": uuid4(), "owner_id": owner_id, "created_at": at, "updated_at": at}
    statement = insert(ContentItem).values(
        [{**content, **own, "school_id": school_id} for school_id in sorted(school_ids)]
    )
    changed = {name: statement.excluded[name] for name in {*content, *own} - {*_KEPT}}
    stored = statement.on_conflict_do_update(
        index_elements=["school_id", "owner_id", "source_url"], set_=changed
    ).returning(ContentItem.id)
    return (await db.scalars(stored)).all()[0]


async def change(
    db: AsyncSession, tenants: Select[UUID], content_id: UUID, content: Mapping[str, Any]
) -> None:
    """Replace what an item says, in each of the tenants."""
    of_it = (ContentItem.school_id.in_(tenants), ContentItem.id == content_id)
    values = {**content, "updated_at": now()}
    await db.execute(
        update(ContentItem).where(*of_it).values(values).execution_options(synchronize_session=None)
    )


async def hold(db: AsyncSession, tenants: Select[UUID], content_id: UUID) -> None:
    """Let nobody change, assign or mark an item of these tenants until the transaction ends."""
    query = select(ContentItem.school_id).where(
        ContentItem.school_id.in_(tenants), ContentItem.id == content_id
    )
    await db.execute(query.order_by(ContentItem.school_id).with_for_update())


async def remove(db: AsyncSession, tenants: Select[UUID], content_id: UUID) -> None:
    """Delete an item with its materials in each of the tenants."""
    of_it = (ContentItem.school_id.in_(tenants), ContentItem.id == content_id)
    gone = delete(ContentItem).where(*of_it)
    await db.execute(gone.execution_options(synchronize_session=None))


async def find(db: AsyncSession, tenants: Select[UUID], content_id: UUID) -> ContentItem | None:
    """The item with this id that one of the tenants has, as it is stored now."""
    query = select(ContentItem).where(
        ContentItem.school_id.in_(tenants), ContentItem.id == content_id
    )
    return await db.scalar(query.limit(1).execution_options(populate_existing=True))


async def list_items(
    db: AsyncSession,
    tenants: Select[UUID],
    wanted: Wanted,
    *,
    after: Place | None,
    limit: int | None,
) -> Sequence[ContentItem]:
    """Those of the tenants by title; what several of them have stands in it once."""
    place = (ContentItem.title, ContentItem.id)
    query = select(ContentItem).where(ContentItem.school_id.in_(tenants), *wanted.conditions())
    if after is not None:
        query = query.where(tuple_(*place) > after)
    query = query.ext(distinct_on(*place)).order_by(*place, ContentItem.school_id)
    return (await db.scalars(query.limit(limit))).all()


def _favourites_of(user_id: UUID) -> Select[UUID]:
    return select(ContentFavourite.content_id).where(ContentFavourite.user_id == user_id)


async def favourites(db: AsyncSession, content_ids: Collection[UUID], user_id: UUID) -> set[UUID]:
    """Those of the items that somebody marked."""
    marked = _favourites_of(user_id).where(ContentFavourite.content_id.in_(content_ids))
    return set(await db.scalars(marked))


async def facets(db: AsyncSession, tenants: Select[UUID]) -> Facets:
    """By what the tenants' items can be found, each in the order of the alphabet.

    Of more than `MOST_FACETS` topics or tags those that the most items have.
    """
    own = ContentItem.school_id.in_(tenants)
    languages = select(ContentItem.language).where(own).distinct()
    topics, tags = (_most_used(own, column) for column in (ContentItem.topics, ContentItem.tags))
    told = [sorted(await db.scalars(query)) for query in (languages, topics, tags)]
    return Facets(*told)


def _most_used(own: ColumnElement[bool], column: QueryableAttribute[Sequence[str]]) -> Select[str]:
    words = select(func.jsonb_array_elements_text(column).label("word")).where(own).subquery()
    used = select(words.c.word).group_by(words.c.word)
    return used.order_by(func.count().desc(), words.c.word).limit(MOST_FACETS)


async def mark_favourite(
    db: AsyncSession, school_id: UUID, content_id: UUID, user_id: UUID
) -> None:
    """Mark an item for somebody; one that is marked stays so, and one that is gone is not."""
    item = select(ContentItem.school_id, ContentItem.id, literal(user_id)).where(
        ContentItem.school_id == school_id, ContentItem.id == content_id
    )
    there = item.with_for_update(read=True, key_share=True)
    marked = insert(ContentFavourite).from_select(["school_id", "content_id", "user_id"], there)
    await db.execute(marked.on_conflict_do_nothing())


async def unmark_favourite(db: AsyncSession, content_id: UUID, user_id: UUID) -> None:
    """Take the mark away."""
    of_it = (ContentFavourite.content_id == content_id, ContentFavourite.user_id == user_id)
    await db.execute(delete(ContentFavourite).where(*of_it))


async def titles(
    db: AsyncSession, tenants: Select[UUID], content_ids: Collection[UUID], *, hold: bool = False
) -> dict[UUID, str]:
    """The titles of items by id; with `hold` nobody deletes them until the transaction ends."""
    query = select(ContentItem.id, ContentItem.title).where(
        ContentItem.school_id.in_(tenants), ContentItem.id.in_(content_ids)
    )
    if hold:
        query = query.with_for_update(read=True, key_share=True)
    return {row[0]: row[1] for row in await db.execute(query)}
