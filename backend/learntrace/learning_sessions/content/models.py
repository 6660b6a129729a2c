"""Content items, and whose favourites they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from learntrace.kit.db import Base, Instant
from learntrace.kit.inventory import FOR_GOOD, Holds
from learntrace.learning_sessions.content.types import ContentType
from learntrace.learning_sessions.models import one_of
from learntrace.learning_sessions.scenarios.types import Difficulty


class ContentItem(Base):
    """Something to study, of a tenant; saved again with its `source_url`, it is replaced.

    A null `source_url` equals no other. `materials`: as `schemas.MaterialIn` writes them.
    """

    __tablename__ = "content_items"
    __table_args__ = (
        one_of("content_type", ContentType),
        one_of("difficulty", Difficulty),
        Index("content_items_source_idx", "school_id", "owner_id", "source_url", unique=True),
        Index(None, "school_id", "title"),
    )
    holds = Holds(
        purpose="Texts, exercises and other things that a school studies with.",
        kept=FOR_GOOD,
        organisation=("school_id", "id", "source_url", "title", "text", "topics", "tags"),
        staff=("owner_id",),
        technical=(
            *("content_type", "language", "difficulty"),
            *("materials", "created_at", "updated_at"),
        ),
    )

    school_id: Mapped[UUID] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    source_url: Mapped[str | None] = mapped_column(String(1000))
    title: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(16))
    difficulty: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    topics: Mapped[Sequence[Any]] = mapped_column(JSONB)
    tags: Mapped[Sequence[Any]] = mapped_column(JSONB)
    materials: Mapped[Sequence[Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class ContentFavourite(Base):
    """A content item that somebody who teaches wants to find again."""

    __tablename__ = "content_favourites"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "content_id"],
            ["content_items.school_id", "content_items.id"],
            ondelete="CASCADE",
        ),
    )
    holds = Holds(
        purpose="What somebody who teaches wants to find again.",
        kept=FOR_GOOD,
        organisation=("school_id", "content_id"),
        staff=("user_id",),
    )

    school_id: Mapped[UUID] = mapped_column(primary_key=True)
    content_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
